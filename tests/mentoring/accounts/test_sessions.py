"""How long a session lasts, what it writes, and how its owner ends it."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts import sessions
from mentoring.accounts.middleware import BY_ITSELF
from tests.mentoring.accounts.conftest import PASSWORD, Browser

pytestmark = pytest.mark.django_db
PAGE = "/konto/eingaben/"
START = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_current_timezone())
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def written(browser: Browser, path: str = PAGE) -> list[str]:
    """The statements of a GET that change something."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(path).status_code == 200
    verbs = ("INSERT", "UPDATE", "DELETE")
    return [q["sql"] for q in queries if q["sql"].lstrip().upper().startswith(verbs)]


def test_a_get_writes_at_most_every_five_minutes(browser, erika, time_machine):
    time_machine.move_to(START, tick=False)
    browser.sign_in(erika.email)
    for seconds in (0, 60, 299):
        time_machine.move_to(START + timedelta(seconds=seconds), tick=False)
        assert written(browser) == []
    time_machine.move_to(START + timedelta(seconds=300), tick=False)
    touched = written(browser)
    assert len(touched) == 2
    assert sorted(sql.split('"')[1] for sql in touched) == [
        "django_session",
        "usersessions_usersession",
    ]
    assert UserSession.objects.get().last_seen_at == timezone.now()
    assert written(browser) == []


def test_a_page_that_looks_for_news_by_itself_does_not_use_the_session(
    browser, erika, time_machine
):
    time_machine.move_to(START, tick=False)
    browser.sign_in(erika.email)
    time_machine.move_to(START + timedelta(hours=7.9), tick=False)
    assert browser.get(PAGE, headers={BY_ITSELF: "1"}).status_code == 200
    time_machine.move_to(START + timedelta(hours=8, seconds=1), tick=False)
    assert browser.get(PAGE).status_code == 302


def test_a_part_of_a_page_is_not_replaced_by_the_sign_in(browser):
    asked = browser.get(
        PAGE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/stand/?seite=2"}
    )
    assert asked.status_code == 200
    assert asked.headers["HX-Redirect"] == "/anmelden/?next=/stand/%3Fseite%3D2"
    elsewhere = {"HX-Request": "true", "HX-Current-URL": "https://anderswo.example/"}
    assert browser.get(PAGE, headers=elsewhere).headers["HX-Redirect"] == "/anmelden/?next=/"


def test_a_session_ends_after_eight_hours_without_use(browser, erika, time_machine):
    time_machine.move_to(START, tick=False)
    browser.sign_in(erika.email)
    now = START
    for hours in (4, 4, 7.9):
        now += timedelta(hours=hours)
        time_machine.move_to(now, tick=False)
        assert browser.get(PAGE).status_code == 200
    assert browser.cookies["sessionid"]["max-age"] == 8 * 60 * 60
    time_machine.move_to(now + timedelta(hours=8, seconds=1), tick=False)
    response = browser.get(PAGE)
    assert response.url == f"/anmelden/?next={PAGE}"


def test_sign_in_by_code_lasts_as_long(browser, erika, time_machine, mailoutbox):
    time_machine.move_to(START, tick=False)
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    code = re.search(r"\d{4}-\d{4}", mailoutbox[0].body).group()
    assert browser.send(page, {"code": code}).url == "/"
    time_machine.move_to(START + timedelta(hours=7), tick=False)
    assert browser.get(PAGE).status_code == 200
    time_machine.move_to(START + timedelta(hours=14), tick=False)
    assert browser.get(PAGE).status_code == 200
    time_machine.move_to(START + timedelta(hours=22, seconds=1), tick=False)
    assert browser.get(PAGE).status_code == 302


def test_a_new_password_ends_the_other_sessions_and_not_this_one(browser, other_browser, erika):
    browser.sign_in(erika.email)
    other_browser.sign_in(erika.email)
    new = "Eisvogel im Klostergarten"
    response = browser.send(
        "/anmelden/passwort/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert response.url == reverse("sessions")
    page = browser.get(response.url).content.decode()
    assert "Ihr Passwort ist geändert. Andere Sitzungen sind beendet." in page
    assert page.count("diese Sitzung") == 1
    assert "/beenden/" not in page
    assert other_browser.get(PAGE).status_code == 302
    assert UserSession.objects.count() == 1


def test_a_weak_or_wrong_password_changes_nothing(browser, erika):
    browser.sign_in(erika.email)
    for old, new, again in (
        ("falsch", "Eisvogel im Klostergarten", "Eisvogel im Klostergarten"),
        (PASSWORD, "kurz", "kurz"),
        (PASSWORD, "123456789012", "123456789012"),
        (PASSWORD, "erika@stadt.example", "erika@stadt.example"),
        (PASSWORD, "Eisvogel im Klostergarten", "etwas anderes Langes"),
    ):
        data = {"oldpassword": old, "password1": new, "password2": again}
        response = browser.send("/anmelden/passwort/", data)
        if response.status_code == 429:
            break
        assert response.status_code == 200
    erika.refresh_from_db()
    assert erika.check_password(PASSWORD)


def test_a_reset_ends_every_session(browser, other_browser, erika, mailoutbox):
    browser.sign_in(erika.email)
    other_browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    link = re.search(r"http://localhost:8000(\S+neu\S+)", mailoutbox[0].body).group(1)
    form = other_browser.get(link).url
    new = "Eisvogel im Klostergarten"
    other_browser.send(form, {"password1": new, "password2": new})
    assert browser.get(PAGE).status_code == 302
    assert other_browser.get(PAGE).status_code == 200
    assert UserSession.objects.count() == 1


def test_own_sessions_are_listed_and_one_is_ended(browser, erika, hanne):
    other = Browser(HTTP_USER_AGENT=FIREFOX)
    foreign = Browser()
    browser.sign_in(erika.email)
    other.sign_in(erika.email)
    foreign.sign_in(hanne.email)
    page = browser.get(reverse("sessions")).content.decode()
    assert "Firefox unter Windows" in page
    assert page.count("Unbekanntes Gerät") == 1
    target = UserSession.objects.get(session_key=other.session.session_key)
    confirm = reverse("session_end", args=[target.pk])
    assert browser.get(confirm).status_code == 200
    assert other.get(PAGE).status_code == 200
    assert browser.send(confirm, {}).url == reverse("sessions")
    assert other.get(PAGE).status_code == 302
    assert foreign.get(PAGE).status_code == 200
    assert browser.get(PAGE).status_code == 200


def test_a_session_of_somebody_else_does_not_exist(browser, erika, hanne):
    foreign = Browser()
    browser.sign_in(erika.email)
    foreign.sign_in(hanne.email)
    theirs = UserSession.objects.get(user=hanne)
    mine = UserSession.objects.get(user=erika)
    for pk in (theirs.pk, mine.pk, 999_999, 10**30):
        path = reverse("session_end", args=[pk])
        assert browser.get(path).status_code == 404
    token = browser.cookies["csrftoken"].value
    path = reverse("session_end", args=[theirs.pk])
    assert browser.post(path, {"csrfmiddlewaretoken": token}).status_code in (403, 404)
    assert foreign.get(PAGE).status_code == 200


def test_all_others_are_ended(browser, erika):
    others = [Browser(), Browser()]
    for each in (browser, *others):
        each.sign_in(erika.email)
    assert browser.send(reverse("sessions_end_others"), {}).url == reverse("sessions")
    assert browser.get(PAGE).status_code == 200
    assert [each.get(PAGE).status_code for each in others] == [302, 302]


def test_the_number_of_queries_does_not_grow_with_sessions(
    browser, erika, django_assert_num_queries
):
    browser.sign_in(erika.email)
    with CaptureQueriesContext(connection) as one:
        browser.get(reverse("sessions"))
    count = len(one)
    for _ in range(20):
        Browser().sign_in(erika.email)
    with django_assert_num_queries(count):
        browser.get(reverse("sessions"))


def test_what_is_over_is_cleared_away_once_a_day(browser, erika, time_machine):
    time_machine.move_to(START, tick=False)
    browser.sign_in(erika.email)
    other = Browser()
    time_machine.move_to(START + timedelta(hours=5), tick=False)
    other.sign_in(erika.email)
    time_machine.move_to(START + timedelta(hours=9), tick=False)
    assert sessions.delete_expired() == 2
    assert Session.objects.get().session_key == other.session.session_key
    assert UserSession.objects.get().session_key == other.session.session_key
    assert sessions.delete_expired() == 0


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox unter Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge unter Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36",
            "Chrome unter Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
            "Safari unter iPhone",
        ),
        ("", "Unbekanntes Gerät"),
        ("<script>", "Unbekanntes Gerät"),
    ],
)
def test_devices_have_names(user_agent, name):
    assert sessions.device_name(user_agent) == name
