"""What the public registration adds to other rooms."""

from typing import Any

import rules
from django.conf import settings
from django.urls import reverse

from mentoring.log.domain import track
from programmes.events.models import Event
from programmes.events.registries import event_sections, taken_places
from programmes.people.retention import data_periods, erasure
from programmes.registrations.domain import open_events, places_taken
from programmes.registrations.models import Interest, InterestState
from programmes.registrations.retention import PAST, PENDING, SHARE
from programmes.roadmap.registries import Section


def _section(request: Any, event: Event) -> Section | None:
    """Where the public page is, and how many have registered on it."""
    if not rules.test_rule("events.list", request.user, event.cycle):
        return None
    states = list(
        Interest.objects.visible_to(request.user)
        .filter(event=event)
        .order_by()
        .values_list("state", flat=True)
    )
    if not event.public_registration and not states:
        return None
    is_open = open_events().filter(pk=event.pk).exists()
    return Section(
        "registrations/section.html",
        {
            "event": event,
            "public_url": settings.BASE_URL + reverse("registrations:public", args=[event.pk])
            if is_open
            else "",
            "confirmed": states.count(InterestState.CONFIRMED),
            "pending": states.count(InterestState.PENDING),
        },
    )


event_sections.add("public registration", _section, order=60)
taken_places.add("public registration", places_taken)
data_periods.add("registrations pending", PENDING)
data_periods.add("registrations past", PAST)
erasure.add("registrations", SHARE)
# Who registered is no part of the log: only that and when a registration changed its state.
track(
    Interest,
    cycle_of=lambda interest: interest.event.cycle_id,
    exclude=("first_name", "last_name", "email", "municipality", "nonce"),
)
