"""The doors of this room: every change of a document.

Whether ``by`` may keep documents at all is decided by the rules, in the view; that the
Logistikpartner keeps only what it may read is held here.
"""

from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max

from mentoring.accounts.models import User
from mentoring.files.domain import store_bytes, store_upload
from mentoring.files.models import StoredFile
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.documents.models import AUDIENCES, Document, DocumentVersion

VERSION = "documents.version"
"""The purpose of the stored files of this room."""

GONE = "Diese Unterlage wurde inzwischen von jemand anderem gelöscht."
EITHER = "Eine Unterlage ist entweder eine Datei oder ein Link."


def create(document: Document, *, upload: "File[bytes] | None" = None, by: User) -> Document:
    """Save a new document whose fields were checked: a link, or a file as its first version.

    What the Logistikpartner files it always reads itself. Raises ``Refused`` if the cycle
    has ended or it is neither or both, ``ValidationError`` for a file that is not allowed.
    """
    with transaction.atomic(), acting(by):
        held_open(document.cycle)
        if bool(upload) == bool(document.url):
            raise Refused(EITHER)
        if not chooses_audience(by, document.cycle):
            document.for_logistics = True
        document.save()
        if upload is not None:
            _append(document, upload, "", by)
    return document


def save(document: Document, *, by: User) -> Document:
    """Save changed fields. Raises ``Refused`` or ``EditConflict``.

    Only the Beirat changes who reads a document: the Logistikpartner could otherwise take
    it away from itself, or spread what others filed.
    """
    with transaction.atomic(), acting(by):
        held_open(document.cycle)
        stored = _stored(document)
        changed = any(getattr(stored, name) != getattr(document, name) for name in AUDIENCES)
        if changed and not chooses_audience(by, document.cycle):
            raise Refused("Wer eine Unterlage liest, ändert nur der Beirat.")
        if bool(stored.url) != bool(document.url):
            raise Refused(EITHER)
        document.save()
    return document


def add_version(
    document: Document, *, upload: "File[bytes]", note: str = "", by: User
) -> DocumentVersion:
    """Add a newer file; the older ones stay to be had.

    Raises ``Refused`` if the cycle has ended or the document is a link or gone, and
    ``ValidationError`` for a file that is not allowed.
    """
    with transaction.atomic(), acting(by):
        # Holding the cycle, two who upload at once come one after the other.
        held_open(document.cycle)
        stored = _stored(document)
        if stored.is_link:
            raise Refused("Ein Link hat keine Fassungen. Ändern Sie stattdessen seine Adresse.")
        return _append(stored, upload, note, by)


def delete(document: Document, *, by: User) -> None:
    """Delete a document with all its versions and their files. Raises ``Refused``."""
    with transaction.atomic(), acting(by):
        held_open(document.cycle)
        _stored(document).delete()


def copy_to_new_cycle(old: Cycle, new: Cycle, by: User) -> None:
    """Take links and newest files over into ``new``, as first versions of their own.

    A file that is missing on the disk is left out: there is nothing of it to take over.
    """
    kept = ("title", "description", "url", *AUDIENCES)
    for document in Document.objects.filter(cycle=old).with_newest().order_by("pk"):
        stored = None if document.newest is None else _copy_of(document.newest.file, by)
        if stored is None and not document.is_link:
            continue
        copied = Document.objects.create(
            cycle=new, **{name: getattr(document, name) for name in kept}
        )
        if stored is not None:
            DocumentVersion.objects.create(document=copied, number=1, file=stored, created_by=by)


def chooses_audience(user: Any, cycle: Cycle) -> bool:
    """Whether ``user`` decides who reads: the Beirat does."""
    return cycle.pk in roles_of(user).inside


def _append(document: Document, upload: "File[bytes]", note: str, by: User) -> DocumentVersion:
    stored = store_upload(upload, purpose=VERSION, by=by)
    highest = document.versions.aggregate(highest=Max("number"))["highest"]
    version: DocumentVersion = DocumentVersion.objects.create(
        document=document, number=(highest or 0) + 1, file=stored, note=note, created_by=by
    )
    return version


def _copy_of(stored: StoredFile, by: User) -> StoredFile | None:
    try:
        with stored.content.open("rb") as content:
            data = content.read()
    except FileNotFoundError:
        return None
    return store_bytes(
        data, name=stored.name, content_type=stored.content_type, purpose=VERSION, by=by
    )


def _stored(document: Document) -> Document:
    found: Document | None = Document.objects.filter(pk=document.pk).first()
    if found is None:
        raise Refused(GONE)
    return found
