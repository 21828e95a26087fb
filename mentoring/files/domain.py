"""Storing files, and who may read them."""

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils import timezone

from mentoring.files.checks import Checked, check_upload, clean_name
from mentoring.files.models import StoredFile
from mentoring.registry import Registry

Reader = Callable[[Any, StoredFile], bool]
"""Says whether a signed-in user may read a file."""

readers: Registry[Reader] = Registry("readers of stored files")
"""By purpose: the room that stores files of a purpose says who reads them."""

DOCUMENTS = ("pdf", "png", "jpeg", "docx", "xlsx")

ORPHAN_SECONDS = 24 * 60 * 60
"""A file without a row may still be in the hands of an open transaction; after a day not."""


def store_upload(
    upload: "File[bytes]",
    *,
    purpose: str,
    by: Any,
    max_bytes: int | None = None,
    allowed: Iterable[str] = DOCUMENTS,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Check ``upload`` by its content and store it.

    ``max_bytes`` defaults to ``settings.UPLOAD_MAX_BYTES``. Raises ``ValidationError`` with
    a German sentence that says what was wrong and what is allowed, and ``LookupError`` for
    a purpose that has no reader.
    """
    readers.get(purpose)
    checked: Checked = check_upload(
        upload, allowed=tuple(allowed), max_bytes=max_bytes or settings.UPLOAD_MAX_BYTES
    )
    digest, size = hashlib.sha256(), 0
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
        size += len(chunk)
    upload.seek(0)
    return _store(
        upload,
        name=checked.name,
        content_type=checked.content_type,
        size=size,
        sha256=digest.hexdigest(),
        purpose=purpose,
        by=by,
        expires_at=expires_at,
    )


def store_bytes(
    data: bytes,
    *,
    name: str,
    content_type: str,
    purpose: str,
    by: Any = None,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Store a file that the application itself has made; its type is taken as told.

    Raises ``LookupError`` for a purpose that has no reader.
    """
    readers.get(purpose)
    return _store(
        ContentFile(data),
        name=clean_name(name),
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        purpose=purpose,
        by=by,
        expires_at=expires_at,
    )


def _store(content: "File[bytes]", *, by: Any, **fields: Any) -> StoredFile:
    stored = StoredFile(created_by=by, **fields)
    stored.content.save(fields["name"], content, save=False)
    try:
        stored.save(force_insert=True)
    except BaseException:
        stored.content.storage.delete(stored.content.name or "")
        raise
    return stored


def may_read(user: Any, stored: StoredFile) -> bool:
    """Whether ``user`` may read ``stored``; nobody may where the purpose has no reader."""
    if not user.is_authenticated or not user.is_active or stored.purpose not in readers:
        return False
    if stored.expires_at is not None and stored.expires_at <= timezone.now():
        return False
    return readers.get(stored.purpose)(user, stored)


def delete_expired() -> int:
    """Delete files whose time has passed, with what lies on the disk; returns how many."""
    expired = list(StoredFile.objects.filter(expires_at__lte=timezone.now())[:500])
    for stored in expired:
        stored.delete()
    return len(expired)


def delete_orphans() -> int:
    """Remove files from the disk that no row knows and that are a day old; returns how many.

    They are left behind by a transaction that was rolled back or a process that was killed
    between writing the file and saving the row.
    """
    root = Path(default_storage.path(""))
    before = time.time() - ORPHAN_SECONDS
    removed = 0
    for folder in sorted(root.glob("[0-9a-f][0-9a-f]")):
        old = [path for path in folder.iterdir() if path.is_file() and _mtime(path) < before]
        names = {f"{folder.name}/{path.name}": path for path in old}
        known = set(
            StoredFile.objects.filter(content__startswith=f"{folder.name}/").values_list(
                "content", flat=True
            )
        )
        for name, path in names.items():
            if name not in known:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _mtime(path: Path) -> float:
    try:
        return os.stat(path).st_mtime
    except FileNotFoundError:
        return float("inf")
