"""The summary of the week for Treiber/innen, on Mondays, once a week and person."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.jobs.faults import Contained
from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import roles_of
from programmes.roadmap.models import Milestone, Task, TaskState, WeeklySummary
from programmes.roadmap.reminders import held, send, wants
from programmes.roadmap.responsibility import Team, team_of

AHEAD = timedelta(days=14)
CATCH_UP_DAYS = 2
"""Where no worker ran on Monday, the summary still goes out until Wednesday."""

_NAMED = 12
"""So many entries of a kind are named; the rest is counted."""


@dataclass(frozen=True)
class Part:
    """The first entries of a list, and how many more there are."""

    entries: list[Milestone | Task]
    more: int


@dataclass(frozen=True)
class Week:
    """What the summary says about one cycle."""

    cycle: Cycle
    due: Part
    overdue: Part
    unassigned: Part

    @property
    def says_something(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.due.entries or self.overdue.entries or self.unassigned.entries)


def summarise() -> int:
    """Send this week's summaries that are not out; returns how many mails were queued."""
    today = timezone.localdate()
    if today.weekday() > CATCH_UP_DAYS:
        return 0
    monday = today - timedelta(days=today.weekday())
    weeks: dict[int, Week] = {}
    led: dict[int, list[int]] = {}
    cycles = Cycle.objects.exclude(state__in=CycleState.ended()).select_related("programme")
    for cycle in cycles.order_by("programme__name", "number", "pk"):
        team = team_of(cycle)
        weeks[cycle.pk] = _week(cycle, team, today)
        for person in team.leads:
            led.setdefault(person, []).append(cycle.pk)
    mails = 0
    for person, own in sorted(led.items()):
        with Contained(f"weekly summary of person {person}"):
            mails += _send(person, [weeks[cycle] for cycle in own], monday)
    return mails


@transaction.atomic
def _send(key: int, weeks: list[Week], monday: date) -> bool:
    """Queue the summary of one person; false if it is out or there is nothing to say."""
    person = held(key)
    if person is None or not wants(person, "weekly"):
        return False
    if person.user is not None:
        leading = roles_of(person.user).leading
        weeks = [week for week in weeks if week.cycle.pk in leading]
    _, first = WeeklySummary.objects.get_or_create(person=person, monday=monday)
    weeks = [week for week in weeks if week.says_something]
    if not first or not weeks:
        return False
    send(person, subject="Die Woche im Fahrplan", template="weekly", context={"weeks": weeks})
    return True


def _week(cycle: Cycle, team: Team, today: date) -> Week:
    milestones = Milestone.objects.planned().filter(cycle=cycle)
    tasks = list(
        Task.objects.filter(cycle=cycle, state=TaskState.OPEN).order_by("due_on", "sort_key", "pk")
    )
    soon = today + AHEAD
    late = list(milestones.filter(ends_on__lt=today))
    near = list(
        milestones.filter(Q(starts_on__range=(today, soon)) | Q(ends_on__range=(today, soon)))
    )
    dated = [task for task in tasks if task.due_on is not None]
    return Week(
        cycle,
        due=_part([*near, *(task for task in dated if today <= _day(task) <= soon)]),
        overdue=_part([*late, *(task for task in dated if _day(task) < today)]),
        unassigned=_part([task for task in tasks if not team.named_for_task(task)]),
    )


def _part(found: list[Milestone | Task]) -> Part:
    found = sorted(found, key=_day)
    return Part(found[:_NAMED], max(len(found) - _NAMED, 0))


def _day(entry: Milestone | Task) -> date:
    if isinstance(entry, Milestone):
        return entry.starts_on
    return entry.due_on or date.max
