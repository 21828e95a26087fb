"""Building the demo: one transaction, the same people and numbers every time."""

from random import Random

from auditlog.context import disable_auditlog
from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from tandems.demo.applications import build_open_applications, build_running_applications
from tandems.demo.calls import build_call
from tandems.demo.cycles import build_closed, build_open, build_running, enter_participants
from tandems.demo.fahrplan import build_roadmap
from tandems.demo.gatherings import build_open_events, build_running_events
from tandems.demo.history import build_history
from tandems.demo.house import build_house
from tandems.demo.mails import build_open_mails, build_running_mails
from tandems.demo.mentors import build_open_mentors, build_running_mentors
from tandems.demo.money import build_money
from tandems.demo.notes import build_notes
from tandems.demo.papers import build_documents
from tandems.demo.people import Crowd
from tandems.demo.places import build_running_places
from tandems.demo.signins import sign_in
from tandems.demo.spending import build_spending
from tandems.demo.talents import build_talents
from tandems.demo.tandems import build_running_tandems
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
        build_running_places(running)
        enter_participants(closed)
        enter_participants(running)
        open_cast = build_open(crowd, house, running)
        build_open_applications(crowd, house, open_cast, waiting)
        lead, logistics = fresh("lead"), fresh("logistics")
        for cast in (running, open_cast):
            build_roadmap(cast, by=lead)
        build_running_events(crowd, running, by=lead)
        build_open_events(crowd, open_cast, by=lead)
        for cast in (running, open_cast):
            build_documents(cast, by=lead)
            build_call(cast, by=lead)
        build_running_mails(running, logistics=logistics)
        build_open_mails(open_cast, lead=lead)
        build_notes(open_cast, lead=lead, member=fresh("member"))
        build_running_mentors(crowd, running)
        build_open_mentors(crowd, house, open_cast, running, closed)
        build_running_tandems(crowd, running)
        talents = build_talents(crowd, house, running)
        build_money(today, house, closed, running, talents, by=logistics)
        build_spending(today, running, lead=lead, member=fresh("member"), logistics=logistics)
    act_today(crowd, house, open_cast)


def fresh(key: str) -> User:
    """The user behind the sign-in ``key`` with the roles of now, of which one object keeps them."""
    return User.objects.get(email=sign_in(key).email)


def is_empty() -> bool:
    """Whether nobody has a sign-in yet: only then may the demo be built."""
    return not User.objects.exists()
