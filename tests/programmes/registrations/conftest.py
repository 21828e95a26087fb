import pytest
from django.core.cache import cache
from django.urls import reverse

from programmes.events.models import AgendaItem
from tests.programmes.registrations.makers import make_public_event

NOON = "2026-03-02 12:00:00+01:00"


@pytest.fixture
def clock(db, time_machine):
    time_machine.move_to(NOON, tick=False)
    cache.clear()
    return time_machine


@pytest.fixture
def event(stage, clock):
    event = make_public_event(
        stage.cycle, description="Worum es geht.", online_url="https://video.example/geheim"
    )
    AgendaItem.objects.create(event=event, topic="Begrüßung", speaker="Frau Dr. Lehm")
    return event


@pytest.fixture
def url(event):
    return reverse("registrations:public", args=[event.pk])
