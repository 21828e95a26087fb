"""Who can be invited to an event of a Durchgang: in which role, for which Kommune."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
)
from programmes.organisations.models import Municipality
from programmes.people.models import LogisticsStaff, MunicipalityStaff, Person

Row = tuple[int, int | None]
"""Primary keys of a person and their Kommune."""


@dataclass(frozen=True)
class Guest:
    """As what somebody is invited; kept with the invitation as it was then."""

    role: str
    municipality: int | None


def _council(cycle: Cycle, user: Any) -> Iterator[Row]:
    seats = CouncilSeat.objects.current().filter(participation__cycle=cycle)
    yield from seats.values_list("person", "participation__municipality")


def _houses(cycle: Cycle, user: Any) -> Iterator[Row]:
    confirmed = Participation.objects.filter(cycle=cycle, state=ParticipationState.CONFIRMED)
    staff = MunicipalityStaff.objects.current().filter(
        municipality__in=confirmed.values("municipality")
    )
    yield from staff.values_list("person", "municipality")


def _logistics(cycle: Cycle, user: Any) -> Iterator[Row]:
    staff = LogisticsStaff.objects.current().filter(partner__programmes__cycles=cycle)
    yield from ((pk, None) for pk in staff.values_list("person", flat=True))


def _participants(role: ParticipantRole) -> Callable[[Cycle, Any], Iterator[Row]]:
    def rows(cycle: Cycle, user: Any) -> Iterator[Row]:
        there = Participant.objects.visible_to(user).filter(cycle=cycle, role=role).present()
        yield from there.values_list("person", "municipality")

    return rows


@dataclass(frozen=True)
class Role:
    """A group of people who are invited together."""

    label: str
    plural: str
    rows: Callable[[Cycle, Any], Iterator[Row]]


ROLES: dict[str, Role] = {
    "mentee": Role("Mentee", "Mentees", _participants(ParticipantRole.MENTEE)),
    "mentor": Role("Mentor/in", "Mentor/innen", _participants(ParticipantRole.MENTOR)),
    "applicant": Role(
        "Bewerber/in", "nominierte Bewerber/innen", _participants(ParticipantRole.APPLICANT)
    ),
    "council": Role("Beirat", "Beirat", _council),
    "hr": Role("Personalstelle", "Personalstellen", _houses),
    "logistics": Role("Logistikpartner", "Logistikpartner", _logistics),
}
"""In the order in which they count for somebody who is several of them."""


def chosen_guests(
    cycle: Cycle,
    user: Any,
    roles: Collection[str],
    *,
    municipalities: Collection[int] = (),
    regional_groups: Collection[str] = (),
) -> dict[int, Guest]:
    """By person whom these choices mean, only from those ``user`` sees.

    No role means nobody; Kommunen and Regionalgruppen narrow the roles down, none of them
    means all.
    """
    houses = set(municipalities)
    if regional_groups:
        inside = Municipality.objects.filter(regional_group__in=regional_groups)
        houses |= set(inside.values_list("pk", flat=True))
    narrowed = bool(municipalities or regional_groups)
    found: dict[int, Guest] = {}
    for key, role in ROLES.items():
        if key not in roles:
            continue
        for person, municipality in role.rows(cycle, user):
            if not narrowed or municipality in houses:
                found.setdefault(person, Guest(role.label, municipality))
    seen = set(Person.objects.visible_to(user).filter(pk__in=found).values_list("pk", flat=True))
    return {pk: guest for pk, guest in found.items() if pk in seen}


def guests_of(cycle: Cycle, people: Iterable[Person], user: Any) -> dict[int, Guest]:
    """By person what each of ``people`` is in the cycle, as far as ``user`` knows.

    Who is nothing there comes as a guest of their own Kommune.
    """
    wanted = {person.pk: person for person in people}
    found: dict[int, Guest] = {}
    if not wanted:
        return found
    for role in ROLES.values():
        for pk, municipality in role.rows(cycle, user):
            if pk in wanted:
                found.setdefault(pk, Guest(role.label, municipality))
    for pk, person in wanted.items():
        found.setdefault(pk, Guest("Gast", person.municipality_id))
    return found
