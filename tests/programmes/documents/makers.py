"""Makers of documents."""

from typing import Any

from mentoring.files.domain import store_bytes
from programmes.cycles.models import Cycle
from programmes.documents.domain import VERSION
from programmes.documents.models import Document, DocumentVersion


def make_document(cycle: Cycle, title: str = "Flyer", **fields: Any) -> Document:
    """A file with one version; with ``url`` a link."""
    document = Document.objects.create(cycle=cycle, title=title, **fields)
    if not document.is_link:
        make_version(document)
    return document


def make_version(document: Document, data: bytes = b"%PDF-1.7", **fields: Any) -> DocumentVersion:
    """One more version of a document."""
    fields.setdefault("number", document.versions.count() + 1)
    stored = store_bytes(
        data, name="datei.pdf", content_type="application/pdf", purpose=VERSION, by=None
    )
    return DocumentVersion.objects.create(document=document, file=stored, **fields)
