"""Start page, frame, legal pages, faults and health."""

import datetime

import pytest
from django.db import OperationalError, connection
from django.test import Client

from mentoring.ui.health import readiness
from mentoring.ui.navigation import (
    CycleEntry,
    NavItem,
    StartItem,
    cycle_switcher,
    navigation,
    start_items,
)

pytestmark = pytest.mark.django_db


def test_the_start_page_wants_a_sign_in():
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/")


def test_the_start_page_groups_and_orders_what_is_due(client):
    day = datetime.date(2026, 5, 4)
    start_items.add(
        "probe",
        lambda request: [
            StartItem("Später", kind="termin", due=day + datetime.timedelta(7)),
            StartItem("Früher", kind="termin", due=day, url="/probe/"),
            StartItem("Plätze vergeben", "3 Bewerbungen", kind="entscheidung", count=3),
        ],
    )
    text = client.get("/").content.decode()
    order = [text.index(word) for word in ("Plätze vergeben", "Früher", "Später")]
    assert order == sorted(order)
    assert 'datetime="2026-05-04"' in text
    assert 'href="/probe/"' in text


def test_of_one_thing_the_start_page_shows_what_the_latest_room_says(client):
    day = datetime.date(2026, 5, 4)
    for order, title in enumerate(("Startworkshop", "Startworkshop im Rathaus"), 1):
        item = StartItem(title, kind="termin", due=day, about="Startworkshop 11")
        start_items.add(title, lambda request, item=item: [item], order=order)
    text = client.get("/").content.decode()
    assert text.count("Startworkshop") == 1
    assert "Startworkshop im Rathaus" in text


def test_later_dates_are_folded_away_and_the_way_to_all_stays(client):
    day = datetime.date(2026, 5, 4)
    dates = [
        StartItem(f"Termin {n}", kind="termin", due=day + datetime.timedelta(n)) for n in range(7)
    ]
    start_items.add(
        "probe", lambda request: [*dates, StartItem("Alle Termine", url="/alle/", kind="termin")]
    )
    text = client.get("/").content.decode()
    words = ("Termin 4", "2 weitere Termine", "Termin 5", "Termin 6", 'href="/alle/"')
    order = [text.index(word) for word in words]
    assert order == sorted(order)


def test_an_empty_start_page_says_so(client):
    assert "Im Augenblick steht nichts an" in client.get("/").content.decode()


def test_the_frame_shows_what_the_user_may_open(client):
    navigation.add("probe", lambda request: [NavItem("Zugänge", "/probe/")])
    cycle_switcher.add(
        "probe", lambda request: [CycleEntry("Nr. 11", "/", True), CycleEntry("Nr. 10", "/10/")]
    )
    text = client.get("/probe/neu/").content.decode()
    assert 'href="/probe/" aria-current="true"' in text
    assert "Nr. 10" in text
    assert "anna@stadt.example" in text
    assert "Offizielle Website" not in text
    assert 'class="app-skip kern-link" href="#inhalt"' in text


def test_the_flag_strip_hangs_on_the_setting(client, settings):
    settings.OFFICIAL_WEBSITE = True
    assert "Offizielle Website" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("path", "variable"),
    [
        ("/impressum/", "IMPRINT_ORGANISATION"),
        ("/datenschutz/", "DATA_PROTECTION_OFFICER"),
        ("/barrierefreiheit/", "ACCESSIBILITY_BODY"),
    ],
)
def test_legal_pages_are_public_and_name_what_is_missing(path, variable, settings):
    settings.IMPRINT = dict.fromkeys(settings.IMPRINT, "")
    assert variable in Client().get(path).content.decode()
    settings.IMPRINT = dict.fromkeys(settings.IMPRINT, "Rathaus <Musterstadt>")
    text = Client().get(path).content.decode()
    assert "noch unvollständig" not in text
    assert "Rathaus &lt;Musterstadt&gt;" in text


# --- Faults ---------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/probe/?email=%00", "/?%00=1", "/%00/", "/probe/?sort=%00"])
def test_nul_in_an_address_is_a_clean_400(client, path):
    answer = client.get(path)
    assert answer.status_code == 400
    assert "nicht lesbar" in answer.content.decode()


def test_nul_in_a_cookie_is_a_clean_400():
    browser = Client()
    browser.cookies["sessionid"] = "a\x00b"
    assert browser.get("/").status_code == 400


def test_a_database_that_is_down_gives_a_page_that_needs_none(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    client.raise_request_exception = False
    monkeypatch.setattr(connection, "cursor", refuse)
    for path in ("/", "/probe/", "/probe/datenbank/"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert answer["Retry-After"]
        assert "Die Datenbank antwortet nicht" in answer.content.decode()
    assert client.post("/probe/neu/", {"email": "x@y.example"}).status_code == 503
    # A page that does not exist is still looked for without the database.
    assert client.get("/gibtsnicht/").status_code in (404, 503)


def test_error_pages_speak_german(client):
    client.raise_request_exception = False
    missing = client.get("/gibtsnicht/")
    assert missing.status_code == 404
    assert "Diese Seite gibt es nicht" in missing.content.decode()
    assert "anna@stadt.example" in missing.content.decode()
    broken = client.get("/probe/kaputt/")
    assert broken.status_code == 500
    assert "schiefgegangen" in broken.content.decode()
    assert "RuntimeError" not in broken.content.decode()


def test_a_missing_csrf_token_is_explained(user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    answer = browser.post("/probe/neu/", {"email": "x@stadt.example"})
    assert answer.status_code == 403
    assert "Das Formular ist abgelaufen" in answer.content.decode()


# --- Health ---------------------------------------------------------------------------
def test_health_needs_no_sign_in_and_no_database(monkeypatch):
    monkeypatch.setattr(connection, "cursor", lambda: 1 / 0)
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_readiness_says_which_check_failed(monkeypatch):
    readiness._entries.clear()
    readiness.add("database", lambda: (True, "Die Datenbank antwortet."))
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    readiness.add("worker", lambda: (False, "Seit fünf Minuten kein Lebenszeichen."))
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"]["ok"] is False
    assert answer.json()["status"] == "fault"


def test_readiness_without_a_database_is_an_answer_too(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["ok"] is False
