"""Ends process groups whose supervisor was itself killed. Started by ``Supervisor``.

It reads one line from standard input, the numbers of the groups, and waits. "done" lets it
go in peace; the end of the input without it means that the supervisor is gone.
"""

import contextlib
import os
import signal
import sys
import time

GRACE_SECONDS = 5.0


def alive(group: int) -> bool:
    """Whether a process of ``group`` is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def end(groups: list[int], grace_seconds: float) -> None:
    """Ask the groups to end, and end what is left after ``grace_seconds``."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    while time.monotonic() < deadline and any(alive(group) for group in groups):
        time.sleep(0.1)  # nothing tells of the end of a process that is no child of ours
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Wait for the supervisor's last word."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    for line in sys.stdin:
        if line.strip() == "done":
            return
        groups = [int(word) for word in line.split()]
    end(groups, GRACE_SECONDS)


if __name__ == "__main__":
    main()
