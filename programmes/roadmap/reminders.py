"""The reminders: one mail a day and person, each date and stage once, ever.

The rows of ``Reminder`` are written in the transaction that queues the mail. So whatever is
killed or run twice, a date is either reminded of or still waits for the next run.
"""

import logging
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mentoring.jobs.faults import Contained
from programmes.outbox.domain import queue_mail
from programmes.people.models import Person
from programmes.roadmap.due import Due, candidates, due_for
from programmes.roadmap.models import NoticeChoice, Reminder

log = logging.getLogger(__name__)


def remind() -> int:
    """Remind everybody of what is due today; returns how many mails were queued.

    Bears being run again, and twice at once. One person's fault stops nobody else's mail.
    """
    today, mails = timezone.localdate(), 0
    for person, (milestones, tasks) in sorted(candidates(today).items()):
        with Contained(f"reminder of person {person}"):
            mails += _remind(person, milestones, tasks)
    return mails


@transaction.atomic
def _remind(key: int, milestones: set[int], tasks: set[int]) -> bool:
    """Queue the mail of one person; false if there is nothing (left) to say."""
    person = held(key)
    if person is None or not wants(person, "reminders") or _reminded_today(person):
        return False
    due = due_for(person, milestones, tasks, timezone.localdate())
    if not due:
        return False
    Reminder.objects.bulk_create(one.row(person) for one in due)
    send(person, subject=_subject(due), template="reminder", context=_context(due))
    return True


def held(key: int) -> Person | None:
    """The person, locked until the transaction ends, if a mail can reach them.

    Two workers come one after the other here: the second finds the rows of the first.
    """
    person: Person | None = (
        Person.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .filter(pk=key)
        .exclude(email="")
        .first()
    )
    return person


def wants(person: Person, kind: str) -> bool:
    """Whether ``person`` has not switched this kind of mail off."""
    return not NoticeChoice.objects.filter(person=person, **{kind: False}).exists()


def send(person: Person, *, subject: str, template: str, context: dict[str, object]) -> None:
    """Queue a mail of ``templates/roadmap/mail`` for ``person``."""
    text = render_to_string(
        f"roadmap/mail/{template}.txt",
        {
            **context,
            "person": person,
            "base_url": settings.BASE_URL,
            "site_name": settings.SITE_NAME,
            "choice_url": f"{settings.BASE_URL}{reverse('roadmap:notices')}",
        },
    )
    queue_mail(
        to_email=person.email,
        to_name=person.full_name,
        subject=subject,
        text=f"{text.strip()}\n",
        purpose="roadmap.reminder",
        person=person,
    )


def _reminded_today(person: Person) -> bool:
    """Whether today's mail is out: what came up since waits until tomorrow."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    return Reminder.objects.filter(person=person, created_at__gte=midnight).exists()


def _subject(due: list[Due]) -> str:
    """How much there is, and no titles: a subject is read by more people than its mail."""
    tasks = sum(one.is_task for one in due)
    parts = []
    if milestones := len(due) - tasks:
        parts.append("1 Meilenstein" if milestones == 1 else f"{milestones} Meilensteine")
    if tasks:
        parts.append("1 Aufgabe" if tasks == 1 else f"{tasks} Aufgaben")
    return f"Erinnerung: {' und '.join(parts)}"


def _context(due: list[Due]) -> dict[str, object]:
    return {
        "missed": [one for one in due if one.days < 0],
        "coming": [one for one in due if one.days >= 0],
    }
