"""A cycle on the day of its Startworkshop, with sealed tandems."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from programmes.cycles.models import Cycle
from programmes.events.models import Event, EventKind
from tandems.pairs.models import Tandem, TandemState
from tests.conftest import Stage
from tests.programmes.events.makers import make_event
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 3, 6, 9, 0, tzinfo=BERLIN)
"""When the Startworkshop begins."""


def on_the_day(stage: Stage, **fields: Any) -> Cycle:
    """The cycle of the stage, whose Startworkshop begins in the morning."""
    cycle = in_matching(stage.cycle)
    cycle.start_workshop_on = MORNING.date()
    for name, value in fields.items():
        setattr(cycle, name, value)
    cycle.save()
    return cycle


def workshop(cycle: Cycle, **fields: Any) -> Event:
    """The Startworkshop as a Veranstaltung."""
    return make_event(cycle, MORNING, kind=EventKind.START, **fields)


def sealed(stage: Stage, **fields: Any) -> Tandem:
    """A sealed tandem of a mentee of Ahausen and a mentor of Übelheim."""
    fields.setdefault("sealed_at", MORNING - timedelta(days=7))
    return make_tandem(
        make_mentee(stage.cycle, stage.own),
        make_mentor(stage.cycle, stage.other),
        TandemState.SEALED,
        **fields,
    )


def fresh(tandem: Tandem) -> Tandem:
    """As stored now."""
    return Tandem.objects.get(pk=tandem.pk)


def is_known(tandem: Tandem) -> bool:
    found = fresh(tandem)
    assert (found.revealed_at is not None) == (found.state == TandemState.REVEALED)
    return found.revealed_at is not None


def now() -> datetime:
    return timezone.now()
