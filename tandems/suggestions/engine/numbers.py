"""Numbers that add up exactly, in blocks that fit the memory."""

from collections.abc import Sequence

import numpy as np

EXACT = 1_000_000
"""Scores are compared in whole millionths, so that sums are exact and equal is equal."""

_BLOCK = 1 << 20
"""How many pairs are worked out at a time: what fits the caches, whatever the cycle's size."""


def blocks(rows: int, columns: int) -> list[slice]:
    """Slices of rows, each of about ``_BLOCK`` pairs."""
    step = max(1, _BLOCK // max(columns, 1))
    return [slice(start, min(start + step, rows)) for start in range(0, rows, step)]


def key_order(keys: Sequence[int]) -> np.ndarray:
    """Where the lowest key stands, the next one, and so on; raises ``ValueError`` for a double."""
    given = np.asarray(keys, dtype=np.int64)
    order = np.argsort(given, kind="stable")
    ascending = given[order]
    if (ascending[1:] == ascending[:-1]).any():
        raise ValueError("a key comes twice")
    return order


def exact(scores: np.ndarray) -> np.ndarray:
    """Scores in whole millionths, kept in ``float64``."""
    found = scores.astype(np.float64)
    found *= EXACT
    return np.rint(found, out=found)
