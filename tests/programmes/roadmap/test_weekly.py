"""The weekly summary: on Mondays, to who leads, once a week."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mentoring.jobs.turns import mornings
from programmes.cycles.models import CouncilSeat, Cycle, CycleState
from programmes.outbox.models import Delivery
from programmes.people.models import Person
from programmes.roadmap.domain.notices import choose_notices
from programmes.roadmap.models import Responsible, WeeklySummary
from programmes.roadmap.weekly import summarise
from tests import factories as make
from tests.programmes.roadmap.makers import make_milestone
from tests.programmes.roadmap.task_makers import mails_to, make_task

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 8, 31)


def on(day: date) -> int:
    moment = datetime(day.year, day.month, day.day, 7, 0, tzinfo=BERLIN)
    with time_machine.travel(moment, tick=False):
        return summarise()


@pytest.fixture
def full(stage):
    """Something of each kind in the cycle of the stage."""
    make_milestone(stage.cycle, MONDAY + timedelta(days=10), title="Vorstellungstermin")
    make_milestone(stage.cycle, MONDAY + timedelta(days=15), title="Startworkshop")
    make_milestone(stage.cycle, MONDAY - timedelta(days=1), title="Infoveranstaltung")
    make_milestone(
        stage.cycle, MONDAY - timedelta(days=20), MONDAY + timedelta(days=3), title="Bewerbung"
    )
    make_task(stage.cycle, MONDAY, title="Räume", responsible=Responsible.LOGISTICS)
    make_task(stage.cycle, MONDAY - timedelta(days=3), title="Presse", municipality=stage.own)
    make_task(stage.cycle, None, title="Homepage")


def test_the_summary_names_what_is_due_overdue_and_nobodys(stage, cast, full):
    assert on(MONDAY) == 1
    text = mails_to(cast.lead)[0]
    late, soon, nobodys = (
        text.index(heading)
        for heading in ("Überfällig:", "In den nächsten zwei Wochen:", "noch niemand zuständig")
    )
    places = {
        title: text.index(f"- {title}")
        for title in (
            "Vorstellungstermin",
            "Infoveranstaltung",
            "Bewerbung",
            "Räume",
            "Presse",
            "Homepage",
        )
    }
    assert late < places["Presse"] < places["Infoveranstaltung"] < soon
    assert soon < places["Bewerbung"] < places["Räume"] < places["Vorstellungstermin"] < nobodys
    assert nobodys < places["Homepage"]
    assert "Startworkshop" not in text
    assert "Bewerbung, 11.08.2026 bis 03.09.2026" in text
    assert "http://localhost:8000/konto/erinnerungen/" in text


def test_only_on_mondays_and_once_a_week(stage, cast, full):
    days = [n for n in range(21) if on(MONDAY + timedelta(days=n))]
    assert days == [0, 7, 14]


def test_without_a_worker_on_monday_it_comes_until_wednesday(stage, cast, full):
    assert on(MONDAY + timedelta(days=2)) == 1
    assert on(MONDAY + timedelta(days=10)) == 0


def test_run_twice_it_is_sent_once(stage, cast, full):
    assert on(MONDAY) == 1
    assert on(MONDAY) == 0
    assert WeeklySummary.objects.get().monday == MONDAY


def test_only_leads_get_it_and_for_the_cycles_they_lead(stage, cast, full):
    other = make.make_cycle(stage.programme, number=12)
    seat = make.make_participation(other, stage.own)
    make.make_seat(seat, lead=True, person=cast.member)
    make_task(other, MONDAY, title="Nur im anderen")
    assert on(MONDAY) == 2
    assert {row.person for row in Delivery.objects.all()} == {cast.lead, cast.member}
    assert "Nur im anderen" not in mails_to(cast.lead)[0]
    assert "Räume" not in mails_to(cast.member)[0]


def test_two_cycles_make_one_mail(stage, cast, full):
    other = make.make_cycle(stage.programme, number=12)
    make.make_seat(make.make_participation(other, stage.other), lead=True, person=cast.lead)
    make_task(other, MONDAY, title="Im anderen")
    assert on(MONDAY) == 1
    text = mails_to(cast.lead)[0]
    assert "Durchgang Nr. 11" in text
    assert "Durchgang Nr. 12" in text


def test_nothing_to_say_is_not_said(stage, cast):
    assert on(MONDAY) == 0
    make_task(stage.cycle, MONDAY)
    assert on(MONDAY + timedelta(days=1)) == 0  # the week was dealt with on Monday


def test_switched_off_ended_or_without_address_there_is_none(stage, cast, full):
    choose_notices(cast.lead, reminders=True, weekly=False, by=cast.lead.user)
    assert on(MONDAY) == 0
    choose_notices(cast.lead, reminders=True, weekly=True, by=cast.lead.user)
    Person.objects.filter(pk=cast.lead.pk).update(email="")
    assert on(MONDAY) == 0
    Person.objects.filter(pk=cast.lead.pk).update(email="da@stadt.example")
    CouncilSeat.objects.filter(person=cast.lead).update(until=MONDAY)
    assert on(MONDAY) == 0
    CouncilSeat.objects.filter(person=cast.lead).update(until=None)
    Cycle.objects.update(state=CycleState.CLOSED)
    assert on(MONDAY) == 0
    assert not WeeklySummary.objects.exists()


def test_a_long_list_is_counted(stage, cast):
    for n in range(20):
        make_task(stage.cycle, MONDAY, title=f"Viel {n}", municipality=stage.own)
    on(MONDAY)
    text = mails_to(cast.lead)[0]
    assert text.count("- Viel") == 12
    assert "und 8 weitere" in text


def test_both_mails_are_morning_work():
    assert {"roadmap.reminders", "roadmap.weekly"} <= set(mornings.names())
