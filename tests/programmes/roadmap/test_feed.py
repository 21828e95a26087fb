"""The private calendar feed: who gets what by it, and when it ends."""

import logging
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.models import LogEntry
from mentoring.logs import HIDDEN, CarefulFormatter
from mentoring.ui import submissions
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle, CycleState
from programmes.people.codes import new_code
from programmes.roadmap import feed
from programmes.roadmap.ics import CalendarEntry
from programmes.roadmap.models import FeedToken, Milestone
from programmes.roadmap.registries import feed_entries, shown_elsewhere
from tests import factories as make
from tests.programmes.roadmap.makers import make_milestone

PAGE = "/konto/kalender/"
BERLIN = ZoneInfo("Europe/Berlin")


def address_of(cast: Any, name: str) -> str:
    """The path of a new feed."""
    return feed.create_link(by=cast.user(name)).removeprefix("http://localhost:8000")


def entries(path: str) -> dict[str, Any]:
    """What a calendar program gets, by title."""
    answer = Client().get(path)
    assert answer.status_code == 200
    calendar = vobject.readOne(answer.content.decode())
    return {found.summary.value: found for found in calendar.contents.get("vevent", [])}


@pytest.fixture
def milestone(stage: Any) -> Milestone:
    return make_milestone(
        stage.cycle,
        date(2026, 10, 2),
        title="Startworkshop",
        venue="Bürgerhaus, Saal 2",
        description="Teil I; mit Mittagessen",
        notes="Nur für den Beirat: Streit um den Raum",
    )


def test_a_calendar_gets_the_fahrplan_without_signing_in(cast, milestone, stage):
    found = entries(address_of(cast, "logistics"))["Startworkshop"]
    assert found.dtstart.value == date(2026, 10, 2)
    assert found.dtend.value == date(2026, 10, 3)
    assert found.uid.value == f"{milestone.uid}@localhost"
    assert found.location.value == "Bürgerhaus, Saal 2"
    assert found.description.value.startswith("Teil I; mit Mittagessen")
    assert str(stage.programme) in found.description.value
    assert found.url.value == f"http://localhost:8000{milestone.get_absolute_url()}"


@pytest.mark.parametrize("name", ["lead", "member", "hr", "logistics"])
def test_notes_of_the_council_are_in_nobodys_calendar(cast, milestone, name):
    assert "Streit" not in Client().get(address_of(cast, name)).content.decode()


@pytest.mark.parametrize("name", ["mentee", "mentor", "stranger", "former", "permanent"])
def test_who_does_not_see_the_fahrplan_gets_none_of_it(cast, milestone, name):
    assert entries(address_of(cast, name)) == {}


def test_dropped_milestones_and_ended_cycles_leave_the_calendar(cast, stage, milestone):
    path = address_of(cast, "lead")
    make_milestone(stage.cycle, title="Entfallen", state="dropped", drop_reason="zu teuer")
    assert set(entries(path)) == {"Startworkshop"}
    Cycle.objects.filter(pk=stage.cycle.pk).update(state=CycleState.CLOSED)
    assert entries(path) == {}


def test_rights_are_those_of_the_moment(cast, milestone):
    path = address_of(cast, "member")
    assert entries(path)
    cast.member.seats.update(until=date(2025, 1, 1))
    assert entries(path) == {}


def test_an_unknown_revoked_or_locked_link_is_not_found(cast, milestone):
    assert Client().get(f"/kalender/{new_code()[0]}.ics").status_code == 404
    path = address_of(cast, "lead")
    feed.revoke_link(by=cast.user("lead"))
    assert Client().get(path).status_code == 404
    path, user = address_of(cast, "hr"), cast.user("hr")
    user.is_active = False
    user.save()
    assert Client().get(path).status_code == 404


def test_a_new_link_ends_the_one_before(cast, milestone):
    first, second = address_of(cast, "lead"), address_of(cast, "lead")
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


@pytest.mark.parametrize("token", ["x", "x" * 5000, "ä" * 43])
def test_odd_tokens_cost_nothing(db, token, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert feed.user_of(token) is None


def test_an_unknown_token_costs_one_look(db, django_assert_num_queries):
    path = f"/kalender/{new_code()[0]}.ics"
    Client().get(path)
    with django_assert_num_queries(1):
        assert feed.user_of(new_code()[0]) is None


def test_a_calendar_that_asks_again_is_told_that_nothing_changed(cast, milestone):
    path = address_of(cast, "lead")
    first = Client().get(path)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in first["Cache-Control"]
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=BERLIN), tick=False):
        again = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "private" in again["Cache-Control"]
    milestone.title = "Startworkshop in Ahausen"
    milestone.save()
    changed = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert "Startworkshop in Ahausen" in changed.content.decode()


def test_the_day_of_use_is_written_once_a_day(cast, milestone):
    path = address_of(cast, "lead")
    with time_machine.travel(datetime(2026, 5, 4, 8, tzinfo=BERLIN), tick=False):
        for expected in (1, 0, 0):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                Client().get(path)
            assert sum("UPDATE" in q["sql"] for q in seen.captured_queries) == expected
    assert FeedToken.objects.get().used_on == date(2026, 5, 4)
    with time_machine.travel(datetime(2026, 5, 5, 8, tzinfo=BERLIN), tick=False):
        Client().get(path)
    assert FeedToken.objects.get().used_on == date(2026, 5, 5)


def test_other_rooms_add_entries_and_stand_in_for_milestones(cast, stage, milestone, monkeypatch):
    extra = CalendarEntry(
        uid="e@stadt.example",
        sequence=4,
        summary="Startworkshop mit Uhrzeit",
        starts=datetime(2026, 10, 2, 9, tzinfo=BERLIN),
        ends=datetime(2026, 10, 2, 16, tzinfo=BERLIN),
        cancelled=True,
    )
    make_milestone(stage.cycle, title="Abschluss")
    monkeypatch.setitem(feed_entries._entries, "test", (100, lambda user: [extra]))
    monkeypatch.setitem(shown_elsewhere._entries, "test", (100, lambda user: {milestone.pk}))
    found = entries(address_of(cast, "lead"))
    assert set(found) == {"Startworkshop mit Uhrzeit", "Abschluss"}
    assert found["Startworkshop mit Uhrzeit"].status.value == "CANCELLED"


def test_two_hundred_milestones_cost_no_more_queries_than_one(cast, stage, milestone):
    path = address_of(cast, "lead")
    Client().get(path)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            Client().get(path)
        counts.append(len(seen))
        for number in range(199):
            make_milestone(stage.cycle, date(2026, 1, 1) + timedelta(days=number))
    assert counts[0] == counts[1]


# --- The page of the account --------------------------------------------------------------
def test_the_link_is_shown_once_and_only_its_hash_is_kept(client_of, cast, milestone):
    browser = client_of("member")
    assert "Noch keine Kalenderadresse" in browser.get(PAGE).content.decode()
    ask = browser.get(reverse("roadmap:calendar_link_create"))
    data = {submissions.FIELD: ask.context["once_id"]}
    made = browser.post(reverse("roadmap:calendar_link_create"), data)
    link = made.context["link"]
    assert link.startswith("http://localhost:8000/kalender/")
    assert link.endswith(".ics")
    assert link in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert entries(link.removeprefix("http://localhost:8000"))
    repeated = browser.post(reverse("roadmap:calendar_link_create"), data, follow=True)
    assert "nur einmal gezeigt" in repeated.content.decode()
    stored = FeedToken.objects.get()
    token = link.rpartition("/")[2].removesuffix(".ics")
    assert token not in (stored.token_hash, str(stored))
    assert token not in browser.get(PAGE).content.decode()
    assert not LogEntry.objects.filter(changes__icontains=token).exists()


def test_a_link_is_ended_on_the_page(client_of, cast):
    path = address_of(cast, "member")
    browser = client_of("member")
    assert "Adresse abschalten" in browser.get(PAGE).content.decode()
    asked = browser.get(reverse("roadmap:calendar_link_create")).content.decode()
    assert "bisherige abschalten" in asked
    answer = browser.post(reverse("roadmap:calendar_link_revoke"), follow=True)
    assert "Die Adresse ist abgeschaltet." in answer.content.decode()
    assert Client().get(path).status_code == 404


def test_an_operator_is_nobody_with_a_calendar(client_of, cast):
    assert "zu keiner Person" in client_of("operator").get(PAGE).content.decode()
    answer = client_of("operator").post(reverse("roadmap:calendar_link_create"))
    assert "zu keiner Person" in answer.content.decode()
    assert not FeedToken.objects.exists()
    with pytest.raises(Refused):
        feed.create_link(by=make.make_user())


def test_the_menu_of_the_account_leads_there(client_of, stage):
    assert f'href="{PAGE}"' in client_of("mentee").get("/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_token_reaches_the_log_of_the_process(db, caplog, method):
    token = new_code()[0]
    getattr(Client(), method)(f"/kalender/{token}.ics")
    line = logging.Formatter("%(message)s")
    lines = [r for r in caplog.records if r.name.startswith("django.")]
    assert any(token in line.format(record) for record in lines)
    written = [CarefulFormatter("%(message)s").format(record) for record in lines]
    assert not any(token in text for text in written)
    assert any(HIDDEN in text for text in written)
