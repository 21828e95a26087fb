"""Building the demo: one transaction, the same people and numbers every time."""

from random import Random

from auditlog.context import disable_auditlog
from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from tandems.demo.applications import build_open_applications, build_running_applications
from tandems.demo.cycles import build_closed, build_open, build_running, enter_participants
from tandems.demo.history import build_history
from tandems.demo.house import build_house
from tandems.demo.people import Crowd
from tandems.demo.today import act_today

SEED = 2006


@transaction.atomic
def build() -> None:
    """Fill an empty database.

    The log would say that the past was made today by nobody, so it hears of today alone.
    """
    today = timezone.localdate()
    crowd = Crowd(Random(SEED), today)
    with disable_auditlog():
        crowd.user("operator", is_staff=True, is_superuser=True)
        house = build_house(crowd)
        closed = build_closed(crowd, house)
        build_history(house, first=closed.cycle.number, start_year=closed.cycle.start_year)
        running = build_running(crowd, house, closed)
        waiting = build_running_applications(crowd, house, running)
        enter_participants(closed)
        enter_participants(running)
        open_cast = build_open(crowd, house, running)
        build_open_applications(crowd, house, open_cast, waiting)
    act_today(crowd, house, open_cast)


def is_empty() -> bool:
    """Whether nobody has a sign-in yet: only then may the demo be built."""
    return not User.objects.exists()
