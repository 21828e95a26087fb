"""The sheets of an event as tables, and what kinds of sheets there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from mentoring.ui.exports import Table
from programmes.events.models import Answer
from programmes.events.wording import when
from programmes.sheets.contents import Content


def attendance_table(content: Content) -> Table:
    """Name, Kommune, and room to sign."""
    rows = [(i, guest.name, guest.house, "") for i, guest in enumerate(content.guests, start=1)]
    return _table("Anwesenheitsliste", ("Nr.", "Name", "Kommune", "Unterschrift"), rows, content)


def badge_table(content: Content) -> Table:
    """For a mail merge: one field a column."""
    headings = ["Titel", "Vorname", "Nachname", "Kommune"]
    rows = [[g.title, g.first_name, g.last_name, g.house] for g in content.guests]
    if content.options.roles:
        headings.append("Rolle")
        rows = [[*row, g.role] for row, g in zip(rows, content.guests, strict=True)]
    return _table("Namensschilder", headings, rows, content)


def catering_table(content: Content) -> Table:
    """How many come, and what they eat."""
    rows: list[tuple[str, Any]] = [
        ("Zugesagt", content.expected),
        ("Noch ohne Antwort", content.answers[Answer.OPEN]),
    ]
    if content.event.catering:
        rows.append(("Bestellt", content.event.catering))
    if content.needs is not None:
        rows += [(f"Essen: {wish}", count) for wish, count in content.needs.diet]
    return _table("Catering", ("Angabe", "Anzahl"), rows, content)


def room_table(content: Content) -> Table:
    """Everything about the room, line by line."""
    rows: list[tuple[str, Any]] = list(content.facts)
    if content.needs is not None:
        rows += [(f"Barrierefreiheit: {wish}", count) for wish, count in content.needs.access]
    for item in content.agenda:
        at = f"{item.at:%H:%M} Uhr" if item.at else "Tagesordnung"
        rows.append((at, f"{item.topic} ({item.speaker})" if item.speaker else item.topic))
    rows += [(f"Kontakt: {label}", ways) for label, ways in content.contacts]
    return _table("Raumblatt", ("Angabe", "Wert"), rows, content)


def agenda_table(content: Content) -> Table:
    """Point by point."""
    rows = [
        (f"{item.at:%H:%M} Uhr" if item.at else "", item.topic, item.speaker)
        for item in content.agenda
    ]
    return _table("Tagesordnung", ("Uhrzeit", "Thema", "Referent/in"), rows, content)


def _table(title: str, headings: Iterable[str], rows: Iterable[Any], content: Content) -> Table:
    context = f"{content.event.title}, {when(content.event)}"
    return Table(f"{title} {content.event.title}", list(headings), rows, context=context)


@dataclass(frozen=True)
class Sheet:
    """A kind of sheet: its name, what it is for, its table and the template of its PDF."""

    label: str
    purpose: str
    table: Callable[[Content], Table]
    template: str
    by_name: bool
    """Whether it grows with the number of people."""


SHEETS: dict[str, Sheet] = {
    "anwesenheit": Sheet(
        "Anwesenheitsliste",
        "Zum Unterschreiben an der Tür, mit Platz für unangemeldete Gäste.",
        attendance_table,
        "sheets/attendance_pdf.html",
        True,
    ),
    "namensschilder": Sheet(
        "Namensschilder",
        "Zehn Schilder auf einem Blatt A4 (90 × 54 mm) mit Schneidemarken; die Excel-Datei ist "
        "für den Seriendruck.",
        badge_table,
        "sheets/badges_pdf.html",
        True,
    ),
    "catering": Sheet(
        "Catering",
        "Wie viele kommen und was sie essen, ohne Namen.",
        catering_table,
        "sheets/catering_pdf.html",
        False,
    ),
    "raum": Sheet(
        "Raumblatt",
        "Raum, Material, Tagesordnung, erwartete Personen und Kontakte.",
        room_table,
        "sheets/room_pdf.html",
        False,
    ),
    "tagesordnung": Sheet(
        "Tagesordnung",
        "Zum Auslegen und Mitgeben: Uhrzeiten, Themen, Referent/innen.",
        agenda_table,
        "sheets/agenda_pdf.html",
        False,
    ),
}
