"""Essen and Barrierefreiheit: seen by few, forgotten 14 days after the event."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from mentoring.files.domain import delete_expired
from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job
from mentoring.log.models import LogEntry
from programmes.cycles.models import CouncilSeat
from programmes.events import domain
from programmes.events.links import rsvp_token
from programmes.events.models import Attendee
from programmes.people.retention import erase, known_about
from tests import factories as make
from tests.programmes.events.makers import at, make_attendee, make_event
from tests.programmes.events.test_event_pages import page

NOW = at("2026-09-01 12:00")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(stage):
    return make_event(stage.cycle, at("2026-09-25 09:00"), asks_needs=True)


@pytest.fixture
def row(event, cast):
    return make_attendee(
        event, cast.mentee, answer="yes", diet="Zöliakie", access_needs="Gebärdensprache"
    )


SECRETS = ("Zöliakie", "Gebärdensprache")


def told(answer):
    text = answer.content.decode("utf-8-sig")
    return [secret for secret in SECRETS if secret in text]


def addresses(event, row):
    return [
        page("events", event.cycle),
        page("events", event.cycle) + "?export=csv",
        page("event", event),
        page("attendees", event),
        page("attendees", event) + "?export=csv",
        page("attendees", event) + "?q=Zöliakie",
        page("attendee_answer", event, row.pk),
        page("attendance", event),
        page("attendance_list", event),
        page("notice", event, "einladung"),
        page("invite", event) + "?roles=mentee",
        reverse("events:own"),
        reverse("start"),
        reverse("cycles:log"),
    ]


@pytest.mark.parametrize("name", ["member", "hr", "other_hr", "mentor", "permanent", "operator"])
def test_whoever_does_not_lead_or_run_logistics_reads_no_needs(event, row, cast, client_of, name):
    # Written through the doors, so that the log would hold them if it could.
    domain.answer(row, answer="yes", diet=SECRETS[0], access_needs=SECRETS[1], by=cast.user("lead"))
    browser = client_of(name)
    for address in addresses(event, row):
        answer = browser.get(address)
        assert told(answer) == [] or "q=" in address, address


@pytest.mark.parametrize("name", ["lead", "logistics"])
def test_leads_and_logistics_read_needs_on_page_and_export(event, row, client_of, name):
    browser = client_of(name)
    for query in ("", "?export=csv"):
        assert told(browser.get(page("attendees", event) + query)) == list(SECRETS)


def test_nobody_finds_people_by_their_needs(event, row, client_of):
    listed = client_of("member").get(page("attendees", event), {"q": "zoeliakie"})
    assert list(listed.context["page_obj"].object_list) == []


def test_a_member_who_enters_an_answer_leaves_needs_as_they_are(event, row, client_of):
    browser = client_of("member")
    browser.post(
        page("attendee_answer", event, row.pk), {"answer": "yes", "diet": "x", "note": "ja"}
    )
    row.refresh_from_db()
    assert (row.diet, row.access_needs, row.note) == (*SECRETS, "ja")


def test_the_log_knows_that_but_not_what(event, row, cast):
    domain.answer(row, answer="no", note="Migräne", by=cast.user("lead"))
    entries = LogEntry.objects.filter(object_pk=str(row.pk), content_type__model="attendee")
    text = " ".join(f"{e.changes} {e.object_repr}" for e in entries)
    assert "answer" in text
    for word in (*SECRETS, "Migräne", "diet", "access_needs", cast.mentee.last_name):
        assert word not in text


def test_needs_are_forgotten_14_days_after_the_event(event, row, stage):
    later = make_event(stage.cycle, at("2026-10-20 09:00"), asks_needs=True)
    kept = make_attendee(later, diet="vegan")
    end = event.ends_at + timedelta(days=14)
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert domain.delete_due_needs() == 0
    entries = LogEntry.objects.count()
    with time_machine.travel(end, tick=False):
        assert domain.delete_due_needs() == 1
        assert domain.delete_due_needs() == 0
    row.refresh_from_db()
    event.refresh_from_db()
    kept.refresh_from_db()
    assert (row.diet, row.access_needs, row.answer) == ("", "", "yes")
    assert event.needs_deleted_at == end
    assert kept.diet == "vegan"
    # An entry would say who had needs.
    assert LogEntry.objects.filter(content_type__model="attendee").count() <= entries


def test_needs_of_an_event_that_was_moved_to_a_later_day_are_forgotten_too(event, row):
    with time_machine.travel(event.ends_at + timedelta(days=14), tick=False):
        assert domain.delete_due_needs() == 1
    event.refresh_from_db()
    event.starts_at += timedelta(days=60)
    event.ends_at += timedelta(days=60)
    event.save()
    Attendee.objects.filter(pk=row.pk).update(diet="vegan")
    with time_machine.travel(event.ends_at + timedelta(days=14), tick=False):
        assert domain.delete_due_needs() == 1
    row.refresh_from_db()
    assert row.diet == ""


@pytest.fixture
def stored(event, row, client_of, monkeypatch, settings, tmp_path):
    """Make the list of those invited in the background, as the lead; the address of the file."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("mentoring.ui.list_exports.DIRECT_ROWS", 0)

    def export():
        answer = client_of("lead").post(page("attendees", event) + "?export=csv", {"export": "csv"})
        run_claimed(*claim_next())
        job = Job.objects.latest("pk")
        assert answer["Location"] == job.get_absolute_url()
        return job.result

    return export


def test_a_stored_export_outlives_no_needs(event, stored, client_of):
    gone = event.ends_at + timedelta(days=14)
    assert stored().expires_at == NOW + timedelta(days=7)
    with time_machine.travel(gone - timedelta(hours=1), tick=False):
        late = stored()
        assert late.expires_at == gone
        file = client_of("lead").get(late.get_absolute_url())
        assert "Zöliakie" in b"".join(file.streaming_content).decode()
        assert delete_expired() == 1
    with time_machine.travel(gone, tick=False):
        # Not deleted yet, and not to be had any more.
        assert client_of("lead").get(late.get_absolute_url()).status_code == 404
        assert told(client_of("lead").get(page("attendees", event) + "?export=csv")) == []
        assert delete_expired() == 1
        assert stored().expires_at == gone + timedelta(days=7)


def test_a_stored_export_is_no_longer_had_by_who_no_longer_reads_needs(
    event, cast, stored, client_of
):
    file = stored().get_absolute_url()
    CouncilSeat.objects.filter(person=cast.lead).update(lead=False)
    assert client_of("lead").get(page("attendees", event)).status_code == 200
    assert client_of("lead").get(file).status_code == 404


def test_needs_go_when_they_are_asked_for_no_more(event, row, cast):
    event.asks_needs = False
    domain.save_event(event, by=cast.user("lead"))
    row.refresh_from_db()
    assert row.diet == ""


def test_the_deletion_runs_every_day():
    from mentoring.jobs.turns import daily

    assert daily.get("events.needs") is domain.delete_due_needs


def test_a_person_reads_and_is_erased_with_their_answers(event, row, cast):
    rows = dict(known_about(cast.mentee))["Veranstaltungen"]
    assert any("Zöliakie" in value for _, value in rows)
    person = make.make_person()
    other = make_attendee(event, person, answer="yes", note="kommt später")
    domain.answer(other, answer="no", by=cast.user("lead"))
    key, token = other.pk, rsvp_token(other)
    erase(person, by=cast.operator)
    assert not Attendee.objects.filter(pk=key).exists()
    assert not LogEntry.objects.filter(object_pk=str(key), content_type__model="attendee").exists()
    from programmes.events.links import attendee_of

    assert attendee_of(token) is None
