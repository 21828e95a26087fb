"""A half of a secret tandem goes: nothing breaks, and nobody learns of the pair by it."""

import pytest

from programmes.cycles.domain import answer_invitation
from programmes.cycles.models import Participation
from programmes.cycles.registries import house_leaves
from tandems.applications.domain import withdraw
from tandems.mentors import domain as mentors
from tandems.mentors.registries import mentees_held
from tandems.pairs import domain
from tandems.pairs.models import EndReason, Tandem, TandemState
from tandems.profiles.domain import withdraw_consent
from tandems.profiles.models import Consent
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem


@pytest.fixture
def cycle(stage):
    return in_matching(stage.cycle)


@pytest.fixture
def lead(cast):
    return cast.user("lead")


@pytest.fixture
def mentee(stage, cycle):
    return make_mentee(cycle, stage.own)


@pytest.fixture
def mentor(stage, cycle):
    return make_mentor(cycle, stage.other)


def test_secret_tandems_do_not_show_through_the_mentors_capacity(
    cycle, stage, mentee, mentor, lead
):
    tandem = make_tandem(mentee, mentor, TandemState.SEALED)
    assert mentees_held(mentor) == 0
    mentors.end(mentor, by=lead)
    assert Tandem.objects.get(pk=tandem.pk).state == TandemState.SEALED
    other = make_mentor(cycle, stage.other)
    make_tandem(make_mentee(cycle, stage.own), other, TandemState.ACTIVE)
    make_tandem(
        make_mentee(cycle, stage.own), other, TandemState.ENDED_EARLY, end_reason=EndReason.TIME
    )
    assert mentees_held(other) == 1


def test_a_withdrawn_application_leaves_the_tandem_to_the_beirat(cycle, mentee, mentor, lead):
    tandem = make_tandem(mentee, mentor, TandemState.SEALED)
    withdraw(mentee, reason="Neue Stelle", by=lead)
    assert Tandem.objects.visible_to(lead).filter(pk=tandem.pk).exists()
    domain.dissolve(tandem, reason="Mentee ist ausgeschieden", by=lead)
    assert not Tandem.objects.exists()


def test_with_the_consent_to_be_handed_on_a_secret_tandem_goes(cycle, mentee, mentor, lead):
    make_tandem(mentee, mentor, TandemState.SEALED)
    edition = domain.frame_of(cycle).edition
    consent = Consent.objects.get(person=mentee.person)
    withdraw_consent(consent, by=None)
    assert not Tandem.objects.exists()
    assert domain.frame_of(cycle).edition > edition


def test_when_a_kommune_leaves_its_secret_tandems_go_and_known_ones_stay(cycle, stage, lead):
    leaves = Participation.objects.get(cycle=cycle, municipality=stage.own)
    secret = make_tandem(
        make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), TandemState.AGREED
    )
    known = make_tandem(
        make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), TandemState.ACTIVE
    )
    third = make.make_participation(cycle, make.make_municipality("Neuort"))
    stays = make_tandem(
        make_mentee(cycle, third.municipality), make_mentor(cycle, stage.other), TandemState.AGREED
    )
    leaving = house_leaves.get("pairs")
    assert leaving.consequences(leaves, lead) == [
        "1 Tandem, das noch nicht bekannt gegeben ist, wird aufgelöst."
    ]
    make.make_seat(third, lead=True)
    answer_invitation(leaves, state="declined", reason="Haushalt", by=lead)
    left = set(Tandem.objects.values_list("pk", flat=True))
    assert left == {known.pk, stays.pk}
    assert secret.pk not in left
