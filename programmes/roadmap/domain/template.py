"""The template of a programme's Fahrplan: the shipped one, and what a programme makes of it."""

import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Programme
from programmes.roadmap.milestone import START
from programmes.roadmap.models import TemplateMilestone, TemplateTask

DEFAULTS = Path(__file__).resolve().parent.parent / "defaults"
_KEY_LENGTH = 34
"""Leaves room for a number within the 40 characters of a key."""


def shipped_template(programme: Programme) -> None:
    """Give ``programme`` the shipped template unless it has one already."""
    if TemplateMilestone.objects.filter(programme=programme).exists():
        return
    with transaction.atomic():
        _hold(programme)
        if not TemplateMilestone.objects.filter(programme=programme).exists():
            _fill(programme)


def reset_template(programme: Programme, *, by: User) -> None:
    """Put the shipped template in place of the programme's own."""
    with transaction.atomic(), acting(by):
        _hold(programme)
        TemplateMilestone.objects.filter(programme=programme).delete()
        _fill(programme)


def save_template_milestone(milestone: TemplateMilestone, *, by: User) -> TemplateMilestone:
    """Save a new or a changed milestone. Raises ``Refused``, ``EditConflict``.

    The Startworkshop is what all weeks count from, so it stays in week 0.
    """
    with transaction.atomic(), acting(by):
        _hold(milestone.programme)
        if milestone.end_week < milestone.start_week:
            raise Refused("Das Ende liegt vor dem Beginn.")
        if milestone.key == START and milestone.start_week != 0:
            raise Refused("Der Startworkshop liegt immer in Woche 0: von ihm aus wird gezählt.")
        _give_key(milestone)
        milestone.save()
    return milestone


def delete_template_milestone(milestone: TemplateMilestone, *, by: User) -> None:
    """Take a milestone and its tasks out. Raises ``Refused`` for the Startworkshop."""
    if milestone.key == START:
        raise Refused("Der Startworkshop gehört zu jedem Fahrplan: von ihm aus wird gezählt.")
    with transaction.atomic(), acting(by):
        _hold(milestone.programme)
        milestone.delete()


def save_template_task(task: TemplateTask, *, by: User) -> TemplateTask:
    """Save a new or a changed task. Raises ``Refused``, ``EditConflict``."""
    with transaction.atomic(), acting(by):
        _hold(task.programme)
        if task.milestone.programme_id != task.programme_id:
            raise Refused("Der Meilenstein gehört zu einem anderen Programm.")
        _give_key(task)
        task.save()
    return task


def delete_template_task(task: TemplateTask, *, by: User) -> None:
    """Take a task out of the template."""
    with transaction.atomic(), acting(by):
        task.delete()


def _give_key(entry: TemplateMilestone | TemplateTask) -> None:
    """Give an entry a key of its own, unless it has one."""
    if not entry.key:
        others = type(entry).objects.filter(programme=entry.programme)
        entry.key = free_key(entry.title, set(others.values_list("key", flat=True)))


def free_key(title: str, taken: set[str]) -> str:
    """A key made from ``title`` that is not among ``taken``."""
    base = slugify(title)[:_KEY_LENGTH].strip("-") or "eintrag"
    if base not in taken:
        return base
    return next(key for number in range(2, 10_000) if (key := f"{base}-{number}") not in taken)


def _hold(programme: Programme) -> None:
    """Let whoever changes the template of ``programme`` come one after the other."""
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)


def _fill(programme: Programme) -> None:
    milestones = {}
    for row in _rows("milestones"):
        weeks = {name: int(row.pop(name)) for name in ("start_week", "end_week")}
        milestones[row["key"]] = TemplateMilestone.objects.create(
            programme=programme, **row, **weeks
        )
    for row in _rows("tasks"):
        TemplateTask.objects.create(
            programme=programme,
            key=row["key"],
            title=row["title"],
            milestone=milestones[row["milestone"]],
            week=int(row["week"]),
            responsible=row["responsible"],
        )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DEFAULTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
