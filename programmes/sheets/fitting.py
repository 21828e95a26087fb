"""Text that must fit where it is printed: how wide it is, and the size in which it fits.

Widths are those of Fira Sans SemiBold in em, on the safe side, which the regular weight
never exceeds.
"""

import re
from collections.abc import Sequence

LINE = 1.15
"""Height of a line as a multiple of the size."""

_WIDE, _NARROW = frozenset("MWmwÆŒ@%"), frozenset("iíìïjlIftr.,'’-() ")


def fitting(lines: Sequence[str], sizes: Sequence[int], width: float, height: float) -> int:
    """The largest of ``sizes`` (points, falling) in which ``lines`` fit without torn words.

    ``width`` and ``height`` are points; the smallest size is taken where none fits.
    """
    return largest(lines, sizes, width, height) or sizes[-1]


def largest(
    lines: Sequence[str],
    sizes: Sequence[int],
    width: float,
    height: float,
    *,
    whole: Sequence[str] = (),
) -> int | None:
    """As ``fitting``, with those of ``lines`` that are ``whole`` on one line; or ``None``."""
    for size in sizes:
        counted = [line_count(line, width / size) for line in lines if line]
        if not all(counted) or sum(counted) * size * LINE > height:
            continue
        if all(line_count(line, width / size) == 1 for line in whole if line):
            return size
    return None


def line_count(text: str, width: float) -> int:
    """How many lines ``text`` takes where one holds ``width`` em; 0 if a word is too long."""
    lines, filled = 1, 0.0
    for part in re.findall(r"[^\s-]+-?\s*|-", text):
        needed = width_of(part.rstrip())
        if needed > width:
            return 0
        if filled and filled + needed > width:
            lines, filled = lines + 1, 0.0
        filled += width_of(part)
    return lines


def width_of(text: str) -> float:
    """Width in em."""
    return sum(
        0.9 if c in _WIDE else 0.37 if c in _NARROW else 0.67 if c.isupper() else 0.57 for c in text
    )
