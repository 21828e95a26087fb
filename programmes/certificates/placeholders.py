"""What may stand in braces in the text of a certificate."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format

from programmes.certificates.attendance import Attended
from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.events.models import Event, EventKind
from programmes.people.models import Salutation
from programmes.roadmap.models import Milestone, MilestoneState
from programmes.rundmails.placeholders import Use, parse, uses_in

_ROLES = {
    (ParticipantRole.MENTOR, Salutation.MS): "Mentorin",
    (ParticipantRole.MENTOR, Salutation.MR): "Mentor",
}


@dataclass(frozen=True)
class Facts:
    """What the certificates of a cycle say of it; the days are ``None`` while unknown."""

    cycle: Cycle
    begins: date | None
    ends: date | None


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is."""

    name: str
    salutation: str
    house: str
    role: str
    attended: tuple[Attended, ...]
    joined_on: date | None = None
    left_on: date | None = None


@dataclass(frozen=True)
class TextPlaceholder:
    """What a placeholder stands for, how it reads, and its value."""

    label: str
    sample: str
    value: Callable[[Facts, Holder], str]


def facts_of(cycle: Cycle) -> Facts:
    """The facts of ``cycle``: from the Startworkshop to the closing event. Two queries at most.

    The closing event is the one that was planned as such, else its milestone.
    """
    closing = Event.objects.planned().filter(cycle=cycle, kind=EventKind.CLOSING).last()
    if closing is not None:
        ends: date | None = timezone.localdate(closing.starts_at)
    else:
        milestones = Milestone.objects.filter(cycle=cycle, key="abschluss")
        found = milestones.exclude(state=MilestoneState.DROPPED).first()
        ends = found.ends_on if found else None
    return Facts(cycle, cycle.start_workshop_on, ends)


def holder_of(row: Participant, attended: tuple[Attended, ...]) -> Holder:
    """Whose certificate that of ``row`` is, ``person`` and ``municipality`` being at hand."""
    person = row.person
    role = _ROLES.get((ParticipantRole(row.role), Salutation(person.salutation)))
    return Holder(
        name=person.full_name,
        salutation=person.get_salutation_display() if person.salutation else "",
        house=row.municipality.name,
        role=role or row.get_role_display(),
        attended=attended,
        joined_on=row.joined_on,
        left_on=row.left_on,
    )


def sample_holder(events: tuple[Attended, ...]) -> Holder:
    """Somebody invented, who was at every event."""
    return Holder(
        name="Dr. Erika Beispiel",
        salutation="Frau",
        house="Stadt Musterstadt",
        role=ParticipantRole.MENTEE.label,
        attended=events,
    )


def period(facts: Facts, holder: Holder) -> str:
    """Months of taking part: "Oktober 2025 bis September 2026", or years where days lack.

    Who came later or left earlier took part for that time.
    """
    begins, ends = facts.begins, facts.ends
    joined, left = holder.joined_on, holder.left_on
    if left is not None and (ends is None or left < ends):
        ends = left
    # Somebody entered after the end was typed in late, not late in the programme.
    if begins and joined and begins < joined <= (ends or joined):
        begins = joined
    if begins and ends and ends < begins:
        begins = min(joined or ends, ends)
    parts = (
        date_format(begins, "F Y") if begins else str(facts.cycle.start_year),
        date_format(ends, "F Y") if ends else str(facts.cycle.end_year),
    )
    return parts[0] if parts[0] == parts[1] else " bis ".join(parts)


def _listed(facts: Facts, holder: Holder) -> str:
    titles = [event.title for event in holder.attended]
    if len(titles) < 2:
        return "".join(titles) or "keine"
    return f"{', '.join(titles[:-1])} und {titles[-1]}"


def _number(facts: Facts, holder: Holder) -> str:
    number = len(holder.attended)
    words = {0: "keine Veranstaltung", 1: "eine Veranstaltung"}
    return words.get(number, f"{number} Veranstaltungen")


PLACEHOLDERS: dict[str, TextPlaceholder] = {
    "anrede": TextPlaceholder(
        "Frau oder Herr; nichts, wenn keine Anrede eingetragen ist",
        "Frau",
        lambda facts, holder: holder.salutation,
    ),
    "name": TextPlaceholder(
        "Titel, Vor- und Nachname", "Dr. Erika Beispiel", lambda facts, holder: holder.name
    ),
    "kommune": TextPlaceholder(
        "amtlicher Name der Kommune", "Stadt Musterstadt", lambda facts, holder: holder.house
    ),
    "rolle": TextPlaceholder(
        "Mentee, Mentorin oder Mentor", "Mentee", lambda facts, holder: holder.role
    ),
    "programm": TextPlaceholder(
        "Name des Programms",
        "Mentoring im Musterland",
        lambda facts, holder: facts.cycle.programme.name,
    ),
    "durchgang": TextPlaceholder(
        "Durchgang mit Nummer",
        "Durchgang Nr. 11",
        lambda facts, holder: f"Durchgang Nr. {facts.cycle.number}",
    ),
    "zeitraum": TextPlaceholder(
        "Monate der Teilnahme, vom Startworkshop bis zur Abschlussveranstaltung",
        "Oktober 2025 bis September 2026",
        period,
    ),
    "veranstaltungen": TextPlaceholder(
        "die besuchten Veranstaltungen in einem Satz",
        "Startworkshop, Zwischenbilanz und Abschlussveranstaltung",
        _listed,
    ),
    "anzahl": TextPlaceholder(
        "wie viele Veranstaltungen besucht wurden, mit dem Wort", "3 Veranstaltungen", _number
    ),
}
"""All of them, in the order of the list beside the text."""


def fill(source: str, facts: Facts, holder: Holder) -> str:
    """``source`` with the values; lines stay, what an empty value leaves behind does not.

    Values are not read again: a name in braces stays a name.
    """
    text = "".join(_said(piece, facts, holder) for piece in parse(source))
    return "\n".join(re.sub(r"[ \t]+", " ", line).strip() for line in text.splitlines())


def _said(piece: str | Use, facts: Facts, holder: Holder) -> str:
    if isinstance(piece, str):
        return piece
    return PLACEHOLDERS[piece.name].value(facts, holder) if _is_known(piece) else piece.written


def problems_in(source: str) -> list[str]:
    """A German sentence for each placeholder of ``source`` that does not exist, and which do."""
    unknown = [use.written for use in uses_in(source) if not _is_known(use)]
    if not unknown:
        return []
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return [
        *(f"Den Platzhalter {written} gibt es nicht." for written in unknown),
        f"Erlaubt sind: {known}.",
    ]


def names_holder(sources: Iterable[str]) -> bool:
    """Whether the texts say whose certificate it is."""
    return any(use.name == "name" for use in uses_in(*sources))


def _is_known(use: Use) -> bool:
    return not use.argument and use.name in PLACEHOLDERS
