"""Kommunen, participants and ständige Mitglieder: the doors and the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles import domain
from programmes.cycles.models import (
    CouncilSeat,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
    PermanentMember,
)
from programmes.cycles.registries import Leaving, house_leaves
from tests import factories as make

CONFIRMED, DECLINED = ParticipationState.CONFIRMED, ParticipationState.DECLINED


@pytest.fixture
def user(db):
    return make.make_user()


@pytest.fixture
def house(db):
    return make.make_participation(make.make_cycle(), make.make_municipality("Ahausen"))


# --- Kommunen -----------------------------------------------------------------------------
def test_a_kommune_is_entered_once(house, user):
    with pytest.raises(Refused, match="schon eingetragen"):
        domain.invite_municipality(house.cycle, municipality=house.municipality, by=user)
    assert Participation.objects.count() == 1


def test_a_kommune_that_takes_part_leaves_only_with_a_reason(house, user):
    for state in (DECLINED, ParticipationState.INVITED):
        # Whatever hangs on it: the question itself gives nothing away.
        with pytest.raises(Refused, match="Nennen Sie den Grund"):
            domain.answer_invitation(house, state=state, reason="  ", by=user)
    house.refresh_from_db()
    assert house.state == CONFIRMED


def test_seats_and_participants_of_a_kommune_end_with_it(house, user):
    other = make.make_participation(house.cycle, make.make_municipality())
    make.make_seat(other, lead=True)
    make.make_seat(house)
    own = make.make_participant(house.cycle, house.municipality)
    of_other = make.make_participant(house.cycle, other.municipality)
    gone = domain.answer_invitation(house, state=DECLINED, reason="Haushaltssperre", by=user)
    assert (gone.state, gone.left_reason) == (DECLINED, "Haushaltssperre")
    assert not CouncilSeat.objects.held().filter(participation=house).exists()
    own.refresh_from_db()
    of_other.refresh_from_db()
    assert own.left_on == timezone.localdate()
    assert of_other.left_on is None
    # Should it take part again, it begins anew.
    back = domain.answer_invitation(house, state=CONFIRMED, by=user)
    assert (back.state, back.left_reason) == (CONFIRMED, "")
    own.refresh_from_db()
    assert own.left_on is not None


def test_the_last_lead_keeps_their_kommune_in(house, user):
    make.make_seat(house, lead=True)
    participant = make.make_participant(house.cycle, house.municipality)
    with pytest.raises(Refused, match="leitet den Beirat allein"):
        domain.answer_invitation(house, state=DECLINED, reason="Grund", by=user)
    assert CouncilSeat.objects.held().exists()
    participant.refresh_from_db()
    assert participant.left_on is None  # all or nothing


def test_later_rooms_take_their_part_in_the_same_transaction(house, user, monkeypatch):
    heard = []

    def leave(participation, reason, by):
        heard.append((participation, reason, by))
        if reason == "Fehler":
            raise Refused("So geht es nicht.")

    monkeypatch.setattr(house_leaves, "_entries", {})
    house_leaves.add("test", Leaving(lambda participation, user: ["Etwas endet."], leave))
    assert "Etwas endet." in domain.consequences_of_leaving(house, user=user)
    with pytest.raises(Refused, match="So geht es nicht"):
        domain.answer_invitation(house, state=DECLINED, reason="Fehler", by=user)
    house.refresh_from_db()
    assert house.state == CONFIRMED
    domain.answer_invitation(house, state=DECLINED, reason="Umbau", by=user)
    assert heard[-1] == (house, "Umbau", user)


def test_an_answer_twice_is_one_answer(house, user):
    version = house.version
    assert domain.answer_invitation(house, state=CONFIRMED, by=user).version == version


def test_taking_out_a_kommune_entered_by_mistake(house, user):
    with pytest.raises(Refused, match="hat zugesagt"):
        domain.remove_participation(house, by=user)
    wrong = domain.invite_municipality(house.cycle, municipality=make.make_municipality(), by=user)
    domain.remove_participation(wrong, by=user)
    assert Participation.objects.get() == house
    with pytest.raises(Refused, match="herausgenommen"):
        domain.answer_invitation(wrong, state=CONFIRMED, by=user)


def test_a_kommune_that_had_a_seat_stays_on_record(house, user):
    make.make_seat(house, until=timezone.localdate())
    domain.answer_invitation(house, state=DECLINED, reason="Grund", by=user)
    with pytest.raises(Refused, match="hatte einen Sitz"):
        domain.remove_participation(house, by=user)


def test_nothing_changes_in_a_closed_cycle(user):
    house = make.make_participation(make.make_cycle(state="closed"), make.make_municipality())
    with pytest.raises(Refused, match="abgeschlossen"):
        domain.answer_invitation(house, state=DECLINED, by=user)
    with pytest.raises(Refused, match="abgeschlossen"):
        domain.invite_municipality(house.cycle, municipality=make.make_municipality(), by=user)


def test_constraints_of_a_participation(house):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_participation(house.cycle, house.municipality)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=house.pk).update(state="perhaps")


# --- Participants -------------------------------------------------------------------------
def add(house, user, role=ParticipantRole.MENTEE, person=None):
    return domain.add_participant(
        cycle=house.cycle,
        person=person or make.make_person(municipality=house.municipality),
        municipality=house.municipality,
        role=role,
        by=user,
    )


def test_entering_a_participant_twice_is_once(house, user):
    first = add(house, user)
    assert add(house, user, person=first.person) == first
    assert Participant.objects.count() == 1


def test_who_left_may_come_back(house, user):
    entry = add(house, user)
    domain.mark_left(entry, on=timezone.localdate(), by=user)
    assert not Participant.objects.present().exists()
    again = add(house, user, person=entry.person)
    assert (again.pk, again.left_on) == (entry.pk, None)


def test_leaving_twice_keeps_the_first_day(house, user):
    entry = add(house, user)
    Participant.objects.filter(pk=entry.pk).update(joined_on=make.LONG_AGO)
    yesterday = timezone.localdate() - timedelta(days=1)
    domain.mark_left(entry, on=yesterday, by=user)
    assert domain.mark_left(entry, on=timezone.localdate(), by=user).left_on == yesterday


def test_leaving_is_not_announced_and_not_before_the_start(house, user):
    entry = add(house, user)
    for days in (-1, 1):
        with pytest.raises(Refused):
            domain.mark_left(entry, on=timezone.localdate() + timedelta(days=days), by=user)


def test_a_mentee_is_no_applicant_any_more(house, user):
    applicant = add(house, user, ParticipantRole.APPLICANT)
    mentee = add(house, user, ParticipantRole.MENTEE, applicant.person)
    assert list(Participant.objects.present()) == [mentee]


def test_no_operator_and_no_closed_cycle(house, user):
    operator = make.make_person(user=make.make_user(is_superuser=True))
    with pytest.raises(Refused, match="betreibt"):
        add(house, user, person=operator)
    closed = make.make_participation(make.make_cycle(state="closed"), house.municipality)
    with pytest.raises(Refused, match="abgeschlossen"):
        add(closed, user)


def test_constraints_of_a_participant(house, user):
    entry = add(house, user)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_participant(house.cycle, house.municipality, person=entry.person)
    for wrong in ({"role": "boss"}, {"left_on": make.LONG_AGO}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Participant.objects.filter(pk=entry.pk).update(**wrong)


# --- Ständige Mitglieder ------------------------------------------------------------------
def test_a_permanent_member_is_named_once_and_no_operator(user):
    programme, person = make.make_programme(), make.make_person()
    domain.name_permanent_member(programme, person=person, by=user)
    with pytest.raises(Refused, match="schon ständiges Mitglied"):
        domain.name_permanent_member(programme, person=person, by=user)
    operator = make.make_person(user=make.make_user(is_superuser=True))
    with pytest.raises(Refused, match="betreibt"):
        domain.name_permanent_member(programme, person=operator, by=user)


def test_the_only_permanent_member_stays(user):
    programme = make.make_programme()
    make.make_permanent_member(programme)
    post = PermanentMember.objects.get()
    with pytest.raises(Refused, match="einzige ständige Mitglied"):
        domain.end_permanent_member(post, by=user)
    second = domain.name_permanent_member(programme, person=make.make_person(), by=user)
    domain.end_permanent_member(post, by=user)
    assert list(PermanentMember.objects.current()) == [second]
    with pytest.raises(Refused, match="kein ständiges Mitglied mehr"):
        domain.end_permanent_member(post, by=user)


def test_a_post_of_less_than_a_day_leaves_no_row(user):
    programme = make.make_programme()
    make.make_permanent_member(programme)
    post = domain.name_permanent_member(programme, person=make.make_person(), by=user)
    domain.end_permanent_member(post, by=user)
    assert PermanentMember.objects.count() == 1
