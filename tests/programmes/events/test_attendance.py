"""Who came: at the door and from the printed list."""

import pytest
import time_machine

from mentoring.ui.errors import Refused
from programmes.events import domain
from programmes.events.models import Attendee
from tests import factories as make
from tests.programmes.events.makers import at, make_attendee, make_event
from tests.programmes.events.test_event_pages import page

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(at("2026-09-25 08:30"), tick=False):
        yield


@pytest.fixture
def event(stage):
    return make_event(stage.cycle, at("2026-09-25 09:00"))


def test_one_tap_marks_and_another_takes_it_back(event, cast, client_of):
    row = make_attendee(event, cast.mentee, answer="yes")
    browser, address = client_of("logistics"), page("mark", event, row.pk)
    shown = browser.get(page("attendance", event)).content.decode()
    assert cast.mentee.last_name in shown
    assert 'aria-pressed="false"' in shown
    answer = browser.post(address, {"attended": "1"}, **HTMX)
    text = answer.content.decode()
    assert 'aria-pressed="true"' in text
    assert "<strong>1</strong> da, 1 zugesagt, 1 auf der Liste" in text
    assert "<html" not in text
    row.refresh_from_db()
    assert row.attended is True
    browser.post(address, {"attended": "1"}, **HTMX)  # tapped twice
    row.refresh_from_db()
    assert row.attended is True
    browser.post(address, {"attended": "0"}, **HTMX)
    row.refresh_from_db()
    assert row.attended is False


def test_without_javascript_the_same_form_leads_back_to_the_row(event, cast, client_of):
    row = make_attendee(event, cast.mentee)
    browser = client_of("logistics")
    answer = browser.post(page("mark", event, row.pk), {"attended": "1", "q": "muster"})
    assert answer["Location"] == f"{page('attendance', event)}?q=muster#zeile-{row.pk}"
    row.refresh_from_db()
    assert row.attended is True
    assert browser.get(page("mark", event, row.pk)).status_code == 405


def test_names_are_found_at_the_door(event, cast, client_of):
    make_attendee(event, make.make_person("Jörg", "Müller"))
    make_attendee(event, make.make_person("Anna", "Adam"))
    text = client_of("lead").get(page("attendance", event), {"q": "mueller"}).content.decode()
    assert "Müller" in text
    assert "Adam" not in text


def test_nothing_is_entered_before_the_day(event, cast, client_of):
    row = make_attendee(event, cast.mentee)
    with time_machine.travel(at("2026-09-24 23:50"), tick=False):
        browser = client_of("lead")
        text = browser.get(page("attendance", event)).content.decode()
        assert "erst am Tag der Veranstaltung" in text
        assert "aria-pressed" not in text
        answer = browser.post(page("mark", event, row.pk), {"attended": "1"}, **HTMX)
        assert "erst am Tag der Veranstaltung" in answer.content.decode()
        browser.post(page("attendance_list", event), {"da": row.pk, f"war-{row.pk}": ""})
    row.refresh_from_db()
    assert row.attended is None


def test_the_printed_list_is_typed_in_at_once(event, cast, client_of):
    came, missed = make_attendee(event, cast.mentee), make_attendee(event, cast.mentor)
    browser, address = client_of("logistics"), page("attendance_list", event)
    assert browser.get(address).status_code == 200
    browser.post(address, {"da": [came.pk, "x"], f"war-{came.pk}": "", f"war-{missed.pk}": ""})
    assert dict(Attendee.objects.values_list("pk", "attended")) == {came.pk: True, missed.pk: False}


def test_what_somebody_else_entered_meanwhile_stays(event, cast, client_of):
    row, other = make_attendee(event, cast.mentee), make_attendee(event, cast.mentor)
    shown = {f"war-{row.pk}": "", f"war-{other.pk}": ""}
    domain.mark_attendance(event, {row.pk: True}, by=cast.user("lead"))
    answer = client_of("logistics").post(
        page("attendance_list", event), {**shown, "da": [other.pk]}, follow=True
    )
    assert "stehen geblieben" in answer.content.decode()
    assert set(Attendee.objects.values_list("attended", flat=True)) == {True}


def test_who_was_added_meanwhile_is_not_marked_absent(event, cast, client_of):
    row = make_attendee(event, cast.mentee)
    make_attendee(event, cast.mentor)
    client_of("logistics").post(page("attendance_list", event), {f"war-{row.pk}": ""})
    assert Attendee.objects.get(person=cast.mentor).attended is None


def test_somebody_without_invitation_is_added_as_present(event, cast, client_of):
    browser, address = client_of("logistics"), page("walk_in", event)
    assert (
        cast.mentor.last_name in browser.get(address, {"q": cast.mentor.last_name}).content.decode()
    )
    assert browser.post(address, {"person": cast.mentor.pk}).status_code == 302
    assert browser.post(address, {"person": cast.mentor.pk}).status_code == 302
    row = Attendee.objects.get()
    assert (row.attended, row.role) == (True, "Mentor/in")
    assert browser.post(address, {"person": cast.stranger.pk}).status_code == 404


def test_attendance_of_another_event_is_not_touched(event, stage, cast):
    foreign = make_attendee(make_event(stage.cycle, at("2026-09-25 09:00")), cast.mentee)
    domain.mark_attendance(event, {foreign.pk: True}, by=cast.user("lead"))
    foreign.refresh_from_db()
    assert foreign.attended is None


def test_nobody_comes_to_what_was_called_off(event, cast):
    row = make_attendee(event, cast.mentee)
    domain.cancel_event(event, "Sturm", by=cast.user("lead"))
    with pytest.raises(Refused):
        domain.mark_attendance(event, {row.pk: True}, by=cast.user("lead"))


def test_lists_take_as_many_queries_for_20_as_for_1(event, cast, client_of):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = client_of("lead")
    make_attendee(event)
    addresses = [
        page(name, event) for name in ("attendees", "attendance", "attendance_list", "event")
    ]
    counts = []
    for _ in range(2):
        for address in addresses:
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            counts.append(len(queries))
        for _ in range(19):
            make_attendee(event)
    half = len(addresses)
    assert counts[:half] == counts[half:]
