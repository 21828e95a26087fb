"""Slots exclude processes, and are free again when one is killed."""

import os
import signal
import warnings
from collections.abc import Callable

from mentoring.jobs.slots import Slots


def in_child(work: Callable[[int], None]) -> tuple[int, int]:
    """Fork; the child runs ``work`` with the writing end of a pipe. Its pid, and our end."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The child only takes a lock; threads that the runner may have do not matter to it.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        work(writing)
        os._exit(0)
    os.close(writing)
    return pid, reading


def test_a_slot_is_held_by_one_process_and_freed_by_its_death() -> None:
    slots = Slots(1)

    def hold(writing: int) -> None:
        with slots.take() as free:
            os.write(writing, b"y" if free else b"n")
            signal.pause()

    pid, reading = in_child(hold)
    assert os.read(reading, 1) == b"y"
    with slots.take() as free:
        assert not free
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(reading)
    with slots.take() as free:
        assert free


def test_there_are_as_many_as_were_made() -> None:
    slots = Slots(2)

    def hold(writing: int) -> None:
        with slots.take() as free:
            os.write(writing, b"y" if free else b"n")
            signal.pause()

    children = [in_child(hold) for _ in range(3)]
    assert sorted(os.read(reading, 1) for _, reading in children) == [b"n", b"y", b"y"]
    for pid, reading in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(reading)
