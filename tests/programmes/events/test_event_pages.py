"""Veranstaltungen: list, page, making, changing and calling off."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.documents.models import Document
from programmes.events import domain
from programmes.events.models import Event, EventKind, EventState
from tests.programmes.events.makers import at, make_attendee, make_event, make_milestone

VALID = {
    "kind": "start",
    "title": "Startworkshop",
    "starts_at": "2026-09-25T09:00",
    "ends_at": "2026-09-25T16:00",
    "venue": "Kreishaus",
}


def page(name, event_or_cycle, *args):
    if isinstance(event_or_cycle, Event):
        args = (event_or_cycle.cycle_id, event_or_cycle.pk, *args)
    else:
        args = (event_or_cycle.pk, *args)
    return reverse(f"events:{name}", args=args)


def test_whoever_plans_makes_an_event_in_local_time(stage, client_of):
    browser = client_of("logistics")
    form = browser.get(page("event_add", stage.cycle))
    assert form.status_code == 200
    answer = browser.post(page("event_add", stage.cycle), VALID)
    event = Event.objects.get()
    assert answer["Location"] == page("event", event)
    assert event.starts_at == at("2026-09-25 09:00")
    shown = browser.get(page("event", event)).content.decode()
    assert "Freitag, 25.09.2026, 09:00 bis 16:00 Uhr" in shown


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("info", "information"),
        ("konstituierung", "constitution"),
        ("vorstellung", "introduction"),
        ("start", "start"),
        ("vernetzung-1", "networking"),
        ("zwischenbilanz", "interim"),
        ("abschluss", "closing"),
        ("", "other"),
    ],
)
def test_a_milestone_fills_in_what_it_knows(stage, client_of, key, kind):
    milestone = make_milestone(
        stage.cycle, date(2026, 10, 2), key=key, title="Treffen", venue="Burg"
    )
    address = f"{page('event_add', stage.cycle)}?meilenstein={milestone.pk}"
    form = client_of("member").get(address).context["form"]
    assert form["kind"].value() == EventKind(kind)
    assert form["title"].value() == "Treffen"
    assert form["venue"].value() == "Burg"
    assert form["milestone"].value() == milestone.pk
    assert 'value="2026-10-02T09:00"' in str(form["starts_at"])


@pytest.mark.parametrize("odd", ["x", "99999999999999999999999", "-1", "²"])
def test_an_odd_milestone_in_the_address_is_ignored(stage, client_of, odd):
    address = f"{page('event_add', stage.cycle)}?meilenstein={odd}"
    assert client_of("lead").get(address).status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("starts_at", "2026-03-29T02:30", "02:30 Uhr gibt es am 29.03.2026 nicht"),
        ("starts_at", "0001-01-01T00:00", "Das Jahr muss zwischen 2000 und 2100 liegen"),
        ("ends_at", "9999-12-31T23:59", "Das Jahr muss zwischen 2000 und 2100 liegen"),
        ("ends_at", "2026-09-25T08:00", "Das Ende liegt nicht nach dem Beginn"),
        ("capacity", "99999999999999999999", "5000"),
        ("capacity", "0", "1"),
        ("answer_until", "2026-09-26", "Dieser Tag liegt nach der Veranstaltung"),
        ("public_registration", "on", "nur für Informationsveranstaltungen"),
        ("online_url", "javascript:alert(1)", "gültige Adresse"),
        ("milestone", "99999999999999999999", "gültige Auswahl"),
        ("title", "a\x00b", "unsichtbares Zeichen"),
    ],
)
def test_odd_input_is_answered_in_german(stage, client_of, field, value, said):
    answer = client_of("lead").post(page("event_add", stage.cycle), {**VALID, field: value})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Event.objects.exists()


def test_the_hour_that_comes_twice_means_the_first(stage, client_of):
    data = {**VALID, "starts_at": "2026-10-25T02:30", "ends_at": "2026-10-25T05:00"}
    assert client_of("lead").post(page("event_add", stage.cycle), data).status_code == 302
    assert Event.objects.get().starts_at.utcoffset() == timedelta(0)
    assert Event.objects.get().starts_at.hour == 0  # summer time, in UTC


def test_a_milestone_of_another_cycle_is_no_choice(stage, client_of, django_user_model):
    from tests import factories as make

    foreign = make_milestone(make.make_cycle())
    data = {**VALID, "milestone": foreign.pk}
    answer = client_of("lead").post(page("event_add", stage.cycle), data)
    assert answer.status_code == 200
    assert "gültige Auswahl" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "raised"),
    [
        ("starts_at", "2026-09-25T10:00", 1),
        ("venue", "Burg", 1),
        ("title", "Auftakt", 1),
        ("address", "Markt 1", 1),
        ("material", "Beamer", 0),
    ],
)
def test_calendars_take_over_what_they_show(stage, client_of, field, value, raised):
    event = make_event(
        stage.cycle, at("2026-09-25 09:00"), ends_at=at("2026-09-25 16:00"), venue="Kreishaus"
    )
    browser = client_of("member")
    form = browser.get(page("event_change", event)).context["form"]
    data = {**VALID, "_version": form.version_token, field: value}
    answer = browser.post(page("event_change", event), data)
    assert answer.status_code == 302, answer.content.decode()
    event.refresh_from_db()
    assert event.sequence == raised


def test_of_two_who_edit_at_once_the_second_is_told(stage, client_of):
    event = make_event(stage.cycle, at("2026-09-25 09:00"), ends_at=at("2026-09-25 16:00"))
    browser = client_of("member")
    token = browser.get(page("event_change", event)).context["form"].version_token
    event.venue = "Burg"
    event.save()
    answer = browser.post(page("event_change", event), {**VALID, "_version": token})
    assert answer.status_code == 200
    assert "Burg" in answer.content.decode()
    event.refresh_from_db()
    assert event.venue == "Burg"


def test_who_called_off_says_why_and_mails_nobody(stage, cast, client_of, mailoutbox):
    from programmes.outbox.models import Delivery

    event = make_event(stage.cycle)
    make_attendee(event, cast.mentee)
    browser = client_of("lead")
    assert "1 Personen sind eingeladen" in browser.get(page("event_cancel", event)).content.decode()
    assert browser.post(page("event_cancel", event), {"reason": ""}).status_code == 200
    assert browser.post(page("event_cancel", event), {"reason": "Schnee"}).status_code == 302
    event.refresh_from_db()
    assert (event.state, event.cancel_reason, event.sequence) == ("cancelled", "Schnee", 1)
    assert not Delivery.objects.exists()
    with pytest.raises(Refused):
        domain.cancel_event(event, "noch einmal", by=cast.user("lead"))
    with pytest.raises(Refused):
        domain.save_event(event, by=cast.user("lead"))


def test_agenda_grows_by_rows_and_is_sorted_by_time(stage, client_of):
    event = make_event(stage.cycle)
    browser = client_of("logistics")
    form = browser.get(page("agenda", event)).context["form"]
    data = {
        "rows": form["rows"].value(),
        "state": form["state"].value(),
        "topic_0": "Pause",
        "at_0": "10:30",
        "topic_2": "Begrüßung",
        "at_2": "09:00",
        "speaker_2": "Dr. Ada Beispiel",
    }
    more = browser.post(page("agenda", event), {**data, "more": "1"})
    assert more.status_code == 200
    assert len(more.context["form"].numbers) == 8
    assert 'value="Begrüßung"' in more.content.decode()
    assert not event.agenda.exists()
    assert browser.post(page("agenda", event), data).status_code == 302
    assert [item.topic for item in event.agenda.all()] == ["Begrüßung", "Pause"]
    page_text = browser.get(page("event", event)).content.decode()
    assert "Dr. Ada Beispiel" in page_text
    form = browser.get(page("agenda", event)).context["form"]
    emptied = {"rows": "5", "state": form["state"].value(), "topic_0": "Begrüßung"}
    assert browser.post(page("agenda", event), emptied).status_code == 302
    assert [item.topic for item in event.agenda.all()] == ["Begrüßung"]


def test_agenda_point_needs_its_topic(stage, client_of):
    event = make_event(stage.cycle)
    browser = client_of("lead")
    form = browser.get(page("agenda", event)).context["form"]
    data = {"rows": "99999999999999999999", "state": form["state"].value(), "speaker_1": "Ada"}
    answer = browser.post(page("agenda", event), data)
    assert "Nennen Sie das Thema dieses Punktes" in answer.content.decode()


def test_agenda_that_somebody_else_changed_is_not_overwritten_unseen(stage, client_of):
    event = make_event(stage.cycle)
    browser = client_of("lead")
    form = browser.get(page("agenda", event)).context["form"]
    event.agenda.create(topic="Inzwischen")
    data = {"rows": "3", "state": form["state"].value(), "topic_0": "Meine"}
    answer = browser.post(page("agenda", event), data)
    text = answer.content.decode()
    assert "Inzwischen" in text
    assert 'value="Meine"' in text
    again = {**data, "state": answer.context["form"].data["state"]}
    assert browser.post(page("agenda", event), again).status_code == 302
    assert [item.topic for item in event.agenda.all()] == ["Meine"]


def test_logistics_leaves_documents_it_cannot_see(stage, client_of):
    event = make_event(stage.cycle)
    hidden = Document.objects.create(cycle=stage.cycle, title="Nur Beirat", url="https://a.example")
    plan = Document.objects.create(
        cycle=stage.cycle, title="Raumplan", url="https://b.example", for_logistics=True
    )
    event.documents.add(hidden)
    browser = client_of("logistics")
    assert "Nur Beirat" not in browser.get(page("event_documents", event)).content.decode()
    browser.post(page("event_documents", event), {"documents": [plan.pk]})
    assert set(event.documents.all()) == {hidden, plan}
    shown = browser.get(page("event", event)).content.decode()
    assert "Raumplan" in shown
    assert "Nur Beirat" not in shown
    assert "Nur Beirat" in client_of("member").get(page("event", event)).content.decode()


def test_list_filters_by_kind_state_time_and_words(stage, client_of):
    make_event(stage.cycle, at("2026-05-05 09:00"), title="Beirat Mai", kind="council")
    make_event(stage.cycle, at("2026-09-25 09:00"), title="Start Übelheim")
    gone = make_event(stage.cycle, at("2026-10-01 09:00"), title="Fällt aus")
    Event.objects.filter(pk=gone.pk).update(state=EventState.CANCELLED, cancel_reason="x")
    browser, address = client_of("member"), page("events", stage.cycle)

    def titles(query):
        context = browser.get(f"{address}?{query}").context
        return [row.title for row in context["page_obj"].object_list]

    assert titles("") == ["Beirat Mai", "Start Übelheim", "Fällt aus"]
    assert titles("kind=council") == ["Beirat Mai"]
    assert titles("state=cancelled") == ["Fällt aus"]
    assert titles("since=2026-09-25&until=2026-09-25") == ["Start Übelheim"]
    assert titles("q=uebelheim") == ["Start Übelheim"]
    assert titles("since=0001-01-01&until=9999-12-31") == titles("")


def test_list_counts_answers_and_exports_no_minutes(stage, cast, client_of):
    event = make_event(stage.cycle, minutes="Streng geheim")
    make_attendee(event, answer="yes")
    make_attendee(event, answer="no")
    make_attendee(event)
    browser, address = client_of("lead"), page("events", stage.cycle)
    row = browser.get(address).context["page_obj"].object_list[0]
    assert (row.invited, row.yes, row.no, row.unanswered) == (3, 1, 1, 1)
    export = browser.get(f"{address}?export=csv").content.decode("utf-8-sig")
    assert "Startworkshop" in export
    assert "geheim" not in export


def test_list_takes_as_many_queries_for_20_as_for_1(
    stage, client_of, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, address = client_of("member"), page("events", stage.cycle)
    make_attendee(make_event(stage.cycle))
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        browser.get(address)
    for _ in range(19):
        make_attendee(make_event(stage.cycle))
    with django_assert_max_num_queries(len(one)):
        browser.get(address)


def test_minutes_are_the_councils_alone(stage, cast, client_of):
    event = make_event(stage.cycle, minutes="Streng geheim")
    make_attendee(event, cast.hr)
    make_attendee(event, cast.mentee)
    assert "Streng geheim" in client_of("member").get(page("event", event)).content.decode()
    for name in ("logistics",):
        browser = client_of(name)
        assert "Streng geheim" not in browser.get(page("event", event)).content.decode()
        assert browser.get(page("minutes", event)).status_code == 403
        assert browser.post(page("minutes", event), {"minutes": "x"}).status_code == 403
    for name in ("hr", "mentee"):
        own = event.attendees.get(person__user=cast.user(name))
        text = client_of(name).get(reverse("events:own_event", args=[own.pk])).content.decode()
        assert "Startworkshop" in text
        assert "Streng geheim" not in text


def test_minutes_and_the_online_link_are_not_in_the_log(stage, cast, client_of):
    from mentoring.log.models import LogEntry

    event = make_event(stage.cycle, online_url="https://video.example/geheim")
    browser = client_of("member")
    form = browser.get(page("minutes", event)).context["form"]
    data = {"minutes": "Streng geheim", "_version": form.version_token}
    assert browser.post(page("minutes", event), data).status_code == 302
    event.refresh_from_db()
    assert event.minutes == "Streng geheim"
    assert not [e for e in LogEntry.objects.all() if "geheim" in str(e.changes)]


@time_machine.travel(at("2026-09-25 12:00"))
def test_page_warns_of_more_yes_than_places(stage, client_of):
    event = make_event(stage.cycle, timezone.now() + timedelta(days=1), capacity=1)
    make_attendee(event, answer="yes")
    assert (
        "Mehr Zusagen als Plätze"
        not in client_of("lead").get(page("event", event)).content.decode()
    )
    make_attendee(event, answer="yes")
    assert "Mehr Zusagen als Plätze" in client_of("lead").get(page("event", event)).content.decode()
