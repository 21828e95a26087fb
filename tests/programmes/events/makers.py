"""Makers of this room: plain functions with defaults that a test may override."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from mentoring.accounts.models import User
from programmes.cycles.models import Cycle
from programmes.events import mails
from programmes.events.models import Answer, Attendee, Event, EventKind
from programmes.people.models import Person
from programmes.roadmap.models import Milestone
from tests import factories as make

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    """A time in Berlin: ``at("2026-09-25 09:00")``."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def make_milestone(cycle: Cycle, on: date | None = None, **fields: Any) -> Milestone:
    on = on or timezone.localdate() + timedelta(days=60)
    fields.setdefault("title", "Startworkshop")
    return Milestone.objects.create(cycle=cycle, starts_on=on, ends_on=on, **fields)


def make_event(cycle: Cycle, starts_at: datetime | None = None, **fields: Any) -> Event:
    """An event of half a day, in two months unless said otherwise."""
    if starts_at is None:
        day = timezone.localdate() + timedelta(days=60)
        starts_at = datetime(day.year, day.month, day.day, 9, tzinfo=BERLIN)
    fields.setdefault("title", "Startworkshop")
    fields.setdefault("kind", EventKind.START)
    fields.setdefault("venue", "Rathaus")
    fields.setdefault("ends_at", starts_at + timedelta(hours=4))
    return Event.objects.create(cycle=cycle, starts_at=starts_at, **fields)


def make_attendee(event: Event, person: Person | None = None, **fields: Any) -> Attendee:
    if fields.get("answer", Answer.OPEN) != Answer.OPEN:
        fields.setdefault("answered_at", make.SOME_TIME)
    return Attendee.objects.create(event=event, person=person or make.make_person(), **fields)


def send_invitations(event: Event, attendees: Sequence[Attendee], by: User) -> int:
    """Mail each of ``attendees`` their invitation, as the page does; returns how many."""
    return mails.send(mails.NOTICES["einladung"], event, [row.pk for row in attendees], by=by)
