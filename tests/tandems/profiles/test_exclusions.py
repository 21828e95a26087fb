"""Whether two are excluded from each other, in both directions and however it was typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring.ui.errors import Refused
from tandems.profiles.domain import Named, Naming, name_exclusions
from tandems.profiles.exclusions import Exclusions, Party, is_excluded
from tandems.profiles.models import Exclusion
from tests import factories as make


@pytest.fixture
def mentee(stage):
    return make.make_person("Käthe", "Öztürk", municipality=stage.own)


@pytest.fixture
def mentor(stage):
    return make.make_person("Jörg Maria", "Müller-Lüdenscheidt", municipality=stage.other)


@pytest.fixture
def name(stage, mentee, cast):
    def add(*, subject=None, **named):
        name_exclusions(
            cycle=stage.cycle,
            subject=subject or mentee,
            naming=Naming((Named(**named),)),
            by=cast.user("hr"),
        )

    return add


@pytest.mark.parametrize(
    "typed",
    [
        "Jörg Müller-Lüdenscheidt",
        "MUELLER-LUEDENSCHEIDT, Joerg",
        "Herr Dr. Maria Müller Lüdenscheidt",
        "Jörg  Maria Müller-Lüdenscheidt",
    ],
)
def test_a_typed_name_however_it_is_written(stage, mentee, mentor, name, typed):
    assert not is_excluded(stage.cycle, mentee, mentor)
    name(name=typed)
    assert is_excluded(stage.cycle, mentee, mentor)
    assert is_excluded(stage.cycle, mentor, mentee)


@pytest.mark.parametrize("typed", ["Jörg Müller", "Lüdenscheidt, Jörg", "Jana Müller-Lüdenscheidt"])
def test_another_name_is_another_person(stage, mentee, mentor, name, typed):
    name(name=typed)
    assert not is_excluded(stage.cycle, mentee, mentor)


def test_a_surname_counts_in_its_kommune_alone(stage, mentee, mentor, name):
    with pytest.raises(Refused, match="Nachname allein"):
        name(name="Frau Lüdenscheidt")
    name(name="Müller-Lüdenscheidt", municipality=stage.own)
    assert not is_excluded(stage.cycle, mentee, mentor)
    name(name="Müller-Lüdenscheidt", municipality=stage.other)
    assert is_excluded(stage.cycle, mentee, mentor)


def test_a_surname_of_two_words_is_not_missed(stage, mentee, mentor, name):
    name(name="Müller-Lüdenscheidt")
    assert is_excluded(stage.cycle, mentee, mentor)


def test_a_kommune_and_an_amt(stage, mentee, mentor, name):
    name(department="Jugendamt", municipality=stage.other)
    assert not is_excluded(stage.cycle, mentee, mentor)
    assert not is_excluded(stage.cycle, mentee, mentor, "Kämmerei")
    assert is_excluded(stage.cycle, mentee, mentor, "Amt 51, Jugendamt")
    name(municipality=stage.other)
    assert is_excluded(stage.cycle, mentee, mentor, "Kämmerei")


def test_the_mentor_names_the_mentees_amt(stage, mentee, mentor, name):
    name(subject=mentor, department="Jugendamt", municipality=stage.own)
    assert not is_excluded(stage.cycle, mentee, mentor)
    assert is_excluded(stage.cycle, mentee, mentor, subject_department="Jugendamt")


def test_another_cycle_is_another_matter(stage, mentee, mentor, name):
    name(person=mentor)
    other = make.make_cycle(stage.programme, number=12)
    assert is_excluded(stage.cycle, mentee, mentor)
    assert not is_excluded(other, mentee, mentor)


def test_many_pairs_in_one_query(stage, mentee, mentor, name):
    others = [make.make_person(municipality=stage.other) for _ in range(20)]
    name(person=mentor)
    with CaptureQueriesContext(connection) as captured:
        kept = Exclusions(stage.cycle)
        one = Party.of(mentee)
        found = [person for person in [mentor, *others] if kept.between(Party.of(person), one)]
    assert found == [mentor]
    assert len(captured) == 1


def test_an_idea_has_no_name_yet(stage, mentee, name):
    name(municipality=stage.other, department="Kämmerei")
    kept = Exclusions(stage.cycle)
    assert kept.between(Party.of(mentee), Party.idea(stage.other.pk, "Kämmerei"))
    assert not kept.between(Party.of(mentee), Party.idea(stage.other.pk))


def test_the_same_twice_is_kept_once_and_nobody_excludes_themselves(stage, mentee, mentor, name):
    name(name="Jörg Müller-Lüdenscheidt")
    name(name="Mueller-Luedenscheidt Joerg")
    assert Exclusion.objects.count() == 1
    with pytest.raises(Refused, match="selbst"):
        name(person=mentee)


def test_nobody_reads_them_again(stage, mentee, mentor, name, cast):
    name(person=mentor)
    for user in ("hr", "lead", "member", "operator"):
        assert not Exclusion.objects.visible_to(cast.user(user)).exists()
