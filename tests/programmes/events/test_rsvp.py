"""Answering by personal link and with one's own sign-in."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
import vobject
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.events import domain
from programmes.events.links import attendee_of, rsvp_token, rsvp_url
from programmes.events.models import Attendee, Event
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
    return make_event(stage.cycle, at("2026-09-25 09:00"), description="Auftakt für alle")


def link(attendee):
    return reverse("events:rsvp", args=[rsvp_token(attendee)])


def test_a_get_shows_and_only_a_post_answers(event, cast):
    attendee = make_attendee(event, cast.mentee)
    browser = Client(enforce_csrf_checks=True)
    shown = browser.get(link(attendee))
    text = shown.content.decode()
    assert f"Guten Tag {cast.mentee.first_name}," in text
    assert "Auftakt für alle" in text
    attendee.refresh_from_db()
    assert attendee.answer == "open"
    browser.head(link(attendee))
    browser.get(link(attendee) + "?answer=yes")
    attendee.refresh_from_db()
    assert (attendee.answer, attendee.version) == ("open", 1)
    assert browser.post(link(attendee), {"answer": "yes"}).status_code == 403
    token = browser.cookies["csrftoken"].value
    answer = browser.post(
        link(attendee),
        {"answer": "yes", "note": "später", "csrfmiddlewaretoken": token},
        follow=True,
    )
    assert "Ihre Zusage ist eingetragen" in answer.content.decode()
    attendee.refresh_from_db()
    assert (attendee.answer, attendee.note, attendee.answered_at) == ("yes", "später", NOW)


def test_the_page_tells_only_the_first_name(event, stage, cast):
    event.asks_needs = True
    event.save()
    attendee = make_attendee(
        event, cast.mentee, answer="yes", note="Rücken", diet="vegan", access_needs="Rampe"
    )
    make_attendee(event, cast.mentor)
    answer = Client().get(link(attendee))
    text = answer.content.decode()
    for secret in (
        cast.mentee.last_name,
        cast.mentee.email,
        cast.mentor.last_name,
        "Rücken",
        "vegan",
        "Rampe",
        stage.own.short_name,
    ):
        assert secret not in text
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_every_link_that_leads_nowhere_is_answered_alike(event, cast):
    attendee = make_attendee(event, cast.mentee)
    good = link(attendee)
    attendee.nonce = uuid4()
    attendee.save()
    gone = make_attendee(event, cast.mentor)
    dead = link(gone)
    gone.delete()
    pages = set()
    for address in (
        good,
        dead,
        link(attendee)[:-2] + "x/",
        reverse("events:rsvp", args=["99999999999999999999-x.y"]),
        reverse("events:rsvp_calendar", args=["x"]),
    ):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address)
            assert answer.status_code == 404
            pages.add(answer.content)
    assert len(pages) == 1
    assert "gilt nicht mehr" in pages.pop().decode()


def test_the_link_stays_the_same_and_survives_mail_programs(event, cast):
    attendee = make_attendee(event, cast.mentee)
    assert rsvp_url(attendee) == rsvp_url(Attendee.objects.get())
    assert attendee_of(rsvp_token(attendee)) == attendee
    assert rsvp_url(attendee).startswith("http://localhost:8000/antwort/")
    assert set(rsvp_token(attendee)) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    )


def test_a_link_of_an_ended_cycle_is_dead(event, stage, cast):
    attendee = make_attendee(event, cast.mentee)
    stage.cycle.state = "closed"
    stage.cycle.save()
    assert Client().get(link(attendee)).status_code == 404


def test_needs_are_asked_only_where_wanted(event, cast):
    attendee = make_attendee(event, cast.mentee)
    assert "access_needs" not in Client().get(link(attendee)).content.decode()
    Client().post(link(attendee), {"answer": "yes", "diet": "vegan", "access_needs": "Rampe"})
    attendee.refresh_from_db()
    assert (attendee.answer, attendee.diet, attendee.access_needs) == ("yes", "", "")
    Event.objects.update(asks_needs=True)
    assert "access_needs" in Client().get(link(attendee)).content.decode()
    Client().post(link(attendee), {"answer": "yes", "diet": "vegan", "access_needs": "Rampe"})
    attendee.refresh_from_db()
    assert (attendee.diet, attendee.access_needs) == ("vegan", "Rampe")


def test_what_is_left_empty_stays_until_it_is_taken_back(event, cast):
    Event.objects.update(asks_needs=True)
    attendee = make_attendee(event, cast.mentee, answer="yes", diet="vegan", note="Zug")
    Client().post(link(attendee), {"answer": "yes", "access_needs": "Rampe"})
    attendee.refresh_from_db()
    assert (attendee.diet, attendee.access_needs, attendee.note) == ("vegan", "Rampe", "Zug")
    Client().post(link(attendee), {"answer": "yes", "forget": "on"})
    attendee.refresh_from_db()
    assert (attendee.diet, attendee.access_needs) == ("", "")
    attendee.diet = "vegan"
    attendee.save()
    Client().post(link(attendee), {"answer": "no"})
    attendee.refresh_from_db()
    assert (attendee.diet, attendee.note) == ("", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Bitte wählen Sie „Ja“ oder „Nein“."),
        ({"answer": "open"}, "Auswahl"),
        ({"answer": "maybe"}, "Auswahl"),
        ({"answer": "yes", "note": "x" * 301}, "300"),
        ({"answer": "yes", "note": "a\x00b"}, "unsichtbares Zeichen"),
    ],
)
def test_odd_answers_are_refused_in_german(event, cast, data, said):
    attendee = make_attendee(event, cast.mentee)
    answer = Client().post(link(attendee), data)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    attendee.refresh_from_db()
    assert attendee.answer == "open"


def test_answers_change_until_the_last_day(event, cast):
    event.answer_until = at("2026-09-10 00:00").date()
    event.save()
    attendee = make_attendee(event, cast.mentee)
    with time_machine.travel(at("2026-09-10 23:59"), tick=False):
        Client().post(link(attendee), {"answer": "yes"})
        Client().post(link(attendee), {"answer": "no"})
    attendee.refresh_from_db()
    assert attendee.answer == "no"
    with time_machine.travel(at("2026-09-11 00:01"), tick=False):
        answer = Client().post(link(attendee), {"answer": "yes"})
        text = answer.content.decode()
        assert "Antworten waren bis zum 10.09.2026 möglich" in text
        assert 'name="answer"' not in text
        assert "antworten Sie auf die E-Mail" in text
    attendee.refresh_from_db()
    assert attendee.answer == "no"


def test_closed_pages_say_whom_to_ask(event, stage, cast):
    stage.partner.contact_name, stage.partner.contact_email = "Pia Plan", "plan@institut.example"
    stage.partner.save()
    attendee = make_attendee(event, cast.mentee)
    with time_machine.travel(event.starts_at, tick=False):
        text = Client().get(link(attendee)).content.decode()
    assert "hat schon begonnen" in text
    assert "Pia Plan" in text
    assert "plan@institut.example" in text


def test_a_cancelled_event_says_why_and_takes_no_answer(event, cast):
    attendee = make_attendee(event, cast.mentee)
    domain.cancel_event(event, "Schnee", by=cast.user("lead"))
    text = Client().get(link(attendee)).content.decode()
    assert "abgesagt" in text
    assert "Schnee" in text
    Client().post(link(attendee), {"answer": "yes"})
    attendee.refresh_from_db()
    assert attendee.answer == "open"


def test_no_yes_beyond_the_places(event, cast):
    event.capacity = 1
    event.save()
    first, second = make_attendee(event, cast.mentee), make_attendee(event, cast.mentor)
    Client().post(link(first), {"answer": "yes"})
    assert "Alle Plätze sind vergeben" in Client().get(link(second)).content.decode()
    answer = Client().post(link(second), {"answer": "yes", "note": "bitte"})
    text = answer.content.decode()
    assert "Es sind leider schon alle Plätze vergeben" in text
    assert 'value="bitte"' in text
    second.refresh_from_db()
    assert second.answer == "open"
    Client().post(link(first), {"answer": "yes", "note": "noch da"})  # keeps the own place
    Client().post(link(first), {"answer": "no"})
    Client().post(link(second), {"answer": "yes"})
    second.refresh_from_db()
    assert second.answer == "yes"


def test_the_calendar_file_lies_behind_the_link(event, cast):
    attendee = make_attendee(event, cast.mentee)
    answer = Client().get(reverse("events:rsvp_calendar", args=[rsvp_token(attendee)]))
    assert answer["Content-Type"].startswith("text/calendar")
    entry = vobject.readOne(answer.content.decode()).vevent
    assert entry.summary.value == "Startworkshop"
    assert entry.dtstart.value == at("2026-09-25 09:00")


# --- Signed in ----------------------------------------------------------------------------
def test_own_page_answers_with_everything_as_stored(event, cast, client_of):
    event.asks_needs = True
    event.save()
    own = make_attendee(event, cast.mentee, answer="yes", diet="vegan", note="Zug")
    foreign = make_attendee(event, cast.mentor)
    browser = client_of("mentee")
    assert "Startworkshop" in browser.get(reverse("events:own")).content.decode()
    text = browser.get(reverse("events:own_event", args=[own.pk])).content.decode()
    assert 'value="vegan"' in text
    assert 'value="Zug"' in text
    browser.post(reverse("events:own_event", args=[own.pk]), {"answer": "yes", "diet": ""})
    own.refresh_from_db()
    assert (own.diet, own.note) == ("", "")
    for name in ("own_event", "own_calendar"):
        assert browser.get(reverse(f"events:{name}", args=[foreign.pk])).status_code == 404
    assert browser.get(reverse("events:own_event", args=[10**17])).status_code == 404


def test_start_page_asks_for_answers_and_shows_next_dates(event, stage, cast, client_of):
    make_attendee(event, cast.mentee)
    yes = make_event(stage.cycle, at("2026-10-01 09:00"), title="Vernetzungstreffen")
    make_attendee(yes, cast.mentee, answer="yes")
    no = make_event(stage.cycle, at("2026-10-02 09:00"), title="Nicht dabei")
    make_attendee(no, cast.mentee, answer="no")
    text = client_of("mentee").get(reverse("start")).content.decode()
    assert "Bitte antworten: Startworkshop" in text
    assert "Vernetzungstreffen" in text
    assert "Nicht dabei" not in text


def test_own_list_is_empty_for_who_is_invited_to_nothing(cast, client_of):
    for name in ("stranger", "operator", "hr"):
        assert "Noch keine Termine" in client_of(name).get(reverse("events:own")).content.decode()


# --- On behalf ----------------------------------------------------------------------------
def test_an_answer_by_phone_is_entered_also_after_the_last_day(event, cast, client_of):
    event.answer_until = at("2026-08-01 00:00").date()
    event.save()
    attendee = make_attendee(event, cast.mentee)
    with pytest.raises(Refused):
        domain.answer(attendee, answer="yes")
    browser, address = client_of("logistics"), page("attendee_answer", event, attendee.pk)
    assert browser.post(address, {"answer": "yes", "note": "rief an"}).status_code == 302
    attendee.refresh_from_db()
    assert attendee.answer == "yes"
    assert browser.post(address, {"answer": "open"}).status_code == 302
    attendee.refresh_from_db()
    assert (attendee.answer, attendee.answered_at) == ("open", None)


def test_two_places_are_not_given_for_one(event, stage, cast):
    event.capacity = 1
    event.save()
    one = make_attendee(event, cast.mentee)
    other = make_attendee(event, make.make_person())
    domain.answer(one, answer="yes")
    with pytest.raises(Refused, match="alle Plätze"):
        domain.answer(other, answer="yes", on_behalf=True, by=cast.user("lead"))
    assert timezone.now() + timedelta(0) == NOW
