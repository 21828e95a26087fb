"""The cache of an installation without Redis: files that all its processes share."""

from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks


class SharedFileCache(FileBasedCache):
    """Django's cache in files, with an ``add()`` that only one process wins.

    Django looks and then writes, so two processes at the same moment would both hold the
    lock under which sign-in attempts are counted.
    """

    def __init__(self, dir: str | Path, params: dict[str, Any]) -> None:
        super().__init__(str(dir), params)
        self._lock = Path(dir) / "add.lock"

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """As Django's; true for exactly one of several callers."""
        self._lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._lock.open("ab") as handle:
            locks.lock(handle, locks.LOCK_EX)
            try:
                return bool(super().add(key, value, timeout, version))
            finally:
                locks.unlock(handle)
