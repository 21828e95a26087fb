"""What this room adds to earlier ones."""

from typing import Any

from mentoring.files.domain import readers
from mentoring.files.models import StoredFile
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation
from programmes.cycles.registries import Copier, copied_on_new_cycle
from programmes.documents.domain import VERSION, copy_to_new_cycle
from programmes.documents.frame import navigation_items
from programmes.documents.models import Document, DocumentVersion


def _reads_document(user: Any, stored: StoredFile) -> bool:
    """Whoever reads the document reads its older versions, too."""
    return Document.objects.visible_to(user).filter(versions__file=stored).exists()


readers.add(VERSION, _reads_document)
navigation.add("documents", navigation_items, order=65)
copied_on_new_cycle.add(
    "documents",
    Copier(
        "Unterlagen",
        copy_to_new_cycle,
        "Links und die neueste Fassung jeder Datei. Wer sie liest, bleibt gleich.",
        chosen=False,
    ),
)
# Operators read the log, but no documents: a link may be all that it takes to read one.
track(Document, cycle_of=lambda document: document.cycle_id, exclude=("description", "url"))
track(DocumentVersion, cycle_of=lambda version: version.document.cycle_id, exclude=("note",))
