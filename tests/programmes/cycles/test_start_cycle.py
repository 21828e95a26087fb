"""A new Durchgang from the last one: all of it or nothing."""

import pytest

from mentoring.ui.errors import Refused
from programmes.cycles import domain
from programmes.cycles.domain import CycleData, KeptSeat
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participation,
    ParticipationState,
)
from programmes.cycles.registries import Copier, copied_on_new_cycle
from tests import factories as make

DATA = CycleData(number=12, title="Durchgang 12", start_year=2027, end_year=2029, places=20)


@pytest.fixture
def user(db):
    return make.make_user()


def start(programme, user, *, data=DATA, houses=(), seats=(), copied=()):
    return domain.start_cycle(
        programme, data=data, municipalities=houses, seats=seats, copied=copied, by=user
    )


def test_the_first_cycle_of_a_programme(user):
    programme = make.make_programme()
    assert domain.next_number(programme) == 1
    house = make.make_municipality()
    cycle = start(programme, user, houses=[house])
    assert (cycle.state, cycle.started_from, cycle.places) == (CycleState.PLANNING, None, 20)
    assert cycle.participations.get().state == ParticipationState.INVITED


def test_kommunen_and_seats_go_on(stage, cast, user):
    seat = CouncilSeat.objects.get(person=cast.member)
    cycle = start(stage.programme, user, houses=[stage.own], seats=[KeptSeat(seat, lead=True)])
    assert cycle.started_from == stage.cycle
    kept = CouncilSeat.objects.get(participation__cycle=cycle)
    assert (kept.person, kept.lead, kept.chair) == (cast.member, True, seat.chair)
    assert CouncilSeat.objects.held().filter(pk=seat.pk).exists()


def test_later_rooms_copy(monkeypatch, stage, user):
    seen = []
    copier = Copier("Fahrplan", lambda old, new, by: seen.append((old, new, by)))
    monkeypatch.setattr(copied_on_new_cycle, "_entries", {"roadmap": (1, copier)})
    cycle = start(stage.programme, user, copied=["roadmap"])
    assert seen == [(stage.cycle, cycle, user)]


def test_a_copy_that_fails_leaves_nothing(monkeypatch, stage, user):
    def fail(old, new, by):
        raise Refused("Der Fahrplan fehlt.")

    monkeypatch.setattr(copied_on_new_cycle, "_entries", {"roadmap": (1, Copier("F", fail))})
    before = Participation.objects.count()
    with pytest.raises(Refused, match="Fahrplan"):
        start(stage.programme, user, houses=[stage.own], copied=["roadmap"])
    assert not Cycle.objects.filter(number=12).exists()
    assert Participation.objects.count() == before


def test_a_seat_without_its_kommune_leaves_nothing(stage, cast, user):
    seat = CouncilSeat.objects.get(person=cast.member)
    with pytest.raises(Refused, match="weiter dabei"):
        start(stage.programme, user, houses=[stage.other], seats=[KeptSeat(seat, lead=False)])
    assert not Cycle.objects.filter(number=12).exists()


def test_an_ended_or_older_seat_does_not_go_on(stage, cast, user):
    old = CouncilSeat.objects.get(person=cast.former)
    with pytest.raises(Refused, match="inzwischen beendet"):
        start(stage.programme, user, houses=[stage.own], seats=[KeptSeat(old, lead=False)])


def test_two_start_the_same_cycle(stage, user):
    start(stage.programme, user)
    with pytest.raises(Refused, match=r"Nr\. 12 gibt es schon"):
        start(stage.programme, user)
    assert Cycle.objects.filter(number=12).count() == 1


def test_a_called_off_number_stays_taken(stage, user):
    cycle = start(stage.programme, user)
    domain.cancel(cycle, reason="zu wenige", by=user)
    assert domain.next_number(stage.programme) == 13
    assert domain.last_cycle(stage.programme) == stage.cycle


def test_no_operator_and_no_third_lead_go_on(stage, cast, user):
    seats = list(CouncilSeat.objects.filter(person__in=[cast.lead, cast.member]))
    make.make_seat(stage.cycle.participations.get(municipality=stage.own))
    seats = CouncilSeat.objects.held().filter(participation__cycle=stage.cycle)
    with pytest.raises(Refused, match="eine oder zwei"):
        start(
            stage.programme,
            user,
            houses=[stage.own, stage.other],
            seats=[KeptSeat(seat, lead=True) for seat in seats],
        )
    cast.member.user.is_superuser = True
    cast.member.user.save()
    seat = CouncilSeat.objects.select_related("person__user").get(person=cast.member)
    with pytest.raises(Refused, match="betreibt"):
        start(stage.programme, user, houses=[stage.own], seats=[KeptSeat(seat, lead=False)])


def test_a_cycle_from_before_the_installation(user):
    programme = make.make_programme()
    houses = [domain.PastHouse(make.make_municipality(), 3, 4) for _ in range(7)]
    cycle = domain.record_past_cycle(
        programme,
        number=3,
        title="Durchgang 3",
        start_year=2011,
        end_year=2012,
        tandems=23,
        houses=houses,
        by=None,
    )
    assert (cycle.state, cycle.published_tandems) == (CycleState.CLOSED, 23)
    assert cycle.participations.filter(mentees=3, mentors=4).count() == 7
    with pytest.raises(Refused, match="gibt es schon"):
        domain.record_past_cycle(
            programme,
            number=3,
            title="",
            start_year=2011,
            end_year=2012,
            tandems=None,
            houses=[],
            by=user,
        )
