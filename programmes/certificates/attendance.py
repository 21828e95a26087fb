"""Who came to what: the events that count for a certificate, and how many of them.

Nothing here knows of pairs or of what two people do by themselves: what is read are
participants, events and the door's list.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.events.models import Attendee, Event, EventKind, EventState

ROLES = (ParticipantRole.MENTEE, ParticipantRole.MENTOR)
"""Who may get one. An applicant may not: it would tell how the places were given."""

KINDS = (
    EventKind.START,
    EventKind.NETWORKING,
    EventKind.INTERIM,
    EventKind.CLOSING,
    EventKind.OTHER,
)
"""What counts: not the sessions of the Beirat, nor what came before a place was given."""


@dataclass(frozen=True)
class Attended:
    """An event somebody was at."""

    title: str
    day: date


def candidates(cycle: Cycle, user: Any) -> Any:
    """Mentees and mentors of ``cycle`` that ``user`` may see, also those who have left.

    Each has ``attended``, the number of events that count and that they were at, and
    ``invited``, the number of those they were invited to and which have begun.
    """
    counted = _counting(cycle, user).filter(person=OuterRef("person"))
    begun = Q(attended=True) | Q(event__starts_at__lte=timezone.now())
    return (
        Participant.objects.visible_to(user)
        .filter(cycle=cycle, role__in=ROLES)
        .annotate(
            attended=_number(counted.filter(attended=True)),
            invited=_number(counted.filter(begun)),
        )
        .select_related("person", "municipality")
    )


def attended_by(
    cycle: Cycle, user: Any, people: Sequence[Participant]
) -> dict[int, tuple[Attended, ...]]:
    """By person (primary key) what they were at, the earliest first; one query for all."""
    rows = (
        _counting(cycle, user)
        .filter(attended=True, person__in=[row.person_id for row in people])
        .order_by("event__starts_at", "event")
        .values_list("person", "event__title", "event__starts_at")
    )
    found: dict[int, list[Attended]] = defaultdict(list)
    for person, title, starts_at in rows:
        found[person].append(Attended(title, timezone.localdate(starts_at)))
    return {person: tuple(events) for person, events in found.items()}


def events_of(cycle: Cycle, user: Any) -> tuple[Attended, ...]:
    """All events of ``cycle`` that count, for a sample."""
    rows = (
        Event.objects.visible_to(user)
        .filter(cycle=cycle, state=EventState.PLANNED, kind__in=KINDS)
        .order_by("starts_at", "pk")
    )
    return tuple(Attended(row.title, timezone.localdate(row.starts_at)) for row in rows)


def _counting(cycle: Cycle, user: Any) -> QuerySet[Attendee]:
    return Attendee.objects.visible_to(user).filter(
        event__cycle=cycle, event__state=EventState.PLANNED, event__kind__in=KINDS
    )


def _number(rows: QuerySet[Attendee]) -> Coalesce:
    counted = rows.order_by().values("person").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)
