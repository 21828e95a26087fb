"""What a member of the Beirat says when asking somebody: dates, tasks, never a mentee."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from programmes.roadmap.models import Milestone, MilestoneState, Track

# Where mentors are: with everybody, and in their tandem. Anything else is not theirs to know.
_FOR_MENTORS = (Track.ALL, Track.TANDEMS)


@dataclass(frozen=True)
class Guide:
    """The pieces of the text. ``letter`` is the whole of it, ready to be copied."""

    cycle: Cycle
    sender: str
    dates: list[tuple[str, str]]
    tasks: list[str]
    letter: str


def guide_of(cycle: Cycle, user: Any) -> Guide:
    """The text for ``cycle``, signed by ``user``."""
    person = (
        Person.objects.select_related("municipality").filter(pk=posts_of(user).person or 0).first()
    )
    sender = person.full_name if person is not None else ""
    house = str(person.municipality) if person is not None and person.municipality else ""
    dates, tasks = _dates(cycle, user), _tasks(cycle)
    return Guide(cycle, sender, dates, tasks, _letter(cycle, dates, tasks, sender, house))


def _dates(cycle: Cycle, user: Any) -> list[tuple[str, str]]:
    rows = Milestone.objects.visible_to(user).filter(cycle=cycle, track__in=_FOR_MENTORS)
    found = [
        (row.title, _span(row.starts_on, row.ends_on))
        for row in rows.exclude(state=MilestoneState.DROPPED).order_by("starts_on", "pk")
    ]
    if not found and cycle.start_workshop_on is not None:
        found = [("Startworkshop", f"{cycle.start_workshop_on:%d.%m.%Y}")]
    return found


def _span(first: date, last: date) -> str:
    if first == last:
        return f"{first:%d.%m.%Y}"
    return f"{first:%d.%m.%Y} bis {last:%d.%m.%Y}"


def _tasks(cycle: Cycle) -> list[str]:
    programme = cycle.programme
    least, most = programme.meetings_min, programme.meetings_max
    meetings = f"{least} bis {most}" if least != most else str(least)
    return [
        f"{meetings} Treffen mit einer oder einem Mentee in {programme.tandem_months} Monaten, "
        "in Präsenz oder online, nach Ihrer eigenen Vereinbarung",
        "zuhören, Erfahrungen teilen, Fragen stellen, Türen öffnen; keine fachliche Anleitung und "
        "keine Beurteilung",
        "Verschwiegenheit: was im Tandem besprochen wird, bleibt zwischen Ihnen beiden",
        "Teilnahme am Startworkshop und an der Abschlussveranstaltung",
        "ein kurzer Profilbogen, damit ein passendes Tandem gefunden wird; Sie können sagen, wer "
        "nicht in Frage kommt",
    ]


def _letter(
    cycle: Cycle, dates: list[tuple[str, str]], tasks: list[str], sender: str, house: str
) -> str:
    programme = cycle.programme
    lines = [
        "Guten Tag,",
        "",
        f"für „{programme}“ suchen wir Mentorinnen und Mentoren, und ich habe an Sie gedacht. "
        "Mehrere Kommunen begleiten darin gemeinsam Menschen, die zum ersten Mal Verantwortung "
        "in einer Führungs-, Stabs- oder besonderen Fachrolle übernehmen. Mentorin oder Mentor "
        "und Mentee arbeiten in verschiedenen Häusern.",
        "",
        "Was auf Sie zukommt:",
        *[f"- {task}" for task in tasks],
        "",
    ]
    if dates:
        lines += ["Termine:", *[f"- {title}: {day}" for title, day in dates], ""]
    lines += [
        "Wer Ihre Mentee oder Ihr Mentee sein wird, steht noch nicht fest; das entscheidet der "
        "Beirat später gemeinsam. Die Teilnahme ist freiwillig. Sagen Sie gern auch, wenn es "
        "gerade nicht passt: Gründe fragen und speichern wir nicht.",
        "",
        "Hätten Sie Zeit für ein kurzes Gespräch?",
        "",
        "Freundliche Grüße",
        *[part for part in (sender, house) if part],
    ]
    return "\n".join(lines)
