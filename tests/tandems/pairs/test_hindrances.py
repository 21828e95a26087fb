"""What speaks against a pair: each rule, from both sides, with the sentence that says why."""

from datetime import date

import pytest

from programmes.cycles.models import CycleState
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.hindrances import Hindrances, Severity
from tandems.pairs.models import MatchingFrame, Overrule, PairRule, TandemState
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

WITH = ("person", "municipality", "cycle")


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def mentee(stage, cycle):
    person = make.make_person("Mia", "Mentling", municipality=stage.own)
    return make_mentee(cycle, stage.own, person=person, target_group="leadership")


@pytest.fixture
def mentor(stage, cycle):
    person = make.make_person("Otto", "Obermann", municipality=stage.other)
    return make_mentor(cycle, stage.other, person=person)


def against(mentee, mentor):
    """What speaks against the two as they are stored, by rule."""
    one = Application.objects.select_related(*WITH).get(pk=mentee.pk)
    other = Mentor.objects.select_related(*WITH).get(pk=mentor.pk)
    return {found.rule: found for found in Hindrances(one.cycle).of(one, other)}


def setting(cycle, **rules):
    MatchingFrame.objects.update_or_create(cycle=cycle, defaults={"rules": rules})


def test_nothing_speaks_against_two_who_fit(mentee, mentor):
    assert against(mentee, mentor) == {}


# --- Same employer ----------------------------------------------------------------------
def test_two_of_the_same_house_are_refused(stage, cycle, mentee):
    mentor = make_mentor(cycle, stage.own)
    found = against(mentee, mentor)[PairRule.SAME_EMPLOYER]
    assert found.severity == Severity.REFUSE
    assert "Ahausen" in found.sentence


def test_a_mentee_who_changes_to_the_mentors_house_is_noticed(stage, mentee, mentor):
    mentee.person.municipality = stage.other
    mentee.person.save()
    found = against(mentee, mentor)[PairRule.SAME_EMPLOYER]
    assert found.sentence == "Mia Mentling arbeitet inzwischen auch bei der Kommune Übelheim."


def test_a_mentor_who_changes_to_the_mentees_house_is_noticed(stage, mentee, mentor):
    mentor.person.municipality = stage.own
    mentor.person.save()
    assert "Otto Obermann arbeitet inzwischen" in against(mentee, mentor)["same_employer"].sentence


def test_both_at_a_third_house_are_noticed(mentee, mentor):
    third = make.make_municipality("Drittort")
    for half in (mentee, mentor):
        half.person.municipality = third
        half.person.save()
    assert PairRule.SAME_EMPLOYER in against(mentee, mentor)


def test_two_without_a_house_of_today_are_not_taken_for_colleagues(mentee, mentor):
    for half in (mentee, mentor):
        half.person.municipality = None
        half.person.save()
    assert against(mentee, mentor) == {}


# --- Reporting line ---------------------------------------------------------------------
def test_the_superior_is_refused(mentee, mentor):
    mentee.superior = mentor.person
    mentee.save()
    found = against(mentee, mentor)[PairRule.REPORTING_LINE]
    assert found.refuses
    assert "Otto Obermann ist" in found.sentence
    assert "Führungskraft von Mia Mentling" in found.sentence


@pytest.mark.parametrize("typed", ["Otto Obermann", "Herr Dr. Obermann, Otto", "OBERMANN OTTO"])
def test_the_superior_is_known_by_the_typed_name(mentee, mentor, typed):
    mentee.answers["superior_agreed"] = typed
    mentee.save()
    assert PairRule.REPORTING_LINE in against(mentee, mentor)


def test_a_last_name_alone_means_the_one_of_the_own_house(stage, cycle, mentee, mentor):
    """ "Frau Obermann" of the own Kommune is not each Obermann of the region."""
    mentee.answers["superior_agreed"] = "Herr Obermann"
    mentee.save()
    assert PairRule.REPORTING_LINE not in against(mentee, mentor)
    at_home = make.make_person("Ute", "Obermann", municipality=stage.own)
    assert PairRule.REPORTING_LINE in against(mentee, make_mentor(cycle, stage.own, person=at_home))


def test_a_function_typed_instead_of_a_name_means_nobody(mentee, mentor):
    mentee.answers["superior_agreed"] = "Leitung des Fachbereichs"
    mentee.save()
    assert against(mentee, mentor) == {}


# --- Exclusions -------------------------------------------------------------------------
@pytest.mark.parametrize("by_mentee", [True, False])
def test_either_side_excludes_and_the_sentence_says_not_which(cycle, mentee, mentor, by_mentee):
    one, other = (mentee, mentor) if by_mentee else (mentor, mentee)
    make.make_exclusion(cycle, one.person, other.person)
    found = against(mentee, mentor)[PairRule.EXCLUDED]
    assert found.severity == Severity.REFUSE
    assert found.sentence == "Dieses Paar ist ausgeschlossen."


@pytest.mark.parametrize(
    "words", [{"name": "Obermann, Otto"}, {"municipality": True}, {"department": "Amt 50"}]
)
def test_names_houses_and_offices_exclude_too(stage, cycle, mentee, mentor, words):
    mentor.department = "Amt 50"
    mentor.save()
    if "municipality" in words:
        words = {"municipality": stage.other}
    make.make_exclusion(cycle, mentee.person, **words)
    assert against(mentee, mentor)[PairRule.EXCLUDED].sentence == "Dieses Paar ist ausgeschlossen."


def test_an_excluded_house_holds_for_who_has_moved_there_and_who_still_stands_for_it(
    stage, cycle, mentee, mentor
):
    third = make.make_municipality("Drittort")
    make.make_exclusion(cycle, mentee.person, municipality=third)
    assert against(mentee, mentor) == {}
    mentor.person.municipality = third
    mentor.person.save()
    assert PairRule.EXCLUDED in against(mentee, mentor)
    mentor.municipality, mentor.person.municipality = third, stage.other
    mentor.save()
    mentor.person.save()
    assert PairRule.EXCLUDED in against(mentee, mentor)


def test_an_idea_of_which_only_the_house_is_known_is_excluded_by_it(stage, cycle, mentee):
    idea = make_mentor(cycle, stage.other, state=MentorState.IDEA)
    make.make_exclusion(cycle, mentee.person, municipality=stage.other)
    assert PairRule.EXCLUDED in against(mentee, idea)


def test_an_exclusion_of_another_cycle_says_nothing(stage, mentee, mentor):
    other = make.make_cycle(stage.programme, state=CycleState.CLOSED)
    make.make_exclusion(other, mentee.person, mentor.person)
    assert against(mentee, mentor) == {}


def test_nobody_is_their_own_mentor(stage, cycle, mentee):
    oneself = make_mentor(cycle, stage.other, person=mentee.person)
    assert against(mentee, oneself)[PairRule.EXCLUDED].sentence == (
        "Das ist ein und dieselbe Person."
    )


# --- An earlier pair --------------------------------------------------------------------
@pytest.mark.parametrize("state", [TandemState.COMPLETED, TandemState.ENDED_EARLY])
@pytest.mark.parametrize("turned", [False, True])
def test_two_who_were_a_tandem_are_warned_of(stage, mentee, mentor, state, turned):
    before = make.make_cycle(stage.programme, state=CycleState.CLOSED)
    one, other = (mentee, mentor) if not turned else (mentor, mentee)
    make_tandem(
        make_mentee(before, one.municipality, person=one.person),
        make_mentor(before, other.municipality, person=other.person),
        state,
    )
    found = against(mentee, mentor)[PairRule.EARLIER_PAIR]
    assert found.severity == Severity.WARN
    # The reader may have had no part in that cycle.
    assert str(before.number) not in found.sentence
    assert found.sentence.endswith("waren in diesem Programm schon einmal ein Tandem.")


def test_one_that_ended_early_in_this_cycle_is_an_earlier_one(mentee, mentor):
    make_tandem(mentee, mentor, TandemState.ENDED_EARLY)
    assert PairRule.EARLIER_PAIR in against(mentee, mentor)


@pytest.mark.parametrize("state", [TandemState.PROPOSED, TandemState.SEALED, TandemState.ACTIVE])
def test_the_tandem_of_today_is_no_earlier_one(mentee, mentor, state):
    make_tandem(mentee, mentor, state)
    assert against(mentee, mentor) == {}


def test_a_secret_pair_of_another_cycle_is_not_given_away(stage, mentee, mentor):
    """Of a match that is still secret there nobody here learns by a warning (rule 1)."""
    parallel = make.make_cycle(stage.programme, state=CycleState.MATCHING)
    tandem = make_tandem(
        make_mentee(parallel, stage.own, person=mentee.person),
        make_mentor(parallel, stage.other, person=mentor.person),
        TandemState.SEALED,
    )
    assert against(mentee, mentor) == {}
    type(tandem).objects.filter(pk=tandem.pk).update(
        state=TandemState.ACTIVE, revealed_at=tandem.sealed_at
    )
    assert PairRule.EARLIER_PAIR in against(mentee, mentor)


def test_another_programme_is_none_of_ours(mentee, mentor, stage):
    elsewhere = make.make_cycle(state=CycleState.CLOSED)
    make_tandem(
        make_mentee(elsewhere, stage.own, person=mentee.person),
        make_mentor(elsewhere, stage.other, person=mentor.person),
        TandemState.COMPLETED,
    )
    assert against(mentee, mentor) == {}


# --- Capacity ---------------------------------------------------------------------------
@pytest.mark.parametrize("state", TandemState.live())
def test_a_mentor_whose_places_are_taken_is_refused(stage, cycle, mentee, mentor, state):
    make_tandem(make_mentee(cycle, stage.own), mentor, TandemState(state))
    found = against(mentee, mentor)[PairRule.CAPACITY]
    assert found.severity == Severity.REFUSE
    assert found.sentence.startswith("Otto Obermann begleitet höchstens einen Mentee")


def test_a_mentor_of_two_has_a_second_place(stage, cycle, mentee, mentor):
    mentor.capacity = 2
    mentor.save()
    make_tandem(make_mentee(cycle, stage.own), mentor)
    assert against(mentee, mentor) == {}
    assert Hindrances(cycle).places_left(mentor) == 1
    make_tandem(make_mentee(cycle, stage.own), mentor)
    assert "2 Mentees" in against(mentee, mentor)[PairRule.CAPACITY].sentence
    assert Hindrances(cycle).places_left(mentor) == 0


def test_the_own_tandem_and_those_that_ended_take_no_place(stage, cycle, mentee, mentor):
    make_tandem(make_mentee(cycle, stage.own), mentor, TandemState.ENDED_EARLY)
    make_tandem(mentee, mentor)
    assert against(mentee, mentor) == {}


def test_the_other_mentees_of_the_mentor_are_not_named(stage, cycle, mentee, mentor):
    hidden = make.make_person("Hanna", "Verborgen", municipality=stage.own)
    make_tandem(make_mentee(cycle, stage.own, person=hidden), mentor, TandemState.SEALED)
    assert "Verborgen" not in against(mentee, mentor)[PairRule.CAPACITY].sentence


# --- Not agreed, not free, not in the target group ----------------------------------------
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MentorState.IDEA, "bisher eine Idee und noch nicht angefragt"),
        (MentorState.APPROACHED, "angefragt und hat noch nicht geantwortet"),
        (MentorState.REFUSED, "hat für diesen Durchgang abgesagt"),
        (MentorState.PAUSED, "pausiert in diesem Durchgang"),
    ],
)
def test_a_mentor_who_has_not_agreed_is_warned_of(stage, cycle, mentee, state, words):
    found = against(mentee, make_mentor(cycle, stage.other, state=state))[PairRule.NOT_AGREED]
    assert found.severity == Severity.WARN
    assert words in found.sentence


def test_a_mentor_who_is_busy_on_the_day_is_warned_of(mentee, mentor):
    mentor.answers["free_at_start"] = "no"
    mentor.save()
    assert against(mentee, mentor)[PairRule.NOT_FREE].severity == Severity.WARN


def test_not_to_have_said_whether_one_is_free_is_no_hindrance(mentee, mentor):
    del mentor.answers["free_at_start"]
    mentor.save()
    assert against(mentee, mentor) == {}


def test_a_mentee_of_no_target_group_is_warned_of(mentee, mentor):
    mentee.target_group = ""
    mentee.save()
    found = against(mentee, mentor)[PairRule.TARGET_GROUP]
    assert found.severity == Severity.WARN
    assert found.sentence == "Mia Mentling ist keiner Zielgruppe des Programms zugeordnet."


def test_a_mentor_who_is_a_mentee_here_is_warned_of_once_they_were_told(
    stage, cycle, mentee, mentor
):
    """Before that the outcome is theirs and their Kommune's alone."""
    own = make_mentee(cycle, stage.other, person=mentor.person, informed_on=None)
    assert against(mentee, mentor) == {}
    own.informed_on = date(2026, 1, 20)
    own.save()
    assert "selbst einen Platz" in against(mentee, mentor)[PairRule.TARGET_GROUP].sentence
    own.state = ApplicationState.DECLINED
    own.save()
    assert against(mentee, mentor) == {}


# --- Settings and overruled warnings ------------------------------------------------------
def test_a_rule_does_what_the_cycle_set(cycle, mentee, mentor):
    mentor.answers["free_at_start"] = "no"
    mentor.save()
    setting(cycle, not_free="refuse")
    assert against(mentee, mentor)[PairRule.NOT_FREE].refuses
    setting(cycle, not_free="off")
    assert against(mentee, mentor) == {}
    setting(cycle, not_free="nonsense")
    assert against(mentee, mentor)[PairRule.NOT_FREE].severity == Severity.WARN


@pytest.mark.parametrize("word", ["warn", "off"])
def test_no_setting_weakens_what_people_said_of_themselves(cycle, mentee, mentor, word):
    make.make_exclusion(cycle, mentee.person, mentor.person)
    setting(cycle, excluded=word)
    assert against(mentee, mentor)[PairRule.EXCLUDED].refuses


def test_an_overruled_warning_is_still_said_and_no_longer_stands(cycle, mentee, mentor):
    mentor.answers["free_at_start"] = "no"
    mentor.save()
    assert against(mentee, mentor)[PairRule.NOT_FREE].stands
    word = Overrule.objects.create(
        application=mentee, mentor=mentor, rule=PairRule.NOT_FREE, reason="Kommt nach."
    )
    found = against(mentee, mentor)[PairRule.NOT_FREE]
    assert found.overrule == word
    assert not found.stands
    assert not found.blocks_proposal
    # Another pair of the same mentor is another matter.
    assert against(make_mentee(cycle, mentee.municipality), mentor)[PairRule.NOT_FREE].stands


def test_a_rule_that_refuses_takes_no_account_of_it(cycle, mentee, mentor):
    mentor.answers["free_at_start"] = "no"
    mentor.save()
    Overrule.objects.create(
        application=mentee, mentor=mentor, rule=PairRule.NOT_FREE, reason="Kommt nach."
    )
    setting(cycle, not_free="refuse")
    assert against(mentee, mentor)[PairRule.NOT_FREE].stands
    setting(cycle, not_free="warn")
    assert not against(mentee, mentor)[PairRule.NOT_FREE].stands
