"""Aufgaben: who does what with them, and what is left of them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import CouncilSeat, Cycle
from programmes.people import retention
from programmes.roadmap import domain as roadmap
from programmes.roadmap.domain import tasks as doors
from programmes.roadmap.domain.notices import choose_notices
from programmes.roadmap.models import (
    Milestone,
    NoticeChoice,
    Reminder,
    Task,
    TaskState,
    WeeklySummary,
)
from programmes.roadmap.retention import delete_old
from tests import factories as make
from tests.programmes.roadmap.makers import START_ON, make_milestone
from tests.programmes.roadmap.task_makers import make_task

DUE = date(2026, 10, 2)


# --- Doors --------------------------------------------------------------------------------
def test_a_task_is_due_by_its_milestone_and_moves_with_it(stage, cast, milestone):
    task = Task(cycle=stage.cycle, title="Räume", milestone=milestone, days_from_milestone=-14)
    doors.add_task(task, by=cast.lead.user)
    assert task.due_on == START_ON - timedelta(days=14)
    roadmap.move(milestone, starts_on=START_ON + timedelta(days=7), by=cast.lead.user)
    task.refresh_from_db()
    assert task.due_on == START_ON - timedelta(days=7)


def test_days_without_a_milestone_count_nothing(stage, cast):
    task = Task(cycle=stage.cycle, title="Räume", days_from_milestone=3, due_on=DUE)
    doors.add_task(task, by=cast.lead.user)
    assert (task.days_from_milestone, task.due_on) == (None, DUE)


def test_nothing_of_another_cycle_gets_in(stage, cast):
    other = make.make_cycle()
    house = make.make_participation(other, make.make_municipality()).municipality
    stranger = make.make_person(sign_in=True)
    for fields, sentence in (
        ({"milestone": make_milestone(other)}, "Meilenstein gehört nicht"),
        ({"municipality": house}, "nicht dabei"),
        ({"person": stranger}, "arbeitet in diesem Durchgang nicht mit"),
        ({"person": cast.mentee}, "arbeitet in diesem Durchgang nicht mit"),
        ({"municipality": stage.own, "responsible": "logistics"}, "gehört keiner Kommune"),
        ({"due_on": date(9999, 12, 31)}, "außerhalb der Jahre"),
    ):
        with pytest.raises(Refused, match=sentence):
            doors.add_task(Task(cycle=stage.cycle, title="x", **fields), by=cast.lead.user)
    assert not Task.objects.exists()


def test_who_has_left_stays_on_the_task_until_it_is_given_to_another(stage, cast):
    task = make_task(stage.cycle, DUE, person=cast.member)
    CouncilSeat.objects.filter(person=cast.member).update(until=date(2021, 1, 1))
    task.title = "Neuer Titel"
    doors.save_task(task, by=cast.lead.user)
    task.person = cast.lead
    doors.save_task(task, by=cast.lead.user)
    task.person = cast.member
    with pytest.raises(Refused, match="arbeitet in diesem Durchgang nicht mit"):
        doors.save_task(task, by=cast.lead.user)


def test_done_says_when_and_by_whom_and_only_once(task, cast):
    done = doors.tick_off(task, by=cast.member.user)
    assert done.state == TaskState.DONE
    assert done.done_by == cast.member.user
    assert done.done_at is not None
    with pytest.raises(Refused, match="schon erledigt"):
        doors.tick_off(task, by=cast.lead.user)
    assert doors.reopen_task(task, by=cast.lead.user).done_by is None
    with pytest.raises(Refused, match="schon wieder offen"):
        doors.reopen_task(task, by=cast.lead.user)


def test_opened_again_it_catches_up_with_its_milestone(stage, cast, milestone):
    task = make_task(stage.cycle, milestone=milestone, days_from_milestone=-7)
    doors.tick_off(task, by=cast.lead.user)
    roadmap.move(milestone, starts_on=START_ON + timedelta(days=7), by=cast.lead.user)
    assert doors.reopen_task(task, by=cast.lead.user).due_on == START_ON


def test_take_over(task, cast):
    assert doors.take_over(task, by=cast.member.user).person == cast.member
    with pytest.raises(Refused, match="schon zuständig"):
        doors.take_over(task, by=cast.member.user)
    assert doors.take_over(task, by=cast.lead.user).person == cast.lead
    for outsider in (cast.stranger.user, cast.operator, cast.mentee.user):
        with pytest.raises(Refused, match="Nur wer in diesem Durchgang"):
            doors.take_over(task, by=outsider)
    doors.tick_off(task, by=cast.lead.user)
    with pytest.raises(Refused, match="schon erledigt"):
        doors.take_over(task, by=cast.member.user)


def test_a_deleted_task_refuses_everything(task, cast):
    doors.delete_task(task, by=cast.lead.user)
    task.pk = task.pk or 0
    for door in (doors.tick_off, doors.reopen_task, doors.take_over, doors.delete_task):
        with pytest.raises(Refused, match="gelöscht"):
            door(task, by=cast.lead.user)


def test_a_cycle_that_has_ended_changes_no_more(stage, task, cast):
    Cycle.objects.filter(pk=stage.cycle.pk).update(state="closed")
    for door in (doors.tick_off, doors.save_task, doors.take_over, doors.delete_task):
        with pytest.raises(Refused, match="nichts mehr ändern"):
            door(task, by=cast.lead.user)


def test_the_log_names_the_change_and_no_description(stage, cast):
    task = Task(cycle=stage.cycle, title="Räume", description="vertraulich")
    doors.add_task(task, by=cast.lead.user)
    doors.tick_off(task, by=cast.member.user)
    entries = LogEntry.objects.filter(cycle_id=stage.cycle.pk, object_repr="Räume")
    assert [entry.actor for entry in entries.order_by("pk")] == [cast.lead.user, cast.member.user]
    assert "vertraulich" not in str(list(entries.values("changes", "changes_text")))


# --- Start page, own choice, erasure ------------------------------------------------------
def test_the_start_page_names_the_own_tasks(stage, cast, client_of):
    today = timezone.localdate()
    make_task(stage.cycle, today - timedelta(days=3), title="Versäumtes", person=cast.member)
    make_task(stage.cycle, today, title="Für Häuser", responsible="houses")
    make_task(stage.cycle, today, title="Für Logistik", responsible="logistics")
    make_task(stage.cycle, today, title="Niemandes")
    start = reverse("start")
    member = client_of("member").get(start).content.decode()
    assert "Versäumtes" in member
    assert "Überfällig, Durchgang Nr. 11" in member
    assert "Für Häuser" not in member
    assert "Für Häuser" in client_of("hr").get(start).content.decode()
    assert "Für Logistik" in client_of("logistics").get(start).content.decode()
    lead = client_of("lead").get(start).content.decode()
    assert "Eine Aufgabe ohne Zuständige" in lead
    assert "Versäumtes" not in lead
    assert "Aufgabe ohne" not in client_of("mentee").get(start).content.decode()


def test_many_own_tasks_are_counted(stage, cast, client_of):
    for n in range(8):
        make_task(stage.cycle, DUE + timedelta(days=n), title=f"Viel {n}", person=cast.member)
    text = client_of("member").get(reverse("start")).content.decode()
    assert "Viel 4" in text
    assert "Viel 5" not in text
    assert "3 weitere Aufgaben" in text


def test_own_reminders_are_switched_off_and_on(cast, client_of):
    url, hr = reverse("roadmap:notices"), client_of("hr")
    assert cast.hr.email in hr.get(url).content.decode()
    hr.post(url, {"weekly": "on"})
    choice = NoticeChoice.objects.get(person=cast.hr)
    assert (choice.reminders, choice.weekly) == (False, True)
    hr.post(url, {"reminders": "on", "weekly": "on"})
    choice.refresh_from_db()
    assert choice.reminders
    assert "gehört zu keiner Person" in client_of("operator").get(url).content.decode()
    client_of("operator").post(url, {})
    assert NoticeChoice.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "asked"), [("lead", True), ("permanent", True), ("mentee", False), ("hr", False)]
)
def test_only_who_may_lead_is_asked_about_the_summary(cast, client_of, name, asked):
    url, person = reverse("roadmap:notices"), getattr(cast, name)
    assert ('name="weekly"' in client_of(name).get(url).content.decode()) is asked
    client_of(name).post(url, {})
    # What is not asked is not switched off either.
    assert NoticeChoice.objects.get(person=person).weekly is not asked


def test_who_is_erased_leaves_the_tasks_and_no_reminder(stage, cast):
    person = make.make_hr(stage.own, last_name="Unikum")
    task = make_task(stage.cycle, DUE, title="Räume", person=person)
    Reminder.objects.create(person=person, task=task, due_on=DUE, days_before=14)
    WeeklySummary.objects.create(person=person, monday=DUE)
    choose_notices(person, reminders=False, weekly=True, by=person.user)
    known = dict(retention.known_about(person))["Aufgaben und Erinnerungen"]
    assert ("Erinnerungen", "abbestellt") in known
    assert any("Räume" in value for _, value in known)
    retention.erase(person, by=cast.operator)
    task.refresh_from_db()
    assert task.person is None
    for model in (Reminder, WeeklySummary, NoticeChoice):
        assert not model.objects.exists()


def test_old_reminders_are_deleted(stage, cast, task):
    today = timezone.localdate()
    for days in (200, 10):
        due_on = today - timedelta(days=days)
        Reminder.objects.create(person=cast.lead, task=task, due_on=due_on, days_before=3)
        WeeklySummary.objects.create(person=cast.lead, monday=due_on)
    assert delete_old() == 2
    assert Reminder.objects.count() == WeeklySummary.objects.count() == 1
    assert Milestone.objects.count() == 0
