"""The sheets of an event as PDF, and badges for whoever wears them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mentoring.ui.pdf import house_pdf
from programmes.events.wording import when
from programmes.sheets.contents import Content, Guest
from programmes.sheets.fitting import fitting
from programmes.sheets.tables import SHEETS

WALK_INS = 8
"""Empty lines for guests who are on no list."""

BADGES_A_PAGE = 10
_SIZES = (28, 24, 20, 17, 14, 12, 10)
_NAME_WIDTH, _NAME_HEIGHT = 218.0, 88.0


@dataclass(frozen=True)
class Badge:
    """A guest and the size, in points, in which the name fits on the badge."""

    guest: Guest
    size: int


def sheet_pdf(key: str, content: Content) -> bytes:
    """The sheet called ``key``."""
    if key == "namensschilder":
        return badges_pdf(content.guests, content.event.title, roles=content.options.roles)
    sheet = SHEETS[key]
    context: dict[str, Any] = {
        "sheet": sheet,
        "content": content,
        "event": content.event,
        "when": when(content.event),
    }
    if key == "anwesenheit":
        context["walk_ins"] = range(WALK_INS)
    return house_pdf(sheet.template, context)


# --- Badges -----------------------------------------------------------------------------
def badges_pdf(guests: Sequence[Guest], occasion: str, *, roles: bool) -> bytes:
    """A badge for each of ``guests``, with ``occasion`` at its foot and the role if wanted."""
    badges = [Badge(guest, size_of(guest)) for guest in guests]
    context = {"pages": list(_pages(badges)), "occasion": occasion, "roles": roles}
    return house_pdf("sheets/badges_pdf.html", context)


def _pages(badges: Sequence[Badge]) -> Iterator[list[Badge]]:
    for start in range(0, len(badges), BADGES_A_PAGE):
        yield list(badges[start : start + BADGES_A_PAGE])


def size_of(guest: Guest) -> int:
    """The largest size in which no word is torn and the name has its place."""
    lines = (f"{guest.title} {guest.first_name}".strip(), guest.last_name)
    return fitting(lines, _SIZES, _NAME_WIDTH, _NAME_HEIGHT)
