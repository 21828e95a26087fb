"""What speaks for a pair and who should go with whom. Pure: nothing here knows the database.

    scores = Scores(mentees, mentors, weights)
    three = best_of(scores, forbidden)
    found = assign(scores.total, forbidden=…, places=…, mentee_keys=…, mentor_keys=…)

The same input gives the same answer, in whatever order it comes.
"""

from tandems.suggestions.engine.assignment import (
    AssignedPair,
    Assignment,
    Blocking,
    PinFault,
    RefusedPin,
    Unmatched,
    assign,
)
from tandems.suggestions.engine.criteria import CRITERIA, Criterion, default_weights
from tandems.suggestions.engine.facts import MenteeFacts, MentorFacts
from tandems.suggestions.engine.reasons import (
    Reason,
    bar,
    given_up_in_words,
    in_words,
    why_unmatched,
)
from tandems.suggestions.engine.scoring import Scores, best, best_of

__all__ = [
    "CRITERIA",
    "AssignedPair",
    "Assignment",
    "Blocking",
    "Criterion",
    "MenteeFacts",
    "MentorFacts",
    "PinFault",
    "Reason",
    "RefusedPin",
    "Scores",
    "Unmatched",
    "assign",
    "bar",
    "best",
    "best_of",
    "default_weights",
    "given_up_in_words",
    "in_words",
    "why_unmatched",
]
