"""The public pages, and how they tell robots from people."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.outbox.models import Delivery
from programmes.registrations import links
from programmes.registrations.models import Interest, InterestState
from tests import factories as make
from tests.programmes.registrations.makers import make_interest, make_public_event

pytestmark = pytest.mark.usefixtures("clock")
FORM = {
    "first_name": "Rita",
    "last_name": "Reich",
    "municipality": "Stadt Neustadt",
    "email": "rita@neustadt.example",
    "homepage": "",
}


def text_of(response):
    return response.content.decode()


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text_of(page)).group(1)


def opened(browser, url, **fields):
    """What a browser would post after somebody filled in the form."""
    page = browser.get(url)
    return {**FORM, "shown": hidden(page, "shown"), "_form_id": hidden(page, "_form_id"), **fields}


def fill_in(browser, url, clock, **fields):
    form = opened(browser, url, **fields)
    clock.shift(timedelta(seconds=10))
    return browser.post(url, form)


def test_everybody_reads_what_it_is_about_but_not_the_online_link(url):
    text = text_of(Client().get(url))
    for part in ("Worum es geht.", "Rathaus Ahausen", "Begrüßung", "Frau Dr. Lehm", "Datenschutz"):
        assert part in text
    assert "video.example" not in text


def test_registering_says_look_into_your_mail(url, event, clock):
    answer = fill_in(Client(), url, clock)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("registrations:sent", args=[event.pk])
    page = text_of(Client().get(answer["Location"]))
    assert "Wir haben Ihnen eine E-Mail geschickt" in page
    assert FORM["email"] not in page


def test_known_and_unknown_addresses_are_answered_alike(url, event, clock):
    unknown = fill_in(Client(), url, clock)
    make_interest(event, "bekannt@neustadt.example")
    person = make.make_person(email="person@neustadt.example")
    for email in ("bekannt@neustadt.example", person.email):
        known = fill_in(Client(), url, clock, email=email)
        assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
        assert not known.cookies.get("messages") or known.cookies["messages"].value == ""
    assert Delivery.objects.count() == 3


@pytest.mark.parametrize(("seconds", "said"), [(2, "sehr schnell"), (86_401, "zu lange offen")])
def test_too_fast_and_too_slow_keep_what_was_typed(url, clock, seconds, said):
    browser = Client()
    form = opened(browser, url)
    clock.shift(timedelta(seconds=seconds))
    answer = browser.post(url, form)
    assert said in text_of(answer)
    assert 'value="Stadt Neustadt"' in text_of(answer)
    assert not Interest.objects.exists()
    # Sent once more, as it stands, it goes through.
    clock.shift(timedelta(seconds=5))
    form["shown"] = hidden(answer, "shown")
    assert browser.post(url, form).status_code == 302


@pytest.mark.parametrize("shown", ["", "x", ":1:abc", "\x00"])
def test_a_made_up_time_is_none(url, clock, shown):
    browser = Client()
    form = opened(browser, url, shown=shown)
    clock.shift(timedelta(seconds=5))
    assert browser.post(url, form).status_code == 200
    assert not Interest.objects.exists()


def test_what_only_a_robot_fills_in(url, clock):
    browser = Client()
    page = text_of(browser.get(url))
    assert "Bitte leer lassen" in page
    assert 'tabindex="-1"' in page
    answer = fill_in(browser, url, clock, homepage="https://spam.example")
    assert "leer bleiben muss" in text_of(answer)
    assert "spam.example" not in text_of(answer)
    assert not Interest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"first_name": "x" * 81}, "höchstens 80"),
        ({"first_name": "Gewinn http://spam.example"}, "nur Ihren Namen"),
        ({"last_name": "Reich bei gewinn.example"}, "nur Ihren Namen"),
        ({"last_name": "Ri\x00ta"}, "unsichtbares Zeichen"),
        ({"municipality": "y" * 5000}, "höchstens 120"),
        ({"email": "keine Adresse"}, "gültige E-Mail"),
        ({"email": "a" * 300 + "@x.example"}, "E-Mail"),
        ({"email": "a@x.example\r\nBcc: b@x.example"}, "gültige E-Mail"),
        ({"first_name": "", "last_name": " "}, "erforderlich"),
    ],
)
def test_odd_input_is_told_and_kept(url, clock, fields, said):
    answer = fill_in(Client(), url, clock, **fields)
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert not Interest.objects.exists()
    assert not Delivery.objects.exists()


def test_line_breaks_in_names_become_spaces(url, clock):
    fill_in(Client(), url, clock, first_name="Rita\r\nBcc: alle")
    assert Interest.objects.get().first_name == "Rita Bcc: alle"
    raw = bytes(Delivery.objects.get().content.raw).decode()
    assert "\r\nBcc:" not in raw.split("\r\n\r\n")[0]


def test_a_form_posted_twice_registers_and_writes_once(url, clock):
    browser = Client()
    form = opened(browser, url)
    clock.shift(timedelta(seconds=5))
    answers = [browser.post(url, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Delivery.objects.count() == 1


def test_nobodys_mailbox_is_flooded_from_here(url, clock, settings):
    # Redis has a clock of its own that no test can move on.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    for number in range(5):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        answer = fill_in(browser, url, clock, email="Rita@neustadt.example")
        assert answer.status_code == (302 if number < 4 else 200)
    assert "in einer Stunde noch einmal" in text_of(answer)
    assert 'value="Reich"' in text_of(answer)
    assert Delivery.objects.count() == 4
    clock.shift(timedelta(hours=1))
    assert fill_in(Client(), url, clock).status_code == 302
    for _ in range(8):
        clock.shift(timedelta(hours=1))
        fill_in(Client(), url, clock)
    assert Delivery.objects.count() == 8
    clock.shift(timedelta(days=1))
    assert fill_in(Client(), url, clock).status_code == 302


@pytest.mark.parametrize("name", ["Dr.Reich", "J.R. Reich", "O’Neill-Öztürk", "St. Martin"])
def test_names_with_full_stops_are_names(url, clock, name):
    assert fill_in(Client(), url, clock, last_name=name).status_code == 302
    assert Interest.objects.get().last_name == name


def test_no_name_turns_the_direction_of_writing(url, clock):
    fill_in(Client(), url, clock, first_name="\u202eatiR", last_name="\u2066Reich\u2069")
    assert Interest.objects.get().full_name == "atiR Reich"


def test_one_connection_cannot_register_without_end(url, clock):
    browser = Client(REMOTE_ADDR="2001:db8:1:2::1")
    for number in range(40):
        assert fill_in(browser, url, clock, email=f"p{number}@x.example").status_code == 302
    neighbour = Client(REMOTE_ADDR="2001:db8:1:2::99")
    assert fill_in(neighbour, url, clock, email="p40@x.example").status_code == 200
    stranger = Client(REMOTE_ADDR="2001:db8:1:3::1")
    assert fill_in(stranger, url, clock, email="p41@x.example").status_code == 302


def test_the_counts_hold_no_address_in_clear(url, clock):
    fill_in(Client(REMOTE_ADDR="198.51.100.77"), url, clock)
    backend = settings.CACHES["default"]
    if "FileCache" in backend["BACKEND"]:
        for path in Path(backend["LOCATION"]).rglob("*"):
            if path.is_file():
                assert b"198.51.100.77" not in path.read_bytes()
                assert "198.51.100.77" not in path.name
    assert cache.get("events.address.0") is None


def test_the_log_names_neither_person_nor_link(url, clock, caplog):
    fill_in(Client(), url, clock)
    Client().get(url + "x")
    for secret in ("Rita", "Reich", FORM["email"]):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "closed",
    [
        {"public_registration": False},
        {"starts_at": timezone.now() - timedelta(days=3000)},
        {"state": "cancelled", "cancel_reason": "Sturm"},
    ],
)
def test_a_closed_page_is_a_kind_404_that_tells_nothing(stage, closed):
    event = make_public_event(stage.cycle, title="Geheimes Treffen", **closed)
    never = reverse("registrations:public", args=[10**30])
    answers = [Client().get(reverse("registrations:public", args=[event.pk])), Client().get(never)]
    for answer in answers:
        assert answer.status_code == 404
        assert "Hier ist keine Anmeldung möglich" in text_of(answer)
        assert "Geheimes" not in text_of(answer)
        assert "Sturm" not in text_of(answer)
    assert Client().post(never, FORM).status_code == 404


def test_a_full_event_says_so_and_shows_no_form(stage):
    event = make_public_event(stage.cycle, capacity=1)
    make_interest(event)
    text = text_of(Client().get(reverse("registrations:public", args=[event.pk])))
    assert "Alle Plätze sind vergeben" in text
    assert 'name="email"' not in text


# --- Links ------------------------------------------------------------------------------
def confirm_page(interest):
    return reverse("registrations:confirm", args=[links.confirm_token(interest)])


def withdraw_page(interest):
    return reverse("registrations:withdraw", args=[links.withdraw_token(interest)])


def test_a_scanner_that_opens_the_links_changes_nothing(event):
    interest = make_interest(event, state="pending")
    for page in (confirm_page(interest), withdraw_page(interest)):
        for method in ("get", "head", "options"):
            assert getattr(Client(), method)(page).status_code == 200
    interest.refresh_from_db()
    assert interest.state == InterestState.PENDING
    assert "video.example" not in text_of(Client().get(confirm_page(interest)))


def test_confirming_and_withdrawing_by_link(event):
    interest = make_interest(event, state="pending")
    page, browser = confirm_page(interest), Client()
    for _ in range(2):
        answer = browser.post(page, follow=True)
        assert "Sie sind angemeldet" in text_of(answer)
        assert "video.example" in text_of(answer)
    assert Delivery.objects.count() == 1
    answer = browser.post(withdraw_page(interest), follow=True)
    assert "Sie sind abgemeldet" in text_of(answer)
    interest.refresh_from_db()
    assert interest.state == InterestState.WITHDRAWN
    assert "Sie haben sich abgemeldet" in text_of(browser.get(page))
    assert "video.example" not in text_of(browser.get(page))


def test_a_dead_link_is_told_kindly(event, clock):
    interest = make_interest(event, state="pending")
    page = confirm_page(interest)
    clock.shift(timedelta(days=7, seconds=1))
    for dead in (page, page[:-2] + "/", "/anmeldung/abmelden/1-2.3/", "/anmeldung/abmelden/ö/"):
        for method in ("get", "post"):
            answer = getattr(Client(), method)(dead)
            assert answer.status_code == 410, dead
            assert "Dieser Link gilt nicht mehr" in text_of(answer)


def test_confirming_too_late_is_refused_on_the_page(stage, clock):
    event = make_public_event(stage.cycle, starts_at=timezone.now() + timedelta(days=1))
    page = confirm_page(make_interest(event, state="pending"))
    clock.shift(timedelta(days=2))
    assert "nicht mehr anmelden" in text_of(Client().post(page))


def test_the_public_page_needs_few_queries(event, url):
    Client().get(url)
    with CaptureQueriesContext(connection) as queries:
        Client().get(url)
    assert len(queries) <= 4
