"""Attempts are counted across processes, and who is stopped is told so in German."""

import os
import subprocess
import sys

import pytest
from django.core import mail
from django.core.cache import cache, caches
from django.urls import reverse

from tests.mentoring.accounts.conftest import PASSWORD, Browser

pytestmark = pytest.mark.django_db
TOO_MANY = "Zu viele Versuche"


def test_five_wrong_passwords_close_the_address_for_a_while(browser, erika, hanne):
    for _ in range(5):
        page = browser.sign_in(erika.email, "falsch").content.decode()
        assert TOO_MANY not in page
    assert TOO_MANY in browser.sign_in(erika.email, "falsch").content.decode()
    # Not even the right one helps now, from wherever it comes ...
    assert TOO_MANY in Browser(REMOTE_ADDR="10.1.1.1").sign_in(erika.email).content.decode()
    # ... and nobody else is concerned.
    assert browser.sign_in(hanne.email).status_code == 302


def test_it_is_over_after_five_minutes(browser, erika, time_machine):
    time_machine.move_to("2026-03-02 09:00+01:00", tick=False)
    for _ in range(6):
        browser.sign_in(erika.email, "falsch")
    time_machine.move_to("2026-03-02 09:05:01+01:00", tick=False)
    assert browser.sign_in(erika.email).status_code == 302


def test_unknown_addresses_are_counted_alike(browser, db):
    for _ in range(5):
        browser.sign_in("niemand@stadt.example", "falsch")
    assert TOO_MANY in browser.sign_in("niemand@stadt.example", "falsch").content.decode()


def test_many_addresses_from_one_connection_are_stopped(browser, db):
    for number in range(20):
        browser.sign_in(f"person{number}@stadt.example", "falsch")
    page = browser.sign_in("person20@stadt.example", "falsch").content.decode()
    assert TOO_MANY in page


def test_codes_are_sent_five_times_in_ten_minutes(erika):
    for number in range(6):
        response = Browser().send("/anmelden/code/", {"email": erika.email})
        assert response.status_code == (302 if number < 5 else 200)
    assert TOO_MANY in response.content.decode()
    assert len(mail.outbox) == 5


def test_reset_links_are_sent_five_times_in_ten_minutes(browser, erika):
    for number in range(6):
        response = browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
        assert response.status_code == (302 if number < 5 else 429)
    page = response.content.decode()
    assert "<h1" in page
    assert TOO_MANY in page
    assert "Warten Sie bitte zehn Minuten" in page
    assert len(mail.outbox) == 5


def test_the_page_for_429_names_a_way_on(browser, erika):
    for _ in range(61):
        response = browser.post("/anmelden/", {}, REMOTE_ADDR="10.2.2.2")
    # Without a CSRF token nothing is even counted.
    assert response.status_code == 403
    hidden = browser.hidden("/anmelden/")
    statuses = [browser.post("/anmelden/", hidden).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    assert browser.get(reverse("account_login")).status_code == 200


def test_behind_a_proxy_each_user_counts_alone(erika, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(25):
        person = Browser(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        page = person.sign_in(f"person{number}@stadt.example", "falsch").content.decode()
        assert TOO_MANY not in page


def test_counts_are_shared_between_processes(browser, erika):
    """Another process, with a connection to the cache of its own, makes the attempts."""
    other = """
import django
django.setup()
from django.test import RequestFactory
from allauth.core import context, ratelimit
request = RequestFactory().post("/anmelden/")
with context.request_context(request):
    for _ in range(5):
        assert ratelimit.consume(request, action="login_failed", key="{key}")
"""
    key = "testserver:" + erika.email
    run = subprocess.run(
        [sys.executable, "-c", other.replace("{key}", key)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "mentoring.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert TOO_MANY in browser.sign_in(erika.email, PASSWORD).content.decode()


def test_only_one_of_many_processes_gets_the_lock():
    """Django's own cache in files looks first and writes then, so several would."""
    racer = """
import sys, django
django.setup()
from django.core.cache import cache
sys.stdin.read(1)
print(sum(cache.add(f"race:{n}", 1, 60) for n in range(200)))
"""
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", racer],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "mentoring.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    won = [int(run.communicate("x")[0]) for run in runs]
    assert sum(won) == 200, won


def test_the_cache_holds_enough_counts():
    backend = caches["default"]
    assert getattr(backend, "_max_entries", 10_000) >= 10_000
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    assert cache.get("a") == 1
