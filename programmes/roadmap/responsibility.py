"""Who is responsible for what in a Durchgang, for lists, the load and the reminders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participation,
    ParticipationState,
    PermanentMember,
)
from programmes.cycles.permissions import roles_of
from programmes.people.models import LogisticsStaff, MunicipalityStaff, Person
from programmes.people.permissions import NOBODY, posts_of
from programmes.roadmap.models import Responsible, Task


@dataclass(frozen=True)
class Team:
    """Who works in a cycle today, by primary keys of people.

    ``seats`` maps a seat to who holds it. ``council`` and ``staff`` have the Beirat and the
    Personalstelle of each Kommune. ``leads`` are the Treiber/innen, before there is a
    confirmed Beirat the ständige Mitglieder.
    """

    seats: Mapping[int, int]
    leads: frozenset[int]
    council: Mapping[int, frozenset[int]]
    staff: Mapping[int, frozenset[int]]
    logistics: frozenset[int]

    @property
    def everybody(self) -> frozenset[int]:
        """All of them."""
        houses = (*self.council.values(), *self.staff.values())
        return self.leads.union(self.logistics, *houses)

    def named_for_task(self, task: Task) -> frozenset[int]:
        """Whom the task names: a person, else a group; nobody if that has nobody (any more)."""
        if task.person_id is not None and task.person_id in self.everybody:
            return frozenset({task.person_id})
        house = task.municipality_id
        if task.responsible == Responsible.LOGISTICS:
            return self.logistics
        if task.responsible == Responsible.HOUSES:
            if house is None:
                return frozenset().union(*self.staff.values())
            return self.staff.get(house, frozenset())
        return self.council.get(house, frozenset()) if house is not None else frozenset()

    def named_for_milestone(self, seats: Iterable[int], house: int | None) -> frozenset[int]:
        """Whom a milestone with these ``seats`` and this Kommune names."""
        held = {self.seats[seat] for seat in seats if seat in self.seats}
        return self.staff.get(house, frozenset()).union(held) if house else frozenset(held)


def team_of(cycle: Cycle) -> Team:
    """Who works in ``cycle`` (with its programme) today; a fixed number of queries."""
    seats, leads = {}, set()
    council: dict[int, set[int]] = defaultdict(set)
    current = CouncilSeat.objects.current().filter(participation__cycle=cycle)
    for seat, person, house, lead in current.values_list(
        "pk", "person", "participation__municipality", "lead"
    ):
        seats[seat] = person
        council[house].add(person)
        if lead:
            leads.add(person)
    if cycle.council_confirmed_at is None:
        members = PermanentMember.objects.current().filter(programme=cycle.programme_id)
        leads.update(members.values_list("person", flat=True))
    staff: dict[int, set[int]] = defaultdict(set)
    houses = Participation.objects.filter(cycle=cycle, state=ParticipationState.CONFIRMED)
    posts = MunicipalityStaff.objects.current().filter(
        municipality__in=houses.values("municipality")
    )
    for house, person in posts.values_list("municipality", "person"):
        staff[house].add(person)
    logistics = LogisticsStaff.objects.current().filter(partner=cycle.programme.logistics_partner)
    return Team(
        seats,
        frozenset(leads),
        {house: frozenset(people) for house, people in council.items()},
        {house: frozenset(people) for house, people in staff.items()},
        frozenset(logistics.values_list("person", flat=True)),
    )


def people_of(cycle: Cycle, user: Any) -> QuerySet[Person]:
    """Whom ``user`` may make responsible in ``cycle``: who works there and is known to them."""
    return Person.objects.visible_to(user).filter(pk__in=team_of(cycle).everybody)


def unassigned() -> Q:
    """The tasks that name nobody: the Beirat's without person and Kommune, over ``Task``."""
    return Q(person=None, municipality=None, responsible=Responsible.COUNCIL)


def own_tasks(user: Any) -> Q:
    """The tasks that name ``user`` or a group they belong to, over ``Task``."""
    posts, roles = posts_of(user), roles_of(user)
    if posts.person is None:
        return NOBODY
    house = Q(municipality=None) | Q(municipality__in=posts.municipalities)
    own_seat = CouncilSeat.objects.current().filter(
        person=posts.person,
        participation__cycle=OuterRef("cycle"),
        participation__municipality=OuterRef("municipality"),
    )
    group = (
        (Q(responsible=Responsible.HOUSES, cycle__in=roles.houses) & house)
        | Q(responsible=Responsible.LOGISTICS, cycle__in=roles.logistics)
        | (Q(responsible=Responsible.COUNCIL, cycle__in=roles.council) & Q(Exists(own_seat)))
    )
    return Q(person=posts.person) | (Q(person=None) & group)
