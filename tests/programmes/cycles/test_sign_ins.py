"""Mentees and mentors are invited to sign in, all at once, and nobody twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles import domain
from programmes.cycles.domain import sign_ins
from programmes.cycles.models import ParticipantRole
from programmes.outbox.models import Delivery
from programmes.people.domain import invite
from programmes.people.models import Invitation
from tests import factories as make


def url(name, cycle):
    return reverse(f"cycles:{name}", args=[cycle.pk])


@pytest.fixture
def six(stage):
    """Two to invite; and one each with a sign-in, invited, without an address, left."""
    rows = {
        "mentee": make.make_participant(stage.cycle, stage.own),
        "mentor": make.make_participant(stage.cycle, stage.other, ParticipantRole.MENTOR),
        "signed in": make.make_participant(stage.cycle, stage.own, sign_in=True),
        "invited": make.make_participant(stage.cycle, stage.own),
        "no address": make.make_participant(
            stage.cycle, stage.own, person=make.make_person(email="")
        ),
        "left": make.make_participant(stage.cycle, stage.own, left_on=timezone.localdate()),
        "applicant": make.make_participant(stage.cycle, stage.own, ParticipantRole.APPLICANT),
    }
    return {name: row.person for name, row in rows.items()}


@pytest.fixture
def invited(six, cast):
    return invite(six["invited"], role="Mentee", by=cast.user("lead"))


@pytest.fixture(autouse=True)
def through_the_outbox(settings):
    settings.EMAIL_BACKEND = "programmes.outbox.backend.OutboxBackend"


def people_mailed():
    return set(Delivery.objects.values_list("to_email", flat=True))


def test_a_lead_invites_all_who_need_it_and_nobody_twice(stage, six, invited, client_of, cast):
    browser = client_of("lead")
    page = browser.get(url("sign_ins", stage.cycle)).content.decode()
    assert "Alle 2 ohne Zugang einladen" in page
    assert "keine E-Mail-Adresse" in page
    assert six["applicant"].last_name not in page
    assert six["left"].last_name not in page
    before = people_mailed()
    assert browser.post(url("sign_ins_invite", stage.cycle)).status_code == 302
    assert people_mailed() - before == {six["mentee"].email, six["mentor"].email}
    invitation = Invitation.objects.get(person=six["mentor"])
    assert invitation.role == f"Mentor/in in „{stage.programme}“, {stage.cycle}"
    number = Delivery.objects.count()
    assert number == 3
    assert browser.post(url("sign_ins_invite", stage.cycle)).status_code == 302
    assert Delivery.objects.count() == number
    assert "ohne Zugang einladen" not in browser.get(url("sign_ins", stage.cycle)).content.decode()


def test_who_is_both_gets_one_invitation_that_says_so(stage, cast):
    person = make.make_person()
    for role in (ParticipantRole.MENTOR, ParticipantRole.MENTEE):
        make.make_participant(stage.cycle, stage.own, role, person=person)
    assert domain.invite_participants(stage.cycle, by=cast.user("lead")) == 1
    assert Invitation.objects.get().role.startswith("Mentee und Mentor/in in")


def test_after_two_weeks_somebody_can_be_invited_anew(stage, six, invited, cast):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert domain.invite_participants(stage.cycle, by=cast.user("lead")) == 3


def test_many_go_out_in_parts(stage, cast, monkeypatch):
    monkeypatch.setattr(sign_ins, "MOST_AT_ONCE", 2)
    for _ in range(5):
        make.make_participant(stage.cycle, stage.own)
    sent = [domain.invite_participants(stage.cycle, by=cast.user("lead")) for _ in range(4)]
    assert sent == [2, 2, 1, 0]


def test_not_in_a_cycle_that_has_ended(stage, six, cast):
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(state="closed")
    with pytest.raises(Refused):
        domain.invite_participants(stage.cycle, by=cast.user("lead"))
    assert not Invitation.objects.exists()


def test_rights_of_others_are_not_handed_over(stage, cast):
    """A member of another programme's Beirat without a sign-in is not the lead's to invite."""
    elsewhere = make.make_cycle()
    seat = make.make_participation(elsewhere, stage.own)
    person = make.make_seat(seat, person=make.make_person(municipality=stage.own))
    make.make_participant(stage.cycle, stage.own, ParticipantRole.MENTOR, person=person)
    assert domain.invite_participants(stage.cycle, by=cast.user("lead")) == 0


def test_a_lead_finds_them_on_the_start_page_from_the_matching_on(stage, six, client_of):
    asked = "Mentees und Mentor/innen ohne Zugang"
    assert asked not in client_of("lead").get("/").content.decode()
    type(stage.cycle).objects.filter(pk=stage.cycle.pk).update(
        state="matching", matching_on=timezone.localdate()
    )
    assert asked in client_of("lead").get("/").content.decode()
    assert asked not in client_of("member").get("/").content.decode()


def test_as_many_queries_for_many_as_for_one(stage, client_of):
    browser, address, counts = client_of("lead"), url("sign_ins", stage.cycle), []
    make.make_participant(stage.cycle, stage.own)
    browser.get(address)
    for _ in range(2):
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address).status_code == 200
        counts.append(len(found))
        for _ in range(20):
            make.make_participant(stage.cycle, stage.own)
    assert counts[0] == counts[1]
