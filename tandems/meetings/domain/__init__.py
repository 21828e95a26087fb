"""The doors of the tandems' year.

Each takes the acting user as ``by``, locks the cycle first and raises ``Refused`` with what
to do. Meetings and the day of the agreement are entered by the two alone, a call for help
is theirs too; what the Beirat does (accompany, end, complete) checks its rule in the view,
and here that nobody decides about a tandem they must not see.
"""

from tandems.meetings.domain.contact import can_accompany, contact_of
from tandems.meetings.domain.help import call_for_help, settle_help
from tandems.meetings.domain.meetings import (
    change_meeting,
    delete_meeting,
    enter_meeting,
    first_day,
    note_agreement,
    same_day,
)
from tandems.meetings.domain.year import (
    accompany,
    accompany_oneself,
    complete,
    complete_all,
    end_early,
)

__all__ = [
    "accompany",
    "accompany_oneself",
    "call_for_help",
    "can_accompany",
    "change_meeting",
    "complete",
    "complete_all",
    "contact_of",
    "delete_meeting",
    "end_early",
    "enter_meeting",
    "first_day",
    "note_agreement",
    "same_day",
    "settle_help",
]
