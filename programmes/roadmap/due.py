"""What somebody is to be reminded of on a day, and whether they have been already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from programmes.cycles.models import Cycle, CycleState
from programmes.people.models import Person
from programmes.roadmap.domain.preview import REMIND_DAYS_BEFORE
from programmes.roadmap.models import Milestone, Reminder, Task, TaskState
from programmes.roadmap.permissions import visible_milestones, visible_tasks
from programmes.roadmap.responsibility import Team, team_of

MISSED = -1
"""The stage of what was missed, as ``Reminder.days_before``: the day after it."""

MISSED_FOR = timedelta(days=14)
"""A missed date that nobody was reminded of is caught up on so long, then let go: the
weekly summary and the start page name it still."""


@dataclass(frozen=True)
class Due:
    """A milestone or task somebody is reminded of. ``due_on`` and ``stage`` name the reminder."""

    thing: Milestone | Task
    due_on: date
    stage: int
    days: int
    """So many days are left; negative once the date is missed."""

    @property
    def is_task(self) -> bool:
        """Whether it is a task, and no milestone."""
        return isinstance(self.thing, Task)

    @property
    def key(self) -> tuple[int | None, int | None, date, int]:
        """What the reminder's row is unique by, beside the person."""
        task, milestone = (self.thing.pk, None) if self.is_task else (None, self.thing.pk)
        return milestone, task, self.due_on, self.stage

    def row(self, person: Person) -> Reminder:
        """The row that says ``person`` was reminded."""
        milestone, task, due_on, stage = self.key
        return Reminder(
            person=person, milestone_id=milestone, task_id=task, due_on=due_on, days_before=stage
        )


def stage_of(starts_on: date, ends_on: date, today: date) -> tuple[int, date] | None:
    """The stage reached by ``today`` and the date it is about; ``None`` for none.

    Beforehand the first day counts, for a period too; what is over is missed from the day
    after its last day. Only the nearest stage is named: who was not reminded 14 days before,
    because no worker ran, is not reminded of it twice later.
    """
    ahead = (starts_on - today).days
    if ahead >= 0:
        reached = [stage for stage in REMIND_DAYS_BEFORE if ahead <= stage]
        return (min(reached), starts_on) if reached else None
    if ends_on < today <= ends_on + MISSED_FOR:
        return MISSED, ends_on
    return None


def candidates(today: date) -> dict[int, tuple[set[int], set[int]]]:
    """Per person the milestones and tasks (primary keys) they may be due a reminder of."""
    found: dict[int, tuple[set[int], set[int]]] = {}
    cycles = Cycle.objects.exclude(state__in=CycleState.ended()).select_related("programme")
    for cycle in cycles.order_by("pk"):
        team = team_of(cycle)
        for milestone in near_milestones(today).filter(cycle=cycle).prefetch_related("seats"):
            seats = [seat.pk for seat in milestone.seats.all()]
            named = team.named_for_milestone(seats, milestone.municipality_id)
            for person in _or_leads(named, team):
                found.setdefault(person, (set(), set()))[0].add(milestone.pk)
        for task in near_tasks(today).filter(cycle=cycle):
            for person in _or_leads(team.named_for_task(task), team):
                found.setdefault(person, (set(), set()))[1].add(task.pk)
    return found


def _or_leads(named: frozenset[int], team: Team) -> frozenset[int]:
    """What names nobody is for the Treiber/innen to see to."""
    return named or team.leads


def near_milestones(today: date) -> QuerySet[Milestone]:
    """Planned milestones with a stage around ``today``."""
    last, first = today + timedelta(days=max(REMIND_DAYS_BEFORE)), today - MISSED_FOR
    return Milestone.objects.planned().filter(starts_on__lte=last, ends_on__gte=first)


def near_tasks(today: date) -> QuerySet[Task]:
    """Open tasks with a stage around ``today``."""
    last, first = today + timedelta(days=max(REMIND_DAYS_BEFORE)), today - MISSED_FOR
    return Task.objects.filter(state=TaskState.OPEN, due_on__range=(first, last))


def due_for(
    person: Person, milestones: Iterable[int], tasks: Iterable[int], today: date
) -> list[Due]:
    """What ``person`` is to be reminded of now, as stored now; the missed first.

    Whoever has a sign-in is told only of what they may see with it.
    """
    open_cycle = ~Q(cycle__state__in=CycleState.ended())
    rows = near_milestones(today).filter(open_cycle, pk__in=milestones)
    to_do = near_tasks(today).filter(open_cycle, pk__in=tasks)
    if person.user is not None:
        rows = rows.filter(visible_milestones(person.user))
        to_do = to_do.filter(visible_tasks(person.user))
    things: list[tuple[Milestone | Task, date, date]] = [
        *((row, row.starts_on, row.ends_on) for row in rows.select_related("cycle__programme")),
        *(
            (row, row.due_on, row.due_on)
            for row in to_do.select_related("cycle__programme", "milestone")
            if row.due_on is not None
        ),
    ]
    found = []
    for thing, starts_on, ends_on in things:
        reached = stage_of(starts_on, ends_on, today)
        if reached is not None:
            stage, due_on = reached
            found.append(Due(thing, due_on, stage, (due_on - today).days))
    return sorted(_not_yet(person, found), key=lambda due: (due.due_on, due.is_task, due.thing.pk))


def _not_yet(person: Person, found: Sequence[Due]) -> list[Due]:
    """Those ``person`` has not been reminded of."""
    about = Q(milestone__in=[due.thing.pk for due in found if not due.is_task]) | Q(
        task__in=[due.thing.pk for due in found if due.is_task]
    )
    rows = Reminder.objects.filter(about, person=person)
    sent = set(rows.values_list("milestone", "task", "due_on", "days_before"))
    return [due for due in found if due.key not in sent]
