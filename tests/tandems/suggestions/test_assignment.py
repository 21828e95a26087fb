"""As many mentees as possible, then the best total; and why somebody is left."""

import itertools

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from tandems.suggestions.engine import MentorFacts, PinFault, assign, why_unmatched

MILLION = 1_000_000


def run(total, forbidden=None, places=None, keys=None, **more):
    """An assignment where nothing but the scores is said."""
    total = np.asarray(total, dtype=np.float32)
    rows, columns = total.shape
    keys = keys or (range(rows), range(columns))
    return assign(
        total,
        forbidden=np.zeros(total.shape, bool) if forbidden is None else np.asarray(forbidden, bool),
        places=[1] * columns if places is None else places,
        mentee_keys=keys[0],
        mentor_keys=keys[1],
        **more,
    )


def couples(found):
    return [(pair.mentee, pair.mentor) for pair in found.pairs]


def worth(total):
    """Scores as they are compared: in whole millionths."""
    return np.rint(np.asarray(total, np.float32).astype(float) * MILLION).astype(int)


def by_trying(total, forbidden, places, pinned=()):
    """How many can be matched and the best sum: every way is tried."""
    rows, columns = total.shape
    value, fixed = worth(total), dict(pinned)
    best = (0, 0)
    choices = [
        [fixed[i]] if i in fixed else [None, *(j for j in range(columns) if not forbidden[i, j])]
        for i in range(rows)
    ]
    for way in itertools.product(*choices):
        taken = [j for j in way if j is not None]
        if all(taken.count(j) <= places[j] for j in set(taken)):
            total_of = sum(int(value[i, j]) for i, j in enumerate(way) if j is not None)
            best = max(best, (len(taken), total_of))
    return best


def by_milp(total, forbidden, places):
    """The same by a solver that knows nothing of assignments: HiGHS, branch and bound."""
    rows, columns = total.shape
    # A pair more is worth more than all scores together; both stay whole numbers.
    bonus = (rows + 1) * MILLION
    costs = -(bonus + worth(total)).ravel().astype(float)
    of_mentee = sparse.kron(sparse.eye(rows), np.ones((1, columns)))
    of_mentor = sparse.kron(np.ones((1, rows)), sparse.eye(columns))
    found = milp(
        costs,
        constraints=[
            LinearConstraint(of_mentee, ub=np.ones(rows)),
            LinearConstraint(of_mentor, ub=np.asarray(places, dtype=float)),
        ],
        bounds=Bounds(0, (~forbidden).ravel().astype(float)),
        integrality=np.ones(rows * columns),
        options={"mip_rel_gap": 0},
    )
    chosen = np.rint(found.x).astype(int).reshape(total.shape)
    return int(chosen.sum()), int((chosen * worth(total)).sum())


def assert_allowed(found, forbidden, places):
    """No rule is broken, and everybody is told of once."""
    rows, columns = forbidden.shape
    taken = [j for _, j in couples(found)]
    assert all(not forbidden[pair] for pair in couples(found))
    assert all(taken.count(j) <= places[j] for j in range(columns))
    told = [i for i, _ in couples(found)] + [one.mentee for one in found.unmatched]
    assert sorted(told) == list(range(rows))


@pytest.mark.parametrize("seed", range(300))
def test_as_good_as_the_best_of_all_ways(seed):
    chance = np.random.default_rng(seed)
    rows, columns = int(chance.integers(1, 6)), int(chance.integers(1, 5))
    # Half of them with many ties.
    total = chance.random((rows, columns)).astype(np.float32)
    if seed % 2:
        total = np.round(total * 3) / np.float32(3)
    forbidden = chance.random((rows, columns)) < chance.choice([0.0, 0.3, 0.6])
    places = chance.integers(0, 3, columns).tolist()
    pinned = []
    open_pairs = [tuple(map(int, p)) for p in np.argwhere(~forbidden) if places[p[1]]]
    if seed % 3 == 0 and open_pairs:
        pinned = [open_pairs[int(chance.integers(len(open_pairs)))]]
    found = run(total, forbidden, places, pinned=pinned)
    number, best = by_trying(total, forbidden, places, pinned)
    assert (len(found.pairs), round(found.total * MILLION)) == (number, best)
    assert set(pinned) <= set(couples(found))
    assert found.refused == []
    assert_allowed(found, forbidden, places)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("shape", [(60, 60), (60, 35), (35, 60)])
def test_as_good_as_an_independent_solver_finds(seed, shape):
    chance = np.random.default_rng(seed)
    total = chance.random(shape).astype(np.float32)
    # Whole blocks are barred, as by Kommunen; so it happens that some cannot be matched.
    houses = chance.integers(0, 4, shape[0])[:, None] == chance.integers(0, 4, shape[1])
    forbidden = houses | (chance.random(shape) < 0.5)
    places = chance.integers(0, 3, shape[1]).tolist()
    found = run(total, forbidden, places)
    assert (len(found.pairs), round(found.total * MILLION)) == by_milp(total, forbidden, places)
    assert_allowed(found, forbidden, places)


def test_more_mentees_come_before_a_better_total():
    # The best pair alone would leave one without; two poor ones match both.
    found = run([[1.0, 0.0], [0.01, 0.9]], [[0, 0], [0, 1]])
    assert couples(found) == [(0, 1), (1, 0)]
    assert found.total == pytest.approx(0.01)


def test_it_says_what_a_pair_gives_up():
    found = run([[0.9, 0.5], [0.8, 0.1]])
    assert couples(found) == [(0, 1), (1, 0)]
    first, second = found.pairs
    assert (first.best, second.best) == (0, 0)
    assert first.gives_up == pytest.approx(0.4)
    assert second.gives_up == 0
    assert first.score == pytest.approx(0.5)


def test_nobody_gives_up_a_pair_that_may_not_be():
    found = run([[1.0, 0.8, 0.3]], [[1, 0, 0]], [1, 0, 1])
    assert couples(found) == [(0, 2)]
    assert (found.pairs[0].best, found.pairs[0].gives_up) == (2, 0)


def test_a_mentor_with_two_places_gets_two():
    found = run([[0.9, 0.1], [0.8, 0.1], [0.7, 0.1]], places=[2, 1])
    assert couples(found) == [(0, 0), (1, 0), (2, 1)]


def test_a_pinned_pair_is_kept_whatever_it_costs_and_takes_its_place():
    scores = [[0.1, 0.9], [0.9, 0.1], [0.9, 0.9]]
    found = run(scores, places=[1, 2], pinned=[(0, 0)])
    assert couples(found) == [(0, 0), (1, 1), (2, 1)]
    assert [pair.pinned for pair in found.pairs] == [True, False, False]
    assert found.pairs[0].gives_up == pytest.approx(0.8)


def test_a_pin_that_cannot_be_kept_is_told_and_the_mentee_assigned_all_the_same():
    found = run(
        np.full((4, 3), 0.5),
        [[1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]],
        [1, 1, 2],
        pinned=[(0, 0), (1, 1), (1, 2), (2, 1)],
    )
    assert [(one.mentee, one.mentor, one.fault) for one in found.refused] == [
        (0, 0, PinFault.FORBIDDEN),
        (1, 2, PinFault.TWICE),
        (2, 1, PinFault.NO_PLACE),
    ]
    assert len(found.pairs) == 4
    assert (1, 1) in couples(found)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nobody_to_match(shape):
    found = run(np.zeros(shape), keys=(range(shape[0]), range(shape[1])))
    assert found.pairs == []
    assert [one.mentee for one in found.unmatched] == list(range(shape[0]))


def test_when_all_score_alike_the_keys_decide_and_everybody_is_matched():
    found = run(np.full((3, 5), 0.5))
    assert len(found.pairs) == 3
    assert all(pair.gives_up == 0 and pair.best == pair.mentor for pair in found.pairs)
    again = run(np.full((3, 5), 0.5))
    assert found == again


@pytest.mark.parametrize("ties", [False, True])
def test_the_order_of_the_input_does_not_matter(ties):
    chance = np.random.default_rng(5)
    for _ in range(40):
        rows, columns = int(chance.integers(1, 12)), int(chance.integers(1, 12))
        total = chance.random((rows, columns)).astype(np.float32)
        if ties:
            total = np.round(total * 2) / np.float32(2)
        forbidden = chance.random((rows, columns)) < 0.3
        places = chance.integers(0, 3, columns)
        keys = chance.permutation(90)[:rows], chance.permutation(90)[:columns]
        masks = {"even": forbidden & (np.indices(forbidden.shape)[1] % 2 == 0)}
        pins = [tuple(map(int, pair)) for pair in np.argwhere(chance.random(total.shape) < 0.1)]
        i, j = chance.permutation(rows), chance.permutation(columns)
        at_i, at_j = np.argsort(i), np.argsort(j)
        straight = run(total, forbidden, places, keys, pinned=pins, rule_masks=masks)
        mixed = run(
            total[i][:, j],
            forbidden[i][:, j],
            places[j],
            (keys[0][i], keys[1][j]),
            pinned=[(int(at_i[a]), int(at_j[b])) for a, b in reversed(pins)],
            rule_masks={"even": masks["even"][i][:, j]},
        )
        back = sorted(
            (int(i[p.mentee]), int(j[p.mentor]), p.score, int(j[p.best]), p.gives_up, p.pinned)
            for p in mixed.pairs
        )
        assert back == [
            (p.mentee, p.mentor, p.score, p.best, p.gives_up, p.pinned) for p in straight.pairs
        ]
        assert mixed.total == straight.total
        told = {int(i[one.mentee]): one.blocking for one in mixed.unmatched}
        for one in straight.unmatched:
            other = told[one.mentee]
            assert (other.rules, other.only, other.banned) == (
                one.blocking.rules,
                one.blocking.only,
                one.blocking.banned,
            )
            assert tuple(int(j[c]) for c in other.taken) == one.blocking.taken
            assert tuple(int(j[c]) for c in other.reached) == one.blocking.reached
            assert tuple(int(i[r]) for r in other.rivals) == one.blocking.rivals


def mentors(*names):
    return [MentorFacts(number, name=name) for number, name in enumerate(names)]


LABELS = {"same_employer": "selbe Kommune", "not_agreed": "noch keine Zusage"}


def test_it_says_which_rules_keep_everybody_away():
    same = np.array([[1, 1, 0], [0, 0, 0]], bool)
    agreed = np.array([[1, 0, 0], [0, 0, 0]], bool)
    banned = np.array([[0, 0, 1], [0, 0, 0]], bool)
    found = run(
        np.full((2, 3), 0.5),
        same | agreed | banned,
        rule_masks={"same_employer": same, "not_agreed": agreed},
    )
    assert [one.mentee for one in found.unmatched] == [0]
    why = found.unmatched[0].blocking
    assert why.rules == (("same_employer", 2), ("not_agreed", 1))
    assert why.only == (("same_employer", 1),)
    assert (why.banned, why.mentors, why.taken, why.closed) == (1, 3, (), ())
    said = why_unmatched(found.unmatched[0], LABELS, mentors("Ada", "Bea", "Cleo"))
    assert said == [
        "Zurzeit kommt niemand in Frage.",
        "Durch Regeln fallen weg (von 3 Mentor/innen): 2 wegen „selbe Kommune“ und "
        "1 wegen „noch keine Zusage“.",
        "Für diesen Vorschlag ausgeschlossen: 1.",
        "Bei einer Person spricht nur „selbe Kommune“ dagegen.",
    ]


def test_a_warning_that_forbids_nothing_is_not_blamed():
    warned = np.array([[1, 1]], bool)
    found = run([[0.5, 0.5]], [[1, 0]], [1, 0], rule_masks={"not_agreed": warned})
    assert found.unmatched[0].blocking.rules == (("not_agreed", 1),)


def test_it_names_whose_places_are_taken_even_over_an_exchange():
    # 0 and 1 share mentor 0; 0 could move to mentor 1, which 2 holds, who has no one else.
    forbidden = np.array([[0, 0, 1, 1], [0, 1, 1, 1], [1, 0, 1, 1]], bool)
    found = run([[0.5, 0.6, 0, 0], [0.9, 0, 0, 0], [0, 0.9, 0, 0]], forbidden, [1, 1, 1, 0])
    assert couples(found) == [(1, 0), (2, 1)]
    assert found.unmatched[0].mentee == 0
    assert found.unmatched[0].blocking.taken == (0, 1)
    assert found.unmatched[0].blocking.rivals == (1, 2)
    said = why_unmatched(found.unmatched[0], {}, mentors("Ada", "Bea", "Cleo", "Dea"))
    assert said[0] == (
        "In Frage kämen Ada und Bea; dort ist schon alles an andere Mentees vergeben."
    )

    # Mentee 1 may only go to mentor 0; its holder could move to mentor 1, where 2 sits.
    forbidden = np.array([[0, 0], [0, 1], [1, 0]], bool)
    found = run([[0.9, 0.9], [0.1, 0], [0, 0.9]], forbidden)
    left = found.unmatched[0]
    assert left.mentee == 1
    assert (left.blocking.taken, left.blocking.reached, left.blocking.rivals) == ((0,), (1,), (0,))
    said = why_unmatched(left, {}, mentors("Ada", "Bea"))
    assert said[0].startswith("In Frage käme Ada;")
    assert "Auch Tauschen hilft nicht" in said[1]
    assert "Bea" in said[1]


def test_a_pinned_mentee_moves_for_nobody():
    forbidden = np.array([[0, 0], [0, 1], [1, 0]], bool)
    found = run(np.full((3, 2), 0.5), forbidden, pinned=[(0, 0)])
    left = found.unmatched[0]
    assert left.mentee == 1
    assert (left.blocking.taken, left.blocking.reached) == ((0,), ())


@pytest.mark.parametrize("seed", range(40))
def test_mentors_named_are_full_and_hold_fewer_than_want_them(seed):
    """Hall's condition: those who want nothing but these mentors are more than the places."""
    chance = np.random.default_rng(seed)
    rows, columns = 14, 9
    forbidden = chance.random((rows, columns)) < 0.6
    places = chance.integers(0, 3, columns)
    found = run(chance.random((rows, columns)), forbidden, places)
    held = [j for _, j in couples(found)]
    for left in found.unmatched:
        named = set(left.blocking.taken) | set(left.blocking.reached)
        assert all(held.count(j) == places[j] > 0 for j in named)
        usable = [set(np.flatnonzero(~row & (places > 0)).tolist()) for row in forbidden]
        confined = [i for i in range(rows) if usable[i] and usable[i] <= named]
        assert not named or len(confined) > sum(int(places[j]) for j in named)
        assert bool(named) == bool(usable[left.mentee])


def test_a_mentor_without_any_place_is_told_apart():
    found = run([[0.5, 0.5]], [[0, 1]], [0, 1])
    assert found.unmatched[0].blocking.closed == (0,)
    said = why_unmatched(found.unmatched[0], {}, mentors("Ada", "Bea"))
    assert said[0] == "Keinen Platz mehr hat Ada."


def test_no_more_than_a_few_are_named_and_nobody_the_reader_may_not_see():
    found = run(np.full((8, 7), 0.5), pinned=[(i, i) for i in range(7)])
    said = why_unmatched(found.unmatched[0], {}, mentors("A", "B", "C", "D", "E", "F", ""))
    assert "A, B, C, D und 3 weitere" in said[0]
    assert "7 Personen" in why_unmatched(found.unmatched[0], {}, mentors(*[""] * 7))[0]


@pytest.mark.parametrize(
    "fault",
    [
        {"places": [1]},
        {"forbidden": np.zeros((1, 2), bool)},
        {"keys": ((0, 0), (0, 1))},
        {"total": [[np.nan, 0.1], [0.1, 0.1]]},
    ],
)
def test_what_does_not_fit_is_refused(fault):
    given = {"total": np.full((2, 2), 0.5)} | fault
    with pytest.raises(ValueError, match=r"fit|twice|number"):
        run(given.pop("total"), **given)
