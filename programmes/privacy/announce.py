"""Telling the leads a week before what is going to be deleted: numbers, never names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.faults import Contained
from programmes.cycles.models import CouncilSeat, Cycle, PermanentMember
from programmes.outbox.domain import queue_mail
from programmes.people.models import Person
from programmes.privacy.models import Announcement
from programmes.privacy.periods import ANNOUNCED, Pending, cycle_data, pending


@dataclass(frozen=True)
class Coming:
    """A class of data that is going to be deleted, as one reader may be told of it.

    ``count`` is ``None`` where the number would give somebody away.
    """

    key: str
    label: str
    due_on: date
    count: int | None


def near(cycle: Cycle, today: date) -> list[tuple[str, Pending]]:
    """The classes of ``cycle`` that are announced and go within a week."""
    found = []
    for key in cycle_data.names():
        if not cycle_data.get(key).announced:
            continue
        coming = pending(cycle, key)
        if coming is not None and today < coming.due_on <= today + ANNOUNCED:
            found.append((key, coming))
    return found


def told(cycle: Cycle, user: User, found: list[tuple[str, Pending]]) -> list[Coming]:
    """What of it ``user`` may be told; a class of which they may know nothing is left out."""
    lines = []
    for key, coming in found:
        data = cycle_data.get(key)
        count = data.counted(cycle, user, coming.keys) if data.counted is not None else None
        if data.begins is None and not count:
            continue
        lines.append(Coming(key, data.label, coming.due_on, count or None))
    return lines


def leads_of(cycle: Cycle) -> list[Person]:
    """Who is told: the leads, and where nobody leads the ständige Mitglieder; with sign-in."""
    people = Person.objects.filter(user__is_active=True).select_related("user")
    seats = CouncilSeat.objects.current().filter(participation__cycle=cycle, lead=True)
    leads = list(people.filter(pk__in=seats.values("person")))
    if leads and cycle.council_confirmed_at is not None:
        return leads
    members = PermanentMember.objects.current().filter(programme=cycle.programme_id)
    return list(people.filter(pk__in=members.values("person")))


def announce() -> int:
    """Announce what was not announced yet; returns how many mails were queued.

    Bears being run again and twice at once: what was announced is written in the
    transaction that queues the mails.
    """
    today, mails = timezone.localdate(), 0
    for cycle in Cycle.objects.select_related("programme").order_by("pk"):
        with Contained(f"announcing deletions of cycle {cycle.pk}"):
            mails += _announce(cycle, today)
    return mails


@transaction.atomic
def _announce(cycle: Cycle, today: date) -> int:
    cycle = (
        Cycle.objects.select_for_update(of=("self",)).select_related("programme").get(pk=cycle.pk)
    )
    fresh = []
    for key, coming in near(cycle, today):
        row = {"cycle": cycle, "key": key, "due_on": coming.due_on}
        if not Announcement.objects.filter(**row).exists():
            fresh.append((key, coming))
    people = leads_of(cycle) if fresh else []
    if not people:
        return 0  # nobody could be told; tomorrow there may be somebody
    mails = sum(_write(cycle, person, fresh) for person in people)
    Announcement.objects.bulk_create(
        Announcement(cycle=cycle, key=key, due_on=coming.due_on) for key, coming in fresh
    )
    return mails


def _write(cycle: Cycle, person: Person, fresh: list[tuple[str, Pending]]) -> bool:
    lines = told(cycle, person.user, fresh) if person.user is not None else []
    if not lines or not person.email:
        return False
    text = render_to_string(
        "privacy/mail/announcement.txt",
        {
            "person": person,
            "cycle": cycle,
            "lines": lines,
            "link": f"{settings.BASE_URL}{reverse('privacy:periods', args=[cycle.pk])}",
            "site_name": settings.SITE_NAME,
        },
    )
    queue_mail(
        to_email=person.email,
        to_name=person.full_name,
        subject=f"In einer Woche wird gelöscht: {cycle.programme}",
        text=f"{text.strip()}\n",
        purpose="privacy.announcement",
        person=person,
    )
    return True


def upcoming(cycles: list[Cycle], user: User) -> Iterator[tuple[Cycle, Coming]]:
    """For the start page: what goes within a week in these cycles."""
    for cycle in cycles:
        for line in told(cycle, user, near(cycle, timezone.localdate())):
            yield cycle, line
