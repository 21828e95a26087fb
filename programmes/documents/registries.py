"""What later rooms tell about the documents of a Durchgang."""

from collections.abc import Callable

from mentoring.registry import Registry
from programmes.documents.models import Document

document_uses: Registry[Callable[[Document], list[str]]] = Registry("where documents are shown")
"""For a document, where it is shown: one German line each ("Meilenstein „Startworkshop“").

Said before it is deleted.
"""
