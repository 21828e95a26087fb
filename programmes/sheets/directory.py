"""All lists and sheets of a Durchgang that somebody may open, in one place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import rules
from django.urls import reverse
from django.utils.http import urlencode

from mentoring.ui.exports import FORMATS
from programmes.cycles.models import Cycle, ParticipantRole


@dataclass(frozen=True)
class Entry:
    """A list or a kind of sheet: its page, and its files where they need no choice."""

    label: str
    purpose: str
    url: str
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Part:
    """Entries under a heading."""

    title: str
    entries: list[Entry]


@dataclass(frozen=True)
class _Known:
    """Where an entry leads, and the rule of that page."""

    label: str
    purpose: str
    route: str
    rule: str
    query: str = ""
    is_list: bool = True


_MENTORS = urlencode({"role": ParticipantRole.MENTOR.value})
_MENTEES = urlencode({"role": ParticipantRole.MENTEE.value})

_PARTS: tuple[tuple[str, tuple[_Known, ...]], ...] = (
    (
        "Personen",
        (
            _Known(
                "Teilnehmer/innen",
                "Name, Kommune, Rolle, E-Mail und Telefon.",
                "cycles:participants",
                "cycles.view_participants",
            ),
            _Known(
                "Mentees",
                "Die Teilnehmerliste, nur mit den Mentees.",
                "cycles:participants",
                "cycles.view_participants",
                _MENTEES,
            ),
            _Known(
                "Mentor/innen",
                "Die Teilnehmerliste, nur mit den Mentor/innen.",
                "cycles:participants",
                "cycles.view_participants",
                _MENTORS,
            ),
            _Known("Beirat", "Wer im Beirat sitzt.", "cycles:council", "cycles.view_council"),
        ),
    ),
    (
        "Kommunen",
        (
            _Known(
                "Kommunen im Durchgang",
                "Wer teilnimmt, und wie viele Sitze die Kommune hat.",
                "cycles:participations",
                "cycles.view_participations",
            ),
            _Known(
                "Kontakte der Kommunen",
                "Anschrift, Personalstelle und Beirat.",
                "sheets:contacts",
                "sheets.contacts",
            ),
        ),
    ),
    (
        "Veranstaltungen",
        (
            _Known(
                "Veranstaltungen",
                "Wann, wo, wie viele zugesagt haben.",
                "events:events",
                "events.list",
            ),
            _Known(
                "Anwesenheit",
                "Wer bei welcher Veranstaltung war.",
                "sheets:attendance",
                "events.list",
            ),
            _Known(
                "Catering",
                "Wie viele kommen und was sie essen, für alle kommenden Veranstaltungen.",
                "sheets:catering",
                "events.list",
            ),
        ),
    ),
    (
        "Zum Drucken",
        (
            _Known(
                "Namensschilder",
                "Für Teilnehmer/innen oder den Beirat, auch nur für einen Teil.",
                "sheets:badges",
                "sheets.print",
                is_list=False,
            ),
            _Known(
                "Adressetiketten",
                "Für Personen oder Kommunen, auf drei gängigen Bögen oder als Serienbrief.",
                "sheets:labels",
                "sheets.print",
                is_list=False,
            ),
            _Known(
                "Zertifikate",
                "Teilnahmebestätigungen und Zertifikate.",
                "certificates:people",
                "certificates.print",
                is_list=False,
            ),
            _Known(
                "Alles für den Startworkshop",
                "Listen, Schilder, Etiketten und Tagesordnung in einer Datei.",
                "sheets:workshop",
                "sheets.print",
                is_list=False,
            ),
        ),
    ),
)


def directory(user: Any, cycle: Cycle) -> list[Part]:
    """What ``user`` may open of ``cycle``, without headings that nothing stands under."""
    parts = [Part(title, list(_entries(known, user, cycle))) for title, known in _PARTS]
    return [part for part in parts if part.entries]


def _entries(known: tuple[_Known, ...], user: Any, cycle: Cycle) -> Iterator[Entry]:
    for one in known:
        if not rules.test_rule(one.rule, user, cycle):
            continue
        url = reverse(one.route, args=[cycle.pk])
        files = (
            tuple(
                (label, f"{url}?{'&'.join(filter(None, (one.query, f'export={key}')))}")
                for key, label in FORMATS.items()
            )
            if one.is_list
            else ()
        )
        yield Entry(one.label, one.purpose, f"{url}?{one.query}" if one.query else url, files)
