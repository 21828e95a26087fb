"""Dividing Kommunen among groups by distance. Pure: nothing here knows the database.

As many centres as groups are chosen far from each other (farthest first). The
mentees are shared out among them at the least sum of squared kilometres, all groups alike in
size; that is a transportation problem, whose solutions at a corner tear apart fewer Kommunen
than there are groups. The centres then move to the middle of their mentees, until nothing
changes. Last, Kommunen still torn apart are brought together by exchanges, where that costs
less than ``SPLIT``.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from programmes.organisations.distance import Point, kilometres, kilometres_between

SPLIT = 25.0**2
"""What tearing a Kommune apart weighs, in squared kilometres of one mentee."""

_ROUNDS = 12


@dataclass(frozen=True)
class House:
    """A Kommune: where it lies and which Regionalgruppe it belongs to, as far as known."""

    key: int
    region: str = ""
    point: Point | None = None


def mean(points: Iterable[Point | None]) -> Point | None:
    """The middle; over a region, degrees may be averaged as if the earth were flat."""
    placed = [point for point in points if point is not None]
    if not placed:
        return None
    return sum(p[0] for p in placed) / len(placed), sum(p[1] for p in placed) / len(placed)


def divide(
    houses: Sequence[House], counted: dict[int, list[int]], count: int
) -> list[dict[int, int]]:
    """How many mentees of which Kommune each of ``count`` groups gets."""
    weights = np.array([len(counted[house.key]) for house in houses], dtype=int)
    total = int(weights.sum()) if len(houses) else 0
    count = max(0, min(count, total))
    if count == 0:
        return []
    centres = _seeds(houses, weights, count)
    best, best_cost = None, float("inf")
    for _ in range(_ROUNDS):
        costs = _costs(houses, centres)
        flows = _transport(costs, weights)
        cost = float((costs * flows).sum())
        if cost >= best_cost - 1e-6:
            break
        best, best_cost = (flows, costs), cost
        centres = [
            mean(_repeated(houses, flows[:, group])) or centre
            for group, centre in enumerate(centres)
        ]
    assert best is not None
    flows, costs = best
    _bring_together(flows, costs)
    return [
        {
            house.key: int(flows[row, group])
            for row, house in enumerate(houses)
            if flows[row, group] > 0
        }
        for group in range(count)
    ]


def _seeds(houses: Sequence[House], weights: np.ndarray, count: int) -> list[Point]:
    """Centres to begin with, each the Kommune farthest from those chosen before."""
    placed = [(house.point, int(w)) for house, w in zip(houses, weights, strict=True)]
    points = [(point, weight) for point, weight in placed if point is not None]
    if not points:
        return [(0.0, 0.0)] * count
    centre = mean(point for point, weight in points for _ in range(weight)) or points[0][0]
    away = [kilometres(point, centre) for point, _ in points]
    chosen = [max(range(len(points)), key=lambda i: (away[i], -i))]
    away = [kilometres(point, points[chosen[0]][0]) for point, _ in points]
    while len(chosen) < count:
        i = max(range(len(points)), key=lambda i: (away[i], -i))
        if away[i] == 0:
            # More groups than places: the crowded ones get a second centre.
            taken = Counter(chosen)
            i = max(range(len(points)), key=lambda i: (points[i][1] / (taken[i] + 1), -i))
        chosen.append(i)
        away = [
            min(before, kilometres(point, points[i][0]))
            for before, (point, _) in zip(away, points, strict=True)
        ]
    return [points[i][0] for i in chosen]


def _costs(houses: Sequence[House], centres: Sequence[Point]) -> np.ndarray:
    """Squared kilometres from each Kommune to each centre; an unknown place is near to all."""
    away = kilometres_between([house.point for house in houses], centres)
    return np.nan_to_num(away**2, nan=0.0)


def _transport(costs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The cheapest way to share ``weights`` out among groups of like size."""
    from scipy import sparse  # type: ignore[import-untyped]  # it takes a while to load
    from scipy.optimize import linprog  # type: ignore[import-untyped]  # likewise

    houses, groups = costs.shape
    size, total = divmod(int(weights.sum()), groups), int(weights.sum())
    of_house = sparse.kron(sparse.eye(houses), np.ones((1, groups)), format="csr")
    of_group = sparse.kron(np.ones((1, houses)), sparse.eye(groups), format="csr")
    largest = np.full(groups, size[0] + (1 if size[1] else 0))
    smallest = np.full(groups, size[0])
    # The dual simplex ends in a corner, where all numbers are whole.
    found = linprog(
        costs.ravel(),
        A_ub=sparse.vstack([of_group, -of_group], format="csr"),
        b_ub=np.concatenate([largest, -smallest]),
        A_eq=of_house,
        b_eq=weights,
        bounds=(0, None),
        method="highs-ds",
    )
    flows: np.ndarray = np.rint(found.x).astype(int).reshape(houses, groups)
    assert int(flows.sum()) == total
    return flows


def _bring_together(flows: np.ndarray, costs: np.ndarray) -> None:
    """Unite torn Kommunen by moving a part of them, and in exchange others the other way."""
    sizes = flows.sum(axis=0)
    lowest, highest = int(flows.sum()) // flows.shape[1], -(-int(flows.sum()) // flows.shape[1])
    for _ in range(_ROUNDS):
        changed = False
        for house in np.flatnonzero((flows > 0).sum(axis=1) > 1):
            move = _best_move(int(house), flows, costs, sizes, (lowest, highest))
            if move is None:
                continue
            changed = True
            for moved, start, end in move:
                number = flows[moved, start]
                flows[moved, start] -= number
                flows[moved, end] += number
                sizes[start] -= number
                sizes[end] += number
        if not changed:
            return


Step = tuple[int, int, int]
"""A Kommune (row), the group it leaves and the one it joins."""


def _best_move(
    house: int, flows: np.ndarray, costs: np.ndarray, sizes: np.ndarray, limits: tuple[int, int]
) -> list[Step] | None:
    """The move that unites a part of ``house`` with another most cheaply, if it is worth it."""
    best: tuple[float, list[Step]] | None = None
    parts = np.flatnonzero(flows[house])
    for start in parts:
        for end in parts:
            if start == end:
                continue
            for back in (-1, *np.flatnonzero(flows[:, end])):
                if back == house:
                    continue
                steps = [(house, int(start), int(end))]
                if back >= 0:
                    steps.append((int(back), int(end), int(start)))
                gain = _gain(steps, flows, costs, sizes, limits)
                if gain is not None and gain > 1e-6 and (best is None or gain > best[0] + 1e-9):
                    best = (gain, steps)
    return best[1] if best else None


def _gain(
    steps: list[Step],
    flows: np.ndarray,
    costs: np.ndarray,
    sizes: np.ndarray,
    limits: tuple[int, int],
) -> float | None:
    """What ``steps`` win; ``None`` if the groups would no longer be alike in size."""
    start, end = steps[0][1], steps[0][2]
    net = int(flows[steps[0][0], start])
    gain = 0.0
    for row, leaves, joins in steps:
        number = int(flows[row, leaves])
        gain += number * float(costs[row, leaves] - costs[row, joins])
        gain += SPLIT if flows[row, joins] else 0.0
    if len(steps) > 1:
        net -= int(flows[steps[1][0], end])
    fits = limits[0] <= sizes[start] - net and sizes[end] + net <= limits[1]
    fits = fits and sizes[start] - net <= limits[1] and limits[0] <= sizes[end] + net
    return gain if fits else None


def _repeated(houses: Sequence[House], numbers: np.ndarray) -> Iterable[Point | None]:
    for house, number in zip(houses, numbers, strict=True):
        for _ in range(int(number)):
            yield house.point
