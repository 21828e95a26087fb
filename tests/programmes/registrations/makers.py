"""Makers for the public registration."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programmes.cycles.models import Cycle
from programmes.events.models import Event, EventKind
from programmes.registrations.models import Interest, InterestState


def make_public_event(cycle: Cycle, **fields: Any) -> Event:
    """An information event ahead, with its public page open."""
    starts_at = fields.setdefault("starts_at", timezone.now() + timedelta(days=14))
    fields.setdefault("ends_at", starts_at + timedelta(hours=3))
    fields.setdefault("title", "Informationsveranstaltung")
    fields.setdefault("venue", "Rathaus Ahausen")
    fields.setdefault("public_registration", True)
    fields.setdefault("kind", EventKind.INFORMATION)
    return Event.objects.create(cycle=cycle, **fields)


def make_interest(
    event: Event, email: str = "rita@neustadt.example", state: str = "confirmed", **fields: Any
) -> Interest:
    """A registration, confirmed unless said otherwise."""
    if state == InterestState.CONFIRMED:
        fields.setdefault("confirmed_at", timezone.now())
    fields.setdefault("first_name", "Rita")
    fields.setdefault("last_name", "Reich")
    fields.setdefault("municipality", "Stadt Neustadt")
    return Interest.objects.create(event=event, email=email, state=state, **fields)
