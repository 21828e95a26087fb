"""Documents on the pages of other rooms: of a milestone, of an event, in the portal.

A page puts ``visible_documents_of(event.documents, request.user)`` into its context as
``documents`` and its template says ``{% include "documents/parts/list.html" %}``, with a
heading of its own above. It shows nothing where the list is empty.
"""

from typing import Any

from programmes.documents.models import Document


def visible_documents_of(documents: Any, user: Any) -> list[Document]:
    """Those of ``documents`` (a relation or queryset) that ``user`` may read, by title.

    Two queries, however many there are: each comes with its newest version and file.
    """
    found: list[Document] = list(
        documents.all().visible_to(user).with_newest().order_by("sort_key", "pk")
    )
    return found
