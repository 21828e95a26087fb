"""The pool: who agreed to be asked again, and nobody else."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState, ParticipantRole
from programmes.people.models import Person
from tandems.applications.models import ApplicationState
from tandems.mentors import domain
from tandems.mentors.models import Mentor, PoolEntry
from tandems.profiles.domain import withdraw_consent
from tandems.profiles.models import Consent, ConsentKind
from tests import factories as make
from tests.tandems.mentors.makers import CONSENT_WORDS, make_entry, make_idea, make_mentor

TODAY = timezone.localdate
WORDS = "Ich willige ein, wieder gefragt zu werden."


@pytest.fixture
def closed(stage, cast):
    """The cycle before, closed."""
    return stage.programme.cycles.get(number=10)


def consent(cycle, person, kind=ConsentKind.ALUMNI, **fields):
    return Consent.objects.create(
        cycle=cycle, person=person, kind=kind, given_on=date(2025, 5, 5), text=WORDS, **fields
    )


def kept(**fields):
    return domain.Kept(consent_on=TODAY(), consent_text=CONSENT_WORDS, **fields)


def test_filled_from_valid_consents_of_former_mentees_and_mentors(stage, closed):
    mentee = make.make_participant(closed, stage.own).person
    mentor = make.make_participant(stage.cycle, stage.other, ParticipantRole.MENTOR).person
    running_mentee = make.make_participant(stage.cycle, stage.own).person
    never_there = make.make_person(municipality=stage.own)
    withdrew = make.make_participant(closed, stage.own).person
    other_kind = make.make_participant(closed, stage.own).person
    for cycle, person in (
        (closed, mentee),
        (stage.cycle, mentor),
        (stage.cycle, running_mentee),
        (closed, never_there),
    ):
        consent(cycle, person)
    consent(closed, withdrew, withdrawn_on=TODAY())
    consent(closed, other_kind, ConsentKind.PHOTO)
    assert domain.take_over_consents() == 2
    assert domain.take_over_consents() == 0
    assert {(row.person, row.origin, row.consent_text) for row in PoolEntry.objects.all()} == {
        (mentee, "Mentee in Durchgang Nr. 10", WORDS),
        (mentor, "Mentor/in in Durchgang Nr. 11", WORDS),
    }


def test_withdrawing_the_consent_takes_out_of_the_pool(stage, closed, cast, door):
    person = make.make_participant(closed, stage.own).person
    given = consent(closed, person)
    photo = consent(closed, person, ConsentKind.PHOTO)
    domain.take_over_consents()
    idea = domain.plan(PoolEntry.objects.get(), cycle=stage.cycle, by=door("member"))
    withdraw_consent(photo, by=door("hr"))
    assert PoolEntry.objects.exists()
    withdraw_consent(given, by=None)
    assert not PoolEntry.objects.exists()
    assert not Mentor.objects.filter(pk=idea.pk).exists()
    assert domain.take_over_consents() == 0


def test_by_hand_with_day_and_words(stage, door):
    named = domain.Named("Früher", "Dabei", email="dabei@ahausen.example")
    entry = domain.enter_by_hand(
        cycle=stage.cycle,
        municipality=stage.own,
        kept=kept(topics=("role",), capacity=2, origin="Mentee in Nr. 8"),
        named=named,
        by=door("member"),
    )
    assert (entry.person.municipality, entry.topic_labels) == (stage.own, ["Rollenklärung"])
    with pytest.raises(Refused, match="steht schon im Pool"):
        domain.enter_by_hand(
            cycle=stage.cycle, municipality=stage.own, kept=kept(), person=entry.person,
            by=door("lead"),
        )  # fmt: skip


@pytest.mark.parametrize(
    "bad", [{"consent_text": "  "}, {"consent_on": date.today() + timedelta(days=2)}]
)
def test_no_consent_no_entry(stage, door, bad):
    person = make.make_person(municipality=stage.own)
    fields = {"consent_on": TODAY(), "consent_text": CONSENT_WORDS, **bad}
    with pytest.raises(Refused):
        domain.enter_by_hand(
            cycle=stage.cycle, municipality=stage.own, kept=domain.Kept(**fields), person=person,
            by=door("member"),
        )  # fmt: skip
    assert not PoolEntry.objects.exists()


def test_nobody_enters_oneself(stage, cast, door):
    with pytest.raises(Refused):
        domain.enter_by_hand(
            cycle=stage.cycle, municipality=stage.own, kept=kept(), person=cast.member,
            by=door("member"),
        )  # fmt: skip


def test_meant_for_a_cycle_is_not_asked_yet(stage, cast, door):
    entry = make_entry(stage.cycle, stage.other, topics=["role"], capacity=2)
    idea = domain.plan(entry, cycle=stage.cycle, by=door("member"))
    assert (idea.state, idea.person, idea.capacity) == ("idea", entry.person, 2)
    assert idea.had_by == cast.member
    with pytest.raises(Refused, match="schon vorgesehen"):
        domain.plan(entry, cycle=stage.cycle, by=door("lead"))


def test_a_pause_keeps_from_being_asked(stage, door):
    entry = make_entry(stage.cycle, stage.other)
    idea = domain.plan(entry, cycle=stage.cycle, by=door("member"))
    domain.pause(entry, until=TODAY() + timedelta(days=30), by=door("member"))
    with pytest.raises(Refused, match="nicht gefragt werden"):
        domain.claim(idea, by=door("lead"))
    domain.delete_idea(idea, by=door("lead"))
    with pytest.raises(Refused, match="nicht gefragt werden"):
        domain.plan(entry, cycle=stage.cycle, by=door("member"))
    domain.pause(entry, until=None, by=door("member"))
    assert domain.plan(entry, cycle=stage.cycle, by=door("member"))


def test_a_pause_holds_against_a_new_idea_too(stage, idea, door):
    """Who is named with an approach may be in the pool with a pause."""
    entry = make_entry(stage.cycle, stage.other, paused_until=TODAY() + timedelta(days=5))
    with pytest.raises(Refused, match="nicht gefragt werden"):
        domain.claim(idea, person=entry.person, by=door("lead"))


def test_a_kommune_outside_the_cycle_lends_nobody(stage, door):
    entry = make_entry(stage.cycle, make.make_municipality("Fernstadt"))
    with pytest.raises(Refused, match="nimmt an diesem Durchgang nicht"):
        domain.plan(entry, cycle=stage.cycle, by=door("member"))


def test_who_applies_is_not_meant(stage, door):
    entry = make_entry(stage.cycle, stage.other)
    make.make_application(stage.cycle, stage.other, ApplicationState.NOMINATED, person=entry.person)
    with pytest.raises(Refused, match="Bewerber/in"):
        domain.plan(entry, cycle=stage.cycle, by=door("lead"))


def test_how_they_were_asked_in_earlier_cycles(stage, closed, cast):
    entry = make_entry(stage.cycle, stage.other)
    make_mentor(closed, stage.other, by=cast.former, person=entry.person)
    asked = domain.last_asked([entry])[entry.person_id]
    assert str(asked[0]).startswith("Nr. 10")
    assert "sagt zu" in str(asked[0])
    assert asked[0].by == cast.former.full_name


def test_removing_forgets_who_is_known_for_nothing_else(stage, door):
    entry = make_entry(stage.cycle, stage.other)
    known = make_entry(stage.cycle, stage.own, person=make.make_hr(stage.own))
    domain.remove(entry, by=door("member"))
    domain.remove(known, by=door("member"))
    assert not Person.objects.filter(pk=entry.person_id).exists()
    assert Person.objects.filter(pk=known.person_id).exists()


def test_the_pool_is_the_programmes(stage, door):
    foreign = make.make_cycle(make.make_programme(), state=CycleState.APPLICATION)
    entry = make_entry(foreign, stage.own)
    assert not PoolEntry.objects.visible_to(door("lead")).exists()
    with pytest.raises(Refused, match="anderen Programm"):
        domain.plan(entry, cycle=stage.cycle, by=door("lead"))


def test_ideas_of_others_stay_when_somebody_leaves_the_pool(stage, door):
    entry = make_entry(stage.cycle, stage.other)
    other = make_idea(stage.cycle, stage.other)
    domain.plan(entry, cycle=stage.cycle, by=door("member"))
    domain.remove(entry, by=door("member"))
    assert list(Mentor.objects.all()) == [other]
