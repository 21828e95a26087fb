"""Asking somebody: one at a time, and nobody twice."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.models import Participant, ParticipantRole
from programmes.people.models import Person
from tandems.applications.domain import create_draft
from tandems.applications.models import ApplicationState
from tandems.applications.nominate import nominate
from tandems.mentors import domain
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry
from tandems.profiles.models import Exclusion
from tests import factories as make
from tests.tandems.mentors.makers import make_entry, make_idea, make_mentor

TODAY = timezone.localdate


def test_an_idea_names_nobody(idea, cast):
    assert idea.person is None
    assert idea.had_by == cast.member
    names = {field.name for field in Mentor._meta.fields} | {
        field.name for field in Approach._meta.fields
    }
    assert not {name for name in names if "mentee" in name or "reason" in name}


def test_similar_ideas_are_found_in_any_spelling(stage, idea, door):
    idea.position = "Leitung Bürgerbüro"
    idea.save()
    found = domain.similar(stage.cycle, stage.other, "leitung BUERGERBUERO", by=door("lead"))
    assert found == [idea]
    assert domain.similar(stage.cycle, stage.own, "Leitung Bürgerbüro", by=door("lead")) == []
    assert domain.similar(stage.cycle, stage.other, "Kämmerei", by=door("lead")) == []


def test_claiming_locks_and_tells_the_other_who_and_when(idea, named, cast, door):
    domain.claim(idea, named=named, by=door("member"))
    with pytest.raises(Refused) as refusal:
        domain.claim(idea, named=named, by=door("lead"))
    assert cast.member.full_name in str(refusal.value)
    assert f"{TODAY():%d.%m.%Y}" in str(refusal.value)
    assert Approach.objects.count() == 1
    idea.refresh_from_db()
    assert idea.state == MentorState.APPROACHED
    assert idea.person.municipality == idea.municipality


def test_the_database_keeps_a_second_open_approach_out(approached, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Approach.objects.create(mentor=approached, by=cast.lead)


def test_the_same_person_is_not_asked_under_another_idea(stage, approached, cast, door):
    other = make_idea(stage.cycle, stage.other, position="Dezernat II")
    with pytest.raises(Refused, match=cast.member.full_name):
        domain.claim(other, person=approached.person, by=door("lead"))
    domain.refuse(approached, on=TODAY(), by=door("member"))
    with pytest.raises(Refused, match="sagt ab"):
        domain.claim(other, person=approached.person, by=door("lead"))
    other.refresh_from_db()
    assert other.state == MentorState.IDEA


def test_two_spellings_of_a_name_are_noticed(stage, approached, door):
    typed = domain.Named("Kaethe", "Oeztuerk")
    found = domain.namesakes(stage.cycle, stage.other, typed, by=door("lead"))
    assert list(found) == [approached.person]
    turned = domain.Named("Öztürk", "Käthe")
    assert list(domain.namesakes(stage.cycle, stage.other, turned, by=door("lead")))
    # Asked already in this cycle, whatever Kommune somebody thinks they belong to.
    assert list(domain.namesakes(stage.cycle, stage.own, typed, by=door("lead")))


def test_nobody_learns_of_people_they_do_not_see(stage, door):
    make.make_person("Käthe", "Öztürk", municipality=stage.own)
    typed = domain.Named("Käthe", "Öztürk")
    assert not domain.namesakes(stage.cycle, stage.own, typed, by=door("lead"))
    assert domain.namesakes(stage.cycle, stage.own, typed, by=door("hr"))


def test_a_person_of_another_kommune_needs_an_idea_there(stage, idea, door):
    elsewhere = make.make_person(municipality=stage.own)
    with pytest.raises(Refused, match="gehört nicht zu"):
        domain.claim(idea, person=elsewhere, by=door("member"))


def test_nobody_enters_oneself(stage, idea, cast, door):
    with pytest.raises(Refused, match="Sich selbst"):
        domain.claim(idea, person=cast.lead, by=door("lead"))


def test_giving_back_forgets_the_name(approached, cast, door):
    person = approached.person
    free = domain.release(approached, by=door("member"))
    assert (free.state, free.person) == (MentorState.IDEA, None)
    assert not Person.objects.filter(pk=person.pk).exists()
    assert [row.answer for row in free.approaches.all()] == [Answer.RELEASED]
    domain.claim(free, named=domain.Named("Neu", "Mensch"), by=door("lead"))


def test_giving_back_keeps_who_is_known_otherwise(stage, idea, cast, door):
    known = make.make_hr(stage.other)
    domain.claim(idea, person=known, by=door("member"))
    domain.release(idea, by=door("member"))
    assert Person.objects.filter(pk=known.pk).exists()


def test_who_came_from_the_pool_stays_named(stage, door):
    entry = make_entry(stage.cycle, stage.other)
    idea = domain.plan(entry, cycle=stage.cycle, by=door("member"))
    domain.claim(idea, by=door("member"))
    assert domain.release(idea, by=door("member")).person == entry.person


def test_a_yes_makes_a_participant(approached, door):
    agreed = domain.agree(approached, on=TODAY(), capacity=2, by=door("member"))
    assert (agreed.state, agreed.agreed_on, agreed.capacity) == ("agreed", TODAY(), 2)
    entry = Participant.objects.get(cycle=agreed.cycle, person=agreed.person)
    assert (entry.role, entry.municipality) == (ParticipantRole.MENTOR, agreed.municipality)
    assert Approach.objects.get().answer == Answer.AGREED


def test_before_the_yes_nobody_is_a_participant(approached):
    assert not Participant.objects.filter(person=approached.person).exists()


def test_a_no_keeps_no_more_than_that_they_were_asked(approached, cast, door):
    refused = domain.refuse(approached, on=TODAY(), by=door("member"))
    assert (refused.state, refused.department, refused.topics) == ("refused", "", [])
    person = Person.objects.get(pk=refused.person_id)
    assert (person.last_name, person.email, person.phone) == ("Öztürk", "", "")
    assert not PoolEntry.objects.exists()


def test_a_no_leaves_contact_data_of_others_alone(stage, idea, door):
    known = make.make_hr(stage.other)
    domain.claim(idea, person=known, by=door("member"))
    domain.refuse(idea, on=TODAY(), by=door("member"))
    assert Person.objects.get(pk=known.pk).email == known.email


def test_another_time_needs_the_consent(approached, door):
    until = TODAY() + timedelta(days=200)
    with pytest.raises(Refused, match="eingewilligt"):
        domain.postpone(
            approached, on=TODAY(), until=until, consent_on=TODAY(), consent_text=" ",
            by=door("member"),
        )  # fmt: skip
    assert not PoolEntry.objects.exists()
    paused = domain.postpone(
        approached, on=TODAY(), until=until, consent_on=TODAY(), consent_text="Gern später.",
        by=door("member"),
    )  # fmt: skip
    assert (paused.state, paused.paused_until) == ("paused", until)
    entry = PoolEntry.objects.get()
    assert (entry.person, entry.paused_until, entry.topics) == (
        approached.person,
        until,
        ["leadership"],
    )


@pytest.mark.parametrize("days", [1, -3])
def test_an_answer_has_a_day_that_can_be(approached, door, days):
    with pytest.raises(Refused):
        domain.agree(approached, on=TODAY() + timedelta(days=days), by=door("member"))
    assert Mentor.objects.get().state == MentorState.APPROACHED


def test_an_answer_twice_is_refused(approached, door):
    domain.agree(approached, on=TODAY(), by=door("member"))
    with pytest.raises(Refused):
        domain.refuse(approached, on=TODAY(), by=door("lead"))


def test_a_lead_opens_a_wrong_answer_again(approached, cast, door):
    domain.refuse(approached, on=TODAY(), by=door("member"))
    domain.ask_again(approached, by=door("lead"))
    approached.refresh_from_db()
    assert approached.state == MentorState.APPROACHED
    assert [row.by for row in approached.approaches.all()] == [cast.lead, cast.member]


# --- Applicants -------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["nominated", "placed", "waiting", "declined"])
def test_an_applicant_is_not_asked(stage, idea, door, state):
    person = make.make_person(municipality=stage.other)
    make.make_application(stage.cycle, stage.other, ApplicationState(state), person=person)
    with pytest.raises(Refused, match="Bewerber/in oder Mentee"):
        domain.claim(idea, person=person, by=door("lead"))


def test_a_hidden_applicant_is_refused_without_saying_why(stage, cast, door):
    """The lead is the applicant's superior, and must not learn of the application."""
    person = make.make_person(municipality=stage.other)
    make.make_application(
        stage.cycle, stage.other, ApplicationState.NOMINATED, person=person, superior=cast.lead
    )
    make.make_participant(stage.cycle, stage.other, ParticipantRole.APPLICANT, person=person)
    idea = make_idea(stage.cycle, stage.other)
    with pytest.raises(Refused) as refusal:
        domain.claim(idea, person=person, by=door("lead"))
    assert "Bewerb" not in str(refusal.value)


@pytest.mark.parametrize("state", ["draft", "submitted", "not_nominated"])
def test_what_is_not_nominated_gives_nothing_away(stage, idea, cast, door, state):
    """The Beirat gets the same answer as without an application; the nomination is refused."""
    person = make.make_person(municipality=stage.other)
    make.make_application(stage.cycle, stage.other, ApplicationState(state), person=person)
    domain.claim(idea, person=person, by=door("lead"))
    domain.agree(idea, on=TODAY(), by=door("lead"))
    idea.refresh_from_db()
    assert idea.state == MentorState.AGREED


def test_a_mentor_is_not_nominated(stage, cast, door):
    """The other way round the own Kommune is told, in plain words: it knows its mentors."""
    mentor = make_mentor(stage.cycle, stage.own, by=cast.lead)
    submitted = make.make_application(
        stage.cycle, stage.own, ApplicationState.SUBMITTED, person=mentor.person
    )
    with pytest.raises(Refused, match="Mentor/in"):
        nominate(submitted, rank=1, by=door("hr"))
    submitted.delete()
    values = {"first_name": mentor.person.first_name, "last_name": mentor.person.last_name}
    with pytest.raises(Refused, match="Mentor/in"):
        create_draft(
            cycle=stage.cycle, municipality=stage.own, values=values, person=mentor.person,
            by=door("hr"),
        )  # fmt: skip


def test_the_own_personalstelle_is_told_in_plain_words(stage, cast, door):
    """A member of the Beirat who is HR of the house as well sees the draft anyway."""
    from programmes.people.models import MunicipalityStaff

    MunicipalityStaff.objects.create(
        person=cast.member, municipality=stage.own, since=make.LONG_AGO
    )
    person = make.make_person(municipality=stage.own)
    make.make_application(stage.cycle, stage.own, person=person)
    idea = make_idea(stage.cycle, stage.own)
    with pytest.raises(Refused, match="Bewerber/in oder Mentee"):
        domain.claim(idea, person=person, by=door("member"))


def test_who_was_nominated_meanwhile_cannot_agree(stage, approached, door):
    make.make_application(
        stage.cycle, stage.other, ApplicationState.NOMINATED, person=approached.person
    )
    with pytest.raises(Refused):
        domain.agree(approached, on=TODAY(), by=door("member"))


# --- After the yes ------------------------------------------------------------------------
def test_capacity_is_never_less_than_the_mentees(stage, cast, door, monkeypatch):
    from tandems.mentors.registries import mentees_of

    mentor = make_mentor(stage.cycle, stage.other, by=cast.lead, capacity=3)
    monkeypatch.setitem(mentees_of._entries, "test", (100, lambda row: 2))
    with pytest.raises(Refused, match="2 Mentees"):
        domain.change_capacity(mentor, capacity=1, by=door("lead"))
    assert domain.change_capacity(mentor, capacity=2, by=door("lead")).capacity == 2
    with pytest.raises(Refused):
        domain.end(mentor, by=door("lead"))


def test_a_mentor_changes_the_kommune(stage, cast, door):
    mentor = make_mentor(stage.cycle, stage.other, by=cast.lead)
    moved = domain.change_house(mentor, municipality=stage.own, by=door("lead"))
    assert moved.municipality == stage.own
    assert Person.objects.get(pk=moved.person_id).municipality == stage.own
    entry = Participant.objects.get(person=moved.person_id)
    assert (entry.municipality, entry.left_on) == (stage.own, None)
    assert Mentor.objects.visible_to(door("hr")).filter(pk=mentor.pk).exists()
    assert not Mentor.objects.visible_to(door("other_hr")).filter(pk=mentor.pk).exists()


def test_a_mentor_with_a_post_for_the_old_kommune_stays(stage, cast, door):
    mentor = make_mentor(stage.cycle, stage.other, by=cast.lead, person=make.make_hr(stage.other))
    with pytest.raises(Refused, match="Aufgabe"):
        domain.change_house(mentor, municipality=stage.own, by=door("lead"))


def test_leaving_ends_the_participation_and_the_sheet(stage, cast, door):
    mentor = make_mentor(stage.cycle, stage.other, by=cast.lead, answers={"career": "x"})
    Exclusion.objects.create(cycle=stage.cycle, subject=mentor.person, municipality=stage.own)
    ended = domain.end(mentor, by=door("lead"))
    assert (ended.state, ended.answers, ended.agreed_on) == ("paused", {}, None)
    assert not Exclusion.objects.exists()
    assert Participant.objects.get(person=mentor.person).left_on == TODAY()


def test_a_kommune_leaves(stage, cast, idea, door):
    agreed = make_mentor(stage.cycle, stage.other, by=cast.lead)
    asked = make_mentor(stage.cycle, stage.other, "approached", by=cast.lead)
    refused = make_mentor(stage.cycle, stage.other, "refused", by=cast.lead)
    elsewhere = make_idea(stage.cycle, stage.own)
    participation = stage.cycle.participations.get(municipality=stage.other)
    told = " ".join(domain.consequences_of_leaving(participation, door("lead")))
    for words in ("1 Idee", "1 offene Anfrage", "1 Mentor/in scheidet"):
        assert words in told
    domain.house_leaves(participation, "Grund", door("lead"))
    assert set(Mentor.objects.values_list("pk", "state")) == {
        (agreed.pk, "paused"),
        (refused.pk, "refused"),
        (elsewhere.pk, "idea"),
    }
    assert Participant.objects.get(person=agreed.person).left_on == TODAY()
    assert not Person.objects.filter(pk=asked.person_id).exists()


def test_nothing_changes_in_an_ended_cycle(stage, approached, door):
    stage.cycle.state = "closed"
    stage.cycle.save()
    with pytest.raises(Refused):
        domain.agree(approached, on=date.today(), by=door("member"))
