"""Waking a worker. The work is a row already, so a wake-up that fails does no harm."""

import logging
import time
from collections.abc import Callable
from functools import cache

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

PAUSE_SECONDS = 15.0
"""After a failure nobody tries again for so long, or each request would wait for it."""

_silent_until = 0.0


def wake(task: str) -> None:
    """Ask a worker to run ``task`` (its dotted name) soon after the commit.

    Best effort: a broker that is down is no error, for the sweep finds the work anyway.
    Called often in one transaction it sends one message.
    """
    call = _call(task)
    connection = transaction.get_connection()
    if any(entry[1] is call for entry in connection.run_on_commit):
        return
    transaction.on_commit(call)


@cache
def _call(task: str) -> Callable[[], object]:
    """The one function per task, so that it can be found among those waiting for a commit."""
    return lambda: send(task)


def send(task: str) -> bool:
    """Send the message now; false when the broker cannot be reached. Never raises for that."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return False
    try:
        current_app.send_task(task, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        log.warning(
            "no wake-up for %s: %s; the sweep will find the work", task, type(error).__name__
        )
        return False
    return True
