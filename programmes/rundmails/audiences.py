"""The audiences of the frame: Beirat, Personalstellen, participants, attendees, single people.

Each reads only what the user may see, so nobody writes to whom they do not know of.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
)
from programmes.events.models import Answer, Attendee, Event
from programmes.organisations.models import Municipality
from programmes.people.models import LogisticsStaff, MunicipalityStaff, Person
from programmes.rundmails.permissions import hidden_in
from programmes.rundmails.registries import Audience, audiences

Choices = list[tuple[str, str]]
People = QuerySet[Person]

LEADS = "leads"
MUNICIPALITY = "municipality:"
GROUP = "group:"

_HOUSES: dict[str, tuple[str, Q]] = {
    "confirmed": (
        "Personalstellen der Kommunen, die teilnehmen",
        Q(state=ParticipationState.CONFIRMED),
    ),
    "invited": (
        "Personalstellen der eingeladenen Kommunen",
        Q(state=ParticipationState.INVITED),
    ),
    "all": ("Personalstellen aller Kommunen im Durchgang", Q()),
}

_INVITED: dict[str, tuple[str, Q]] = {
    "invited": ("alle Eingeladenen", Q()),
    "yes": ("zugesagt", Q(answer=Answer.YES)),
    "no": ("abgesagt", Q(answer=Answer.NO)),
    "open": ("noch keine Antwort", Q(answer=Answer.OPEN)),
    "attended": ("waren da", Q(attended=True)),
    "absent": ("waren nicht da", Q(attended=False)),
}


def key_of(value: str) -> int:
    """A primary key as it stands in a choice, or -1, which no row has."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 19 else -1


def _people(keys: QuerySet[Any]) -> People:
    found: People = Person.objects.filter(pk__in=keys)
    return found


# --- Beirat -------------------------------------------------------------------------------
def _seats(cycle: Cycle, value: str, user: Any) -> QuerySet[CouncilSeat]:
    seats: QuerySet[CouncilSeat] = CouncilSeat.objects.visible_to(user).filter(
        participation__cycle=cycle
    )
    if value == LEADS:
        return seats.filter(lead=True)
    return seats if value == "" else seats.none()


def _council_choices(cycle: Cycle, user: Any) -> Choices:
    return [("", "Beirat"), (LEADS, "Treiber/innen des Beirats")]


def _council(cycle: Cycle, value: str, user: Any) -> People:
    held = CouncilSeat.objects.current().values("pk")
    return _people(_seats(cycle, value, user).filter(pk__in=held).values("person"))


def _former_council(cycle: Cycle, value: str, user: Any) -> People:
    ended = _seats(cycle, value, user).filter(until__lte=timezone.localdate())
    return _people(ended.values("person"))


# --- Personalstellen ----------------------------------------------------------------------
def _participations(cycle: Cycle, user: Any) -> QuerySet[Participation]:
    found: QuerySet[Participation] = Participation.objects.visible_to(user).filter(cycle=cycle)
    return found.exclude(state=ParticipationState.DECLINED)


def _staff(houses: QuerySet[Any]) -> People:
    return _people(
        MunicipalityStaff.objects.current().filter(municipality__in=houses).values("person")
    )


def _house_choices(cycle: Cycle, user: Any) -> Choices:
    return [(value, label) for value, (label, _) in _HOUSES.items()]


def _houses(cycle: Cycle, value: str, user: Any) -> People:
    if value not in _HOUSES:
        return Person.objects.none()
    chosen = _participations(cycle, user).filter(_HOUSES[value][1])
    return _staff(chosen.values("municipality"))


def _single_house_choices(cycle: Cycle, user: Any) -> Choices:
    houses = _participations(cycle, user).order_by("municipality__sort_key")
    return [
        (str(row.municipality_id), f"Personalstelle {row.municipality}")
        for row in houses.select_related("municipality")
    ]


def _single_house(cycle: Cycle, value: str, user: Any) -> People:
    chosen = _participations(cycle, user).filter(municipality=key_of(value))
    return _staff(chosen.values("municipality"))


# --- Teilnehmer/innen ---------------------------------------------------------------------
def _rows(cycle: Cycle, role: str, value: str, user: Any) -> QuerySet[Participant]:
    rows: QuerySet[Participant] = Participant.objects.visible_to(user).filter(
        cycle=cycle, role=role
    )
    if value.startswith(MUNICIPALITY):
        return rows.filter(municipality=key_of(value.removeprefix(MUNICIPALITY)))
    if value.startswith(GROUP) and value != GROUP:
        return rows.filter(municipality__regional_group=value.removeprefix(GROUP))
    return rows if value == "" else rows.none()


def _participants(role: ParticipantRole, label: str, everybody: str = "") -> Audience:
    """The audience of all in ``role``, or of one Kommune or Regionalgruppe.

    ``everybody`` names them all where "alle" asks for another ending than ``label`` has.
    """

    def choices(cycle: Cycle, user: Any) -> Choices:
        rows = _participations(cycle, user).values("municipality")
        houses = list(Municipality.objects.filter(pk__in=rows).order_by("sort_key"))
        groups = sorted({house.regional_group for house in houses if house.regional_group})
        return [
            ("", everybody or f"alle {label}"),
            *((f"{GROUP}{group}", f"{label} der Regionalgruppe {group}") for group in groups),
            *((f"{MUNICIPALITY}{house.pk}", f"{label} aus {house}") for house in houses),
        ]

    def members(cycle: Cycle, value: str, user: Any) -> People:
        return _people(_rows(cycle, role, value, user).filter(left_on=None).values("person"))

    def gone(cycle: Cycle, value: str, user: Any) -> People:
        left = _rows(cycle, role, value, user).filter(left_on__isnull=False)
        return _people(left.values("person"))

    return Audience(label, choices, members, gone)


# --- Veranstaltungen ----------------------------------------------------------------------
def _event_choices(cycle: Cycle, user: Any) -> Choices:
    events = Event.objects.visible_to(user).filter(cycle=cycle)
    return [
        (
            f"{event.pk}:{which}",
            f"{event.title} ({timezone.localtime(event.starts_at):%d.%m.%Y}): {label}",
        )
        for event in events
        for which, (label, _) in _INVITED.items()
    ]


def _attendees(cycle: Cycle, value: str, user: Any) -> People:
    event, _, which = value.partition(":")
    if which not in _INVITED:
        return Person.objects.none()
    events = Event.objects.visible_to(user).filter(cycle=cycle, pk=key_of(event))
    rows = Attendee.objects.visible_to(user).filter(_INVITED[which][1], event__in=events)
    return _people(rows.values("person"))


# --- Logistikpartner and single people ----------------------------------------------------
def _nothing_to_choose(label: str) -> Callable[[Cycle, Any], Choices]:
    return lambda cycle, user: [("", label)]


def _logistics(cycle: Cycle, value: str, user: Any) -> People:
    staff = LogisticsStaff.objects.current().filter(partner=cycle.programme.logistics_partner_id)
    return _people(staff.values("person"))


def people_of(cycle: Cycle, user: Any) -> People:
    """Everybody of ``cycle`` whom ``user`` may know of, in whatever part."""
    seats = CouncilSeat.objects.visible_to(user).current().filter(participation__cycle=cycle)
    participants = Participant.objects.visible_to(user).present().filter(cycle=cycle)
    houses = _participations(cycle, user).values("municipality")
    staff = MunicipalityStaff.objects.current().filter(municipality__in=houses)
    partner = cycle.programme.logistics_partner_id
    logistics = LogisticsStaff.objects.current().filter(partner=partner)
    attendees = Attendee.objects.visible_to(user).filter(event__cycle=cycle)
    found: People = Person.objects.filter(
        Q(pk__in=seats.values("person"))
        | Q(pk__in=participants.values("person"))
        | Q(pk__in=staff.values("person"))
        | Q(pk__in=logistics.values("person"))
        | Q(pk__in=attendees.values("person"))
    ).exclude(pk__in=hidden_in(cycle.pk, user))
    return found


def _person_choices(cycle: Cycle, user: Any) -> Choices:
    people = people_of(cycle, user).select_related("municipality").order_by("sort_key", "pk")
    return [
        (
            str(person.pk),
            f"{person.last_name}, {person.first_name}"
            + (f" ({person.municipality})" if person.municipality else ""),
        )
        for person in people
    ]


def _person(cycle: Cycle, value: str, user: Any) -> People:
    return people_of(cycle, user).filter(pk=key_of(value))


audiences.add("council", Audience("Beirat", _council_choices, _council, _former_council), order=10)
audiences.add("houses", Audience("Personalstellen", _house_choices, _houses), order=20)
audiences.add(
    "house",
    Audience("Personalstelle einer Kommune", _single_house_choices, _single_house),
    order=21,
)
audiences.add(
    "applicants",
    _participants(
        ParticipantRole.APPLICANT,
        "nominierte Bewerber/innen",
        everybody="alle nominierten Bewerber/innen",
    ),
    order=30,
)
audiences.add("mentees", _participants(ParticipantRole.MENTEE, "Mentees"), order=31)
audiences.add("mentors", _participants(ParticipantRole.MENTOR, "Mentor/innen"), order=32)
audiences.add(
    "attendees", Audience("Eingeladene einer Veranstaltung", _event_choices, _attendees), order=40
)
audiences.add(
    "logistics",
    Audience("Logistikpartner", _nothing_to_choose("Logistikpartner"), _logistics),
    order=50,
)
audiences.add("person", Audience("einzelne Personen", _person_choices, _person), order=60)
