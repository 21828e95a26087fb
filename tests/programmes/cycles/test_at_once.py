"""Two people at the same moment: one wins, the other is told, nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from mentoring.ui.errors import Refused
from programmes.cycles import domain
from programmes.cycles.domain import CycleData
from programmes.cycles.models import CouncilSeat, Cycle, Participant, SeatFunction
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run ``acts`` in threads that begin together; what each returned or was refused with."""
    together = Barrier(len(acts))

    def run(act):
        try:
            together.wait(timeout=10)
            return act()
        except Refused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(results):
    return [result for result in results if isinstance(result, str)]


def test_both_confirm_the_beirat():
    user = make.make_user()
    cycle = make.make_cycle(state="planning")
    make.make_seat(make.make_participation(cycle, make.make_municipality()), lead=True)
    found = at_once(*[lambda: domain.confirm_council(cycle, by=user)] * 2)
    assert len(refusals(found)) == 1
    assert "jemand anderes schneller" in refusals(found)[0]


def test_both_appoint_the_second_seat():
    user = make.make_user()
    row = make.make_participation(make.make_cycle(), make.make_municipality())
    make.make_seat(row)
    people = [make.make_person(municipality=row.municipality) for _ in range(2)]

    def appoint(person):
        return lambda: domain.appoint(
            row, person=person, function=SeatFunction.OTHER, lead=False, by=user
        )

    found = at_once(*map(appoint, people))
    assert len(refusals(found)) == 1
    assert "schon zwei Sitze" in refusals(found)[0]
    assert CouncilSeat.objects.held().count() == 2


def test_two_leads_leave_at_once_and_one_stays():
    user = make.make_user()
    row = make.make_participation(make.make_cycle(), make.make_municipality())
    for _ in range(2):
        make.make_seat(row, lead=True)
    seats = list(CouncilSeat.objects.all())
    found = at_once(*[lambda seat=seat: domain.end_seat(seat, by=user) for seat in seats])
    assert len(refusals(found)) == 1
    assert CouncilSeat.objects.held().filter(lead=True).count() == 1


def test_both_start_the_next_cycle():
    user, programme = make.make_user(), make.make_programme()
    data = CycleData(number=1, title="Eins", start_year=2026, end_year=2028, places=20)

    def start():
        return domain.start_cycle(
            programme, data=data, municipalities=[], seats=[], copied=[], by=user
        )

    found = at_once(start, start)
    assert len(refusals(found)) == 1
    assert Cycle.objects.count() == 1


def test_both_enter_one_participant():
    user, house = make.make_user(), make.make_municipality()
    cycle, person = make.make_cycle(), make.make_person(municipality=house)

    def add():
        return domain.add_participant(
            cycle=cycle, person=person, municipality=house, role="mentor", by=user
        )

    assert not refusals(at_once(add, add))
    assert Participant.objects.count() == 1
