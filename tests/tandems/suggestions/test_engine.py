"""The whole suggestion: one mean over what is known, the three best, the same answer always."""

import random
import subprocess
import sys

import numpy as np
import pytest

from tandems.suggestions.engine import (
    CRITERIA,
    MenteeFacts,
    MentorFacts,
    Scores,
    bar,
    best,
    best_of,
    default_weights,
    given_up_in_words,
    in_words,
)
from tests.plugins import ROOT
from tests.tandems.suggestions.crowd import (
    assigned,
    some_forbidden,
    some_mentees,
    some_mentors,
)

WEIGHTS = default_weights()
OF = frozenset


def test_the_total_is_the_mean_by_weight_of_what_is_known():
    scores = Scores(some_mentees(20), some_mentors(25), WEIGHTS)
    parts = np.stack([scores.part(one.key) for one in CRITERIA])
    weights = np.array([WEIGHTS[one.key] for one in CRITERIA], float)[:, None, None]
    known = np.where(np.isnan(parts), 0, weights).sum(axis=0)
    mean = np.nansum(parts * weights, axis=0) / known
    np.testing.assert_allclose(scores.total, mean, atol=1e-5)
    np.testing.assert_allclose(scores.known, known / weights.sum(), atol=1e-5)
    assert np.isnan(parts).any()
    assert 0 <= scores.total.min() < scores.total.max() <= 1


def test_an_idea_does_not_lose_by_what_is_not_asked_of_it():
    mentee = MenteeFacts(
        1,
        topics=OF({"leadership", "conflict"}),
        words="Konflikte im Team und mit dem Rat",
        administration="city",
        point=(51.9, 7.6),
        meeting_form="presence",
        style="strukturiert",
        target_group="leadership",
    )
    common = {"topics": OF({"leadership"}), "administration": "district", "point": (51.8, 7.7)}
    idea = MentorFacts(2, **common)
    full = MentorFacts(
        3,
        **common,
        words="Haushalt und Kämmerei",
        meeting_form="online",
        style="spontan",
        level="staff",
    )
    total = Scores([mentee], [idea, full], WEIGHTS).total[0]
    assert total[0] > total[1]


def test_a_criterion_without_weight_is_not_compared():
    mentees, mentors = some_mentees(10), some_mentors(10)
    weights = WEIGHTS | {"topics": 0}
    scores = Scores(mentees, mentors, weights)
    others = [MentorFacts(**(vars(one) | {"topics": OF()})) for one in mentors]
    np.testing.assert_array_equal(scores.total, Scores(mentees, others, weights).total)
    assert np.isnan(scores.part("topics")).all()
    reasons = scores.reasons_of([(i, i) for i in range(10)], None)
    assert not any(reason.criterion == "topics" for row in reasons for reason in row)


def test_a_heavier_weight_counts_more():
    mentee = MenteeFacts(1, topics=OF({"role"}), wish_administration=OF({"city"}))
    fits_topic = MentorFacts(2, topics=OF({"role"}), administration="district")
    fits_kind = MentorFacts(3, topics=OF({"family"}), administration="city")
    for topics, kind in ((5, 1), (1, 5)):
        weights = WEIGHTS | {"topics": topics, "administration": kind}
        total = Scores([mentee], [fits_topic, fits_kind], weights).total[0]
        assert (total[0] > total[1]) == (topics > kind)


def test_without_any_weight_all_are_alike():
    weights = dict.fromkeys(WEIGHTS, 0)
    scores = Scores(some_mentees(4), some_mentors(5), weights)
    assert (scores.total == 0.5).all()
    assert (scores.known == 0).all()
    assert scores.reasons(0, 0) == []
    assert len(assigned(scores, some_forbidden(4, 5, share=0)).pairs) == 4


@pytest.mark.parametrize("weight", [-1, 6, 2.5, "3", None])
def test_a_weight_that_cannot_be_is_refused(weight):
    with pytest.raises(ValueError, match="weight of topics"):
        Scores([], [], {"topics": weight})


def test_a_weight_of_a_criterion_that_is_no_more_is_left_out():
    assert Scores([], [], {"zodiac": 5, "topics": 1}).weights == WEIGHTS | {"topics": 1}


def test_the_same_key_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Scores([MenteeFacts(1), MenteeFacts(1)], [], WEIGHTS)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_an_empty_cycle_has_no_scores(shape):
    scores = Scores(some_mentees(shape[0]), some_mentors(shape[1]), WEIGHTS)
    assert scores.total.shape == scores.part("topics").shape == shape
    assert best_of(scores, np.zeros(shape, bool)) == [[] for _ in range(shape[0])]
    assert scores.reasons_of([]) == []


def test_the_order_of_the_input_changes_no_digit():
    mentees, mentors = some_mentees(40), some_mentors(45)
    forbidden = some_forbidden(40, 45)
    scores = Scores(mentees, mentors, WEIGHTS)
    chance = random.Random(4)
    i, j = list(range(40)), list(range(45))
    chance.shuffle(i)
    chance.shuffle(j)
    mixed = Scores([mentees[n] for n in i], [mentors[n] for n in j], WEIGHTS)
    np.testing.assert_array_equal(mixed.total, scores.total[i][:, j])
    np.testing.assert_array_equal(mixed.part("experience"), scores.part("experience")[i][:, j])
    barred = forbidden[i][:, j]
    assert [[j[n] for n in row] for row in best_of(mixed, barred)] == [
        best_of(scores, forbidden)[n] for n in i
    ]
    assert mixed.reasons(3, 4, None) == scores.reasons(i[3], j[4], None)
    pairs = [(one.mentee, one.mentor) for one in assigned(scores, forbidden).pairs]
    again = assigned(mixed, barred)
    assert sorted((i[one.mentee], j[one.mentor]) for one in again.pairs) == pairs


def test_another_process_finds_the_same():
    code = (
        "import hashlib\n"
        "from tests.tandems.suggestions.crowd import *\n"
        "s = Scores(some_mentees(30), some_mentors(30), {})\n"
        "r = s.reasons_of([(n, n) for n in range(30)], None)\n"
        "print(hashlib.sha256(s.total.tobytes() + repr(r).encode()).hexdigest())\n"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_the_engine_knows_neither_django_nor_the_database():
    code = "import sys, tandems.suggestions.engine; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_three_best_are_the_best_that_are_allowed():
    scores = Scores(some_mentees(30), some_mentors(40), WEIGHTS)
    forbidden = some_forbidden(30, 40, share=0.5)
    for i, found in enumerate(best_of(scores, forbidden)):
        allowed = [j for j in range(40) if not forbidden[i, j]]
        value = np.rint(scores.total[i].astype(float) * 1e6)
        assert found == sorted(allowed, key=lambda j: (-value[j], scores.mentor_keys[j]))[:3]
        assert found == best(scores, forbidden, i)
    assert len(best(scores, forbidden, 0, count=100)) == int((~forbidden[0]).sum())


def test_equal_ones_stand_in_the_order_of_their_keys():
    mentors = [MentorFacts(key) for key in (9, 3, 7, 5)]
    scores = Scores([MenteeFacts(1)], mentors, WEIGHTS)
    assert best(scores, np.zeros((1, 4), bool), 0) == [1, 3, 2]
    assert best(scores, np.array([[0, 1, 1, 1]], bool), 0) == [0]
    assert best(scores, np.ones((1, 4), bool), 0) == []


def test_reasons_begin_with_what_weighs_most_and_leave_out_what_speaks_against():
    mentee = MenteeFacts(
        1, topics=OF({"role"}), wish_administration=OF({"city"}), meeting_form="presence"
    )
    mentor = MentorFacts(2, topics=OF({"role"}), administration="district", meeting_form="presence")
    scores = Scores([mentee], [mentor], WEIGHTS)
    assert [one.criterion for one in scores.reasons(0, 0)] == ["topics", "style"]
    assert [one.criterion for one in scores.reasons(0, 0, 1)] == ["topics"]
    everything = scores.reasons(0, 0, None)
    assert [one.criterion for one in everything] == ["topics", "style", "administration"]
    assert everything[-1].score == 0


def test_scores_read_as_words_and_bars():
    steps = [bar(score / 100) for score in range(101)]
    assert steps == sorted(steps)
    assert set(steps) == {0, 1, 2, 3, 4, 5}
    words = [in_words(score / 100) for score in range(101)]
    assert len(dict.fromkeys(words)) == 6
    assert (words[0], words[-1]) == ("kaum Gemeinsames", "sehr viel Gemeinsames")
    assert in_words(1.0, known=0.1) == "wenig bekannt"
    lost = [given_up_in_words(value) for value in (0, 0.01, 0.1, 0.5)]
    assert len(set(lost)) == 4
    assert not any("%" in text or char.isdigit() for text in words + lost for char in text)
