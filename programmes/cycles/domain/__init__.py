"""The doors of this room: every change of a programme, a Durchgang and who belongs to it.

Each function takes the acting user as ``by``, works in one transaction, locks the cycle
first and raises ``Refused`` if the state forbids the change. Whether ``by`` may ask for it
is decided by the rules, in the view.
"""

from programmes.cycles.domain.council import appoint, change_seat, end_seat
from programmes.cycles.domain.participants import add_participant, mark_left
from programmes.cycles.domain.participations import (
    answer_invitation,
    consequences_of_leaving,
    invite_municipality,
    remove_participation,
    save_participation,
)
from programmes.cycles.domain.past import PastHouse, record_past_cycle
from programmes.cycles.domain.path import (
    cancel,
    close,
    confirm_council,
    open_application,
    save_cycle,
    start_matching,
    start_running,
)
from programmes.cycles.domain.programmes import (
    end_permanent_member,
    name_permanent_member,
    save_programme,
)
from programmes.cycles.domain.sign_ins import (
    invite_participants,
    signing_in,
    without_sign_in,
)
from programmes.cycles.domain.start import (
    CycleData,
    KeptSeat,
    last_cycle,
    next_number,
    number_taken,
    start_cycle,
)

__all__ = [
    "CycleData",
    "KeptSeat",
    "PastHouse",
    "add_participant",
    "answer_invitation",
    "appoint",
    "cancel",
    "change_seat",
    "close",
    "confirm_council",
    "consequences_of_leaving",
    "end_permanent_member",
    "end_seat",
    "invite_municipality",
    "invite_participants",
    "last_cycle",
    "mark_left",
    "name_permanent_member",
    "next_number",
    "number_taken",
    "open_application",
    "record_past_cycle",
    "remove_participation",
    "save_cycle",
    "save_participation",
    "save_programme",
    "signing_in",
    "start_cycle",
    "start_matching",
    "start_running",
    "without_sign_in",
]
