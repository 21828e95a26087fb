"""All models of the room, for `programmes.models`."""

from programmes.events.attendee import Answer, Attendee
from programmes.events.event import AgendaItem, Event, EventKind, EventState

__all__ = [
    "AgendaItem",
    "Answer",
    "Attendee",
    "Event",
    "EventKind",
    "EventState",
]
