"""The pages of the reveal: a second look, a confirmation, and the list as it was read."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.log.models import LogEntry
from tandems.mentors import domain as mentors
from tandems.pairs.domain import frame_of
from tandems.pairs.models import TandemState
from tests import factories as make
from tests.tandems.pairs.makers import make_mentee, make_mentor, make_tandem
from tests.tandems.reveal.makers import MORNING, fresh, is_known, on_the_day, sealed


@pytest.fixture(autouse=True)
def the_day():
    with time_machine.travel(MORNING + timedelta(hours=2), tick=False) as traveller:
        yield traveller


@pytest.fixture
def cycle(stage):
    return on_the_day(stage)


@pytest.fixture
def browser(client_of):
    return client_of("lead")


def url(name, cycle, *args):
    return reverse(f"reveal:{name}", args=[cycle.pk, *args])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def filled(response, **more):
    """What the form of the page would post."""
    data = {"seen": response.context["form"]["seen"].value()}
    if "once_id" in response.context:
        data["_form_id"] = response.context["once_id"]
    return {**data, "confirmed": "on", **more}


def test_the_dry_run_lists_who_will_see_whom_and_who_not(cycle, stage, browser, cast):
    shown, held = sealed(stage), sealed(stage)
    mentors.end(held.mentor, by=cast.user("lead"))
    make_mentee(cycle, stage.own)
    page = text_of(browser.get(url("reveal", cycle)))
    mentee, mentor = shown.mentee_person.full_name, shown.mentor_person.full_name
    for words in (
        f"sieht {mentor}",
        f"sieht {mentee}",
        f"Ahausen sieht {mentor}",
        f"Übelheim sieht {mentee}",
        "Das bleibt geheim (1)",
        f"{held.mentor_person.full_name} ist ausgeschieden oder pausiert",
        "1 Tandem jetzt bekannt geben",
        "Ohne Tandem: 1 Mentee.",
        "Noch ohne Zugang",
        "Hauptnavigation",
    ):
        assert words in page
    assert not is_known(shown)
    readings = LogEntry.objects.filter(action=LogEntry.Action.ACCESS)
    assert set(readings.values_list("object_id", flat=True)) == {shown.pk, held.pk}


def test_without_the_tick_nothing_happens(cycle, stage, browser):
    tandem = sealed(stage)
    data = filled(browser.get(url("reveal", cycle)))
    del data["confirmed"]
    page = text_of(browser.post(url("reveal", cycle), data))
    assert "dass Sie die Liste gelesen haben" in page
    assert not is_known(tandem)


def test_pressed_and_pressed_again(cycle, stage, browser, the_day):
    tandem = sealed(stage)
    data = filled(browser.get(url("reveal", cycle)))
    page = text_of(browser.post(url("reveal", cycle), data, follow=True))
    assert "1 Tandem ist jetzt bekannt gegeben." in page
    first = fresh(tandem).revealed_at
    the_day.shift(timedelta(minutes=1))
    page = text_of(browser.post(url("reveal", cycle), data, follow=True))
    assert "schon einmal abgesendet" in page
    assert fresh(tandem).revealed_at == first


def test_a_list_that_changed_is_shown_anew_and_confirmed_anew(cycle, stage, browser, cast):
    stays, goes = sealed(stage), sealed(stage)
    data = filled(browser.get(url("reveal", cycle)))
    mentors.end(goes.mentor, by=cast.user("lead"))
    response = browser.post(url("reveal", cycle), data)
    page = text_of(response)
    assert "Bekannt gegeben ist nichts" in page
    assert "Das bleibt geheim (1)" in page
    assert not is_known(stays)
    form = response.context["form"]
    assert not form["confirmed"].value()
    browser.post(url("reveal", cycle), {"seen": form["seen"].value(), "confirmed": "on"})
    assert is_known(stays)
    assert not is_known(goes)


def test_not_on_the_day_the_page_warns_and_asks_why(cycle, stage, browser):
    tandem = sealed(stage)
    cycle.start_workshop_on = MORNING.date() + timedelta(days=20)
    cycle.save()
    response = browser.get(url("reveal", cycle))
    assert "Der Startworkshop ist erst am 26.03.2026." in text_of(response)
    data = filled(response)
    browser.post(url("reveal", cycle), data)
    assert not is_known(tandem)
    browser.post(url("reveal", cycle), {**data, "reason": "Vorgezogen auf heute"})
    assert is_known(tandem)


def test_mentors_first_on_two_pages(cycle, stage, browser):
    tandem = sealed(stage)
    assert browser.get(url("mentors", cycle)).status_code == 404
    form = browser.get(url("order", cycle)).context["form"]
    browser.post(url("order", cycle), {"mentors_first": "on", "_version": form.version_token})
    assert frame_of(cycle).mentors_first
    page = text_of(browser.get(url("reveal", cycle)))
    assert "Zuerst die Mentor/innen" in page
    assert "jetzt bekannt geben" not in page
    response = browser.get(url("mentors", cycle))
    assert "sonst noch niemand" in text_of(response)
    browser.post(url("mentors", cycle), filled(response))
    assert fresh(tandem).mentor_told_at is not None
    assert not is_known(tandem)
    browser.post(url("reveal", cycle), filled(browser.get(url("reveal", cycle))))
    assert is_known(tandem)


def test_a_match_anew_has_its_own_page(cycle, stage, browser):
    mentee = make_mentee(cycle, stage.own)
    ended = make_tandem(mentee, make_mentor(cycle, stage.other), TandemState.ENDED_EARLY)
    tandem = make_tandem(mentee, make_mentor(cycle, stage.other), TandemState.SEALED, after=ended)
    page = text_of(browser.get(url("reveal", cycle)))
    assert url("single", cycle, tandem.pk) in page
    assert browser.get(url("single", cycle, sealed(stage).pk)).status_code == 404
    response = browser.get(url("single", cycle, tandem.pk))
    assert f"Ahausen sieht {tandem.mentor_person.full_name}" in text_of(response)
    browser.post(url("single", cycle, tandem.pk), filled(response))
    assert is_known(tandem)


def test_what_is_hidden_is_not_named(cycle, stage, cast, browser):
    person = make.make_person("Geheim", "Halten")
    hidden = make_mentee(cycle, stage.own, superior=cast.lead, person=person)
    make_tandem(hidden, make_mentor(cycle, stage.other), TandemState.SEALED)
    page = text_of(browser.get(url("reveal", cycle)))
    assert "Halten" not in page
    assert "nicht mitgezählt ist, woran Sie nicht mitwirken" in page


def test_the_start_page_and_the_navigation_on_the_day(cycle, stage, browser, client_of):
    address = url("reveal", cycle)
    assert address not in text_of(browser.get(cycle.get_absolute_url()))
    tandem = sealed(stage)
    assert address in text_of(browser.get(cycle.get_absolute_url()))
    with time_machine.travel(MORNING - timedelta(days=1), tick=False):
        assert address not in text_of(browser.get(cycle.get_absolute_url()))
    page = text_of(browser.get("/"))
    assert "Bekanntgabe heute" in page
    assert tandem.mentee_person.last_name not in page
    for name in ("member", "hr", "logistics", "mentor", "mentee"):
        assert address not in text_of(client_of(name).get("/"))


def test_queries_do_not_grow(cycle, stage, browser):
    def count():
        LogEntry.objects.all().delete()
        with CaptureQueriesContext(connection) as found:
            text_of(browser.get(url("reveal", cycle)))
        return len(found)

    sealed(stage)
    count()
    few = count()
    for _ in range(10):
        sealed(stage)
    assert count() == few
