"""Calendar files (RFC 5545): what milestones and events have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vDuration, vText

TZID = "Europe/Berlin"
_BERLIN = ZoneInfo(TZID)
_PRODID = "-//Cross-Mentoring//Fahrplan//DE"
# The rules in force since 1996, written out: Outlook knows no zone by its name alone, and
# the library's own list of dates would end in a certain year.
_VTIMEZONE = "\r\n".join(
    (
        "BEGIN:VTIMEZONE",
        f"TZID:{TZID}",
        "BEGIN:DAYLIGHT",
        "DTSTART:19810329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19961027T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    )
)
# What ends a line somewhere, and what no text of a calendar may hold (RFC 5545, 3.1).
_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class CalendarEntry:
    """One entry of a calendar.

    ``starts`` and ``ends`` are either days (both included) or aware times. ``uid`` stays
    the same for good (see ``uid_of``); ``sequence`` rises with every change a calendar must
    take over.
    """

    uid: str
    sequence: int
    summary: str
    starts: date | datetime
    ends: date | datetime
    location: str = ""
    description: str = ""
    url: str = ""
    cancelled: bool = False


def uid_of(value: UUID) -> str:
    """The UID of a record that keeps ``value``: the same in every file, for good."""
    return f"{value}@{urlsplit(settings.BASE_URL).hostname}"


def calendar_file(
    entries: Iterable[CalendarEntry],
    *,
    name: str = "",
    refresh: timedelta | None = None,
) -> bytes:
    """``entries`` as an iCalendar file in UTF-8, with the time zone Europe/Berlin.

    Its method is always PUBLISH: a REQUEST would have calendars answer by mail to an
    organizer (RFC 5546). ``refresh`` says how often a calendar should ask again.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        # The first is the standard's (RFC 7986), the second is what the programs read.
        calendar.add("name", vText(_one_line(name)))
        calendar.add("x-wr-calname", vText(_one_line(name)))
        calendar.add("x-wr-timezone", TZID)
    if refresh is not None:
        calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(refresh))
    calendar.add_component(Timezone.from_ical(_VTIMEZONE))
    stamp = timezone.now().astimezone(UTC)
    for entry in entries:
        calendar.add_component(_component(entry, stamp))
    return bytes(calendar.to_ical())


def _component(entry: CalendarEntry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", _one_line(entry.uid))
    event.add("dtstamp", stamp)
    event.add("sequence", entry.sequence)
    event.add("summary", _one_line(entry.summary))
    _add_times(event, entry)
    if entry.location:
        event.add("location", _one_line(entry.location))
    if entry.description:
        event.add("description", _clean(entry.description))
    if entry.url:
        event.add("url", "".join(_clean(entry.url).split()))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event


def _add_times(event: Event, entry: CalendarEntry) -> None:
    if isinstance(entry.starts, datetime) and isinstance(entry.ends, datetime):
        event.add("dtstart", entry.starts.astimezone(_BERLIN))
        event.add("dtend", entry.ends.astimezone(_BERLIN))
        event.add("transp", "OPAQUE")
        return
    event.add("dtstart", _day(entry.starts))
    # The end of a day's entry is the first day that no longer belongs to it (3.6.1).
    event.add("dtend", _day(entry.ends) + timedelta(days=1))
    # A period of months would otherwise show its reader as busy all the while.
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        raise ValueError("an entry has two days or two times, not one of each")
    return value


def _clean(text: str) -> str:
    """``text`` with one kind of line end and without control characters."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text)).strip()


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())
