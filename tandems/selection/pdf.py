"""Steckbriefe as PDF: one page, a booklet of many, and one without a name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mentoring.ui.pdf import house_pdf
from programmes.cycles.models import Cycle
from tandems.applications.models import Application
from tandems.selection.contents import ProfileSheet, profile_sheet
from tandems.selection.fit import Fitted, fit

FOOT = "Vertraulich: nur für den Beirat und die eigene Personalstelle"
ANONYMOUS_FOOT = "Vertraulich: bitte nicht weitergeben"
ROWS_A_PAGE = 38
"""Lines of the table of contents on one page."""


@dataclass(frozen=True)
class Entry:
    """A Steckbrief in the booklet and its line in the table of contents."""

    fitted: Fitted
    anchor: str
    name: str
    house: str
    page: int


def sheet_pdf(sheet: ProfileSheet, *, title: str, foot: str = FOOT) -> bytes:
    """One Steckbrief on one A4 page."""
    return house_pdf("selection/sheet.html", {"fitted": fit(sheet), "title": title, "foot": foot})


def booklet_pdf(
    cycle: Cycle,
    applications: Sequence[Application],
    *,
    photos: frozenset[int],
    progress: Callable[[int], None] = lambda done: None,
) -> bytes:
    """Cover, contents and one page for each of ``applications``, in their order.

    ``photos`` are the primary keys of those whose photo may be shown. ``progress`` is told
    how many are prepared, and may raise to stop.
    """
    # One document for all: fonts and style sheet are read once.
    first = 2 + -(-len(applications) // ROWS_A_PAGE)
    entries = []
    for at, application in enumerate(applications):
        progress(at)
        sheet = profile_sheet(application, with_photo=application.pk in photos)
        person = application.person
        entries.append(
            Entry(
                fitted=fit(sheet),
                anchor=f"s{at + 1}",
                name=f"{person.last_name}, {person.first_name}",
                house=str(application.municipality),
                page=first + at,
            )
        )
    context = {
        "title": f"Steckbriefe, Durchgang Nr. {cycle.number}",
        "cycle": cycle,
        "entries": entries,
        "contents": list(_pages(entries)),
        "foot": "Vertraulich: nur für den Beirat",
    }
    return house_pdf("selection/booklet.html", context)


def _pages(entries: Sequence[Entry]) -> list[Sequence[Entry]]:
    return [entries[start : start + ROWS_A_PAGE] for start in range(0, len(entries), ROWS_A_PAGE)]
