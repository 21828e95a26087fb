"""Seats in the Beirat: two per Kommune, one or two leads, nobody without a lead."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles import domain
from programmes.cycles.models import CouncilSeat, CycleState, ParticipationState, SeatFunction
from tests import factories as make


@pytest.fixture
def user(db):
    return make.make_user()


@pytest.fixture
def participation(db):
    return make.make_participation(make.make_cycle(), make.make_municipality("Ahausen"))


def appoint(participation, user, *, lead=False, person=None):
    return domain.appoint(
        participation,
        person=person or make.make_person(municipality=participation.municipality),
        function=SeatFunction.EQUALITY,
        lead=lead,
        by=user,
    )


def test_two_seats_then_no_third(participation, user):
    assert [appoint(participation, user).chair for _ in range(2)] == [1, 2]
    with pytest.raises(Refused, match="schon zwei Sitze"):
        appoint(participation, user)


def test_database_refuses_a_third_seat(participation):
    for _ in range(2):
        make.make_seat(participation)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_seat(participation, chair=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_seat(participation, chair=3)


def test_an_ended_seat_frees_its_chair(participation, user):
    appoint(participation, user)
    seat = appoint(participation, user)
    domain.end_seat(seat, by=user)
    assert appoint(participation, user).chair == 2


@pytest.mark.parametrize("state", [ParticipationState.INVITED, ParticipationState.DECLINED])
def test_no_seat_for_a_kommune_that_does_not_take_part(user, state):
    participation = make.make_participation(
        make.make_cycle(), make.make_municipality(), state=state
    )
    with pytest.raises(Refused, match=r"nimmt an .* nicht teil"):
        appoint(participation, user)


def test_no_seat_for_somebody_of_another_kommune(participation, user):
    stranger = make.make_person(municipality=make.make_municipality())
    with pytest.raises(Refused, match="nicht als Person von Ahausen"):
        appoint(participation, user, person=stranger)


def test_no_seat_for_an_operator(participation, user):
    person = make.make_person(
        municipality=participation.municipality,
        user=make.make_user(is_superuser=True, is_staff=True),
    )
    with pytest.raises(Refused, match="betreibt diese Anwendung"):
        appoint(participation, user, person=person)


def test_posted_twice_gives_one_seat(participation, user):
    person = appoint(participation, user).person
    with pytest.raises(Refused, match="schon einen Sitz"):
        appoint(participation, user, person=person)
    assert CouncilSeat.objects.count() == 1


def test_no_seat_in_a_cycle_that_has_ended(user):
    cycle = make.make_cycle(state=CycleState.CLOSED)
    participation = make.make_participation(cycle, make.make_municipality())
    with pytest.raises(Refused, match="abgeschlossen"):
        appoint(participation, user)


def test_a_third_lead_is_refused(participation, user):
    other = make.make_participation(participation.cycle, make.make_municipality())
    make.make_seat(participation, lead=True)
    make.make_seat(participation, lead=True)
    with pytest.raises(Refused, match="eine oder zwei"):
        appoint(other, user, lead=True)
    seat = appoint(other, user)
    with pytest.raises(Refused, match="eine oder zwei"):
        domain.change_seat(seat, function=seat.function, lead=True, by=user)


def test_the_last_lead_stays_until_replaced(participation, user):
    make.make_seat(participation, lead=True)
    seat = CouncilSeat.objects.get()
    with pytest.raises(Refused, match="leitet den Beirat allein"):
        domain.end_seat(seat, by=user)
    with pytest.raises(Refused, match="leitet den Beirat allein"):
        domain.change_seat(seat, function=seat.function, lead=False, by=user)
    appoint(participation, user, lead=True)
    domain.end_seat(seat, by=user)
    assert CouncilSeat.objects.held().get().lead


def test_before_the_beirat_is_confirmed_the_last_lead_may_go(user):
    cycle = make.make_cycle(state=CycleState.PLANNING)
    participation = make.make_participation(cycle, make.make_municipality())
    make.make_seat(participation, lead=True)
    domain.end_seat(CouncilSeat.objects.get(), by=user)
    assert not CouncilSeat.objects.held().exists()


def test_an_ended_seat_gives_no_access_from_that_day_on(participation, user):
    make.make_seat(participation)
    seat = CouncilSeat.objects.get()
    assert CouncilSeat.objects.current().exists()
    domain.end_seat(seat, by=user)
    assert not CouncilSeat.objects.current().exists()
    with pytest.raises(Refused, match="schon beendet"):
        domain.end_seat(seat, by=user)


def test_a_seat_neither_ends_in_the_future_nor_before_it_began(participation, user):
    seat = appoint(participation, user)
    for days in (-1, 1):
        with pytest.raises(Refused):
            domain.end_seat(seat, by=user, on=timezone.localdate() + timedelta(days=days))


def test_a_second_editor_of_a_seat_is_told(participation, user):
    make.make_seat(participation)
    mine, theirs = CouncilSeat.objects.get(), CouncilSeat.objects.get()
    domain.change_seat(theirs, function=SeatFunction.OTHER, lead=False, by=user)
    with pytest.raises(EditConflict):
        domain.change_seat(mine, function=SeatFunction.EQUALITY, lead=False, by=user)


def test_dates_of_a_seat_are_in_order_in_the_database(participation):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_seat(participation, until=make.LONG_AGO - timedelta(days=1))


def test_a_person_sits_once_per_kommune_in_the_database(participation):
    person = make.make_seat(participation)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_seat(participation, person=person, chair=2)
