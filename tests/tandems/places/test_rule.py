"""The rule of the Platzvergabe, by its properties: for any nominations and any places."""

from collections import defaultdict
from functools import cache
from inspect import signature
from random import Random

import pytest

from tandems.places.models import AllocationRule
from tandems.places.rule import Nomination, Pool, Proposal, Tie, propose

CASES = 3000
ROUNDS, ONE_EACH, RANKS = AllocationRule.ROUNDS, AllocationRule.ONE_EACH, AllocationRule.RANKS


def some_case(rng: Random) -> tuple[int, list[Nomination]]:
    """Few or many Kommunen, ranks with gaps and equals, too few or too many places."""
    rows = []
    for house in range(1, rng.randint(0, 9) + 1):
        highest = rng.choice((1, 2, 4, 99))
        for _ in range(rng.choice((0, 1, 1, 2, 3, 6))):
            rows.append(Nomination(0, house, rng.randint(1, highest)))
    keys = rng.sample(range(1, 10_000), len(rows))
    rows = [Nomination(pk, row.house, row.rank) for pk, row in zip(keys, rows, strict=True)]
    return rng.randint(0, len(rows) + 4), rows


@cache
def cases(rule: AllocationRule) -> list[tuple[int, list[Nomination], Proposal]]:
    rng = Random(f"Platzvergabe {rule}")
    found = [some_case(rng) for _ in range(CASES)]
    return [(places, rows, propose(places, rows, rule)) for places, rows in found]


def settled(proposal: Proposal, rng: Random) -> set[int]:
    """Who has a place once every tie is settled, somehow, within what the rule leaves open."""
    placed = set(proposal.placed)
    for tie in proposal.ties:
        chosen: set[int] = set()
        for pool in tie.pools:
            chosen |= set(rng.sample(pool.candidates, pool.least))
        others = [pk for pk in tie.candidates if pk not in chosen]
        rng.shuffle(others)
        for pk in others:
            pool = next((pool for pool in tie.pools if pk in pool.candidates), None)
            if len(chosen) < tie.places and (
                pool is None or len(chosen & set(pool.candidates)) < pool.most
            ):
                chosen.add(pk)
        assert len(chosen) == tie.places
        placed |= chosen
    return placed


@pytest.fixture(params=list(AllocationRule), scope="module")
def rule(request):
    return request.param


def test_never_more_than_the_places_and_never_fewer_than_can_be(rule):
    rng = Random(1)
    for places, rows, proposal in cases(rule):
        assert len(settled(proposal, rng)) == min(places, len(rows))


def test_everybody_stands_somewhere_and_only_once(rule):
    for _, rows, proposal in cases(rule):
        ordered = [pk for group in proposal.order for pk in group]
        assert sorted([*proposal.placed, *ordered]) == sorted(row.pk for row in rows)
        tied = [pk for tie in proposal.ties for pk in tie.candidates]
        assert len(tied) == len(set(tied))
        assert set(tied) <= set(ordered)


def test_a_tie_leaves_something_open(rule):
    for _, _, proposal in cases(rule):
        for tie in proposal.ties:
            assert 0 < tie.places <= len(tie.candidates)
            if rule != ONE_EACH:  # there the rest is for the Beirat, even if it suffices
                assert tie.places < len(tie.candidates)


@pytest.mark.parametrize("rule", [ROUNDS, ONE_EACH])
def test_no_kommune_is_empty_while_another_has_two(rule):
    rng = Random(2)
    for _, rows, proposal in cases(rule):
        placed = settled(proposal, rng)
        numbers: dict[int, int] = defaultdict(int)
        for row in rows:
            numbers[row.house] += row.pk in placed
        assert not (max(numbers.values(), default=0) > 1 and min(numbers.values()) == 0)


def test_by_rounds_nobody_has_two_more_than_one_who_still_waits():
    rng = Random(3)
    for _, rows, proposal in cases(ROUNDS):
        placed = settled(proposal, rng)
        got: dict[int, int] = defaultdict(int)
        named: dict[int, int] = defaultdict(int)
        for row in rows:
            got[row.house] += row.pk in placed
            named[row.house] += 1
        hungry = [got[house] for house in named if got[house] < named[house]]
        assert max(got.values(), default=0) - min(hungry, default=10**6) <= 1


@pytest.mark.parametrize("rule", [ROUNDS, RANKS])
def test_the_order_of_ranks_is_kept_inside_a_kommune(rule):
    rng = Random(4)
    for _, rows, proposal in cases(rule):
        placed = settled(proposal, rng)
        position = {pk: at for at, group in enumerate(proposal.waiting) for pk in group}
        for better in rows:
            for worse in rows:
                if better.house != worse.house or better.rank >= worse.rank:
                    continue
                assert better.pk in placed or worse.pk not in placed
                if better.pk in position and worse.pk in position:
                    assert position[better.pk] <= position[worse.pk]


def test_the_same_input_in_any_order_gives_the_same_answer(rule):
    rng = Random(5)
    for places, rows, proposal in cases(rule):
        mixed = rows[:]
        rng.shuffle(mixed)
        assert propose(places, mixed, rule) == proposal


def test_no_kommune_and_no_candidate_counts_more_than_another(rule):
    """With other numbers for the Kommunen and the candidates the answer is the same one."""
    rng = Random(6)
    for places, rows, proposal in cases(rule)[:1500]:
        houses = {house: new for new, house in enumerate(rng.sample(range(1, 10), 9), start=50)}
        new = dict(zip([r.pk for r in rows], rng.sample(range(10**6), len(rows)), strict=True))
        again = propose(
            places, [Nomination(new[r.pk], houses[r.house], r.rank) for r in rows], rule
        )
        assert again.placed == {new[pk] for pk in proposal.placed}
        assert [set(group) for group in again.order] == [
            {new[pk] for pk in group} for group in proposal.order
        ]
        renamed = {(frozenset(new[pk] for pk in t.candidates), t.places) for t in proposal.ties}
        assert {(frozenset(t.candidates), t.places) for t in again.ties} == renamed


def test_a_further_place_takes_nobody_else_s_away():
    for places, rows, proposal in cases(ROUNDS)[:1500]:
        assert proposal.placed <= propose(places + 1, rows, ROUNDS).placed


def test_it_is_not_even_told_the_size_of_a_kommune():
    assert set(signature(Nomination).parameters) == {"pk", "house", "rank"}


def nominations(*houses: tuple[int, ...]) -> list[Nomination]:
    """Ranks of each Kommune; candidates are numbered 11, 12 … for the first, 21 … the next."""
    return [
        Nomination(house * 10 + at, house, rank)
        for house, ranks in enumerate(houses, start=1)
        for at, rank in enumerate(ranks, start=1)
    ]


def test_nobody_is_nominated(rule):
    assert propose(24, [], rule) == Proposal(frozenset(), (), ())


def test_one_kommune_gets_by_its_ranks():
    found = propose(2, nominations((1, 2, 3)))
    assert (found.placed, found.ties, found.waiting) == ({11, 12}, (), ((13,),))


def test_fewer_than_places_all_get_one():
    found = propose(24, nominations((1, 1), (1,), (3, 7)))
    assert (found.placed, found.ties, found.order) == ({11, 12, 21, 31, 32}, (), ())


def test_more_kommunen_than_places_in_the_last_round_are_a_tie():
    found = propose(4, nominations((1, 2), (1, 2), (1, 2)))
    assert found.placed == {11, 21, 31}
    [tie] = found.ties
    assert (tie.candidates, tie.places) == ((12, 22, 32), 1)


def test_more_kommunen_than_places_at_all():
    [tie] = propose(2, nominations((1, 2), (1,), (1,))).ties
    assert (tie.candidates, tie.places) == ((11, 21, 31), 2)


def test_equal_ranks_inside_a_kommune_are_a_tie_of_their_own():
    found = propose(2, nominations((1, 1), (1, 2)))
    assert found.placed == {21}
    assert found.ties == (Tie((11, 12), 1, (Pool((11, 12), 1, 1),)),)
    assert found.order == ((11, 12, 22),)


def test_all_ranks_equal():
    found = propose(3, nominations((1, 1, 1), (1, 1, 1)))
    [tie] = found.ties
    assert tie.places == 3
    assert [(pool.least, pool.most) for pool in tie.pools] == [(1, 2), (1, 2)]


def test_one_each_leaves_the_rest_to_the_beirat():
    found = propose(5, nominations((1, 2), (1, 2, 3), (4,)), ONE_EACH)
    assert found.placed == {11, 21, 31}
    assert [(tie.candidates, tie.places) for tie in found.ties] == [((12, 22, 23), 2)]


def test_by_ranks_all_first_ranks_come_before_any_second():
    found = propose(3, nominations((1, 1, 2), (1,), (2,)), RANKS)
    assert found.placed == {11, 12, 21}
    assert found.order == ((13, 31),)
    [tie] = propose(4, nominations((1, 1, 2), (1,), (2,)), RANKS).ties
    assert (tie.candidates, tie.places) == ((13, 31), 1)
