"""The doors of the suggestions: what counts how much, and an assignment for the whole cycle.

Nothing is decided here. What somebody takes up becomes an idea at the wall, through the door
of the wall and under their own name.
"""

from tandems.suggestions.domain.computing import compute, put_on_wall
from tandems.suggestions.domain.weights import reset_weights, save_weights

__all__ = ["compute", "put_on_wall", "reset_weights", "save_weights"]
