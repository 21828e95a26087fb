"""Essen and Barrierefreiheit: forgotten 14 days after the event, and when no longer asked."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from programmes.events.models import Attendee, Event

KEPT_FOR = timedelta(days=14)


def keeps_needs(event: Event) -> bool:
    """Whether ``event`` asks for needs, and they are not to be deleted yet."""
    return event.asks_needs and timezone.now() < needs_kept_until(event)


def needs_kept_until(event: Event) -> datetime:
    """When the needs of ``event`` are deleted."""
    return event.ends_at + KEPT_FOR


def forget_needs(events: Collection[int]) -> int:
    """Delete the needs of everybody invited to these events; returns how many rows had some.

    Django's own queryset: an entry in the log would say who had needs.
    """
    some = ~Q(diet="") | ~Q(access_needs="")
    rows: models.QuerySet[Attendee] = models.QuerySet(Attendee).filter(event__in=events)
    return rows.filter(some).update(diet="", access_needs="", version=F("version") + 1)


def delete_due_needs() -> int:
    """Delete the needs of events that ended 14 days ago; returns of how many events.

    Once per event, and again if it was moved since to a later day: the row that says so is
    claimed first.
    """
    now = timezone.now()
    waiting = Q(needs_deleted_at=None) | Q(needs_deleted_at__lt=F("ends_at"))
    due = Event.objects.filter(waiting, asks_needs=True, ends_at__lte=now - KEPT_FOR)
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            if due.filter(pk=pk).update(needs_deleted_at=now):
                forget_needs([pk])
                done += 1
    return done
