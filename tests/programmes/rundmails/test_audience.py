"""To whom a mail would go: exactly those the writer sees, nobody by default."""

from typing import Any

import pytest
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.models import ParticipantRole, ParticipationState
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice
from programmes.rundmails.models import Rundmail
from programmes.rundmails.registries import audiences
from tandems.applications.models import ApplicationState
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails import makers


def members(stage: Stage, by: Any, *choices: Choice) -> set[Any]:
    mail = makers.make_draft(stage.cycle, by, choices=choices)
    return set(domain.resolve_audience(mail, by).people)


def test_no_choice_means_nobody(stage: Stage, cast: Cast) -> None:
    assert members(stage, cast.lead.user) == set()
    # Taking somebody off does not mean everybody else.
    assert members(stage, cast.lead.user, Choice("mentees", minus=True)) == set()


def test_audiences_are_combined_and_taken_off(stage: Stage, cast: Cast) -> None:
    both = (Choice("mentees"), Choice("mentors"))
    assert members(stage, cast.lead.user, *both) == {cast.mentee, cast.mentor}
    minus = Choice("person", str(cast.mentor.pk), minus=True)
    assert members(stage, cast.lead.user, *both, minus) == {cast.mentee}


def test_the_beirat_and_its_leads(stage: Stage, cast: Cast) -> None:
    assert members(stage, cast.member.user, Choice("council")) == {cast.lead, cast.member}
    assert members(stage, cast.member.user, Choice("council", "leads")) == {cast.lead}


def test_personalstellen_by_what_their_kommune_answered(stage: Stage, cast: Cast) -> None:
    third = make.make_municipality("Dorf")
    make.make_participation(stage.cycle, third, state=ParticipationState.INVITED)
    asked = make.make_hr(third)
    refused = make.make_municipality("Fern")
    make.make_participation(stage.cycle, refused, state=ParticipationState.DECLINED)
    make.make_hr(refused)
    user = cast.lead.user
    assert members(stage, user, Choice("houses", "confirmed")) == {cast.hr, cast.other_hr}
    assert members(stage, user, Choice("houses", "invited")) == {asked}
    assert members(stage, user, Choice("houses", "all")) == {cast.hr, cast.other_hr, asked}
    assert members(stage, user, Choice("house", str(third.pk))) == {asked}


def test_participants_of_one_kommune_or_regionalgruppe(stage: Stage, cast: Cast) -> None:
    stage.other.regional_group = "Nord"
    stage.other.save()
    second = make.make_participant(stage.cycle, stage.other, ParticipantRole.MENTEE).person
    user = cast.lead.user
    assert members(stage, user, Choice("mentees")) == {cast.mentee, second}
    assert members(stage, user, Choice("mentees", f"municipality:{stage.own.pk}")) == {cast.mentee}
    assert members(stage, user, Choice("mentees", "group:Nord")) == {second}


def test_everybody_has_the_ending_that_alle_asks_for(stage: Stage, cast: Cast) -> None:
    labels = {
        name: dict(audiences.get(name).choices(stage.cycle, cast.lead.user))[""]
        for name in ("applicants", "mentees")
    }
    assert labels == {"applicants": "alle nominierten Bewerber/innen", "mentees": "alle Mentees"}


def test_attendees_by_answer_and_attendance(stage: Stage, cast: Cast) -> None:
    event = makers.make_event(stage.cycle)
    makers.make_attendee(event, cast.mentee, answer="yes", attended=True)
    makers.make_attendee(event, cast.mentor)
    user = cast.logistics.user
    expected = {
        "invited": {cast.mentee, cast.mentor},
        "yes": {cast.mentee},
        "no": set(),
        "open": {cast.mentor},
        "attended": {cast.mentee},
        "absent": set(),
    }
    for which, people in expected.items():
        assert members(stage, user, Choice("attendees", f"{event.pk}:{which}")) == people


def test_logistikpartner_as_recipients(stage: Stage, cast: Cast) -> None:
    assert members(stage, cast.member.user, Choice("logistics")) == {cast.logistics}


def test_single_persons_only_of_this_cycle(stage: Stage, cast: Cast) -> None:
    assert members(stage, cast.member.user, Choice("person", str(cast.mentor.pk))) == {cast.mentor}
    with pytest.raises(Refused, match="gibt es nicht"):
        makers.make_draft(
            stage.cycle, cast.member.user, choices=[Choice("person", str(cast.stranger.pk))]
        )


@pytest.mark.parametrize(
    "value", ["0:invited", "9" * 40, "²", "municipality:x", "group:", "leads ", "-1", "0"]
)
def test_odd_values_reach_nobody(stage: Stage, cast: Cast, value: str) -> None:
    for name in set(audiences.names()) - {"logistics"}:
        assert not audiences.get(name).members(stage.cycle, value, cast.lead.user).exists()


def test_who_is_left_out_and_why(stage: Stage, cast: Cast) -> None:
    own = stage.own
    shared = make.make_person("Anna", "Zwei", municipality=own, email=cast.mentee.email.upper())
    without = make.make_person("Anna", "Ohne", municipality=own, email="")
    broken = make.make_person("Anna", "Kaputt", municipality=own, email="kein Postfach")
    left = make.make_person("Anna", "Weg", municipality=own)
    for person in (shared, without, broken):
        make.make_participant(stage.cycle, own, person=person)
    make.make_participant(
        stage.cycle, own, person=left, joined_on=make.LONG_AGO, left_on=timezone.localdate()
    )
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    found = domain.resolve_audience(mail, cast.lead.user)
    assert found.people == [cast.mentee]
    assert {row.person: row.reason for row in found.left_out} == {
        shared: f"gleiche E-Mail-Adresse wie {cast.mentee}",
        without: "keine E-Mail-Adresse",
        broken: "Die E-Mail-Adresse ist nicht gültig.",
        left: "nicht mehr dabei",
    }


def test_whom_the_writer_must_not_know_gets_nothing(stage: Stage, cast: Cast) -> None:
    """Rule 2: the superior of an applicant never meets them, in no audience either."""
    applicant = make.make_person("Anna", "Antrag", municipality=stage.own)
    make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT, person=applicant)
    make.make_application(
        stage.cycle,
        stage.own,
        ApplicationState.NOMINATED,
        person=applicant,
        superior=cast.member,
    )
    event = makers.make_event(stage.cycle)
    makers.make_attendee(event, applicant)
    for choice in (
        Choice("applicants"),
        Choice("applications", "nominated"),
        Choice("attendees", f"{event.pk}:invited"),
    ):
        assert members(stage, makers.fresh(cast.lead.user), choice) == {applicant}
        assert members(stage, makers.fresh(cast.member.user), choice) == set()
    offered = audiences.get("person").choices(stage.cycle, cast.member.user)
    assert str(applicant.pk) not in dict(offered)


def test_applications_by_state_only_once_nominated(stage: Stage, cast: Cast) -> None:
    people = {
        state: make.make_application(stage.cycle, stage.own, state).person
        for state in ApplicationState
        if state != ApplicationState.WITHDRAWN
    }
    withdrawn = make.make_application(
        stage.cycle, stage.own, ApplicationState.WITHDRAWN, nominated_at=make.SOME_TIME
    )
    # Withdrawn before it was nominated: nobody outside its Kommune knows of it.
    make.make_application(stage.cycle, stage.own, ApplicationState.WITHDRAWN)
    # HR staff see their own Kommune's drafts; in the Beirat they write to none of them.
    make.make_seat(stage.cycle.participations.get(municipality=stage.own), person=cast.hr)
    for user in (cast.lead.user, makers.fresh(cast.hr.user)):
        for state in ApplicationState.with_council():
            found = members(stage, user, Choice("applications", state))
            assert found == {people[ApplicationState(state)]}
    mail = makers.make_draft(
        stage.cycle, cast.lead.user, choices=[Choice("applications", "placed")]
    )
    left_out = domain.resolve_audience(mail, cast.lead.user).left_out
    assert [row.person for row in left_out] == [withdrawn.person]


def test_no_mail_is_quicker_than_the_own_kommune_that_tells_the_outcome(
    stage: Stage, cast: Cast
) -> None:
    for state in ("placed", "waiting", "declined"):
        untold = ApplicationState(state)
        make.make_application(stage.cycle, stage.own, untold, informed_on=None)
        assert not members(stage, cast.lead.user, Choice("applications", state))


def test_a_confidential_audience_is_the_beirats_alone(stage: Stage, cast: Cast) -> None:
    placed = Choice("applications", "placed")
    audience = audiences.get("applications")
    assert not domain.may_choose(audience, stage.cycle, cast.logistics.user)
    assert domain.may_choose(audience, stage.cycle, cast.member.user)
    with pytest.raises(Refused):
        makers.make_draft(stage.cycle, cast.logistics.user, choices=[placed])
    draft = makers.make_draft(stage.cycle, cast.logistics.user)
    with pytest.raises(Refused):
        domain.save_draft(draft, choices=[placed], by=cast.logistics.user)
    draft = Rundmail.objects.get(pk=draft.pk)
    assert not draft.confidential
    # The Beirat may, and then the draft is no longer the Logistikpartner's to see.
    domain.save_draft(draft, choices=[placed], by=cast.member.user)
    assert draft.confidential
    assert not Rundmail.objects.visible_to(cast.logistics.user).exists()
    assert Rundmail.objects.visible_to(cast.member.user).get() == draft


def test_the_word_for_the_list_changes_with_list_and_mail(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    seen = domain.resolve_audience(mail, cast.lead.user).seen
    assert domain.resolve_audience(mail, cast.member.user).seen == seen
    makers.make_mentees(stage.cycle, stage.own, 1)
    changed = domain.resolve_audience(mail, cast.lead.user).seen
    assert changed != seen
    domain.save_draft(mail, by=cast.lead.user)
    assert domain.resolve_audience(mail, cast.lead.user).seen not in (seen, changed)


@pytest.mark.parametrize("number", [1, 40])
def test_it_takes_the_same_few_queries_however_many_they_are(
    stage: Stage, cast: Cast, number: int, django_assert_num_queries: Any
) -> None:
    makers.make_mentees(stage.cycle, stage.own, number)
    mail = makers.make_draft(stage.cycle, cast.lead.user, choices=[Choice("mentees")])
    user = makers.fresh(cast.lead.user)
    domain.resolve_audience(mail, user)  # the user's rights are read once
    with django_assert_num_queries(3):
        assert len(domain.resolve_audience(mail, user).people) == number + 1
