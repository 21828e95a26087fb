"""Reminders: the right people, on the right days, once each whatever happens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentoring.jobs.models import Turn
from mentoring.jobs.turns import run_daily
from programmes.cycles.models import CouncilSeat, Cycle, CycleState
from programmes.outbox.models import Delivery
from programmes.people.models import MunicipalityStaff, Person
from programmes.roadmap import reminders
from programmes.roadmap.domain import tasks as task_doors
from programmes.roadmap.domain.notices import choose_notices
from programmes.roadmap.due import MISSED
from programmes.roadmap.models import Milestone, MilestoneState, Reminder, Responsible, Task
from programmes.roadmap.reminders import remind
from tests import factories as make
from tests.programmes.roadmap.makers import make_milestone
from tests.programmes.roadmap.task_makers import mails_to, make_task

BERLIN = ZoneInfo("Europe/Berlin")
DUE = date(2026, 10, 2)


def morning(day: date):
    """Seven o'clock in Berlin on ``day``."""
    return time_machine.travel(
        datetime(day.year, day.month, day.day, 7, 0, tzinfo=BERLIN), tick=False
    )


def on(day: date) -> int:
    """What a run on ``day`` queues."""
    with morning(day):
        return remind()


def before(days: int, due: date = DUE) -> date:
    return due - timedelta(days=days)


@pytest.fixture
def task(stage, cast):
    return make_task(stage.cycle, DUE, title="Räume buchen", person=cast.member)


# --- On which days ------------------------------------------------------------------------
def test_four_reminders_and_no_more_when_it_runs_every_day(task, cast):
    days = [day for n in range(60, -60, -1) if on(day := before(n))]
    assert days == [before(28), before(14), before(3), before(-1)]
    assert len(mails_to(cast.member)) == 4
    assert Reminder.objects.filter(person=cast.member).count() == 4


def test_an_event_and_a_period_count_from_their_first_day_and_are_missed_after_the_last(
    stage, cast
):
    seat = CouncilSeat.objects.get(person=cast.member)
    period = make_milestone(stage.cycle, DUE, DUE + timedelta(days=30))
    period.seats.add(seat)
    days = [(DUE - day).days for n in range(40, -60, -1) if on(day := before(n))]
    assert days == [28, 14, 3, -31]


def test_days_missed_while_no_worker_ran_bring_the_nearest_reminder_once(task, cast):
    assert on(before(29)) == 0
    assert on(before(2)) == 1  # 28, 14 and 3 went by
    assert [row.days_before for row in Reminder.objects.all()] == [3]
    assert "in 2 Tagen" in mails_to(cast.member)[0]
    assert on(before(1)) == 0


def test_what_was_missed_long_ago_is_let_go(task):
    assert on(before(-15)) == 0
    assert on(before(-14)) == 1
    assert Reminder.objects.get().days_before == MISSED


@pytest.mark.parametrize("due", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_days_of_the_clock_change_count_as_any_other(stage, cast, due):
    make_task(stage.cycle, due, person=cast.member)
    days = [(due - day).days for n in range(30, -3, -1) if on(day := before(n, due))]
    assert days == [28, 14, 3, -1]


def test_the_day_is_that_of_berlin(task):
    with time_machine.travel(datetime(2026, 9, 3, 22, 30, tzinfo=ZoneInfo("UTC")), tick=False):
        assert remind() == 1  # half past midnight on 4 September, 28 days before


def test_a_moved_date_is_a_new_one(task, cast):
    assert on(before(14)) == 1
    Task.objects.update(due_on=DUE + timedelta(days=30))
    assert on(before(13)) == 0
    assert on(DUE + timedelta(days=2)) == 1
    Task.objects.update(due_on=DUE + timedelta(days=10))
    assert on(DUE + timedelta(days=3)) == 1
    assert len(mails_to(cast.member)) == 3


def test_moved_there_and_back_it_is_not_said_twice(task):
    on(before(14))
    Task.objects.update(due_on=DUE + timedelta(days=60))
    on(before(13))
    Task.objects.update(due_on=DUE)
    assert on(before(12)) == 0
    assert on(before(3)) == 1


def test_it_runs_in_the_morning_and_once_a_day(task, cast):
    day = before(14)
    with time_machine.travel(datetime(day.year, day.month, day.day, 0, 5, tzinfo=BERLIN)) as clock:
        run_daily()
        assert mails_to(cast.member) == []
        clock.move_to(datetime(day.year, day.month, day.day, 6, 31, tzinfo=BERLIN))
        run_daily()
        assert len(mails_to(cast.member)) == 1
        assert Turn.objects.get(name="morning.roadmap.reminders").last_run_on == day
        with CaptureQueriesContext(connection) as queries:
            run_daily()
        assert len(queries) <= 20  # one look at each turn
    assert len(mails_to(cast.member)) == 1


# --- Once each ----------------------------------------------------------------------------
def test_run_twice_it_says_it_once(task, cast):
    with morning(before(14)):
        assert remind() == 1
        assert remind() == 0
    assert len(mails_to(cast.member)) == 1


def test_killed_after_any_person_it_goes_on_with_the_rest(stage, cast, monkeypatch):
    people = [make.make_hr(stage.own) for _ in range(4)]
    make_task(stage.cycle, DUE, responsible=Responsible.HOUSES, municipality=stage.own)
    real, left = reminders.queue_mail, {"number": 0}

    def killed(**mail):
        if left["number"] == 0:
            raise SystemExit  # what a worker's end looks like from inside
        left["number"] -= 1
        return real(**mail)

    monkeypatch.setattr(reminders, "queue_mail", killed)
    with morning(before(14)):
        for survived in (0, 1, 2, 1):
            left["number"] = survived
            with pytest.raises(SystemExit):
                remind()
            assert Reminder.objects.count() == Delivery.objects.count()
        left["number"] = 99
        remind()
        remind()
    for person in (*people, cast.hr):
        assert len(mails_to(person)) == 1


def test_a_fault_with_one_person_stops_nobody_else(stage, cast, monkeypatch):
    make_task(stage.cycle, DUE, responsible=Responsible.HOUSES, municipality=stage.own)
    colleague = make.make_hr(stage.own)
    real = reminders.queue_mail

    def refuses(**mail):
        if mail["person"] == cast.hr:
            raise ValidationError("keine Adresse")
        return real(**mail)

    monkeypatch.setattr(reminders, "queue_mail", refuses)
    assert on(before(14)) == 1
    assert len(mails_to(colleague)) == 1
    assert not Reminder.objects.filter(person=cast.hr).exists()
    monkeypatch.setattr(reminders, "queue_mail", real)
    assert on(before(13)) == 1
    assert len(mails_to(cast.hr)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail_each(stage, cast):
    people = [make.make_hr(stage.own) for _ in range(5)]
    make_task(stage.cycle, DUE, responsible=Responsible.HOUSES, municipality=stage.own)
    make_milestone(stage.cycle, DUE, municipality=stage.own)
    together = Barrier(2)

    def run():
        try:
            together.wait(timeout=10)
            return remind()
        finally:
            connection.close()

    with morning(before(14)), ThreadPoolExecutor(2) as pool:
        sent = [future.result() for future in [pool.submit(run), pool.submit(run)]]
    assert sum(sent) == 6
    for person in (*people, cast.hr):
        assert len(mails_to(person)) == 1
        assert Reminder.objects.filter(person=person).count() == 2


def test_one_mail_a_day_collects_everything(stage, cast, task):
    seat = CouncilSeat.objects.get(person=cast.member)
    milestone = make_milestone(stage.cycle, DUE + timedelta(days=10), title="Vorstellungstermin")
    milestone.seats.add(seat)
    missed = make_task(stage.cycle, before(20), title="Presse", person=cast.member)
    with morning(before(14)):
        assert remind() == 1
        later = make_task(stage.cycle, DUE, title="Nachzügler", person=cast.member)
        assert remind() == 0  # today's mail is out
    text = mails_to(cast.member)[0]
    assert "02.10.2026 (in 14 Tagen)" in text
    assert "12.10.2026 (in 24 Tagen)" in text
    for url in (task, milestone, missed):
        assert f"http://localhost:8000{url.get_absolute_url()}" in text
    assert text.index("Presse") < text.index("Räume buchen") < text.index("Vorstellungstermin")
    subject = Delivery.objects.get(person=cast.member).subject
    assert subject == "Erinnerung: 1 Meilenstein und 2 Aufgaben"
    assert on(before(13)) == 1
    assert later.title in mails_to(cast.member)[1]
    assert task.title not in mails_to(cast.member)[1]


# --- To whom ------------------------------------------------------------------------------
def reminded() -> set[Person]:
    return {row.person for row in Delivery.objects.filter(purpose="roadmap.reminder")}


def test_a_group_is_reminded_where_no_person_is_named(stage, cast):
    colleague = make.make_hr(stage.own)
    for fields, people in (
        ({"responsible": "houses", "municipality": stage.own}, {cast.hr, colleague}),
        ({"responsible": "houses"}, {cast.hr, colleague, cast.other_hr}),
        ({"responsible": "logistics"}, {cast.logistics}),
        ({"municipality": stage.own}, {cast.member}),
        ({}, {cast.lead}),
        ({"person": cast.logistics}, {cast.logistics}),
    ):
        made = make_task(stage.cycle, DUE, **fields)
        on(before(14))
        assert reminded() == people, fields
        made.delete()
        Delivery.objects.all().delete()


def test_a_milestone_reminds_its_seats_and_its_personalstelle(stage, cast):
    milestone = make_milestone(stage.cycle, DUE, municipality=stage.own)
    milestone.seats.add(CouncilSeat.objects.get(person=cast.lead))
    on(before(14))
    assert reminded() == {cast.lead, cast.hr}


def test_a_milestone_of_nobody_reminds_the_leads(stage, cast):
    make_milestone(stage.cycle, DUE)
    on(before(14))
    assert reminded() == {cast.lead}


def test_before_there_is_a_beirat_the_permanent_members_are_reminded(stage, cast):
    cycle = make.make_cycle(stage.programme, number=12, state="planning")
    make_task(cycle, DUE)
    on(before(14))
    assert reminded() == {cast.permanent}


def test_who_has_left_is_not_reminded_but_the_group_is(stage, cast, task):
    seat = CouncilSeat.objects.get(person=cast.member)
    milestone = make_milestone(stage.cycle, DUE)
    milestone.seats.add(seat)
    CouncilSeat.objects.filter(pk=seat.pk).update(until=before(20))
    on(before(14))
    assert reminded() == {cast.lead}
    text = mails_to(cast.lead)[0]
    assert task.title in text
    assert milestone.title in text


def test_former_staff_is_not_reminded(stage, cast):
    make_task(stage.cycle, DUE, responsible=Responsible.HOUSES, municipality=stage.own)
    MunicipalityStaff.objects.filter(person=cast.hr).update(until=before(20))
    on(before(14))
    assert cast.hr not in reminded()


def test_who_cannot_be_reached_or_is_locked_out_is_passed_over(stage, cast, task):
    make_milestone(stage.cycle, DUE).seats.add(CouncilSeat.objects.get(person=cast.member))
    Person.objects.filter(pk=cast.member.pk).update(email="")
    assert on(before(14)) == 0
    Person.objects.filter(pk=cast.member.pk).update(email="da@stadt.example")
    cast.member.user.is_active = False
    cast.member.user.save()
    assert on(before(14)) == 0
    cast.member.user.is_active = True
    cast.member.user.save()
    assert on(before(14)) == 1


def test_who_has_no_sign_in_yet_is_told_how_to_get_one(stage, cast):
    person = make.make_person(municipality=stage.own)
    MunicipalityStaff.objects.create(person=person, municipality=stage.own, since=make.LONG_AGO)
    make_task(stage.cycle, DUE, responsible=Responsible.HOUSES, municipality=stage.own)
    on(before(14))
    assert "bitten Sie die Treiber/innen" in mails_to(person)[0]
    assert "/konto/erinnerungen/" not in mails_to(person)[0]
    assert "http://localhost:8000/konto/erinnerungen/" in mails_to(cast.hr)[0]


def test_nobody_is_told_what_they_may_not_see(stage, cast):
    """A person of another Kommune on a task stays; the tasks of the others stay unknown."""
    make_task(stage.cycle, DUE, title="Geheim", responsible="houses", municipality=stage.other)
    make_task(stage.cycle, DUE, title="Eigenes", responsible="houses", municipality=stage.own)
    on(before(14))
    assert "Eigenes" in mails_to(cast.hr)[0]
    assert "Geheim" not in mails_to(cast.hr)[0]


def test_notes_of_the_beirat_are_in_no_mail(stage, cast):
    make_milestone(stage.cycle, DUE, municipality=stage.own, notes="streng vertraulich")
    on(before(14))
    assert "vertraulich" not in mails_to(cast.hr)[0]


@pytest.mark.parametrize("state", [CycleState.CLOSED, CycleState.CANCELLED])
def test_a_cycle_that_has_ended_reminds_nobody(stage, task, state):
    Cycle.objects.filter(pk=stage.cycle.pk).update(state=state, cancel_reason="x")
    assert on(before(14)) == 0


def test_what_is_done_or_dropped_reminds_nobody(stage, cast, task):
    make_milestone(stage.cycle, DUE, state=MilestoneState.DROPPED, drop_reason="x")
    task_doors.tick_off(task, by=cast.member.user)
    assert on(before(14)) == 0
    assert Milestone.objects.exists()


def test_switched_off_means_no_mail_and_switched_on_the_nearest_one(task, cast):
    choose_notices(cast.member, reminders=False, weekly=True, by=cast.member.user)
    assert on(before(28)) == on(before(14)) == 0
    choose_notices(cast.member, reminders=True, weekly=True, by=cast.member.user)
    assert on(before(13)) == 1
    assert Reminder.objects.get().days_before == 14


def test_angle_brackets_and_line_breaks_arrive_as_they_are(stage, cast):
    make_task(stage.cycle, DUE, title="A & B <fragen>", person=cast.member)
    on(before(14))
    assert "A & B <fragen>" in mails_to(cast.member)[0]


def test_as_many_queries_per_person_whatever_is_due(stage, cast):
    def count():
        with morning(before(14)), CaptureQueriesContext(connection) as queries:
            assert remind() == 1
        Reminder.objects.all().delete()
        return len(queries)

    make_task(stage.cycle, DUE, person=cast.member)
    make_milestone(stage.cycle, DUE).seats.add(CouncilSeat.objects.get(person=cast.member))
    few = count()
    for _ in range(20):
        make_task(stage.cycle, DUE, person=cast.member)
        make_milestone(stage.cycle, DUE).seats.add(CouncilSeat.objects.get(person=cast.member))
    assert count() == few
