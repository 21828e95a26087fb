"""Making, changing and calling off an event."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import time

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.documents.models import Document
from programmes.events.domain.holding import held, held_planned
from programmes.events.domain.needs import forget_needs
from programmes.events.models import AgendaItem, Event, EventKind, EventState

ANNOUNCED = ("title", "starts_at", "ends_at", "venue", "address", "online_url")
"""What a calendar must take over when it changes: each raises ``sequence``."""


@dataclass(frozen=True)
class AgendaPoint:
    """A point of the agenda as it is to be."""

    topic: str
    at: time | None = None
    speaker: str = ""


def create_event(event: Event, *, by: User) -> Event:
    """Store a new event. Raises ``ValidationError`` by field, ``Refused`` in an ended cycle."""
    with transaction.atomic(), acting(by):
        event.cycle = held_open(event.cycle)
        _check(event)
        event.save()
    return event


def save_event(event: Event, *, by: User) -> Event:
    """Store changes of an event.

    Raises ``sequence`` if calendars must take them over, and deletes the needs where they
    are asked for no more. Raises ``ValidationError``, ``EditConflict`` and ``Refused``.
    """
    with transaction.atomic(), acting(by):
        stored = held_planned(event)
        _check(event)
        event.sequence = stored.sequence
        if any(getattr(event, name) != getattr(stored, name) for name in ANNOUNCED):
            event.sequence += 1
        event.save()
        if stored.asks_needs and not event.asks_needs:
            forget_needs([event.pk])
    return event


def cancel_event(event: Event, reason: str, *, by: User) -> Event:
    """Call the event off. Nobody is written to by this; raises ``Refused`` the second time."""
    with transaction.atomic(), acting(by):
        stored = held_planned(event)
        stored.state = EventState.CANCELLED
        stored.cancel_reason = reason.strip()[:300]
        if not stored.cancel_reason:
            raise Refused("Bitte nennen Sie den Grund der Absage.")
        stored.sequence += 1
        stored.save()
    return stored


def save_agenda(event: Event, points: Sequence[AgendaPoint], *, by: User) -> None:
    """Make the agenda consist of ``points``, in their order."""
    with transaction.atomic(), acting(by):
        stored = held_planned(event)
        present = list(stored.agenda.all())
        for position, point in enumerate(points):
            item = present.pop(0) if present else AgendaItem(event=stored)
            wanted = {"position": position, **vars(point)}
            if item.pk is None or any(getattr(item, k) != v for k, v in wanted.items()):
                for name, value in wanted.items():
                    setattr(item, name, value)
                item.save()
        for item in present:
            item.delete()


def save_minutes(event: Event, *, by: User) -> Event:
    """Store the minutes, also of an event that is over."""
    with transaction.atomic(), acting(by):
        held(event)
        event.save(update_fields=["minutes"])
    return event


def set_documents(
    event: Event, chosen: Collection[Document], *, offered: Collection[Document], by: User
) -> None:
    """Attach ``chosen``. What was not ``offered`` stays: the user did not see it."""
    with transaction.atomic(), acting(by):
        stored = held(event)
        if any(document.cycle_id != stored.cycle_id for document in chosen):
            raise Refused("Eine der Unterlagen gehört zu einem anderen Durchgang.")
        keys = {document.pk for document in chosen}
        stored.documents.remove(*[row for row in offered if row.pk not in keys])
        stored.documents.add(*chosen)


def _check(event: Event) -> None:
    """Raise ``ValidationError`` or ``Refused`` for what no form should have let through."""
    event.full_clean()
    if event.milestone is not None and event.milestone.cycle_id != event.cycle_id:
        raise Refused("Der Meilenstein gehört zu einem anderen Durchgang.")
    if event.public_registration and event.kind != EventKind.INFORMATION:
        raise Refused("Eine öffentliche Anmeldeseite gibt es nur für Informationsveranstaltungen.")
