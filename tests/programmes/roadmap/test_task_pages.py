"""The pages of the Aufgaben: the list, one task, and what the form lets through."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programmes.cycles.models import CouncilSeat
from programmes.roadmap import domain as roadmap
from programmes.roadmap.domain import tasks as doors
from programmes.roadmap.models import (
    MilestoneState,
    Responsible,
    Task,
    TaskState,
)
from tests import factories as make
from tests.programmes.roadmap.makers import START_ON, make_milestone
from tests.programmes.roadmap.task_makers import make_task

DUE = date(2026, 10, 2)


# --- List ---------------------------------------------------------------------------------
def titles(browser, url, **query):
    answer = browser.get(url, {**query, "export": "csv"})
    rows = answer.content.decode("utf-8-sig").splitlines()
    start = next(n for n, line in enumerate(rows) if line.startswith("Fällig am"))
    return [line.split(";")[1] for line in rows[start + 1 :] if line.count(";") >= 4]


def test_the_list_shows_open_ones_by_date_and_those_without_last(stage, cast, client_of, page):
    make_task(stage.cycle, None, title="Irgendwann")
    make_task(stage.cycle, DUE, title="Später")
    make_task(stage.cycle, DUE - timedelta(days=9), title="Früher")
    doors.tick_off(make_task(stage.cycle, DUE, title="Getan"), by=cast.lead.user)
    lead, url = client_of("lead"), page("tasks")
    assert titles(lead, url) == ["Früher", "Später", "Irgendwann"]
    assert titles(lead, url, sort="-due_on") == ["Später", "Früher", "Irgendwann"]
    assert titles(lead, url, state="done") == ["Getan"]
    assert len(titles(lead, url, state="all")) == 4


def test_filters(stage, cast, client_of, page, milestone):
    today = timezone.localdate()
    make_task(stage.cycle, today - timedelta(days=1), title="Zu spät", person=cast.member)
    make_task(stage.cycle, today + timedelta(days=5), title="Haus", municipality=stage.own)
    make_task(
        stage.cycle,
        today + timedelta(days=9),
        title="Größe klären",
        responsible=Responsible.LOGISTICS,
        milestone=milestone,
    )
    make_task(stage.cycle, None, title="Niemandes")
    member, url = client_of("member"), page("tasks")
    for query, expected in (
        ({"state": "overdue"}, ["Zu spät"]),
        ({"whose": "mine"}, ["Zu spät", "Haus"]),
        ({"whose": "unassigned"}, ["Niemandes"]),
        ({"responsible": "logistics"}, ["Größe klären"]),
        ({"person": cast.member.pk}, ["Zu spät"]),
        ({"municipality": stage.own.pk}, ["Haus"]),
        ({"milestone": milestone.pk}, ["Größe klären"]),
        ({"due_from": today.isoformat()}, ["Haus", "Größe klären"]),
        ({"due_until": today.isoformat()}, ["Zu spät"]),
        ({"q": "groesse"}, ["Größe klären"]),
    ):
        assert titles(member, url, **query) == expected, query


def test_each_sees_the_own_ones(stage, cast, client_of, page):
    make_task(stage.cycle, DUE, title="Beirat")
    make_task(stage.cycle, DUE, title="Alle", responsible="houses")
    make_task(stage.cycle, DUE, title="Ahausen", responsible="houses", municipality=stage.own)
    make_task(stage.cycle, DUE, title="Logistik", responsible="logistics")
    make_task(stage.cycle, DUE, title="Mein Name", person=cast.other_hr)
    url = page("tasks")
    assert set(titles(client_of("hr"), url)) == {"Alle", "Ahausen"}
    assert set(titles(client_of("other_hr"), url)) == {"Alle", "Mein Name"}
    assert titles(client_of("logistics"), url) == ["Logistik"]
    assert len(titles(client_of("member"), url)) == 5


def test_one_click_ticks_off_and_leads_back_to_the_same_list(task, client_of, page):
    member = client_of("member")
    url = page("tasks")
    text = member.get(url, {"q": "presse"}).content.decode()
    assert 'name="liste" value="q=presse"' in text
    answer = member.post(page("task_done", task.pk), {"liste": "q=presse"})
    assert answer.url == f"{url}?q=presse"
    assert "„Presse einladen“ ist erledigt." in member.get(url).content.decode()
    assert member.post(page("task_done", task.pk), {"liste": ""}).status_code == 200
    task.refresh_from_db()
    assert task.state == TaskState.DONE


def test_what_leads_back_stays_on_this_site(task, client_of, page):
    answer = client_of("member").post(
        page("task_done", task.pk), {"liste": "//boese.example/\r\nX: y"}
    )
    assert answer.url.startswith(page("tasks") + "?")
    assert "\n" not in answer.url


def test_a_title_is_no_html(stage, client_of, page):
    make_task(stage.cycle, DUE, title="<b>fett</b>")
    assert "<b>fett" not in client_of("member").get(page("tasks")).content.decode()


def test_as_many_queries_for_twenty_tasks_as_for_one(
    stage, cast, client_of, page, django_assert_num_queries, milestone
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def add(number):
        for _ in range(number):
            make_task(
                stage.cycle,
                START_ON,
                person=make.make_hr(stage.own),
                municipality=stage.own,
                milestone=make_milestone(stage.cycle),
                responsible="houses",
            )

    for name, path in (("lead", page("tasks")), ("hr", page("tasks")), ("hr", reverse("start"))):
        browser = client_of(name)
        add(1)
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        add(20)
        with django_assert_num_queries(len(queries)):
            browser.get(path)
        # Each room asks once for its share of the start page; invoices were the last to come.
        assert len(queries) <= 31


# --- Page and form ------------------------------------------------------------------------
def typed(**fields):
    return {"title": "Neu", "responsible": "council", **fields}


def test_the_form_makes_a_task_of_days_or_of_a_date(stage, client_of, page, milestone):
    lead, url = client_of("lead"), page("task_add")
    lead.post(url, typed(milestone=milestone.pk, days_from_milestone="-10"))
    lead.post(url, typed(due_on="2026-09-01"))
    lead.post(url, typed(milestone=milestone.pk))
    lead.post(url, typed(milestone=milestone.pk, due_on="2026-09-02"))
    lead.post(url, typed())
    rows = Task.objects.order_by("pk").values_list("due_on", "days_from_milestone", "milestone")
    assert list(rows) == [
        (START_ON - timedelta(days=10), -10, milestone.pk),
        (date(2026, 9, 1), None, None),
        (START_ON, 0, milestone.pk),
        (date(2026, 9, 2), None, milestone.pk),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"days_from_milestone": "3"}, "Wählen Sie den Meilenstein"),
        ({"days_from_milestone": "3", "milestone": "own", "due_on": "2026-09-01"}, "Entweder"),
        ({"days_from_milestone": "99999999999999999999", "milestone": "own"}, "1095"),
        ({"days_from_milestone": "zwei", "milestone": "own"}, "ganze Zahl"),
        ({"due_on": "0001-01-01"}, "außerhalb der Jahre"),
        ({"due_on": "9999-12-31"}, "außerhalb der Jahre"),
        ({"due_on": "31.02.2026"}, "gültiges Datum"),
        ({"milestone": "foreign"}, "gültige Auswahl"),
        ({"milestone": "99999999999999999999"}, "gültige Auswahl"),
        ({"municipality": "foreign"}, "gültige Auswahl"),
        ({"person": "foreign"}, "gültige Auswahl"),
        ({"person": "mentee"}, "gültige Auswahl"),
        ({"responsible": "alle"}, "gültige Auswahl"),
        ({"municipality": "own", "responsible": "logistics"}, "gehört keiner Kommune"),
        ({"title": ""}, "erforderlich"),
        ({"title": "x" * 161}, "160"),
        ({"title": "a\x00b"}, "unsichtbares Zeichen"),
    ],
)
def test_what_does_not_fit_is_said_in_german_and_stays(
    stage, cast, client_of, page, milestone, fields, sentence
):
    other = make.make_cycle()
    house = make.make_participation(other, make.make_municipality()).municipality
    known = {
        ("milestone", "own"): milestone,
        ("milestone", "foreign"): make_milestone(other),
        ("municipality", "own"): stage.own,
        ("municipality", "foreign"): house,
        ("person", "foreign"): make.make_person(),
        ("person", "mentee"): cast.mentee,
    }
    data = {
        name: known[name, value].pk if (name, value) in known else value
        for name, value in fields.items()
    }
    answer = client_of("lead").post(
        page("task_add"),
        typed(description="Das bleibt stehen", **data)
        if "title" not in data
        else {**typed(description="Das bleibt stehen"), **data},
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in text
    assert "Das bleibt stehen" in text
    assert not Task.objects.exists()


def test_the_form_offers_who_works_here_and_what_is_here(stage, cast, client_of, page, milestone):
    make_milestone(
        stage.cycle, title="Abgesagt", state=MilestoneState.DROPPED, drop_reason="kein Geld"
    )
    gone = make.make_municipality("Absage")
    make.make_participation(stage.cycle, gone, state="declined")
    text = client_of("lead").get(page("task_add") + f"?meilenstein={milestone.pk}").content.decode()
    for person in (cast.lead, cast.member, cast.hr, cast.other_hr, cast.logistics):
        assert f"{person.last_name}, {person.first_name}" in text
    for person in (cast.mentee, cast.mentor, cast.former, cast.stranger):
        assert f"{person.last_name}, " not in text
    assert "Abgesagt" not in text
    assert "Absage" not in text
    assert f'value="{milestone.pk}" selected' in text
    for nonsense in ("x", "-1", "9" * 30, "²"):
        assert client_of("lead").get(page("task_add"), {"meilenstein": nonsense}).status_code == 200


def test_changing_keeps_the_way_the_date_is_counted(stage, client_of, page, milestone):
    task = make_task(stage.cycle, milestone=milestone, days_from_milestone=-7)
    lead, url = client_of("lead"), page("task_change", task.pk)
    form = lead.get(url).context["form"]
    assert form["due_on"].value() is None
    data = {
        "title": "Anders",
        "responsible": "council",
        "milestone": milestone.pk,
        "days_from_milestone": "-7",
        "_version": form.version_token,
    }
    assert lead.post(url, data).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.due_on) == ("Anders", START_ON - timedelta(days=7))


def test_moved_meanwhile_the_form_does_not_undo_the_move(stage, cast, client_of, page, milestone):
    task = make_task(stage.cycle, milestone=milestone, days_from_milestone=-7)
    lead, url = client_of("lead"), page("task_change", task.pk)
    form = lead.get(url).context["form"]
    roadmap.move(milestone, starts_on=START_ON + timedelta(days=7), by=cast.member.user)
    data = {
        "title": "Anders",
        "responsible": "council",
        "milestone": milestone.pk,
        "days_from_milestone": "-7",
        "_version": form.version_token,
    }
    answer = lead.post(url, data)
    assert "hat jemand anderes diesen Datensatz geändert" in answer.content.decode()
    data["_version"] = answer.context["form"].version_token
    assert lead.post(url, data).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.due_on) == ("Anders", START_ON)


def test_the_page_offers_what_one_may(stage, cast, task, client_of, page):
    member = client_of("member").get(page("task", task.pk)).content.decode()
    assert "Übernehme ich" in member
    assert "Bearbeiten" in member
    own = make_task(stage.cycle, DUE, responsible="houses", municipality=stage.own)
    hr = client_of("hr").get(page("task", own.pk)).content.decode()
    assert "Übernehme ich" in hr
    assert page("task_change", own.pk) not in hr
    client_of("hr").post(page("task_take_over", own.pk))
    assert "Übernehme ich" not in client_of("hr").get(page("task", own.pk)).content.decode()
    client_of("hr").post(page("task_done", own.pk))
    text = client_of("member").get(page("task", own.pk)).content.decode()
    assert "Wieder öffnen" in text
    assert str(cast.hr) in text


def test_the_page_says_when_the_person_has_left(stage, cast, client_of, page):
    task = make_task(stage.cycle, DUE, person=cast.member)
    lead = client_of("lead")
    assert "arbeitet nicht mehr mit" not in lead.get(page("task", task.pk)).content.decode()
    CouncilSeat.objects.filter(person=cast.member).update(until=date(2021, 1, 1))
    assert "arbeitet nicht mehr mit" in lead.get(page("task", task.pk)).content.decode()
