"""What may stand in braces in the Ausschreibung: the cycle's dates and the Kommune's name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from django.utils.formats import date_format

from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import MunicipalityStaff
from programmes.roadmap.models import Milestone, MilestoneState
from programmes.rundmails.placeholders import Use, uses_in

OPEN_DATE = "(Termin folgt)"
"""Stands in the text where the Fahrplan has no date yet."""
ANY_HOUSE = "Name der Kommune"
ANY_CONTACT = "Ihre Personalstelle"


@dataclass(frozen=True)
class Facts:
    """What an Ausschreibung says: of a cycle, for one Kommune or, with none, for all."""

    cycle: Cycle
    house: Municipality | None
    milestones: dict[str, Milestone] = field(default_factory=dict)
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallPlaceholder:
    """A placeholder: what it stands for, how it reads, and its value, "" while unknown."""

    label: str
    sample: str
    value: Callable[[Facts], str]
    dated: bool = False
    """Whether it is a date of the Fahrplan, which may be missing."""


def facts_of(cycle: Cycle, house: Municipality | None = None) -> Facts:
    """The facts of ``cycle``, in two queries; with ``house`` also whom to ask there."""
    rows = Milestone.objects.filter(cycle=cycle).exclude(state=MilestoneState.DROPPED)
    milestones = {row.key or str(row.pk): row for row in rows.order_by("starts_on", "pk")}
    return Facts(cycle, house, milestones, _contacts(house))


def _contacts(house: Municipality | None) -> tuple[str, ...]:
    """Name and address of the Personalstelle's people: they publish it themselves."""
    if house is None:
        return ()
    posts = MunicipalityStaff.objects.current().filter(municipality=house)
    people = [post.person for post in posts.select_related("person").order_by("person__sort_key")]
    return tuple(
        ", ".join(part for part in (one.full_name, one.phone, one.email) if part) for one in people
    )


def said_day(day: date) -> str:
    """Such as "2. Oktober 2026"."""
    return date_format(day, "j. F Y")


def said_days(milestone: Milestone) -> str:
    """One day, or from when until when."""
    first, last = said_day(milestone.starts_on), said_day(milestone.ends_on)
    return first if first == last else f"{first} bis {last}"


def _when(key: str) -> Callable[[Facts], str]:
    return lambda facts: said_days(facts.milestones[key]) if key in facts.milestones else ""


def _edge(key: str, name: str) -> Callable[[Facts], str]:
    def value(facts: Facts) -> str:
        found = facts.milestones.get(key)
        return "" if found is None else said_day(getattr(found, name))

    return value


def _meetings(facts: Facts) -> str:
    least, most = facts.cycle.programme.meetings_min, facts.cycle.programme.meetings_max
    return str(least) if least == most else f"{least} bis {most}"


PLACEHOLDERS: dict[str, CallPlaceholder] = {
    "programm": CallPlaceholder(
        "Name des Programms", "Mentoring im Musterland", lambda facts: facts.cycle.programme.name
    ),
    "durchgang": CallPlaceholder(
        "Durchgang mit Nummer und Jahren",
        "Durchgang Nr. 11 (2025–2027)",
        lambda facts: str(facts.cycle),
    ),
    "plaetze": CallPlaceholder(
        "Zahl der Plätze im Durchgang", "24", lambda facts: str(facts.cycle.places)
    ),
    "treffen": CallPlaceholder("Zahl der Treffen je Tandem", "8 bis 10", _meetings),
    "monate": CallPlaceholder(
        "Dauer der Tandemphase in Monaten",
        "12",
        lambda facts: str(facts.cycle.programme.tandem_months),
    ),
    "kommune": CallPlaceholder(
        "amtlicher Name der Kommune, die sie herunterlädt",
        "Stadt Musterstadt",
        lambda facts: ANY_HOUSE if facts.house is None else facts.house.name,
    ),
    "ansprechperson": CallPlaceholder(
        "Name, Telefon und E-Mail-Adresse der Personalstelle dieser Kommune",
        "Erika Beispiel, 02501 12345, erika@musterstadt.example",
        lambda facts: "; ".join(facts.contacts) or ANY_CONTACT,
    ),
    "bewerbung_von": CallPlaceholder(
        "erster Tag der Bewerbungsphase", "1. April 2026", _edge("bewerbung", "starts_on"), True
    ),
    "bewerbung_bis": CallPlaceholder(
        "letzter Tag der Bewerbungsphase", "19. Juni 2026", _edge("bewerbung", "ends_on"), True
    ),
    "vorstellung": CallPlaceholder(
        "Vorstellungstermin", "3. Juli 2026", _when("vorstellung"), True
    ),
    "startworkshop": CallPlaceholder("Startworkshop", "2. Oktober 2026", _when("start"), True),
    "vernetzung1": CallPlaceholder(
        "erstes Vernetzungstreffen", "4. Dezember 2026", _when("vernetzung1"), True
    ),
    "zwischenbilanz": CallPlaceholder(
        "Zwischenbilanz", "9. April 2027", _when("zwischenbilanz"), True
    ),
    "vernetzung2": CallPlaceholder(
        "zweites Vernetzungstreffen", "4. Juni 2027", _when("vernetzung2"), True
    ),
    "abschluss": CallPlaceholder(
        "Abschlussveranstaltung", "24. September 2027", _when("abschluss"), True
    ),
}
"""All of them, in the order of the list beside the text."""


def value_of(use: Use, facts: Facts) -> str:
    """What ``use`` says; a date that is not planned yet says so, an unknown one stays itself."""
    entry = None if use.argument else PLACEHOLDERS.get(use.name)
    if entry is None:
        return use.written
    return entry.value(facts) or OPEN_DATE


def problems_in(source: str) -> list[str]:
    """A German sentence for each placeholder of ``source`` that does not exist."""
    return [
        f"Den Platzhalter {use.written} gibt es nicht.{_meant(use)}"
        for use in uses_in(source)
        if use.argument or use.name not in PLACEHOLDERS
    ]


def _meant(use: Use) -> str:
    if use.argument and use.name in PLACEHOLDERS:
        return f" Lassen Sie „:{use.argument}“ weg."
    close = get_close_matches(use.name, PLACEHOLDERS, n=1, cutoff=0.6)
    return f" Meinten Sie {{{close[0]}}}?" if close else " Die Liste neben dem Text nennt alle."


def dates_missing(sources: Iterable[str], facts: Facts) -> list[str]:
    """Labels of the dates the texts name that the Fahrplan does not hold."""
    used = [PLACEHOLDERS.get(use.name) for use in uses_in(*sources) if not use.argument]
    return [entry.label for entry in used if entry and entry.dated and not entry.value(facts)]
