"""The Fahrplan of the demo's open cycles, with what is done and who does the rest."""

from datetime import timedelta

from django.utils import timezone

from mentoring.accounts.models import User
from programmes.roadmap.domain import plan_roadmap
from programmes.roadmap.models import (
    Milestone,
    MilestoneState,
    Responsible,
    Task,
    TaskState,
)
from tandems.demo.cycles import Cast

FORGOTTEN = ("referenten", "regionalgruppen")
"""Tasks that nobody has ticked off, where they were due in the last half year."""

LATELY = timedelta(weeks=26)


def build_roadmap(cast: Cast, *, by: User) -> None:
    """Plan ``cast``'s cycle, share out its tasks, and mark what lies behind as done."""
    plan_roadmap(cast.cycle, start_on=cast.dates.start, by=by)
    today = timezone.localdate()
    seats = [seat for part in cast.cycle.participations.all() for seat in part.seats.all()]
    for number, milestone in enumerate(Milestone.objects.filter(cycle=cast.cycle)):
        # Two of five have nobody yet: there must be something to share out.
        if number % 5 not in (2, 4):
            seat = seats[number % len(seats)]
            milestone.seats.add(seat)
            milestone.municipality = seat.participation.municipality
        if milestone.ends_on < today:
            milestone.state = MilestoneState.DONE
            milestone.done_on = milestone.ends_on
        milestone.save()
    for number, task in enumerate(Task.objects.filter(cycle=cast.cycle)):
        assert task.due_on is not None
        if task.responsible == Responsible.COUNCIL and number % 4:
            seat = seats[(number * 3) % len(seats)]
            task.person = seat.person
            task.municipality = seat.participation.municipality
        forgotten = task.key in FORGOTTEN and task.due_on > today - LATELY
        if task.due_on < today and not forgotten:
            task.state = TaskState.DONE
            task.done_at = timezone.now() - (today - task.due_on) - timedelta(hours=3)
            task.done_by = by
        task.save()
