"""The rule of the Platzvergabe: from places and nominations to a proposal.

A pure function. It knows of a Kommune nothing but which nominations are its own: not its
size, not its name, not the order in which anything was entered (design, rule 5). Where the
rule does not tell candidates apart it says so with a ``Tie``; it never picks.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from tandems.places.models import AllocationRule


@dataclass(frozen=True, order=True)
class Nomination:
    """A candidate ``pk`` of the Kommune ``house``; 1 is the best ``rank``, equals may share one."""

    pk: int
    house: int
    rank: int


@dataclass(frozen=True)
class Pool:
    """Within a tie: candidates of one Kommune, of whom ``least`` to ``most`` get a place."""

    candidates: tuple[int, ...]
    least: int
    most: int


@dataclass(frozen=True)
class Tie:
    """Of ``candidates`` exactly ``places`` get a place; who, the rule leaves open."""

    candidates: tuple[int, ...]
    places: int
    pools: tuple[Pool, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What the rule says.

    ``placed`` have a place for certain. ``order`` holds everybody else, best first, in
    groups of equals: those of a tie stand where they wait if they get no place.
    """

    placed: frozenset[int]
    ties: tuple[Tie, ...]
    order: tuple[tuple[int, ...], ...]

    @property
    def tied(self) -> frozenset[int]:
        """Everybody about whom the rule leaves something open."""
        return frozenset(pk for tie in self.ties for pk in tie.candidates)

    @property
    def waiting(self) -> tuple[tuple[int, ...], ...]:
        """Who waits for certain, in groups of equals."""
        tied = self.tied
        groups = (tuple(pk for pk in group if pk not in tied) for group in self.order)
        return tuple(group for group in groups if group)


@dataclass(frozen=True)
class _Block:
    """Candidates of one Kommune with the same rank: they fill rounds ``first`` and on."""

    candidates: tuple[int, ...]
    first: int

    @property
    def size(self) -> int:
        return len(self.candidates)

    @property
    def last(self) -> int:
        return self.first + self.size - 1


def propose(
    places: int,
    nominations: Iterable[Nomination],
    rule: AllocationRule | str = AllocationRule.ROUNDS,
) -> Proposal:
    """The proposal for ``places`` (0 or more) by ``rule``; the order of input does not matter."""
    found = sorted(set(nominations))
    if rule == AllocationRule.RANKS:
        return _by_ranks(places, found)
    blocks = _blocks(found)
    houses = sum(block.first == 1 for block in blocks)
    if rule == AllocationRule.ONE_EACH and places > houses:
        return _one_each(places - houses, blocks)
    return _by_rounds(places, blocks)


def _blocks(nominations: list[Nomination]) -> list[_Block]:
    """The nominations of each Kommune in the order of their ranks."""
    ranks: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for nomination in nominations:
        ranks[nomination.house][nomination.rank].append(nomination.pk)
    blocks = []
    for of_house in ranks.values():
        first = 1
        for rank in sorted(of_house):
            block = _Block(tuple(of_house[rank]), first)
            blocks.append(block)
            first = block.last + 1
    return blocks


def _by_rounds(places: int, blocks: list[_Block]) -> Proposal:
    """One place for each Kommune, then a second one for each that has a second, and so on."""
    full, left = _full_rounds(places, blocks)
    placed: list[int] = []
    own_ties: list[Tie] = []
    pools: list[Pool] = []
    waiting: dict[int, list[int]] = defaultdict(list)
    for block in blocks:
        certain = min(max(full - block.first + 1, 0), block.size)
        if certain == block.size:
            placed.extend(block.candidates)
            continue
        waiting[max(block.first, full + 1)].extend(block.candidates)
        if left and block.first <= full + 1 <= block.last:
            pools.append(Pool(block.candidates, certain, certain + 1))
        elif certain:
            own = Pool(block.candidates, certain, certain)
            own_ties.append(Tie(block.candidates, certain, (own,)))
    ties = _sorted(own_ties)
    if pools:
        # More Kommunen than places in the last round: all of them, with their equals.
        shared = tuple(sorted(pk for pool in pools for pk in pool.candidates))
        number = left + sum(pool.least for pool in pools)
        ties = (*ties, Tie(shared, number, tuple(sorted(pools, key=lambda p: p.candidates))))
    return Proposal(frozenset(placed), ties, _groups(waiting))


def _full_rounds(places: int, blocks: list[_Block]) -> tuple[int, int]:
    """How many rounds every Kommune in them gets its place, and the places left over."""
    full, left = 0, places
    while True:
        wanting = sum(block.first <= full + 1 <= block.last for block in blocks)
        if not wanting:
            return full, 0
        if wanting > left:
            return full, left
        full, left = full + 1, left - wanting


def _one_each(rest: int, blocks: list[_Block]) -> Proposal:
    """One place for each Kommune; ``rest`` places are for the Beirat to give."""
    placed: list[int] = []
    candidates: list[int] = []
    pools: list[Pool] = []
    waiting: dict[int, list[int]] = defaultdict(list)
    for block in blocks:
        if block.first == 1 and block.size == 1:
            placed.extend(block.candidates)
            continue
        candidates.extend(block.candidates)
        waiting[max(block.first, 2)].extend(block.candidates)
        if block.first == 1:
            pools.append(Pool(block.candidates, 1, block.size))
    number = min(len(candidates), len(pools) + rest)
    pools.sort(key=lambda pool: pool.candidates)
    ties = (Tie(tuple(sorted(candidates)), number, tuple(pools)),) if candidates else ()
    return Proposal(frozenset(placed), ties, _groups(waiting))


def _by_ranks(places: int, nominations: list[Nomination]) -> Proposal:
    """All first ranks, then all second ones; a rank that does not fit whole is a tie."""
    placed: list[int] = []
    ties: list[Tie] = []
    waiting: dict[int, list[int]] = defaultdict(list)
    left = places
    for rank, group in groupby(sorted(nominations, key=_rank), key=_rank):
        equals = tuple(sorted(nomination.pk for nomination in group))
        if len(equals) <= left:
            placed.extend(equals)
            left -= len(equals)
            continue
        waiting[rank].extend(equals)
        if left:
            ties.append(Tie(equals, left))
        left = 0
    return Proposal(frozenset(placed), tuple(ties), _groups(waiting))


def _rank(nomination: Nomination) -> int:
    return nomination.rank


def _sorted(ties: list[Tie]) -> tuple[Tie, ...]:
    return tuple(sorted(ties, key=lambda tie: tie.candidates))


def _groups(waiting: dict[int, list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(sorted(waiting[key])) for key in sorted(waiting))
