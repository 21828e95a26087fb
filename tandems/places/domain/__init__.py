"""The doors of the Platzvergabe.

Each takes the acting user as ``by``, locks cycle and allocation first and raises ``Refused``
with what to do. Whether ``by`` may ask for it is decided by the rules, in the view; that
nobody decides about an application they must not see is checked here too.
"""

from tandems.places.domain.closing import close
from tandems.places.domain.decisions import decide_line, settle_tie
from tandems.places.domain.later import decide_later
from tandems.places.domain.proposal import (
    change_frame,
    propose_anew,
    save_meeting,
    start_allocation,
)
from tandems.places.domain.telling import reset_text, save_text, tell
from tandems.places.domain.voices import VoiceEntry, record_voices

__all__ = [
    "VoiceEntry",
    "change_frame",
    "close",
    "decide_later",
    "decide_line",
    "propose_anew",
    "record_voices",
    "reset_text",
    "save_meeting",
    "save_text",
    "settle_tie",
    "start_allocation",
    "tell",
]
