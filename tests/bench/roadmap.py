"""Moving the Startworkshop of a large cycle, with everything that hangs on it."""

from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import perf_counter

from django.utils import timezone

from programmes.cycles.models import Cycle
from programmes.roadmap import domain
from programmes.roadmap.models import Milestone, Task
from programmes.rundmails.models import Rundmail, RundmailState
from tests import factories as make
from tests.bench import figure
from tests.programmes.roadmap.makers import make_start

MILESTONES = 200
MAILS = 100
TASKS = 100
TRIES = 5
TEN = time(10, 0)


def large_cycle(start_on: date) -> Cycle:
    """200 milestones that hang on the Startworkshop, 100 released mails and 100 tasks on them."""
    cycle = make.make_cycle(number=41)
    start = make_start(cycle, start_on)
    milestones = Milestone.objects.bulk_create(
        Milestone(
            cycle=cycle,
            title=f"Meilenstein {number}",
            starts_on=start_on + timedelta(days=number),
            ends_on=start_on + timedelta(days=number),
            anchor=start,
            anchor_days=number,
        )
        for number in range(1, MILESTONES)
    )
    now, user = timezone.now(), make.make_user()
    Rundmail.objects.bulk_create(
        Rundmail(
            cycle=cycle,
            subject=f"Einladung {number}",
            body="Guten Tag {vorname},\n\nwir laden Sie ein.",
            milestone=milestones[number],
            days_from_milestone=-1,
            send_time=TEN,
            send_at=datetime.combine(
                milestones[number].starts_on - timedelta(days=1), TEN, tzinfo=UTC
            ),
            state=RundmailState.RELEASED,
            released_at=now,
            released_by=user,
        )
        for number in range(MAILS)
    )
    Task.objects.bulk_create(
        Task(
            cycle=cycle,
            title=f"Aufgabe {number}",
            milestone=milestones[number],
            days_from_milestone=-7,
            due_on=milestones[number].starts_on - timedelta(days=7),
        )
        for number in range(TASKS)
    )
    return cycle


@figure("roadmap.move_seconds", "s")
def move_seconds() -> float:
    """Median of a few moves of the Startworkshop, a week later each."""
    start_on = timezone.localdate() + timedelta(days=60)
    cycle = large_cycle(start_on)
    start = Milestone.objects.get(cycle=cycle, key="start")
    lead = make.make_seat(make.make_participation(cycle, make.make_municipality()), lead=True)
    assert lead.user is not None
    times = []
    for week in range(1, TRIES + 1):
        began = perf_counter()
        done = domain.move(start, starts_on=start_on + timedelta(weeks=week), by=lead.user)
        times.append(perf_counter() - began)
        assert len(done.changes) > MILESTONES + TASKS - 1
    return median(times)
