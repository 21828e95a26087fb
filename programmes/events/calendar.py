"""An event in calendars: in the feed, as an attachment, as a download.

METHOD is PUBLISH, also for changes and cancellations: calendars take them over by UID and
SEQUENCE (RFC 5546, 3.2.1; a cancelled one carries STATUS:CANCELLED). A REQUEST would need
an ORGANIZER and make Outlook answer by mail to an address that nobody reads, beside the
answer by the personal link that counts.
"""

from programmes.events.models import Event, EventState
from programmes.roadmap.ics import CalendarEntry, calendar_file, uid_of


def event_entry(event: Event, *, url: str = "") -> CalendarEntry:
    """``event`` as an entry; ``url`` leads to its page, for those who may open it."""
    return CalendarEntry(
        uid=uid_of(event.uid),
        sequence=event.sequence,
        summary=event.title,
        starts=event.starts_at,
        ends=event.ends_at,
        location=place(event),
        description=_description(event),
        url=url,
        cancelled=event.state == EventState.CANCELLED,
    )


def event_file(event: Event) -> bytes:
    """``event`` as a calendar file, the same for everybody who gets it."""
    return calendar_file([event_entry(event)])


def event_file_name() -> str:
    """What the file is called; only ASCII, for every mail program and disk."""
    return "Termin.ics"


def place(event: Event) -> str:
    """Where it is, on one line."""
    return ", ".join(part for part in (event.venue, *event.address.splitlines()) if part.strip())


def _description(event: Event) -> str:
    parts = [event.description]
    if event.online_url:
        parts.append(f"Online teilnehmen: {event.online_url}")
    return "\n\n".join(part for part in parts if part)
