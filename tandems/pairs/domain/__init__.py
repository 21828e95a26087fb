"""The doors of deciding on tandems.

Each takes the acting user as ``by``, locks the cycle first and raises ``Refused`` with what
to do. None of them tells anybody outside the Beirat: that is for ``tandems.reveal`` alone.
"""

from tandems.pairs.domain.closing import HALVES, Sealed, agree, missing_agreement, reopen, seal
from tandems.pairs.domain.frame import frame_of, touch
from tandems.pairs.domain.proposing import dissolve, may_dissolve, needs_reason, propose
from tandems.pairs.domain.rules import TAKEN_BACK, overrule, save_rules, take_back
from tandems.pairs.domain.voices import speak, spoken_for

__all__ = [
    "HALVES",
    "TAKEN_BACK",
    "Sealed",
    "agree",
    "dissolve",
    "frame_of",
    "may_dissolve",
    "missing_agreement",
    "needs_reason",
    "overrule",
    "propose",
    "reopen",
    "save_rules",
    "seal",
    "speak",
    "spoken_for",
    "take_back",
    "touch",
]
