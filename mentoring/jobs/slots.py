"""Slots: how many processes of one worker may be busy with one kind of long work.

Without them the wake-ups of a few sweeps fill every process with long work, and the sweep
itself finds none free.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """``number`` slots shared by all processes forked after this was made.

    Made when a task's module is imported, that is by the worker before it forks. A slot is a
    lock on one byte of a nameless file: the kernel frees it when its process ends, however.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        # Locks belong to processes, not to the open file, so children exclude each other.
        self._file, path = tempfile.mkstemp()
        os.unlink(path)

    @contextmanager
    def take(self) -> Iterator[bool]:
        """Hold a free slot for the time of the body; yields false when there is none."""
        slot = self._lock_any()
        try:
            yield slot is not None
        finally:
            if slot is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, slot)

    def _lock_any(self) -> int | None:
        for slot in range(self._number):
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, slot)
            except (BlockingIOError, PermissionError):
                continue
            return slot
        return None
