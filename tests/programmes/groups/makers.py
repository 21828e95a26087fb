"""Makers for groups and sheets."""

from datetime import date, datetime, time
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.events.models import Answer, Attendee, Event, EventKind
from programmes.groups import domain
from programmes.groups.board import REGION, mentees_of, propose
from programmes.groups.forms import TakeOverForm
from programmes.groups.models import Group
from programmes.people.models import Person
from programmes.roadmap.models import Milestone
from tests import factories as make

DAY = date(2030, 3, 1)
_number = count(1)

PLACES = {
    "Borken": ("51.84400", "6.85830", "West"),
    "Gronau": ("52.21000", "7.02000", "West"),
    "Ahlen": ("51.76330", "7.89110", "Ost"),
    "Bünde": ("52.19820", "8.58640", "Ost"),
}


def make_meeting(cycle: Cycle, **fields: Any) -> Milestone:
    """A Vernetzungstreffen."""
    number = next(_number)
    fields.setdefault("title", f"{number}. Vernetzungstreffen")
    fields.setdefault("key", f"vernetzung{number}")
    return Milestone.objects.create(
        cycle=cycle, starts_on=fields.pop("on", DAY), ends_on=DAY, **fields
    )


def make_houses() -> list[Any]:
    """Four Kommunen of two Regionalgruppen, two in the west and two in the east."""
    return [
        make.make_municipality(name, latitude=latitude, longitude=longitude, regional_group=region)
        for name, (latitude, longitude, region) in PLACES.items()
    ]


def make_mentees(cycle: Cycle, houses: Any, each: int = 2) -> list[Participant]:
    """So many mentees of each Kommune, named after it."""
    return [
        make.make_participant(
            cycle,
            house,
            ParticipantRole.MENTEE,
            person=make.make_person(f"Mentee{number}", f"Aus{house}", municipality=house),
        )
        for house in houses
        for number in range(each)
    ]


def make_event(cycle: Cycle, **fields: Any) -> Event:
    """A Startworkshop of one day in 2030."""
    fields.setdefault("kind", EventKind.START)
    fields.setdefault("title", "Startworkshop")
    zone = ZoneInfo("Europe/Berlin")
    fields.setdefault("starts_at", datetime(2030, 3, 1, 9, tzinfo=zone))
    fields.setdefault("ends_at", datetime(2030, 3, 1, 16, tzinfo=zone))
    return Event.objects.create(cycle=cycle, **fields)


def make_attendee(
    event: Event, person: Person, answer: str = Answer.YES, **fields: Any
) -> Attendee:
    """Somebody who is invited and has answered."""
    if answer != Answer.OPEN:
        fields.setdefault("answered_at", timezone.now())
    fields.setdefault("municipality", person.municipality)
    return Attendee.objects.create(event=event, person=person, answer=answer, **fields)


def formed(meeting: Milestone, lead: User, count: int = 2, by: str = REGION) -> list[Group]:
    """Groups as proposed and taken over."""
    rows = propose(mentees_of(meeting, lead), by=by, count=count)
    token = TakeOverForm.token(meeting.pk, rows)
    form = TakeOverForm({"proposal": token}, milestone_pk=meeting.pk)
    assert form.is_valid()
    return domain.take_over(meeting, form.cleaned_data["proposal"], by=lead)


def page(name: str, meeting: Milestone, *args: int) -> str:
    """The address of a page about the groups of ``meeting``."""
    return reverse(f"groups:{name}", args=[meeting.cycle_id, meeting.pk, *args])


def plan(meeting: Milestone, lead: User) -> list[Event]:
    """An event for each group."""
    return domain.plan_events(meeting, begins=time(10), ends=time(12), by=lead)
