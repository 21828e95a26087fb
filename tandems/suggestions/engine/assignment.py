"""Who goes with whom in a whole cycle: as many pairs as possible, then the best total."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import starmap
from typing import NamedTuple

import numpy as np

from tandems.suggestions.engine.numbers import EXACT, blocks, exact, key_order


class AssignedPair(NamedTuple):
    """A pair of the assignment; ``mentee`` is a row, ``mentor`` a column.

    ``best`` is the column this mentee would have liked best of those allowed, ``gives_up``
    how much worse than that the pair scores (0 to 1, 0 where it is as good).
    """

    mentee: int
    mentor: int
    score: float
    best: int
    gives_up: float
    pinned: bool = False


class PinFault(StrEnum):
    """Why a pinned pair was not kept."""

    FORBIDDEN = "forbidden"
    NO_PLACE = "no_place"
    TWICE = "twice"


@dataclass(frozen=True)
class RefusedPin:
    """A pinned pair that could not be kept: the mentee was assigned as if it were not."""

    mentee: int
    mentor: int
    fault: PinFault


@dataclass(frozen=True)
class Blocking:
    """What stands in the way of one mentee.

    ``mentors`` counts all columns. ``rules`` says how many of them each rule keeps away and
    ``only`` how many no other rule does, both with the most frequent first. ``banned`` are
    those kept away by no rule (a ban of this run). ``closed`` are allowed but have no place at
    all. ``taken`` are allowed, but all their places go to the mentees in ``rivals``; ``reached``
    are the mentors to whom these could move on, and so forth, where nothing is free either.
    """

    mentors: int
    rules: tuple[tuple[str, int], ...] = ()
    only: tuple[tuple[str, int], ...] = ()
    banned: int = 0
    closed: tuple[int, ...] = ()
    taken: tuple[int, ...] = ()
    reached: tuple[int, ...] = ()
    rivals: tuple[int, ...] = ()


@dataclass(frozen=True)
class Unmatched:
    """A mentee (row) for whom nobody is left."""

    mentee: int
    blocking: Blocking


@dataclass(frozen=True)
class Assignment:
    """The pairs and who is left, both in the order of the rows; ``total`` is the sum of scores."""

    pairs: list[AssignedPair] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    refused: list[RefusedPin] = field(default_factory=list)
    total: float = 0.0


def assign(
    total: np.ndarray,
    *,
    forbidden: np.ndarray,
    places: Sequence[int] | np.ndarray,
    mentee_keys: Sequence[int],
    mentor_keys: Sequence[int],
    pinned: Iterable[tuple[int, int]] = (),
    rule_masks: Mapping[str, np.ndarray] | None = None,
) -> Assignment:
    """Match as many mentees as possible and, among those ways, the one with the best total.

    ``total`` is n × m from 0 to 1, ``forbidden`` n × m (True: never this pair), ``places`` how
    many mentees each column may still get (what already stands is either pinned or left out of
    rows and places), ``pinned`` pairs (row, column) that are kept whatever they score, unless
    forbidden or beyond the places. ``rule_masks`` explain ``forbidden``: only rules that refuse.
    Equal ways are decided by the keys, so that the order of the input does not matter.

    Raises ``ValueError`` where shapes do not fit or a score is no number.
    """
    run = _Run(
        np.asarray(total, dtype=np.float32),
        np.asarray(forbidden, dtype=bool),
        np.asarray(places, dtype=np.int64),
        (key_order(mentee_keys), key_order(mentor_keys)),
    )
    refused = run.pin(pinned)
    run.match()
    rows, scores = run.scores()
    return Assignment(
        run.pairs(rows, scores),
        _unmatched(run, rule_masks or {}),
        refused,
        float(scores.sum()) / EXACT,
    )


class _Run:
    """One assignment as it is worked out."""

    def __init__(
        self,
        total: np.ndarray,
        forbidden: np.ndarray,
        places: np.ndarray,
        orders: tuple[np.ndarray, np.ndarray],
    ) -> None:
        self.total, self.forbidden, self.places = total, forbidden, np.maximum(places, 0)
        self.by_key = orders
        shape = len(orders[0]), len(orders[1])
        if total.shape != shape or forbidden.shape != shape or places.shape != shape[1:]:
            raise ValueError(f"scores, rules, places and keys do not fit each other: {shape}")
        if not np.isfinite(total).all():
            raise ValueError("a score is no number")
        self.chosen = np.full(shape[0], -1, dtype=np.intp)
        """The column of each row, -1 for none."""
        self.pinned = np.zeros(shape[0], dtype=bool)
        self.left = self.places.copy()

    def pin(self, pinned: Iterable[tuple[int, int]]) -> list[RefusedPin]:
        """Keep what is pinned; gives back what cannot be kept."""
        refused = []
        rank = [np.argsort(order) for order in self.by_key]
        wanted = dict.fromkeys((int(i), int(j)) for i, j in pinned)
        for i, j in sorted(wanted, key=lambda pair: (rank[0][pair[0]], rank[1][pair[1]])):
            fault = (
                PinFault.TWICE
                if self.pinned[i]
                else PinFault.FORBIDDEN
                if self.forbidden[i, j]
                else PinFault.NO_PLACE
                if not self.left[j]
                else None
            )
            if fault is not None:
                refused.append(RefusedPin(i, j, fault))
                continue
            self.chosen[i], self.pinned[i] = j, True
            self.left[j] -= 1
        return refused

    def match(self) -> None:
        """Find a column for each row that is not pinned."""
        from scipy.optimize import (  # type: ignore[import-untyped]  # it takes a while to load
            linear_sum_assignment,
        )

        rows = self.by_key[0][~self.pinned[self.by_key[0]]]
        columns = self.by_key[1][self.left[self.by_key[1]] > 0]
        # A mentor with two places is two columns.
        columns = np.repeat(columns, np.minimum(self.left[columns], len(rows)))
        if not len(rows) or not len(columns):
            return
        # Dearer than all that could ever be won by leaving a mentee out. Everything is a whole
        # number below 2**53, so that float64 adds exactly.
        never = float((min(len(rows), len(columns)) + 1) * EXACT)
        costs = np.empty((len(rows), len(columns)))
        for block in blocks(*costs.shape):
            some = costs[block]
            np.subtract(EXACT, exact(self.total[rows[block]].take(columns, axis=1)), out=some)
            barred = self.forbidden[rows[block]].take(columns, axis=1)
            np.copyto(some, never, where=barred)
        if len(rows) == len(columns):
            # Every row and column is used: what is taken off a whole one changes no comparison,
            # and the solver finds most pairs at once.
            costs -= costs.min(axis=1, keepdims=True)
            costs -= costs.min(axis=0)
        found, where = linear_sum_assignment(costs)
        real = ~self.forbidden[rows[found], columns[where]]
        self.chosen[rows[found[real]]] = columns[where[real]]
        np.subtract.at(self.left, columns[where[real]], 1)

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """For each row the column it would like best, and how good that one is."""
        column = np.full(len(self.chosen), -1, dtype=np.intp)
        score = np.zeros(len(self.chosen), dtype=np.float32)
        usable = self.by_key[1][self.places[self.by_key[1]] > 0]
        if not len(usable):
            return column, exact(score)
        for block in blocks(len(self.chosen), len(usable)):
            some = self.total[block].take(usable, axis=1)
            some[self.forbidden[block].take(usable, axis=1)] = -1.0
            first = some.argmax(axis=1)
            column[block] = usable[first]
            score[block] = some[np.arange(len(first)), first]
        # The best to the last digit is among the best in millionths.
        return column, exact(score)

    def scores(self) -> tuple[np.ndarray, np.ndarray]:
        """The rows that are matched, and their scores in millionths."""
        rows = np.flatnonzero(self.chosen >= 0)
        return rows, exact(self.total[rows, self.chosen[rows]])

    def pairs(self, rows: np.ndarray, scores: np.ndarray) -> list[AssignedPair]:
        """The pairs, in the order of the rows."""
        best, best_score = self.best()
        lost = best_score[rows] - scores
        own = np.where(lost <= 0, self.chosen[rows], best[rows])
        columns = (rows, self.chosen[rows], scores / EXACT, own, lost / EXACT, self.pinned[rows])
        return list(starmap(AssignedPair, zip(*(one.tolist() for one in columns), strict=True)))


def _unmatched(run: _Run, masks: Mapping[str, np.ndarray]) -> list[Unmatched]:
    """Who is left, and what stands in the way of each."""
    rows = np.flatnonzero(run.chosen < 0)
    if not len(rows):
        return []
    rules = _Rules(run.forbidden, {key: np.asarray(masks[key], dtype=bool) for key in masks}, rows)
    full = _Full(run)
    return [
        Unmatched(
            int(row),
            Blocking(len(run.places), *rules.of(place), *full.of(~run.forbidden[row])),
        )
        for place, row in enumerate(rows)
    ]


class _Rules:
    """How many mentors which rule keeps away from the mentees in ``rows``."""

    def __init__(
        self, forbidden: np.ndarray, masks: Mapping[str, np.ndarray], rows: np.ndarray
    ) -> None:
        self._keys = list(masks)
        self._counts = np.zeros((len(rows), len(masks)), dtype=np.int64)
        self._only = np.zeros_like(self._counts)
        self._banned = np.zeros(len(rows), dtype=np.int64)
        for block in blocks(len(rows), forbidden.shape[1]):
            barred = forbidden[rows[block]]
            against = [mask[rows[block]] & barred for mask in masks.values()]
            number = np.zeros(barred.shape, dtype=np.uint8)
            for one in against:
                number += one
            for place, one in enumerate(against):
                self._counts[block, place] = one.sum(axis=1)
                self._only[block, place] = (one & (number == 1)).sum(axis=1)
            self._banned[block] = (barred & (number == 0)).sum(axis=1)

    def of(
        self, place: int
    ) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...], int]:
        """Rules with their numbers, those where no other rule speaks against it, and bans."""
        return (
            self._ranked(self._counts[place]),
            self._ranked(self._only[place]),
            int(self._banned[place]),
        )

    def _ranked(self, counts: np.ndarray) -> tuple[tuple[str, int], ...]:
        found = [(key, int(n)) for key, n in zip(self._keys, counts, strict=True) if n]
        return tuple(sorted(found, key=lambda one: (-one[1], one[0])))


class _Full:
    """Which mentors have nothing left, whoever moved on to whomever."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._open = run.places > 0
        self._found: dict[bytes, tuple[tuple[int, ...], ...]] = {}
        self._holders: dict[int, list[int]] = {}
        for row in run.by_key[0].tolist():
            if run.chosen[row] >= 0:
                self._holders.setdefault(int(run.chosen[row]), []).append(row)
        self._rank = np.argsort(run.by_key[1])

    def of(self, allowed: np.ndarray) -> tuple[tuple[int, ...], ...]:
        """``closed``, ``taken``, ``reached`` and ``rivals`` of a mentee with these mentors."""
        key = np.packbits(allowed).tobytes()
        if key not in self._found:
            taken = allowed & self._open
            columns = self._columns(taken)
            rivals = [row for column in columns for row in self._holders.get(column, ())]
            self._found[key] = (
                self._columns(allowed & ~self._open),
                columns,
                self._columns(self._reachable(taken) & ~taken),
                tuple(rivals),
            )
        return self._found[key]

    def _reachable(self, start: np.ndarray) -> np.ndarray:
        """Follow who could move: from a mentor over those who hold a place to other mentors."""
        seen, new = start.copy(), np.flatnonzero(start)
        while len(new):
            movable = [
                row
                for column in new.tolist()
                for row in self._holders.get(column, ())
                if not self._run.pinned[row]
            ]
            unseen = np.flatnonzero(self._open & ~seen)
            if not movable or not len(unseen):
                break
            new = unseen[(~self._run.forbidden[np.ix_(np.array(movable), unseen)]).any(axis=0)]
            seen[new] = True
        return seen

    def _columns(self, which: np.ndarray) -> tuple[int, ...]:
        """The columns as numbers, in the order of their keys."""
        found = np.flatnonzero(which)
        return tuple(found[np.argsort(self._rank[found])].tolist())
