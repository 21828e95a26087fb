"""Makers of this room: cycles that have come to an end, and the night."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from programmes.cycles.models import Cycle
from programmes.people.retention import delete_due
from programmes.privacy.models import CyclePeriod

BERLIN = ZoneInfo("Europe/Berlin")


def at(day: date, hour: int = 2) -> Any:
    """The night of ``day``, frozen."""
    return time_machine.travel(
        datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN), tick=False
    )


def night_of(day: date) -> int:
    """What the daily task deletes in the night of ``day``."""
    with at(day):
        return delete_due()


def moved(cycle: Cycle, state: str, **days: date) -> Cycle:
    """``cycle`` in another state, reached on these days."""
    Cycle.objects.filter(pk=cycle.pk).update(state=state, **days)
    cycle.refresh_from_db()
    return cycle


def own_period(cycle: Cycle, key: str, days: int) -> CyclePeriod:
    return CyclePeriod.objects.create(cycle=cycle, key=key, days=days)
