"""Makers of Rundmails and of what they need."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfWriter

from mentoring.accounts.models import User
from programmes.cycles.models import Cycle, ParticipantRole
from programmes.events.models import Attendee, Event
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from programmes.roadmap.models import Milestone
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice
from programmes.rundmails.models import Rundmail
from tests import factories as make

MENTEES = Choice("mentees")


def _empty_pdf() -> bytes:
    file = BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(file)
    return file.getvalue()


PDF = _empty_pdf()


def fresh(user: User) -> User:
    """``user`` as the next request reads them: what they may do is remembered per object."""
    return User.objects.get(pk=user.pk)


def make_milestone(cycle: Cycle, starts_on: date, **fields: Any) -> Milestone:
    fields.setdefault("title", "Startworkshop")
    fields.setdefault("ends_on", starts_on)
    return Milestone.objects.create(cycle=cycle, starts_on=starts_on, **fields)


def make_event(cycle: Cycle, **fields: Any) -> Event:
    fields.setdefault("title", "Startworkshop")
    fields.setdefault("starts_at", timezone.now() + timedelta(days=60))
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=7))
    fields.setdefault("venue", "Rathaus")
    return Event.objects.create(cycle=cycle, **fields)


def make_attendee(event: Event, person: Person, **fields: Any) -> Attendee:
    if fields.get("answer", "open") != "open":
        fields.setdefault("answered_at", timezone.now())
    return Attendee.objects.create(event=event, person=person, **fields)


def make_mentees(cycle: Cycle, municipality: Municipality, number: int) -> list[Person]:
    """That many mentees more, "Mentee 0" and so on."""
    return [
        make.make_participant(
            cycle,
            municipality,
            ParticipantRole.MENTEE,
            person=make.make_person("Mentee", f"Nummer{n:04}", municipality=municipality),
        ).person
        for n in range(number)
    ]


def make_draft(
    cycle: Cycle, by: User, *, choices: Sequence[Choice] = (MENTEES,), **fields: Any
) -> Rundmail:
    """A draft to the mentees, ready to be released."""
    fields.setdefault("subject", "Hallo {vorname}")
    fields.setdefault("body", "{anrede},\n\nes geht los.")
    return domain.create(Rundmail(cycle=cycle, **fields), choices=choices, by=by)


def make_hung(cycle: Cycle, by: User, milestone: Milestone, days: int = -14, **fields: Any) -> Any:
    """A draft that hangs on ``milestone``, at nine o'clock."""
    fields.setdefault("send_time", time(9))
    return make_draft(cycle, by, milestone=milestone, days_from_milestone=days, **fields)


def release(mail: Rundmail, by: User) -> Rundmail:
    """Release as somebody who has just seen the preview."""
    stored = Rundmail.objects.get(pk=mail.pk)
    seen = domain.resolve_audience(stored, by).seen
    return domain.release(stored, seen=seen, by=by)


def confirm(mail: Rundmail, by: User) -> Rundmail:
    """Confirm as somebody who has just seen who came or went."""
    stored = Rundmail.objects.get(pk=mail.pk)
    return domain.confirm(stored, seen=domain.changes_since_release(stored, by).seen, by=by)


def upload(name: str = "Ablauf.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def at(text: str) -> datetime:
    """A moment as the clock on the wall shows it, such as "2027-03-01 09:00"."""
    return timezone.make_aware(datetime.fromisoformat(text))
