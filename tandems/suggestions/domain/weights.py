"""How much each criterion counts in a cycle."""

from collections.abc import Mapping

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from tandems.pairs.domain.locks import check_lead, held_cycle
from tandems.pairs.models import MatchingFrame
from tandems.suggestions.engine import default_weights

HIGHEST = 5


def save_weights(frame: MatchingFrame, weights: Mapping[str, int], *, by: User) -> MatchingFrame:
    """Set the weight of each criterion, from 0 (does not count) to 5.

    Kept is what differs from what is shipped. ``frame`` carries the version the change began
    with. Raises ``EditConflict``, and ``Refused`` to whoever does not lead, for a number
    beyond the scale, and where nothing would count.
    """
    with transaction.atomic(), acting(by):
        cycle = held_cycle(frame.cycle)
        check_lead(cycle, by)
        shipped = default_weights()
        found = {key: weights.get(key, weight) for key, weight in shipped.items()}
        if not all(0 <= weight <= HIGHEST for weight in found.values()):
            raise Refused(f"Ein Gewicht liegt zwischen 0 und {HIGHEST}.")
        if not any(found.values()):
            raise Refused(
                "Wenn nichts zählt, lässt sich nichts vorschlagen. Bitte geben Sie mindestens "
                "einem Merkmal ein Gewicht über 0."
            )
        frame.weights = {key: weight for key, weight in found.items() if weight != shipped[key]}
        frame.save(update_fields=["weights"])
        return frame


def reset_weights(frame: MatchingFrame, *, by: User) -> MatchingFrame:
    """Back to the shipped weights. Raises as ``save_weights`` does."""
    return save_weights(frame, default_weights(), by=by)
