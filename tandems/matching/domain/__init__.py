"""The doors of the wall.

Each takes the acting user as ``by``, locks the cycle first, raises ``Refused`` with what to
do, and raises the edition of the wall. Nobody writes about somebody they must not see.
"""

from tandems.matching.domain.biases import declare_bias, withdraw_bias
from tandems.matching.domain.ideas import add_idea, change_reason, delete_idea, mark_idea
from tandems.matching.domain.voices import (
    change_comment,
    comment,
    delete_comment,
    speak,
    withdraw_voice,
)

__all__ = [
    "add_idea",
    "change_comment",
    "change_reason",
    "comment",
    "declare_bias",
    "delete_comment",
    "delete_idea",
    "mark_idea",
    "speak",
    "withdraw_bias",
    "withdraw_voice",
]
