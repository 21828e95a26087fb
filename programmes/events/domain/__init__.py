"""The doors of this room: every change of events, invitations and answers goes through them.

Each takes the acting user as ``by``, works in one transaction, holds the event first and
raises ``Refused`` if the state forbids the change. Whether ``by`` may ask for it is decided
by the rules, in the view.
"""

from programmes.events.domain.answers import (
    answer,
    check_open_door,
    closed_reason,
    mark_attendance,
    places_left,
)
from programmes.events.domain.invitations import add_at_the_door, invite, take_back
from programmes.events.domain.needs import delete_due_needs, keeps_needs, needs_kept_until
from programmes.events.domain.planning import (
    AgendaPoint,
    cancel_event,
    create_event,
    save_agenda,
    save_event,
    save_minutes,
    set_documents,
)

__all__ = [
    "AgendaPoint",
    "add_at_the_door",
    "answer",
    "cancel_event",
    "check_open_door",
    "closed_reason",
    "create_event",
    "delete_due_needs",
    "invite",
    "keeps_needs",
    "mark_attendance",
    "needs_kept_until",
    "places_left",
    "save_agenda",
    "save_event",
    "save_minutes",
    "set_documents",
    "take_back",
]
