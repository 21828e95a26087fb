"""Containing faults: one thing's failure must stop neither the worker nor the others."""

import logging
import traceback
from types import TracebackType

log = logging.getLogger(__name__)


class Contained:
    """Context manager that ends the exception of its body and logs where it came from.

    The exception's text is not logged: it may quote the data it stumbled over. ``failed``
    says afterwards whether there was one.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.failed = False

    def __enter__(self) -> "Contained":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        # SystemExit and KeyboardInterrupt are a worker's end, not a fault.
        if kind is None or not issubclass(kind, Exception):
            return False
        self.failed = True
        frames = traceback.extract_tb(trace)[-5:]
        way = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
        log.error("%s failed: %s at %s", self._name, kind.__name__, way)
        return True
