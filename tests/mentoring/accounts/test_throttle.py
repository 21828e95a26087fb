"""Attempts are counted across processes, and who is stopped is told so in German."""

import json
import subprocess
import sys

import pytest
from allauth.core.internal import ratelimit
from django.conf import settings as product
from django.core import mail
from django.core.cache import cache, caches
from django.urls import reverse

from mentoring.accounts.cache import SharedFileCache
from tests.mentoring.accounts.conftest import PASSWORD, Browser

BASE_DIR = product.BASE_DIR
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


# A process of its own, with its own connection to the cache and nothing else of the product.
PROCESS = """
import json, sys, time
from django.conf import settings
settings.configure(CACHES=json.loads(sys.argv[1]))
from django.core.cache import cache
"""


def other_process(work: str, caches_setting: dict) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS + work, json.dumps(caches_setting, default=str)],
        cwd=BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_counts_are_shared_between_processes(browser, erika, settings, rf):
    """Another process sees our counts, and we see its."""
    browser.sign_in(erika.email, "falsch")
    rate = ratelimit.parse_rate(settings.ACCOUNT_RATE_LIMITS["login_failed"].split(",")[1])
    key = ratelimit.get_cache_key(
        rf.post("/"),
        app="allauth.account",
        action="login_failed",
        rate=rate,
        key=f"testserver:{erika.email}",
    )
    work = f"""
seen = cache.get({key!r})
cache.set({key!r}, [time.time()] * 4 + seen, 300)
print(len(seen))
"""
    assert other_process(work, settings.CACHES).communicate()[0] == "1\n"
    assert TOO_MANY in browser.sign_in(erika.email, PASSWORD).content.decode()


def test_only_one_of_many_processes_gets_the_lock(tmp_path):
    """Django's own cache in files looks first and writes then, so several would."""
    shared = {
        "default": {"BACKEND": "mentoring.accounts.cache.SharedFileCache", "LOCATION": tmp_path}
    }
    work = 'sys.stdin.read(1)\nprint(sum(cache.add(f"race:{n}", 1, 60) for n in range(300)))'
    racers = [other_process(work, shared) for _ in range(2)]
    for racer in racers:
        racer.stdin.write("x")
        racer.stdin.flush()
    assert sum(int(racer.communicate()[0]) for racer in racers) == 300


def test_the_cache_holds_enough_counts():
    backend = caches["default"]
    if isinstance(backend, SharedFileCache):
        assert backend._max_entries == 10_000
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    assert cache.get("a") == 1
