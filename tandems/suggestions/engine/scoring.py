"""How well each mentee goes with each mentor."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np

from tandems.suggestions.engine.criteria import CRITERIA, checked_weights
from tandems.suggestions.engine.facts import MenteeFacts, MentorFacts
from tandems.suggestions.engine.numbers import EXACT, blocks, exact, key_order
from tandems.suggestions.engine.parts import PARTS
from tandems.suggestions.engine.reasons import Reason
from tandems.suggestions.engine.tables import Part
from tandems.suggestions.engine.words import Vocabulary

_SPEAKS_FOR = 0.5
"""The score from which a criterion is a reason for a pair."""

Someone = TypeVar("Someone", MenteeFacts, MentorFacts)

UNKNOWN = 0.5
"""The score of a pair of which nothing is known: neither good nor bad."""


class Scores:
    """The scores of all pairs: rows are ``mentees``, columns ``mentors``, as they were given.

    ``total`` is the mean of the criteria by weight, from 0 to 1, over those of which something
    is known for the pair; 0.5 where nothing is. ``known`` is the share of the weight that was
    known. Both are ``float32`` arrays of n × m.
    """

    mentees: tuple[MenteeFacts, ...]
    mentors: tuple[MentorFacts, ...]
    weights: dict[str, int]
    total: np.ndarray
    known: np.ndarray

    def __init__(
        self,
        mentees: Sequence[MenteeFacts],
        mentors: Sequence[MentorFacts],
        weights: Mapping[str, int],
    ) -> None:
        """Raises ``ValueError`` for a weight outside 0 to 5 or a key that comes twice."""
        self.mentees, self.mentors = tuple(mentees), tuple(mentors)
        self.weights = checked_weights(weights)
        # In the order of the keys inside, so that the order of the input changes no digit.
        self._rows, ones = _by_key(self.mentees)
        self._columns, others = _by_key(self.mentors)
        vocabulary = Vocabulary()
        self._parts: dict[str, Part] = {
            one.key: PARTS[one.key](ones, others, vocabulary)
            for one in CRITERIA
            if self.weights[one.key]
        }
        shape = len(ones), len(others)
        total, known = np.empty(shape, np.float32), np.empty(shape, np.float32)
        for block in blocks(*shape):
            self._weigh(block, total[block], known[block])
        self.total, self.known = self._as_given(total), self._as_given(known)

    def _weigh(self, block: slice, total: np.ndarray, known: np.ndarray) -> None:
        """Fill some rows of ``total`` and ``known``."""
        total.fill(0.0)
        known.fill(0.0)
        for key, part in self._parts.items():
            weight = np.float32(self.weights[key])
            scores = part.rows(block)
            missing = np.isnan(scores)
            np.copyto(scores, 0.0, where=missing)
            scores *= weight
            total += scores
            # The same array holds what is known now.
            np.multiply(~missing, weight, out=scores)
            known += scores
        with np.errstate(invalid="ignore"):
            total /= known
        total[known == 0] = UNKNOWN
        known /= np.float32(max(1, sum(self.weights.values())))

    @property
    def mentee_keys(self) -> list[int]:
        """The keys of the rows."""
        return [one.key for one in self.mentees]

    @property
    def mentor_keys(self) -> list[int]:
        """The keys of the columns."""
        return [one.key for one in self.mentors]

    def part(self, key: str) -> np.ndarray:
        """The scores of one criterion, n × m from 0 to 1; NaN where nothing is known.

        A criterion with weight 0 is not compared: NaN everywhere. Raises ``KeyError`` for a
        criterion that does not exist.
        """
        shape = len(self.mentees), len(self.mentors)
        if not self.weights[key]:
            return np.full(shape, np.nan, dtype=np.float32)
        found = np.empty(shape, dtype=np.float32)
        for block in blocks(*shape):
            found[block] = self._parts[key].rows(block)
        return self._as_given(found)

    def reasons(self, i: int, j: int, most: int | None = 3) -> list[Reason]:
        """What speaks most for row ``i`` with column ``j``, the strongest first.

        That may be fewer than ``most``, or nothing. With ``None`` all that is known of the pair,
        also what speaks against it.
        """
        return self.reasons_of([(i, j)], most)[0]

    def reasons_of(
        self, pairs: Sequence[tuple[int, int]], most: int | None = 3
    ) -> list[list[Reason]]:
        """As ``reasons``, for many pairs at once."""
        if not pairs or not self._parts:
            return [[] for _ in pairs]
        given = np.asarray(pairs, dtype=np.intp)
        rows, columns = self._places[0][given[:, 0]], self._places[1][given[:, 1]]
        keys = list(self._parts)
        scores = np.stack([self._parts[key].at(rows, columns) for key in keys], axis=1)
        weight = np.array([self.weights[key] for key in keys], dtype=np.float32)
        # What nothing is known of comes last.
        counts = np.nan_to_num(scores * weight, nan=-1.0)
        order = np.argsort(-counts, axis=1, kind="stable")
        if most is None:
            kept = (counts >= 0).sum(axis=1)
        else:
            # They are the first ones only if the low scores, whatever they weigh, go behind.
            speaks = scores >= _SPEAKS_FOR
            order = np.argsort(np.where(speaks, -counts, 1.0), axis=1, kind="stable")
            kept = np.minimum(speaks.sum(axis=1), most)
        sentences = [self._parts[key].sentence for key in keys]
        return [
            [
                Reason(keys[place], row_scores[place], sentences[place](i, j))
                for place in row_order[:count]
            ]
            for i, j, row_scores, row_order, count in zip(
                *(found.tolist() for found in (rows, columns, scores, order, kept)), strict=True
            )
        ]

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """Where each row and column as given stands inside."""
        return np.argsort(self._rows), np.argsort(self._columns)

    def _as_given(self, found: np.ndarray) -> np.ndarray:
        rows, columns = self._places
        for axis, places in enumerate((rows, columns)):
            if (places[:-1] > places[1:]).any():
                found = found.take(places, axis=axis)
        return found


def _by_key(people: Sequence[Someone]) -> tuple[np.ndarray, list[Someone]]:
    """Where those with the lowest keys stand, and all in this order."""
    order = key_order([one.key for one in people])
    return order, [people[place] for place in order]


def best(scores: Scores, forbidden: np.ndarray, i: int, count: int = 3) -> list[int]:
    """The columns that go best with row ``i``, none of them forbidden, the best first."""
    return _best(scores, scores.total[i : i + 1], np.asarray(forbidden)[i : i + 1], count)[0]


def best_of(scores: Scores, forbidden: np.ndarray, count: int = 3) -> list[list[int]]:
    """As ``best``, for every row."""
    found: list[list[int]] = []
    for block in blocks(*scores.total.shape):
        found += _best(scores, scores.total[block], np.asarray(forbidden)[block], count)
    return found


def _best(scores: Scores, total: np.ndarray, forbidden: np.ndarray, count: int) -> list[list[int]]:
    """Equal ones in the order of their keys."""
    columns = total.shape[1]
    count = min(count, columns)
    if count < 1:
        return [[] for _ in total]
    worst = exact(total)
    np.subtract(EXACT, worst, out=worst)
    # The place by key makes all of them different, so that no tie is left to chance.
    worst *= columns
    worst += scores._places[1]
    worst[forbidden] = np.inf
    first = np.argpartition(worst, count - 1, axis=1)[:, :count]
    first_worst = np.take_along_axis(worst, first, axis=1)
    first = np.take_along_axis(first, np.argsort(first_worst, axis=1), axis=1)
    allowed = np.take_along_axis(worst, first, axis=1) < np.inf
    return [
        [column for column, may in zip(row, row_allowed, strict=True) if may]
        for row, row_allowed in zip(first.tolist(), allowed.tolist(), strict=True)
    ]
