""" "Gerecht verteilt": every task counts once, for the right Kommune, none is weighed."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.cycles.models import CouncilSeat
from programmes.roadmap.domain import tasks as doors
from programmes.roadmap.load import load_of
from programmes.roadmap.models import MilestoneState, Responsible
from programmes.roadmap.views.load import bars
from tests import factories as make
from tests.programmes.roadmap.makers import make_milestone
from tests.programmes.roadmap.task_makers import make_task

TODAY = date(2026, 6, 1)
pytestmark = pytest.mark.usefixtures("_frozen")


@pytest.fixture
def _frozen():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def url(stage):
    return reverse("roadmap:load", args=[stage.cycle.pk])


def houses(stage):
    return {row.municipality.short_name: row for row in load_of(stage.cycle).houses}


def test_a_task_counts_for_its_kommune_else_for_that_of_its_person(stage, cast):
    late = TODAY - timedelta(days=1)
    make_task(stage.cycle, late, municipality=stage.own, person=cast.lead)
    make_task(stage.cycle, late, person=cast.lead)
    make_task(stage.cycle, TODAY, person=cast.hr, responsible=Responsible.HOUSES)
    done = make_task(stage.cycle, late, person=cast.member)
    doors.tick_off(done, by=cast.member.user)
    own, other = houses(stage)["Ahausen"], houses(stage)["Übelheim"]
    assert (own.total, own.open, own.done, own.overdue) == (3, 2, 1, 1)
    assert (other.total, other.open, other.done, other.overdue) == (1, 1, 0, 1)
    assert (own.council, own.council_share, other.council_share) == (2, 67, 33)


def test_a_seat_counts_for_the_kommune_of_the_seat(stage, cast):
    """Not where the person works now: they carry the task for who sent them."""
    cast.member.municipality = stage.other
    cast.member.save()
    make_task(stage.cycle, TODAY, person=cast.member)
    assert houses(stage)["Ahausen"].total == 1


def test_kommunen_with_nothing_are_named_too_and_those_not_taking_part_are_not(stage, cast):
    make.make_participation(stage.cycle, make.make_municipality("Mitte"))
    make.make_participation(stage.cycle, make.make_municipality("Nein"), state="declined")
    assert list(houses(stage)) == ["Ahausen", "Mitte", "Übelheim"]
    assert houses(stage)["Mitte"].total == 0


def test_what_no_kommune_carries(stage, cast):
    make_task(stage.cycle, TODAY, responsible=Responsible.HOUSES)
    make_task(stage.cycle, TODAY, responsible=Responsible.LOGISTICS)
    make_task(stage.cycle, TODAY, person=cast.logistics)
    open_one = make_task(stage.cycle, TODAY)
    doors.tick_off(make_task(stage.cycle, TODAY), by=cast.lead.user)
    load = load_of(stage.cycle)
    assert (load.everywhere, load.elsewhere, load.unassigned) == (1, 2, [open_one])
    assert load.average == 0


def test_a_milestone_counts_once_for_each_kommune_responsible(stage, cast):
    colleague = make.make_seat(stage.cycle.participations.get(municipality=stage.own))
    milestone = make_milestone(stage.cycle, TODAY, municipality=stage.own)
    for person in (cast.member, colleague, cast.lead):
        milestone.seats.add(CouncilSeat.objects.get(person=person))
    make_milestone(stage.cycle, TODAY, municipality=stage.own)
    make_milestone(
        stage.cycle,
        TODAY,
        municipality=stage.own,
        state=MilestoneState.DROPPED,
        drop_reason="entfällt",
    )
    make_milestone(stage.cycle, TODAY)
    assert houses(stage)["Ahausen"].milestones == 2
    assert houses(stage)["Übelheim"].milestones == 1


def test_bars_are_as_long_as_there_are_tasks(stage, cast):
    for number, house in ((4, stage.own), (1, stage.other)):
        for _ in range(number):
            make_task(stage.cycle, TODAY - timedelta(days=1), municipality=house)
    make_task(stage.cycle, TODAY, municipality=stage.own)
    load = load_of(stage.cycle)
    own, other = load.houses
    assert bars(own, load.most) == [("open", 0, 20), ("overdue", 20, 80)]
    assert bars(other, load.most) == [("overdue", 0, 20)]
    assert bars(other, 0) == []


def test_the_page_names_the_numbers_and_links_what_nobody_carries(stage, cast, client_of, url):
    make_task(stage.cycle, TODAY, municipality=stage.own)
    task = make_task(stage.cycle, TODAY, title="Niemandsland")
    text = client_of("member").get(url).content.decode()
    assert "0,5</strong> Aufgaben" in text
    assert reverse("roadmap:task_change", args=[stage.cycle.pk, task.pk]) in text
    assert 'style="' not in text
    assert '<rect class="app-load__part app-load__part--open" x="0" y="0" width="100"' in text


def test_an_empty_cycle_has_a_page(stage, cast, client_of, url):
    assert "Alle offenen Aufgaben" in client_of("lead").get(url).content.decode()


def test_as_many_queries_for_twenty_kommunen_as_for_two(stage, cast, client_of, url):
    lead = client_of("lead")

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(url).status_code == 200
        return len(queries)

    make_task(stage.cycle, TODAY, person=cast.member)
    lead.get(url)
    few = count()
    for _ in range(20):
        row = make.make_participation(stage.cycle, make.make_municipality())
        person = make.make_seat(row)
        make_task(stage.cycle, timezone.localdate(), person=person)
        make_task(stage.cycle, timezone.localdate())
        make_milestone(stage.cycle, TODAY, municipality=row.municipality)
    assert count() == few
    assert few <= 20
