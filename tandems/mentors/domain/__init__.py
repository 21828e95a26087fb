"""The doors of this room: every change of an idea, an approach, a mentor, the pool.

Each takes the acting user as ``by``, locks the cycle first, asks the state anew and raises
``Refused`` if it forbids the change. Whether ``by`` may ask for it is decided by the rules,
in the view.
"""

from tandems.mentors.domain.approaches import (
    agree,
    ask_again,
    claim,
    postpone,
    refuse,
    release,
)
from tandems.mentors.domain.ideas import (
    add_idea,
    change_idea,
    delete_idea,
    similar,
)
from tandems.mentors.domain.mentorship import (
    change_capacity,
    change_house,
    consequences_of_leaving,
    end,
    house_leaves,
)
from tandems.mentors.domain.people import Named, namesakes
from tandems.mentors.domain.pool import (
    Asked,
    Kept,
    change_entry,
    consent_withdrawn,
    enter_by_hand,
    keep_in_pool,
    last_asked,
    pause,
    plan,
    remove,
    take_over_consents,
)
from tandems.mentors.domain.sheets import changeable, hand_in, save_sheet

__all__ = [
    "Asked",
    "Kept",
    "Named",
    "add_idea",
    "agree",
    "ask_again",
    "change_capacity",
    "change_entry",
    "change_house",
    "change_idea",
    "changeable",
    "claim",
    "consent_withdrawn",
    "consequences_of_leaving",
    "delete_idea",
    "end",
    "enter_by_hand",
    "hand_in",
    "house_leaves",
    "keep_in_pool",
    "last_asked",
    "namesakes",
    "pause",
    "plan",
    "postpone",
    "refuse",
    "release",
    "remove",
    "save_sheet",
    "similar",
    "take_over_consents",
]
