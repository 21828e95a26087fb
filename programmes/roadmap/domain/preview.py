"""What a move of a milestone would bring about, worked out without writing anything."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.roadmap import calendar
from programmes.roadmap.domain.order import turned_round
from programmes.roadmap.domain.workshop import reveal_after
from programmes.roadmap.models import Milestone, MilestoneKind, MilestoneState, Task, TaskState
from programmes.roadmap.registries import Consequence, Shift, milestone_followers

REMIND_DAYS_BEFORE = (28, 14, 3)
"""So many days before a date those responsible are reminded of it."""


@dataclass(frozen=True)
class TaskShift:
    """A task that moves with its milestone."""

    task: Task
    due_on: date

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against the new day."""
        return calendar.warnings_for(self.due_on)


@dataclass(frozen=True)
class Staying:
    """A milestone that hangs on a moved one and stays where it is."""

    milestone: Milestone
    reason: str


@dataclass(frozen=True)
class Row:
    """A shift with what is said about it."""

    shift: Shift
    warnings: tuple[str, ...]
    reminders: tuple[date, ...]
    """Days still to come on which those responsible are reminded of the new date."""


@dataclass(frozen=True)
class Preview:
    """All that goes along with a move; ``rows`` begins with the milestone that is moved."""

    milestone: Milestone
    cycle: Cycle
    rows: tuple[Row, ...]
    tasks: tuple[TaskShift, ...]
    staying: tuple[Staying, ...]
    consequences: tuple[Consequence, ...]
    reveal_at: datetime | None
    """When the matching becomes known by itself afterwards, if that goes along."""

    @property
    def shifts(self) -> list[Shift]:
        """The milestones that move."""
        return [row.shift for row in self.rows]

    @property
    def starts_on(self) -> date:
        """The new first day."""
        return self.rows[0].shift.starts_on

    @property
    def ends_on(self) -> date:
        """The new last day."""
        return self.rows[0].shift.ends_on

    @property
    def nothing_changes(self) -> bool:
        """Whether the milestone stands there already."""
        return (self.starts_on, self.ends_on) == (self.milestone.starts_on, self.milestone.ends_on)

    @property
    def alone(self) -> bool:
        """Whether nothing but the milestone itself moves."""
        return not (
            len(self.rows) > 1 or self.tasks or self.consequences or self.milestone.is_start
        )

    @property
    def reveal_text(self) -> str:
        """When the matching becomes known by itself, in words."""
        if self.reveal_at is None:
            return ""
        when = timezone.localtime(self.reveal_at)
        return f"Es wird am {when:%d.%m.%Y} um {when:%H:%M} Uhr von selbst bekannt."

    @property
    def warned(self) -> int:
        """How many of the new dates want a second look."""
        warnings = [row.warnings for row in self.rows]
        warnings += [move.warnings for move in self.tasks]
        warnings += [found.warnings for found in self.consequences]
        return sum(map(bool, warnings))

    @cached_property
    def fingerprint(self) -> str:
        """The same for two previews that say the same."""
        said: list[Any] = [
            [self.milestone.pk, self.reveal_at],
            [
                [
                    shift.milestone.pk,
                    shift.milestone.starts_on,
                    shift.milestone.ends_on,
                    shift.starts_on,
                    shift.ends_on,
                ]
                for shift in self.shifts
            ],
            [[row.warnings for row in self.rows]],
            [[move.task.pk, move.task.due_on, move.due_on] for move in self.tasks],
            [
                [found.what, found.title, found.before, found.after, found.warnings]
                for found in self.consequences
            ],
        ]
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def preview_move(
    milestone: Milestone, *, starts_on: date, ends_on: date | None = None, user: Any
) -> Preview:
    """What moving ``milestone`` brings about; without ``ends_on`` it stays as long as it is.

    Raises ``Refused`` if it cannot move, or if a date would fall where no Durchgang lies.
    """
    everything = list(Milestone.objects.filter(cycle=milestone.cycle_id).select_related("anchor"))
    found = next((row for row in everything if row.pk == milestone.pk), None)
    if found is None:
        raise Refused("Diesen Meilenstein gibt es nicht mehr.")
    if found.state != MilestoneState.PLANNED:
        raise Refused(
            f"„{found}“ ist {found.get_state_display()} und lässt sich nicht verschieben. "
            "Öffnen Sie den Meilenstein zuerst wieder."
        )
    if ends_on is None:
        ends_on = calendar.later(starts_on, found.days.days)
    if ends_on < starts_on:
        raise Refused("Das Ende liegt vor dem Beginn.")
    for day in (starts_on, ends_on):
        calendar.check_day(day)
    shifts, staying = _spread(Shift(found, starts_on, ends_on), everything)
    cycle = Cycle.objects.select_related("programme").get(pk=milestone.cycle_id)
    consequences = [
        consequence
        for follower in milestone_followers
        for consequence in follower.preview(cycle, shifts, user)
    ]
    return Preview(
        milestone=found,
        cycle=cycle,
        rows=tuple(_rows(shifts, everything)),
        tasks=tuple(_task_shifts(shifts)),
        staying=tuple(staying),
        consequences=tuple(consequences),
        reveal_at=_moved_reveal(cycle, found, starts_on),
    )


def _spread(first: Shift, everything: list[Milestone]) -> tuple[list[Shift], list[Staying]]:
    """The milestones that move with ``first``, directly or by way of another, and those not."""
    today = timezone.localdate()
    linked: dict[int, list[Milestone]] = {}
    for milestone in everything:
        if milestone.anchor_id is not None:
            linked.setdefault(milestone.anchor_id, []).append(milestone)
    shifts, staying, seen = [first], [], {first.milestone.pk}
    for shift in shifts:  # grows while it is read
        if not shift.days:
            continue
        for child in linked.get(shift.milestone.pk, []):
            if child.pk in seen:
                continue
            seen.add(child.pk)
            if reason := _why_it_stays(child, today):
                staying.append(Staying(child, reason))
            else:
                shifts.append(_carried(child, shift.days, today))
    return shifts, staying


def _why_it_stays(milestone: Milestone, today: date) -> str:
    if milestone.state != MilestoneState.PLANNED:
        return milestone.get_state_display()
    if milestone.fixed:
        return "Datum steht fest"
    if milestone.ends_on < today:
        return "liegt schon zurück"
    return ""


def _carried(milestone: Milestone, days: int, today: date) -> Shift:
    """What is under way keeps its first day; only its end moves."""
    ends_on = calendar.later(milestone.ends_on, days)
    if milestone.starts_on < today:
        return Shift(milestone, milestone.starts_on, max(ends_on, milestone.starts_on))
    return Shift(milestone, calendar.later(milestone.starts_on, days), ends_on)


def _task_shifts(shifts: Iterable[Shift]) -> list[TaskShift]:
    """The open tasks that are counted from a milestone whose first day moves."""
    moved = {shift.milestone.pk: shift for shift in shifts if shift.days}
    tasks = Task.objects.filter(
        milestone__in=moved, state=TaskState.OPEN, days_from_milestone__isnull=False
    ).order_by("due_on", "sort_key", "pk")
    found = [
        TaskShift(
            task,
            calendar.later(shift.starts_on, task.days_from_milestone or 0),
        )
        for task in tasks
        if (shift := moved.get(task.milestone_id or 0)) is not None
    ]
    return [move for move in found if move.due_on != move.task.due_on]


def _rows(shifts: list[Shift], everything: list[Milestone]) -> Iterable[Row]:
    today = timezone.localdate()
    dates = {row.pk: (row.starts_on, row.ends_on) for row in everything}
    dates |= {shift.milestone.pk: (shift.starts_on, shift.ends_on) for shift in shifts}
    planned = [row for row in everything if row.state != MilestoneState.DROPPED]
    events: dict[date, list[Milestone]] = {}
    for row in planned:
        if row.kind == MilestoneKind.EVENT:
            events.setdefault(dates[row.pk][0], []).append(row)
    going = _going_otherwise(shifts, planned)
    for shift in shifts:
        own = shift.milestone
        warnings = list(calendar.warnings_between(shift.starts_on, shift.ends_on))
        if own.kind == MilestoneKind.EVENT:
            same = [other.title for other in events.get(shift.starts_on, []) if other is not own]
            if same:
                warnings.append(f"am selben Tag: {', '.join(same)}")
        if shift.ends_on < today:
            warnings.append("liegt in der Vergangenheit")
        elif shift.starts_on < today and shift.days:
            warnings.append("beginnt in der Vergangenheit")
        warnings += turned_round(shift, going[_way(shift)], dates)
        yield Row(shift, tuple(warnings), _reminders(shift, today))


def _way(shift: Shift) -> tuple[timedelta, timedelta]:
    """By how much the first and the last day move."""
    own = shift.milestone
    return shift.starts_on - own.starts_on, shift.ends_on - own.ends_on


def _going_otherwise(
    shifts: list[Shift], planned: list[Milestone]
) -> dict[tuple[timedelta, timedelta], list[Milestone]]:
    """For each way milestones move, those that do not move the same way.

    Among those that do, the order stays; of a whole Fahrplan these are nearly all.
    """
    still = (timedelta(), timedelta())
    ways = {shift.milestone.pk: _way(shift) for shift in shifts}
    return {
        way: [row for row in planned if ways.get(row.pk, still) != way]
        for way in set(ways.values())
    }


def _reminders(shift: Shift, today: date) -> tuple[date, ...]:
    if not shift.days:
        return ()
    days = (shift.starts_on - timedelta(days=before) for before in REMIND_DAYS_BEFORE)
    return tuple(day for day in days if day > today)


def _moved_reveal(cycle: Cycle, milestone: Milestone, starts_on: date) -> datetime | None:
    if not milestone.is_start:
        return None
    moved = reveal_after(cycle, starts_on)
    return moved if moved != cycle.reveal_at else None
