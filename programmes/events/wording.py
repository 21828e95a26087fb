"""How an event's time is written, everywhere the same."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime

from programmes.events.models import Event


def when(event: Event) -> str:
    """Day and times: "Freitag, 26.09.2025, 09:00 bis 16:00 Uhr"."""
    starts, ends = localtime(event.starts_at), localtime(event.ends_at)
    if starts.date() == ends.date():
        return f"{_day(starts)}, {starts:%H:%M} bis {ends:%H:%M} Uhr"
    return f"{_day(starts)}, {starts:%H:%M} Uhr bis {_day(ends)}, {ends:%H:%M} Uhr"


def moment(value: datetime) -> str:
    """A time in few characters: "26.09.2025, 09:00 Uhr"."""
    return f"{localtime(value):%d.%m.%Y, %H:%M} Uhr"


def _day(value: datetime) -> str:
    return date_format(value, "l, d.m.Y")
