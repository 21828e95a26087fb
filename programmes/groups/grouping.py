"""Proposing groups of mentees for a Vernetzungstreffen. Pure: nothing here knows the database.

By distance: see ``programmes.groups.dividing``.

By Regionalgruppe: regions too small for a group of their own join the nearest one, large ones
are divided by distance. The same mentees always give the same groups.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, radians

from programmes.groups.dividing import House, divide, mean
from programmes.organisations.distance import Point, kilometres

SIZE = 6
"""How many mentees a group has unless somebody says otherwise."""

SMALLEST_REGION = 3
"""Fewer mentees than these are no group of their own."""

_MIDDLE_KM = 8.0
_COMPASS = ("Ost", "Nordost", "Nord", "Nordwest", "West", "Südwest", "Süd", "Südost")


@dataclass(frozen=True)
class Mentee:
    """A mentee of a Kommune (``house`` is its key)."""

    key: int
    house: int


@dataclass(frozen=True)
class Proposed:
    """A proposed group: its name and the keys of its mentees."""

    name: str
    members: tuple[int, ...]


@dataclass(frozen=True)
class Spread:
    """How far the members of a group live from each other, in kilometres.

    ``None`` where fewer than two of them come from Kommunen whose place is known.
    """

    mean: float | None
    longest: float | None


def usual_count(mentees: int) -> int:
    """How many groups are proposed for so many mentees; none for nobody."""
    return max(1, round(mentees / SIZE)) if mentees else 0


def spread(points: Iterable[Point | None]) -> Spread:
    """How far members at ``points`` live from each other, each pair counted once."""
    at = Counter(point for point in points if point is not None)
    places = list(at.items())
    total, pairs, longest = 0.0, sum(number * (number - 1) // 2 for number in at.values()), 0.0
    for i, (one, weight) in enumerate(places):
        for other, further in places[i + 1 :]:
            away = kilometres(one, other)
            total += away * weight * further
            pairs += weight * further
            longest = max(longest, away)
    return Spread(total / pairs, longest) if pairs else Spread(None, None)


def by_distance(mentees: Iterable[Mentee], houses: Iterable[House], count: int) -> list[Proposed]:
    """``count`` groups of near mentees, whose sizes differ by one at most.

    There are no more groups than mentees. Kommunen without coordinates fill what places the
    others leave.
    """
    counted, known = _by_house(mentees), {house.key: house for house in houses}
    shares = divide([known[key] for key in sorted(counted)], counted, count)
    names = _compass_names([_middle(share, known) for share in shares])
    return _with_members(names, shares, counted)


def by_region(mentees: Iterable[Mentee], houses: Iterable[House], count: int) -> list[Proposed]:
    """``count`` groups along the Regionalgruppen; without any, by distance.

    There are no more groups than mentees. Kommunen without a Regionalgruppe join the nearest;
    those whose place is unknown as well, the smallest group.
    """
    counted, known = _by_house(mentees), {house.key: house for house in houses}
    present = [known[key] for key in sorted(counted)]
    if not any(house.region for house in present):
        return by_distance(
            [Mentee(key, house) for house, keys in counted.items() for key in keys], present, count
        )
    count = _possible(count, counted)
    regions, homeless = _regions(present)
    weights = _merged(regions, counted, count)
    names: list[str] = []
    shares: list[dict[int, int]] = []
    for name, number in _allot(weights, count).items():
        divided = divide(regions[name], counted, number)
        numbered = number > 1
        names += [_name(f"{name} {i}" if numbered else name) for i in range(1, number + 1)]
        shares += divided
    for house in homeless:
        smallest = min(range(len(shares)), key=lambda i: (sum(shares[i].values()), i))
        shares[smallest][house.key] = len(counted[house.key])
    return _with_members(names, shares, counted)


# --- Regions ----------------------------------------------------------------------------
def _regions(present: Sequence[House]) -> tuple[dict[str, list[House]], list[House]]:
    """The Kommunen of each region, and those that fit nowhere."""
    regions: dict[str, list[House]] = defaultdict(list)
    for house in sorted(present, key=lambda house: (house.region, house.key)):
        if house.region:
            regions[house.region].append(house)
    middles = {name: mean(house.point for house in members) for name, members in regions.items()}
    homeless = []
    for house in (house for house in present if not house.region):
        name = _nearest(house.point, middles)
        if name is None:
            homeless.append(house)
        else:
            regions[name].append(house)
    return dict(regions), homeless


def _merged(
    regions: dict[str, list[House]], counted: dict[int, list[int]], count: int
) -> dict[str, int]:
    """Join regions until each carries a group and there are no more than groups."""

    def weight(name: str) -> int:
        return sum(len(counted[house.key]) for house in regions[name])

    while len(regions) > 1:
        smallest = min(regions, key=lambda name: (weight(name), name))
        if len(regions) <= count and weight(smallest) >= SMALLEST_REGION:
            break
        members = regions.pop(smallest)
        middles = {name: mean(house.point for house in of) for name, of in regions.items()}
        nearest = _nearest(mean(house.point for house in members), middles)
        into = nearest or min(regions, key=lambda name: (weight(name), name))
        regions[f"{into} und {smallest}"] = regions.pop(into) + members
    return {name: weight(name) for name in sorted(regions)}


def _allot(weights: dict[str, int], count: int) -> dict[str, int]:
    """How many groups each region gets: one, and the rest where they would be largest."""
    groups = dict.fromkeys(weights, 1)
    for _ in range(count - len(groups)):
        room = [name for name in groups if groups[name] < weights[name]]
        if not room:
            break
        groups[max(room, key=lambda name: weights[name] / groups[name])] += 1
    return groups


def _nearest(point: Point | None, middles: dict[str, Point | None]) -> str | None:
    placed = {name: middle for name, middle in middles.items() if middle is not None}
    if point is None or not placed:
        return None
    return min(placed, key=lambda name: (kilometres(point, placed[name]), name))


# --- Small help -------------------------------------------------------------------------
def _by_house(mentees: Iterable[Mentee]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for mentee in sorted(mentees, key=lambda mentee: (mentee.house, mentee.key)):
        found[mentee.house].append(mentee.key)
    return dict(found)


def _possible(count: int, counted: dict[int, list[int]]) -> int:
    return max(1, min(count, sum(map(len, counted.values()))))


def _middle(share: dict[int, int], houses: dict[int, House]) -> Point | None:
    return mean(houses[key].point for key, number in share.items() for _ in range(number))


def _with_members(
    names: Sequence[str], shares: Sequence[dict[int, int]], counted: dict[int, list[int]]
) -> list[Proposed]:
    left = {house: list(keys) for house, keys in counted.items()}
    groups = []
    for name, share in zip(names, shares, strict=True):
        members: list[int] = []
        for house in sorted(share):
            members += left[house][: share[house]]
            left[house] = left[house][share[house] :]
        groups.append(Proposed(name, tuple(members)))
    return groups


def _name(place: str) -> str:
    return f"Gruppe {place}"[:80]


def _compass_names(middles: Sequence[Point | None]) -> list[str]:
    """A name for each group by where it lies: no Kommune gives a group its name."""
    centre = mean(middles)
    if len(middles) < 2 or centre is None:
        return [_name(str(number)) for number, _ in enumerate(middles, start=1)]
    places = [_direction(middle, centre) for middle in middles]
    total, seen = Counter(places), Counter[str]()
    names = []
    for place in places:
        seen[place] += 1
        names.append(_name(f"{place} {seen[place]}" if total[place] > 1 else place))
    return names


def _direction(point: Point | None, centre: Point) -> str:
    if point is None or kilometres(point, centre) < _MIDDLE_KM:
        return "Mitte"
    north = point[0] - centre[0]
    east = (point[1] - centre[1]) * cos(radians(centre[0]))
    return _COMPASS[round(degrees(atan2(north, east)) / 45) % 8]
