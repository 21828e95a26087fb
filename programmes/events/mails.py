"""The mails of an event: invitation, changed date, reminder; each only when it is asked for.

Every mail is claimed in the row of the invitation before it is queued, in one transaction
and with the event held: asked for twice, it goes out once.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.domain import JobContext
from mentoring.log.domain import acting
from programmes.events.calendar import event_file, event_file_name, place
from programmes.events.domain.holding import held_ahead
from programmes.events.links import rsvp_url, without_tokens
from programmes.events.models import Answer, Attendee, Event
from programmes.events.wording import when
from programmes.outbox.domain import queue_mail
from programmes.people.models import Person

DIRECT = 50
"""Up to so many mails are queued while the user waits; more are a job."""

JOB = "events.mails"
REMIND_AGAIN = timedelta(days=3)

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Notice:
    """A kind of mail: to whom it is open, and what is noted of who got it."""

    label: str
    title: str
    purpose: str
    subject: str
    template: str
    open_to: Callable[[Event, datetime], Q]
    noted: Callable[[Event, datetime], dict[str, Any]]
    nobody: str


def _not_invited(event: Event, now: datetime) -> Q:
    return Q(mailed_at=None)


def _unaware(event: Event, now: datetime) -> Q:
    return Q(
        mailed_at__isnull=False,
        told_sequence__lt=event.sequence,
        answer__in=(Answer.YES, Answer.OPEN),
    )


def _silent(event: Event, now: datetime) -> Q:
    before = Q(reminded_at=None) | Q(reminded_at__lte=now - REMIND_AGAIN)
    return before & Q(mailed_at__lte=now, answer=Answer.OPEN)


NOTICES: dict[str, Notice] = {
    "einladung": Notice(
        "Einladungen versenden",
        "Einladungen versenden",
        "events.invitation",
        "Einladung: {title} am {day}",
        "events/mail/invitation.txt",
        _not_invited,
        lambda event, now: {"mailed_at": now, "told_sequence": event.sequence},
        "Alle, die auf der Liste stehen, haben ihre Einladung schon bekommen.",
    ),
    "aenderung": Notice(
        "Terminänderung mitteilen",
        "Terminänderung mitteilen",
        "events.change",
        "Änderung: {title} am {day}",
        "events/mail/change.txt",
        _unaware,
        lambda event, now: {"told_sequence": event.sequence},
        "Alle, die zugesagt oder noch nicht geantwortet haben, kennen den Stand von jetzt.",
    ),
    "erinnerung": Notice(
        "An die Antwort erinnern",
        "An die Antwort erinnern",
        "events.reminder",
        "Bitte antworten Sie: {title} am {day}",
        "events/mail/reminder.txt",
        _silent,
        lambda event, now: {"reminded_at": now, "told_sequence": event.sequence},
        "Alle haben geantwortet oder wurden in den letzten drei Tagen erinnert.",
    ),
}


def recipients(event: Event, notice: Notice, user: Any) -> Any:
    """The invitations ``user`` sees that this mail is open to, those without address too."""
    return (
        Attendee.objects.visible_to(user)
        .filter(notice.open_to(event, timezone.now()), event=event)
        .select_related("person", "municipality")
    )


def with_address(attendees: Sequence[Attendee]) -> list[Attendee]:
    """Those who can be written to."""
    return [attendee for attendee in attendees if attendee.person.email]


def send(notice: Notice, event: Event, attendees: Collection[int], *, by: User) -> int:
    """Queue the mail for those of ``attendees`` it is still open to; returns how many.

    ``attendees`` are primary keys, as the sender saw them. Raises ``Refused`` when the event
    is over or called off.
    """
    with transaction.atomic(), acting(by):
        stored = held_ahead(event)
        now = timezone.now()
        rows = list(
            recipients(stored, notice, by)
            .filter(pk__in=attendees)
            .exclude(person__email="")
            .order_by("person__sort_key", "pk")
        )
        still_open = Attendee.objects.filter(notice.open_to(stored, now))
        still_open.filter(pk__in=[row.pk for row in rows]).update(**notice.noted(stored, now))
        for row, subject, text in _written(notice, stored, rows):
            queue_mail(
                to_email=row.person.email,
                to_name=row.person.full_name,
                subject=subject,
                text=text,
                reply_to=_reply_to(by),
                purpose=notice.purpose,
                person=row.person,
                attachments=[(event_file_name(), event_file(stored), "text/calendar")],
                by=by,
            )
    return len(rows)


def run_job(context: JobContext) -> None:
    """Send many mails, some at a time; run again, it goes on where it was."""
    params = context.params
    keys = params["attendees"]
    event = Event.objects.visible_to(context.by).filter(pk=params["event"]).first()
    if event is None:
        return
    for start in range(0, len(keys), DIRECT):
        send(NOTICES[params["notice"]], event, keys[start : start + DIRECT], by=context.by)
        context.progress(min(start + DIRECT, len(keys)), len(keys))


def preview(notice: Notice, event: Event, attendee: Attendee) -> tuple[str, str]:
    """Subject and text as ``attendee`` would get them, but for the link that is theirs alone."""
    _, subject, text = next(_written(notice, event, [attendee]))
    return subject, without_tokens(text)


def _written(
    notice: Notice, event: Event, attendees: Sequence[Attendee]
) -> Iterator[tuple[Attendee, str, str]]:
    subject = notice.subject.format(
        title=event.title, day=f"{timezone.localtime(event.starts_at):%d.%m.%Y}"
    )
    common = {
        "event": event,
        "when": when(event),
        "place": place(event),
        "agenda": list(event.agenda.all()),
        "programme": event.cycle.programme,
        "site_name": settings.SITE_NAME,
        "base_url": settings.BASE_URL,
    }
    for attendee in attendees:
        own = {"person": attendee.person, "answer": attendee.answer, "link": rsvp_url(attendee)}
        text = render_to_string(notice.template, {**common, **own})
        yield attendee, subject, _BLANK_LINES.sub("\n\n", text)


def _reply_to(by: User) -> str:
    sender = Person.objects.filter(user=by).exclude(email="").first()
    return sender.email if sender is not None else ""
