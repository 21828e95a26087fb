""" "Gerecht verteilt": how much of a Durchgang each Kommune carries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from programmes.cycles.models import CouncilSeat, Cycle, Participation, ParticipationState
from programmes.organisations.models import Municipality
from programmes.roadmap.models import Milestone, MilestoneState, Responsible, Task, TaskState


@dataclass
class HouseLoad:
    """What one Kommune carries. ``overdue`` tasks are ``open`` ones too."""

    municipality: Municipality
    open: int = 0
    done: int = 0
    overdue: int = 0
    council: int = 0
    milestones: int = 0
    council_share: int = 0
    """Of a hundred tasks of the Beirat that some Kommune carries, so many are theirs."""

    @property
    def total(self) -> int:
        """All tasks, done or not."""
        return self.open + self.done

    @property
    def in_time(self) -> int:
        """Open ones that are not overdue."""
        return self.open - self.overdue


@dataclass
class Load:
    """The load of a cycle. ``everywhere`` are tasks that are for all Kommunen alike."""

    houses: list[HouseLoad]
    unassigned: list[Task] = field(default_factory=list)
    everywhere: int = 0
    elsewhere: int = 0

    @property
    def most(self) -> int:
        """The highest number of tasks, by which the bars are scaled."""
        return max((house.total for house in self.houses), default=0)

    @property
    def average(self) -> float:
        """Tasks per Kommune; the size of a Kommune plays no part (design, rule 5)."""
        total = sum(house.total for house in self.houses)
        return total / len(self.houses) if self.houses else 0.0


def load_of(cycle: Cycle) -> Load:
    """The load of each Kommune that takes part, in a fixed number of queries.

    A task counts for its Kommune, else for that of its person: of their seat, or where they
    work. Nothing is weighed.
    """
    houses = _houses(cycle)
    load = Load(list(houses.values()))
    house_of = _seats(cycle)
    today = timezone.localdate()
    tasks = Task.objects.filter(cycle=cycle).select_related("person", "milestone")
    for task in tasks.order_by("due_on", "sort_key", "pk"):
        house = houses.get(_house(task, house_of) or 0)
        if house is not None:
            _count(house, task, today)
        elif task.person_id is not None or task.responsible == Responsible.LOGISTICS:
            load.elsewhere += 1
        elif task.responsible == Responsible.HOUSES:
            load.everywhere += 1
        elif task.state == TaskState.OPEN:
            load.unassigned.append(task)
    _count_milestones(cycle, houses)
    _share_council(load.houses)
    return load


def _houses(cycle: Cycle) -> dict[int, HouseLoad]:
    """The Kommunen of the cycle, also those with nothing; of the others those that carry."""
    rows = (
        Participation.objects.filter(cycle=cycle, state=ParticipationState.CONFIRMED)
        .select_related("municipality")
        .order_by("municipality__sort_key", "municipality")
    )
    return {row.municipality_id: HouseLoad(row.municipality) for row in rows}


def _seats(cycle: Cycle) -> dict[int, int]:
    """Person and Kommune of every seat of the cycle; the present one counts."""
    seats = CouncilSeat.objects.filter(participation__cycle=cycle).order_by("since", "pk")
    return dict(seats.values_list("person", "participation__municipality"))


def _house(task: Task, house_of: dict[int, int]) -> int | None:
    if task.municipality_id is not None:
        return task.municipality_id
    if task.person is None:
        return None
    return house_of.get(task.person.pk, task.person.municipality_id)


def _count(house: HouseLoad, task: Task, today: date) -> None:
    if task.state == TaskState.DONE:
        house.done += 1
    else:
        house.open += 1
        house.overdue += task.due_on is not None and task.due_on < today
    house.council += task.responsible == Responsible.COUNCIL


def _count_milestones(cycle: Cycle, houses: dict[int, HouseLoad]) -> None:
    rows: Iterable[tuple[Any, ...]] = (
        Milestone.objects.filter(cycle=cycle)
        .exclude(state=MilestoneState.DROPPED)
        .values_list("pk", "municipality", "seats__participation__municipality")
    )
    # One row per seat: two seats of a Kommune carry a milestone once.
    carried = {(pk, house) for pk, own, of_seat in rows for house in (own, of_seat)}
    for house, number in Counter(house for _, house in carried).items():
        if house in houses:
            houses[house].milestones = number


def _share_council(houses: list[HouseLoad]) -> None:
    total = sum(house.council for house in houses)
    for house in houses:
        house.council_share = round(100 * house.council / total) if total else 0
