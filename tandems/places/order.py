"""The waiting list: who stands where, counted from positions that only order.

Equals share a position. The numbers a reader sees are counted among what they may see, so
that a gap does not give away somebody they must not know of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from tandems.places.models import AllocationLine, Outcome

STEP = 10


@dataclass(frozen=True)
class Stand:
    """A place on the waiting list; ``shared`` with equals."""

    number: int
    shared: bool

    def __str__(self) -> str:
        return f"{self.number}" + (" (gleichauf)" if self.shared else "")


def groups(lines: Iterable[AllocationLine]) -> list[list[AllocationLine]]:
    """Lines that wait, or may have to (an open tie), in order; equals together."""
    waiting = [
        line
        for line in lines
        if line.position is not None and line.outcome in ("", Outcome.WAITING)
    ]
    waiting.sort(key=_position)
    return [list(group) for _, group in groupby(waiting, key=_position)]


def stands(lines: Iterable[AllocationLine]) -> dict[int, Stand]:
    """By key of the line, where each of ``lines`` that waits stands among them."""
    found: dict[int, Stand] = {}
    number = 1
    for group in groups(line for line in lines if line.outcome == Outcome.WAITING):
        for line in group:
            found[line.pk] = Stand(number, len(group) > 1)
        number += len(group)
    return found


def put(
    lines: Sequence[AllocationLine],
    moved: AllocationLine,
    number: int | None,
    seen: frozenset[int],
) -> list[AllocationLine]:
    """Give ``moved`` the place ``number`` among the lines ``seen``; ``None`` is the last one.

    Sets ``position`` of all that wait anew and returns those whose position changed.
    """
    others = [line for line in lines if line.pk != moved.pk]
    ordered = groups(others)
    at = len(ordered)
    if number is not None:
        # Behind the last one seen with a better number: an open tie may still come in between.
        numbers = stands(line for line in others if line.pk in seen)
        at = 0
        for index, group in enumerate(ordered, start=1):
            known = [numbers[line.pk].number for line in group if line.pk in numbers]
            if known and min(known) < number:
                at = index
    ordered.insert(at, [moved])
    changed = []
    for index, group in enumerate(ordered, start=1):
        for line in group:
            if line.position != index * STEP:
                line.position = index * STEP
                changed.append(line)
    return changed


def _position(line: AllocationLine) -> int:
    return line.position or 0
