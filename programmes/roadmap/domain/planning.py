"""From a programme's template and the date of the Startworkshop to a cycle's Fahrplan."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle, Programme
from programmes.roadmap import calendar
from programmes.roadmap.domain.template import shipped_template
from programmes.roadmap.domain.workshop import mirror_workshop
from programmes.roadmap.milestone import START
from programmes.roadmap.models import (
    Milestone,
    MilestoneKind,
    Task,
    TemplateMilestone,
    TemplateTask,
)

WEEK = 7


@dataclass(frozen=True)
class PlannedMilestone:
    """A milestone of the template with the dates it would get."""

    entry: TemplateMilestone
    starts_on: date
    ends_on: date
    tasks: int
    warnings: tuple[str, ...]

    @property
    def weekday(self) -> str:
        """The day of the week of the first day."""
        return calendar.weekday(self.starts_on)


def preview_plan(programme: Programme, start_on: date) -> list[PlannedMilestone]:
    """What ``plan_roadmap`` would make of ``start_on``, in the order of dates.

    Raises ``Refused`` if a date falls where no Durchgang lies.
    """
    shipped_template(programme)
    entries = TemplateMilestone.objects.filter(programme=programme).prefetch_related("tasks")
    events: dict[date, list[TemplateMilestone]] = {}
    dated = []
    for entry in entries:
        starts_on, ends_on = _dates(entry, start_on)
        dated.append((entry, starts_on, ends_on))
        if entry.kind == MilestoneKind.EVENT:
            events.setdefault(starts_on, []).append(entry)
    planned = []
    for entry, starts_on, ends_on in dated:
        same = [other.title for other in events.get(starts_on, []) if other is not entry]
        together = f"am selben Tag: {', '.join(same)}"
        clash = (together,) if same and entry.kind == MilestoneKind.EVENT else ()
        planned.append(
            PlannedMilestone(
                entry,
                starts_on,
                ends_on,
                len(entry.tasks.all()),
                (*calendar.warnings_between(starts_on, ends_on), *clash),
            )
        )
    return sorted(planned, key=lambda row: (row.starts_on, row.ends_on, row.entry.pk))


def plan_roadmap(cycle: Cycle, *, start_on: date, by: User) -> list[Milestone]:
    """Make milestones and tasks of ``cycle`` from its programme's template, once.

    Raises ``Refused`` if the cycle has a Fahrplan already or has ended.
    """
    with transaction.atomic(), acting(by):
        held = held_open(cycle)
        if Milestone.objects.filter(cycle=held).exists():
            raise Refused(
                "Dieser Durchgang hat schon einen Fahrplan. Vermutlich war jemand anderes "
                "schneller."
            )
        calendar.check_day(start_on)
        shipped_template(held.programme)
        made = _make_milestones(held, start_on)
        for task in TemplateTask.objects.filter(programme=held.programme).order_by("pk"):
            milestone = made[task.milestone_id]
            days = task.week * WEEK
            Task.objects.create(
                cycle=held,
                key=task.key,
                title=task.title,
                milestone=milestone,
                days_from_milestone=days,
                due_on=calendar.later(milestone.starts_on, days),
                responsible=task.responsible,
            )
        mirror_workshop(held, start_on)
    # Whoever called goes on with what the door wrote.
    cycle.start_workshop_on, cycle.version = held.start_workshop_on, held.version
    cycle.reveal_at = held.reveal_at
    return sorted(made.values(), key=lambda milestone: (milestone.starts_on, milestone.ends_on))


def _make_milestones(cycle: Cycle, start_on: date) -> dict[int, Milestone]:
    """By primary key of the template's milestone."""
    entries = list(TemplateMilestone.objects.filter(programme=cycle.programme))
    # First the Startworkshop, for the others hang on it.
    entries.sort(key=lambda entry: entry.key != START)
    start: Milestone | None = None
    made = {}
    for entry in entries:
        starts_on, ends_on = _dates(entry, start_on)
        made[entry.pk] = milestone = Milestone.objects.create(
            cycle=cycle,
            key=entry.key,
            title=entry.title,
            kind=entry.kind,
            track=entry.track,
            starts_on=starts_on,
            ends_on=ends_on,
            venue=entry.venue,
            description=entry.description,
            anchor=start,
            anchor_days=entry.start_week * WEEK if start is not None else None,
        )
        start = start or milestone
    return made


def _dates(entry: TemplateMilestone, start_on: date) -> tuple[date, date]:
    return (
        calendar.later(start_on, entry.start_week * WEEK),
        calendar.later(start_on, entry.end_week * WEEK),
    )
