"""Scores of whole blocks of pairs, looked up where they hang on a few answers only."""

from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

import numpy as np

from tandems.suggestions.engine.facts import MenteeFacts, MentorFacts

Mentees = Sequence[MenteeFacts]
Mentors = Sequence[MentorFacts]
NOTHING = float("nan")


class Part(Protocol):
    """One criterion for given mentees and mentors."""

    def rows(self, part: slice) -> np.ndarray:
        """The scores of some rows with all columns; the caller may write into them."""

    def at(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """The scores of some pairs."""

    def sentence(self, i: int, j: int) -> str:
        """What it says of a pair of which something is known."""


def coded(items: Sequence[Hashable]) -> tuple[np.ndarray, list[int]]:
    """The number of each item among the distinct ones, and where each of these first stands."""
    seen: dict[Hashable, int] = {}
    codes = np.array([seen.setdefault(item, len(seen)) for item in items], dtype=np.intp)
    return codes, np.unique(codes, return_index=True)[1].tolist()


class Table:
    """Scores that hang on a few answers: worked out once for each distinct combination."""

    def __init__(
        self,
        ones: Sequence[Hashable],
        others: Sequence[Hashable],
        score: Callable[[list[int], list[int]], np.ndarray],
    ) -> None:
        self._codes = coded(ones), coded(others)
        (self._i, rows), (self._j, columns) = self._codes
        self._table = np.asarray(score(rows, columns), dtype=np.float32)
        self._table = self._table.reshape(len(rows), len(columns))

    def rows(self, part: slice) -> np.ndarray:
        """The scores of some rows with all columns."""
        found: np.ndarray = self._table.take(self._i[part], axis=0).take(self._j, axis=1)
        return found

    def at(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """The scores of some pairs."""
        found: np.ndarray = self._table[self._i[i], self._j[j]]
        return found


def each(
    mentees: Mentees, mentors: Mentors, score: Callable[[MenteeFacts, MentorFacts], float]
) -> Callable[[list[int], list[int]], np.ndarray]:
    """A table made by asking ``score`` for each distinct pair."""

    def table(rows: list[int], columns: list[int]) -> np.ndarray:
        return np.array([[score(mentees[i], mentors[j]) for j in columns] for i in rows])

    return table


def mean_of(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The mean of two scores, or the one that is known."""
    both = (ones + others) / np.float32(2)
    np.copyto(both, others, where=np.isnan(ones))
    np.copyto(both, ones, where=np.isnan(others))
    return both
