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

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """As Django's; true for exactly one of several callers."""
        directory = Path(self._dir)  # type: ignore[attr-defined]  # the stubs leave it out
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (directory / "add.lock").open("ab") as handle:
            locks.lock(handle, locks.LOCK_EX)
            try:
                return bool(super().add(key, value, timeout, version))
            finally:
                locks.unlock(handle)
