"""Events in calendars and in the Fahrplan: files, feed, and moving with a milestone."""

from datetime import date, timedelta

import pytest
import time_machine
import vobject

from mentoring.ui.errors import Refused
from programmes.events import domain, milestones
from programmes.events.calendar import event_file
from programmes.events.models import Event
from programmes.roadmap.registries import Shift
from tests.programmes.events.makers import at, make_attendee, make_event, make_milestone
from tests.programmes.events.test_event_pages import page


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(at("2026-02-01 12:00"), tick=False):
        yield


def read(event):
    return vobject.readOne(event_file(event).decode())


def shift(milestone, days):
    step = timedelta(days=days)
    return Shift(milestone, milestone.starts_on + step, milestone.ends_on + step)


# --- Files --------------------------------------------------------------------------------
def test_a_file_keeps_uid_and_raises_sequence(stage, cast):
    event = make_event(
        stage.cycle,
        at("2026-09-25 09:00"),
        venue="Rathaus; Saal, 1",
        address="Markt 1\n48143 Münster",
        online_url="https://meet.example/abc",
        minutes="geheim",
    )
    first = read(event)
    assert first.method.value == "PUBLISH"
    entry = first.vevent
    assert entry.dtstart.value == at("2026-09-25 09:00")
    assert entry.location.value == "Rathaus; Saal, 1, Markt 1, 48143 Münster"
    assert "https://meet.example/abc" in entry.description.value
    assert "geheim" not in event_file(event).decode()
    event.venue = "Burg"
    domain.save_event(event, by=cast.user("lead"))
    domain.cancel_event(event, "Schnee", by=cast.user("lead"))
    event.refresh_from_db()
    last = read(event).vevent
    assert last.uid.value == entry.uid.value
    assert (entry.sequence.value, last.sequence.value) == ("0", "2")
    assert last.status.value == "CANCELLED"


def test_the_beirat_downloads_the_file(stage, client_of):
    answer = client_of("member").get(page("event_calendar", make_event(stage.cycle)))
    assert answer["Content-Disposition"] == 'attachment; filename="Termin.ics"'


# --- Feed ---------------------------------------------------------------------------------
def test_feed_has_what_one_may_open_and_did_not_refuse(stage, cast):
    milestone = make_milestone(stage.cycle, date(2026, 9, 25))
    start = make_event(stage.cycle, at("2026-09-25 09:00"), milestone=milestone)
    make_event(stage.cycle, at("2026-10-01 09:00"), title="Beiratssitzung")
    make_attendee(start, cast.mentee, answer="yes")
    make_attendee(start, cast.hr)
    make_attendee(start, cast.member, answer="no")

    def feed(name):
        return [entry.summary for entry in milestones.feed(cast.user(name))]

    assert feed("lead") == ["Startworkshop", "Beiratssitzung"]
    assert feed("member") == ["Beiratssitzung"]
    assert feed("mentee") == ["Startworkshop"]
    assert feed("hr") == ["Startworkshop"]
    assert feed("other_hr") == []
    assert feed("stranger") == []
    assert milestones.shown_as_event(cast.user("hr")) == {milestone.pk}
    assert milestones.shown_as_event(cast.user("member")) == set()
    (own,) = milestones.feed(cast.user("mentee"))
    assert "/termine/" in own.url


def test_a_cancelled_event_stays_in_the_feed_and_its_milestone_too(stage, cast):
    milestone = make_milestone(stage.cycle, date(2026, 9, 25))
    event = make_event(stage.cycle, at("2026-09-25 09:00"), milestone=milestone)
    domain.cancel_event(event, "Schnee", by=cast.user("lead"))
    (entry,) = milestones.feed(cast.user("lead"))
    assert entry.cancelled
    assert milestones.shown_as_event(cast.user("lead")) == set()


# --- Moving with the milestone ------------------------------------------------------------
def test_an_event_moves_by_days_and_keeps_its_time_over_the_clock_change(stage, cast):
    milestone = make_milestone(stage.cycle, date(2026, 3, 27))
    event = make_event(
        stage.cycle,
        at("2026-03-27 09:00"),
        milestone=milestone,
        answer_until=date(2026, 3, 13),
        capacity=5,
    )
    make_attendee(event, answer="yes")
    make_attendee(event, answer="yes")
    lead = cast.user("lead")
    (row,) = milestones.preview(stage.cycle, [shift(milestone, 10)], lead)
    assert (row.before, row.after) == ("27.03.2026, 09:00 Uhr", "06.04.2026, 09:00 Uhr")
    assert row.warnings == ("Feiertag in NRW: Ostermontag", "2 haben zugesagt")
    assert Event.objects.get().starts_at == at("2026-03-27 09:00")
    done = milestones.apply(stage.cycle, [shift(milestone, 10)], lead)
    moved = Event.objects.get()
    assert moved.starts_at == at("2026-04-06 09:00")
    assert moved.ends_at == at("2026-04-06 13:00")
    assert moved.answer_until == date(2026, 3, 23)
    assert moved.sequence == 1
    import json

    milestones.undo(stage.cycle, json.loads(json.dumps(done)), lead)
    back = Event.objects.get()
    assert (back.starts_at, back.answer_until) == (at("2026-03-27 09:00"), date(2026, 3, 13))
    assert back.sequence == 2


def test_what_is_past_called_off_or_of_another_milestone_stays(stage, cast):
    milestone = make_milestone(stage.cycle, date(2026, 3, 27))
    lead = cast.user("lead")
    past = make_event(stage.cycle, at("2026-01-15 09:00"), milestone=milestone)
    gone = make_event(stage.cycle, at("2026-03-27 09:00"), milestone=milestone)
    domain.cancel_event(gone, "Schnee", by=lead)
    make_event(stage.cycle, at("2026-03-27 09:00"))
    assert milestones.preview(stage.cycle, [shift(milestone, 7)], lead) == []
    assert milestones.apply(stage.cycle, [shift(milestone, 7)], lead) == []
    past.refresh_from_db()
    assert past.starts_at == at("2026-01-15 09:00")


def test_undo_refuses_what_was_changed_since(stage, cast):
    milestone = make_milestone(stage.cycle, date(2026, 3, 27))
    event = make_event(stage.cycle, at("2026-03-27 09:00"), milestone=milestone)
    lead = cast.user("lead")
    done = milestones.apply(stage.cycle, [shift(milestone, 7)], lead)
    event.refresh_from_db()
    event.starts_at = at("2026-04-03 10:00")
    domain.save_event(event, by=lead)
    with pytest.raises(Refused, match="inzwischen geändert"):
        milestones.undo(stage.cycle, done, lead)
    event.delete()
    with pytest.raises(Refused, match="nicht mehr"):
        milestones.undo(stage.cycle, done, lead)


def test_a_date_that_is_over_by_then_is_warned_of(stage, cast):
    milestone = make_milestone(stage.cycle, date(2026, 2, 10))
    make_event(stage.cycle, at("2026-02-10 09:00"), milestone=milestone)
    (row,) = milestones.preview(stage.cycle, [shift(milestone, -14)], cast.user("lead"))
    assert "Der neue Termin ist schon vorbei" in row.warnings


def test_milestone_names_its_events_before_it_is_dropped(stage):
    milestone = make_milestone(stage.cycle, date(2026, 3, 27))
    make_event(stage.cycle, at("2026-03-27 09:00"), milestone=milestone)
    (line,) = milestones.blockers(milestone)
    assert "„Startworkshop“" in line


def test_the_fahrplan_takes_events_along_and_back(stage, cast, client_of):
    from programmes.roadmap import domain as roadmap

    milestone = make_milestone(stage.cycle, date(2026, 9, 25), title="Vernetzung")
    make_event(stage.cycle, at("2026-09-25 09:00"), milestone=milestone, title="Treffen Nord")
    lead = cast.user("lead")
    done = roadmap.move(milestone, starts_on=date(2026, 10, 30), by=lead)
    assert Event.objects.get().starts_at == at("2026-10-30 09:00")
    roadmap.undo(done, by=lead)
    assert Event.objects.get().starts_at == at("2026-09-25 09:00")
    shown = client_of("lead").get(milestone.get_absolute_url()).content.decode()
    assert "Treffen Nord" in shown
    assert f"?meilenstein={milestone.pk}" in shown
