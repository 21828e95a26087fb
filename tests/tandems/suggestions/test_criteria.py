"""What each criterion compares: from 0 to 1, a sentence, and nothing where nothing is known."""

import random

import numpy as np
import pytest

from tandems.profiles.applicant_sheet import SIZES
from tandems.profiles.common_questions import ADMINISTRATIONS
from tandems.profiles.mentor_sheet import LEVELS
from tandems.profiles.models import Topic
from tandems.suggestions.engine import (
    CRITERIA,
    MenteeFacts,
    MentorFacts,
    Reason,
    Scores,
    default_weights,
    labels,
)
from tests.tandems.suggestions.crowd import some_mentees, some_mentors

MUENSTER, AHLEN, BORKEN = (51.9607, 7.6261), (51.7633, 7.8911), (51.8440, 6.8583)


def only(key):
    return {one.key: int(one.key == key) for one in CRITERIA}


def told(key, mentee, mentor) -> Reason | None:
    """What one criterion says of a pair."""
    scores = Scores([MenteeFacts(1, **mentee)], [MentorFacts(2, **mentor)], only(key))
    said = scores.reasons(0, 0, None)
    return said[0] if said else None


def test_the_labels_are_those_of_the_sheet():
    assert dict(Topic.choices) == labels.TOPICS
    assert dict(SIZES) == labels.SIZES
    assert dict(LEVELS) == labels.LEVELS
    assert dict(ADMINISTRATIONS).items() <= labels.ADMINISTRATIONS.items()
    assert labels.IN_ADMINISTRATION.keys() == labels.ADMINISTRATIONS.keys()


def test_every_criterion_has_a_label_a_question_and_a_weight():
    assert len({one.key for one in CRITERIA}) == len(CRITERIA) == 7
    for one in CRITERIA:
        assert one.label
        assert one.question.endswith(("?", "."))
        assert 0 <= one.default_weight <= 5


def test_topics_count_as_the_share_of_those_wanted():
    wanted = frozenset({"leadership", "conflict", "digital", "role"})
    found = told("topics", {"topics": wanted}, {"topics": frozenset({"conflict", "leadership"})})
    assert found.score == 0.5
    assert found.sentence == "Gewünscht und angeboten: Führung und Konflikte (2 von 4 Themen)."
    every = told("topics", {"topics": wanted}, {"topics": wanted | {"family"}})
    assert every.score == 1
    assert every.sentence.startswith("Alle gewünschten Themen werden angeboten")
    none = told("topics", {"topics": wanted}, {"topics": frozenset({"family"})})
    assert none.score == 0
    assert "andere Themen" in none.sentence


def test_a_further_common_topic_never_lowers_a_score():
    chance = random.Random(7)
    for seed in range(60):
        mentee, mentor = some_mentees(1, seed)[0], some_mentors(1, seed)[0]
        new = chance.choice([key for key in labels.TOPICS if key not in mentor.topics])
        before = Scores([mentee], [mentor], {}).total[0, 0]
        more = MentorFacts(**{**vars(mentor), "topics": mentor.topics | {new}})
        assert Scores([mentee], [more], {}).total[0, 0] >= before
        wants = MenteeFacts(**{**vars(mentee), "topics": mentee.topics | {new}})
        only_more_wanted = Scores([wants], [mentor], {}).total[0, 0]
        assert Scores([wants], [more], {}).total[0, 0] >= max(only_more_wanted, before - 1e-6)


def test_experience_names_the_words_both_share_and_no_more():
    mentee = "Ich wünsche mir Rat zu schwierigen Konflikten im Team und zur Arbeit mit dem Rat."
    mentor = "Lange Leiterin eines Teams; Konflikte mit dem Kreistag sind mir vertraut."
    other = "Haushalt und Finanzen, Kämmerei."
    scores = Scores(
        [MenteeFacts(1, words=mentee)],
        [MentorFacts(2, words=mentor), MentorFacts(3, words=other)],
        only("experience"),
    )
    assert scores.total[0, 0] > 0.5 > scores.total[0, 1] == 0
    said = scores.reasons(0, 0)[0].sentence
    assert said == "Beide schreiben von „Konflikten“ und „Team“."
    assert "anderen Worten" in scores.reasons(0, 1, None)[0].sentence


def test_words_every_sheet_is_full_of_are_no_experience():
    said = "Ich möchte gerne von der Erfahrung der Mentorin lernen und mich austauschen."
    assert (
        told("experience", {"words": said}, {"words": "Ich möchte gerne Erfahrung lernen"}) is None
    )


def test_a_rare_common_word_says_more_than_a_frequent_one():
    mentees = [MenteeFacts(1, words="Team und Bauhof")]
    mentors = [
        MentorFacts(10, words="Team und Presse"),
        MentorFacts(11, words="Bauhof und Presse"),
        *(MentorFacts(12 + n, words=f"Team und Kita{n * 'x'}") for n in range(5)),
    ]
    total = Scores(mentees, mentors, only("experience")).total[0]
    assert total[1] > total[0] > 0


def test_shares_as_usual_lie_in_the_middle():
    scores = Scores(some_mentees(60), some_mentors(60), only("experience"))
    known = scores.part("experience")
    assert 0.3 < np.nanmedian(known) < 0.6
    assert np.isnan(known[:, 2]).all()  # an idea says nothing


@pytest.mark.parametrize(
    ("mentee", "mentor", "score", "words"),
    [
        ({"wish_administration": {"district"}}, {"administration": "district"}, 1, "einem Kreis"),
        (
            {"wish_administration": {"district"}},
            {"administration": "city", "known_administrations": {"district"}},
            0.75,
            "Kennt die Arbeit in einem Kreis",
        ),
        ({"wish_administration": {"district"}}, {"administration": "city"}, 0, "nicht der Fall"),
        ({"administration": "city"}, {"administration": "district"}, 0.75, "weitet den Blick"),
        ({"administration": "city"}, {"administration": "city"}, 0.5, "derselben Art"),
    ],
)
def test_the_kind_of_administration(mentee, mentor, score, words):
    sets = ("wish_administration", "known_administrations")
    as_facts = [
        {key: frozenset(value) if key in sets else value for key, value in side.items()}
        for side in (mentee, mentor)
    ]
    found = told("administration", *as_facts)
    assert found.score == score
    assert words in found.sentence


def test_distance_is_measured_against_how_far_both_drive():
    near = told("distance", {"point": MUENSTER, "max_km": 30}, {"point": AHLEN, "max_km": 60})
    assert near.score == pytest.approx(1 - 28.5 / 60, abs=0.01)
    assert near.sentence == "Etwa 29 km Luftlinie auseinander; so weit wird gefahren."
    far = told("distance", {"point": MUENSTER, "max_km": 60}, {"point": BORKEN, "max_km": 20})
    assert far.score == 0
    assert "weiter als die angegebenen 20 km" in far.sentence
    assert told("distance", {"point": MUENSTER}, {"point": MUENSTER}).score == 1
    unsaid = told("distance", {"point": MUENSTER}, {"point": AHLEN})
    assert near.score < unsaid.score < 1
    assert unsaid.sentence == "Etwa 29 km Luftlinie auseinander."


@pytest.mark.parametrize(
    ("one", "other", "compared"),
    [("online", "both", False), ("online", "", False), ("online", "presence", True)],
)
def test_who_meets_online_is_not_compared_by_distance(one, other, compared):
    mentee = {"point": MUENSTER, "meeting_form": one}
    found = told("distance", mentee, {"point": AHLEN, "meeting_form": other})
    assert (found is not None) == compared


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("presence", "presence", 1),
        ("presence", "both", 1),
        ("both", "both", 1),
        ("presence", "online", 0),
    ],
)
def test_the_form_of_meetings(one, other, score):
    found = told("style", {"meeting_form": one}, {"meeting_form": other})
    assert found.score == score
    assert found.sentence.endswith(".")


def test_style_takes_words_and_form_together_and_alone():
    words = {"style": "strukturiert und direkt"}
    both = told("style", words | {"meeting_form": "online"}, words | {"meeting_form": "both"})
    assert both.sentence == (
        "Beide können sich online treffen. "
        "Zur Arbeitsweise schreiben beide von „strukturiert“ und „direkt“."
    )
    assert told("style", words, words).sentence.startswith("Zur Arbeitsweise")


@pytest.mark.parametrize(
    ("wish", "field", "score"),
    [
        ("Planung", "Amt für Stadtplanung", 1),
        ("Planung", "Planungsamt", 1),
        ("Personal", "Personalamt, Leitung", 1),
        ("Jugend und Soziales", "Fachbereich Jugend", 0.5),
        ("Recht", "Stelle für Berechtigungen", 0),
        ("Führung", "Fuehrungsakademie", 1),
    ],
)
def test_a_wished_field_is_found_in_longer_words(wish, field, score):
    found = told("wishes", {"wish_field": wish}, {"field": field})
    assert found.score == score
    assert ("anderen Fachgebiet" in found.sentence) == (score == 0)


def test_wishes_take_field_and_size_together():
    mentee = {"wish_field": "Bauen", "wish_size": frozenset({"small"})}
    found = told("wishes", mentee, {"field": "Bauamt", "size": "large"})
    assert found.score == 0.5
    assert found.sentence == (
        "Arbeitet im gewünschten Fachgebiet: „Bauen“. Größe der Verwaltung anders als gewünscht: "
        "50.000 bis 100.000 Einwohner/innen."
    )
    assert told("wishes", mentee, {"field": "Bauamt"}).score == 1
    assert told("wishes", mentee, {"size": "small"}).score == 1


@pytest.mark.parametrize(
    ("group", "level", "before", "score"),
    [
        ("leadership", "office", True, 1),
        ("leadership", "staff", None, 0.5),
        ("specialist", "staff", None, 1),
        ("specialist", "board", False, 0.5),
        ("", "board", True, 1),
    ],
)
def test_the_way_the_mentor_has_gone(group, level, before, score):
    mentor = {"level": level, "mentored_before": before}
    assert told("former_role", {"target_group": group}, mentor).score == score


@pytest.mark.parametrize("key", [one.key for one in CRITERIA])
def test_what_is_not_known_is_neither_good_nor_bad(key):
    full, other = some_mentees(1, seed=3)[0], some_mentors(1, seed=3)[0]
    silent = Scores([MenteeFacts(1), full], [MentorFacts(2), other], only(key))
    assert np.isnan(silent.part(key)[0, 0])
    assert silent.total[0, 0] == 0.5
    assert silent.known[0, 0] == 0
    assert silent.reasons(0, 0, None) == []


def test_every_sentence_of_a_crowd_is_a_short_sentence():
    scores = Scores(some_mentees(25), some_mentors(25), default_weights())
    pairs = [(i, j) for i in range(25) for j in range(25)]
    seen = set()
    for reasons in scores.reasons_of(pairs, None):
        for reason in reasons:
            seen.add(reason.criterion)
            assert reason.sentence.endswith(".")
            assert "%" not in reason.sentence
            assert len(reason.sentence) < 200
    assert seen == {one.key for one in CRITERIA}


def test_looking_up_some_pairs_gives_what_whole_rows_give():
    scores = Scores(some_mentees(30), some_mentors(40), default_weights())
    pairs = [(i, (7 * i) % 40) for i in range(30)]
    told_of = scores.reasons_of(pairs, None)
    for one in CRITERIA:
        part = scores.part(one.key)
        for (i, j), reasons in zip(pairs, told_of, strict=True):
            found = {reason.criterion: reason.score for reason in reasons}
            if np.isnan(part[i, j]):
                assert one.key not in found
            else:
                assert found[one.key] == pytest.approx(part[i, j], abs=1e-6)
                assert 0 <= part[i, j] <= 1
