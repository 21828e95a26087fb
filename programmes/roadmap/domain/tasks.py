"""The doors of the Aufgaben: add, change, tick off, open again, take over, delete."""

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle, Participation
from programmes.people.models import Person
from programmes.roadmap import calendar
from programmes.roadmap.models import Milestone, Responsible, Task, TaskState
from programmes.roadmap.responsibility import team_of


def add_task(task: Task, *, by: User) -> Task:
    """Save a new task. Raises ``Refused`` for what does not belong to its cycle."""
    with transaction.atomic(), acting(by):
        _check(task, held_open(task.cycle), unchanged=None)
        task.save()
    return task


def save_task(task: Task, *, by: User) -> Task:
    """Save a changed task. Raises ``Refused`` as ``add_task``, or ``EditConflict``."""
    with transaction.atomic(), acting(by):
        _check(task, held_open(task.cycle), unchanged=_held(task))
        task.save()
    return task


def tick_off(task: Task, *, by: User) -> Task:
    """Say that the task is done. Raises ``Refused`` if it is already."""
    with transaction.atomic(), acting(by):
        held_open(task.cycle)
        found = _held(task)
        if found.state == TaskState.DONE:
            raise Refused(f"„{found}“ ist schon erledigt. Vermutlich war jemand anderes schneller.")
        found.state, found.done_at, found.done_by = TaskState.DONE, timezone.now(), by
        found.save(update_fields=["state", "done_at", "done_by"])
    return found


def reopen_task(task: Task, *, by: User) -> Task:
    """Open a done task again. Raises ``Refused`` if it is open.

    While it was done it did not move with its milestone; now it does again.
    """
    with transaction.atomic(), acting(by):
        held_open(task.cycle)
        found = _held(task)
        if found.state == TaskState.OPEN:
            raise Refused(f"„{found}“ ist schon wieder offen.")
        found.state, found.done_at, found.done_by = TaskState.OPEN, None, None
        if found.milestone is not None and found.days_from_milestone is not None:
            found.due_on = calendar.later(found.milestone.starts_on, found.days_from_milestone)
        found.save(update_fields=["state", "done_at", "done_by", "due_on"])
    return found


def take_over(task: Task, *, by: User) -> Task:
    """Make ``by`` responsible. Raises ``Refused`` if they are already or the task is done."""
    with transaction.atomic(), acting(by):
        cycle = held_open(task.cycle)
        found = _held(task)
        person = Person.objects.filter(user=by).first()
        if person is None or person.pk not in team_of(cycle).everybody:
            raise Refused("Nur wer in diesem Durchgang mitarbeitet, kann Aufgaben übernehmen.")
        if found.state == TaskState.DONE:
            raise Refused(f"„{found}“ ist schon erledigt.")
        if found.person_id == person.pk:
            raise Refused(f"Sie sind für „{found}“ schon zuständig.")
        found.person = person
        found.save(update_fields=["person"])
    return found


def delete_task(task: Task, *, by: User) -> None:
    """Delete the task. Raises ``Refused`` if the cycle has ended or the task is gone."""
    with transaction.atomic(), acting(by):
        held_open(task.cycle)
        _held(task).delete()


def _held(task: Task) -> Task:
    """The task as stored now, held until the transaction ends."""
    rows = Task.objects.select_for_update(of=("self",)).select_related("milestone", "cycle")
    found: Task | None = rows.filter(pk=task.pk).first()
    if found is None:
        raise Refused("Diese Aufgabe hat inzwischen jemand gelöscht.")
    return found


def _check(task: Task, cycle: Cycle, *, unchanged: Task | None) -> None:
    """Fill in the due date and raise ``Refused`` for what is not of this cycle.

    A person or Kommune that has left since stays on the task until somebody changes it.
    """
    if task.milestone_id is None:
        task.days_from_milestone = None
    else:
        milestone = Milestone.objects.filter(pk=task.milestone_id, cycle=cycle).first()
        if milestone is None:
            raise Refused("Der Meilenstein gehört nicht zu diesem Durchgang.")
        if task.days_from_milestone is not None:
            task.due_on = calendar.later(milestone.starts_on, task.days_from_milestone)
    if task.due_on is not None:
        calendar.check_day(task.due_on)
    before = unchanged or Task()
    house = task.municipality_id
    if house is not None and task.responsible == Responsible.LOGISTICS:
        raise Refused("Eine Aufgabe des Logistikpartners gehört keiner Kommune.")
    houses = Participation.objects.filter(cycle=cycle, municipality=house)
    if house not in (None, before.municipality_id) and not houses.exists():
        raise Refused("Die Kommune ist in diesem Durchgang nicht dabei.")
    person = task.person_id
    if person not in (None, before.person_id) and person not in team_of(cycle).everybody:
        raise Refused("Diese Person arbeitet in diesem Durchgang nicht mit.")
