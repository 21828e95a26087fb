"""Waiting for a condition instead of for a time."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(
    condition: Callable[[], T], timeout: float = 20.0, what: str = "", every: float = 0.05
) -> T:
    """The first true value of ``condition``; ``AssertionError`` after ``timeout`` seconds."""
    ends_at = time.monotonic() + timeout
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > ends_at:
            raise AssertionError(f"not within {timeout} s: {what or condition}")
        pause.wait(every)


def pass_time(seconds: float) -> None:
    """Let ``seconds`` go by where the point is that nothing may depend on when it happens."""
    threading.Event().wait(seconds)
