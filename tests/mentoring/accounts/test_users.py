"""Sign-ins: the first start, operators, deactivation, the admin."""

from datetime import datetime, timedelta

import pytest
from django.contrib import admin
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.accounts import domain
from mentoring.accounts.adapter import EPHEMERAL_HEADER
from mentoring.accounts.models import User
from mentoring.accounts.setup import setup_link
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from tests.mentoring.accounts.conftest import PASSWORD, Browser

pytestmark = pytest.mark.django_db
FIRST = {"email": "Betrieb@Institut.example", "password": PASSWORD, "password_again": PASSWORD}


def setup_path() -> str:
    return setup_link().removeprefix("http://localhost:8000")


# --- The first start ------------------------------------------------------------------
def test_the_link_makes_the_first_operator_and_is_gone_then(browser, other_browser, capsys):
    call_command("setup_link")
    link = capsys.readouterr().out.strip()
    assert link.startswith("http://localhost:8000/einrichtung/")
    path = link.removeprefix("http://localhost:8000")
    assert "Erste Einrichtung" in browser.get(path).content.decode()
    hidden_of_another = other_browser.hidden(path)

    response = browser.send(path, FIRST)
    assert response.url == reverse("start")
    user = User.objects.get()
    assert user.email == "betrieb@institut.example"
    assert user.is_operator
    assert browser.user_pk == user.pk
    assert "Ihr Betreiberzugang ist angelegt" in browser.get("/").content.decode()

    assert other_browser.get(path).status_code == 404
    second = {**hidden_of_another, **FIRST, "email": "zweiter@institut.example"}
    assert other_browser.post(path, second).status_code == 404
    assert User.objects.count() == 1
    call_command("setup_link")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "schon einen Betreiberzugang" in captured.err


def test_a_deactivated_operator_does_not_open_the_door_again(browser, operator):
    User.objects.update(is_active=False)
    assert browser.get(setup_path()).status_code == 404
    with pytest.raises(Refused):
        domain.create_first_operator(email="neu@institut.example", password=PASSWORD)


@pytest.mark.parametrize("code", ["x", "a:b:c", "%00", "ImZpcnN0IG9wZXJhdG9yIg:1tXyZ9:abc"])
def test_a_foreign_code_opens_nothing(browser, code):
    assert browser.get(f"/einrichtung/{code}/").status_code in (400, 404)


def test_mistakes_at_the_first_start_are_errors_of_the_form(browser):
    path = setup_path()
    for changed, text in (
        ({"email": "keine"}, "gültige E-Mail-Adresse"),
        ({"email": "a\x00@b.example"}, "unsichtbares Zeichen"),
        ({"password": "kurz", "password_again": "kurz"}, "12 Zeichen"),
        ({"password": "1" * 12, "password_again": "1" * 12}, "numerisch"),
        ({"password_again": "anders geschrieben"}, "stimmen nicht überein"),
    ):
        response = browser.send(path, {**FIRST, **changed})
        assert response.status_code == 200
        assert text in response.content.decode()
    assert not User.objects.exists()


# --- Creating -------------------------------------------------------------------------
def test_an_address_is_taken_whatever_its_case(erika):
    with pytest.raises(ValidationError) as caught:
        domain.create_user(email=" ERIKA@Stadt.Example ", password=None, by=None)
    assert caught.value.message_dict == {"email": [domain.TAKEN]}
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ERIKA@STADT.EXAMPLE")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "a\x00b@stadt.example", "a@" + "b" * 300 + ".example", "a b@c.de"]
)
def test_an_address_that_is_none_is_refused(email):
    with pytest.raises(ValidationError) as caught:
        domain.create_user(email=email, password=None, by=None)
    assert set(caught.value.message_dict) == {"email"}


def test_a_weak_password_is_refused_and_nothing_made(operator):
    with pytest.raises(ValidationError) as caught:
        domain.create_user(email="neu@stadt.example", password="passwort", by=operator)
    assert set(caught.value.message_dict) == {"password"}
    assert User.objects.count() == 1


def test_a_new_sign_in_is_logged_without_its_password(operator):
    user = domain.create_user(email="neu@stadt.example", password=PASSWORD, by=operator)
    assert not user.is_operator
    assert user.check_password(PASSWORD)
    entry = LogEntry.objects.get(object_id=user.pk)
    assert entry.actor == operator
    assert "password" not in str(entry.changes)


def test_an_operator_makes_another_who_sets_a_password_by_link(browser, operator, other_browser):
    browser.sign_in(operator.email)
    response = browser.send(reverse("operator_create"), {"email": "Zweite@institut.example"})
    user = User.objects.get(email="zweite@institut.example")
    assert response.url == reverse("user", args=[user.pk])
    assert user.is_operator
    assert user.is_staff
    assert not user.has_usable_password()
    message = mail.outbox[0]
    assert message.to == [user.email]
    assert EPHEMERAL_HEADER in message.extra_headers
    link = next(line for line in message.body.splitlines() if "/neu/" in line)
    form = other_browser.get(link.removeprefix("http://localhost:8000")).url
    assert other_browser.send(form, {"password1": PASSWORD, "password2": PASSWORD}).url == "/"
    assert other_browser.get(reverse("users")).status_code == 200


def test_posted_twice_makes_one(browser, operator):
    browser.sign_in(operator.email)
    path = reverse("operator_create")
    data = {**browser.hidden(path), "email": "zweite@institut.example"}
    first, second = browser.post(path, data), browser.post(path, data)
    assert first.url == second.url
    assert len(mail.outbox) == 1
    response = browser.send(path, {"email": "ZWEITE@institut.example"})
    assert domain.TAKEN in response.content.decode()


# --- Deactivating ---------------------------------------------------------------------
def test_deactivating_ends_sessions_and_needs_a_reason(browser, other_browser, operator, erika):
    browser.sign_in(operator.email)
    other_browser.sign_in(erika.email)
    path = reverse("user_deactivate", args=[erika.pk])
    assert browser.send(path, {"reason": "  "}).status_code == 200
    assert other_browser.get(reverse("sessions")).status_code == 200

    response = browser.send(path, {"reason": "ausgeschieden zum 31.03."})
    assert response.url == reverse("user", args=[erika.pk])
    assert other_browser.get(reverse("sessions")).status_code == 302
    assert other_browser.sign_in(erika.email).url == reverse("account_inactive")
    page = browser.get(response.url).content.decode()
    assert "ausgeschieden zum 31.03." in page
    assert "gesperrt" in page
    entry = LogEntry.objects.filter(object_id=erika.pk).latest("timestamp")
    assert entry.actor == operator
    assert entry.changes["is_active"] == ["True", "False"]
    assert entry.changes["status_reason"][1] == "ausgeschieden zum 31.03."

    again = browser.send(path, {"reason": "noch einmal"})
    assert "bereits gesperrt" in again.content.decode()
    path = reverse("user_reactivate", args=[erika.pk])
    assert browser.send(path, {"reason": "wieder da"}).status_code == 302
    assert other_browser.sign_in(erika.email).url == "/"


def test_the_last_active_operator_stays(browser, operator):
    browser.sign_in(operator.email)
    path = reverse("user_deactivate", args=[operator.pk])
    assert "Ihr eigener Zugang" in browser.get(path).content.decode()
    response = browser.send(path, {"reason": "geht"})
    assert domain.LAST_OPERATOR in response.content.decode()
    other = domain.create_operator(email="zweite@institut.example", by=operator)
    browser.send(path, {"reason": "geht"})
    assert browser.get("/").status_code == 302
    operator.refresh_from_db()
    assert not operator.is_active
    with pytest.raises(Refused, match="letzte"):
        domain.deactivate(other, reason="geht auch", by=other)


def test_only_operators_change_sign_ins(erika, hanne, operator):
    for act in (
        lambda: domain.deactivate(hanne, reason="so", by=erika),
        lambda: domain.reactivate(hanne, reason="so", by=erika),
        lambda: domain.create_operator(email="x@y.example", by=erika),
    ):
        with pytest.raises(Refused):
            act()
    with pytest.raises(Refused):
        domain.reactivate(hanne, reason="so", by=operator)


# --- Pages ----------------------------------------------------------------------------
def test_pages_of_operators_are_closed_to_others(browser, erika, operator):
    paths = [
        reverse("users"),
        reverse("operator_create"),
        *(
            reverse(name, args=[erika.pk])
            for name in ("user", "user_deactivate", "user_reactivate")
        ),
    ]
    for path in paths:
        assert browser.get(path).url == f"/anmelden/?next={path}"
    browser.sign_in(erika.email)
    for path in paths:
        assert browser.get(path).status_code == 403
    assert "Zugänge" not in browser.get("/").content.decode()
    # A sign-in that one may not see does not exist, and the 403 says nothing of it.
    assert browser.get(reverse("user", args=[operator.pk])).status_code in (403, 404)


def test_the_list_filters_and_needs_no_more_queries_for_more_rows(browser, operator, erika):
    browser.sign_in(operator.email)
    with CaptureQueriesContext(connection) as few:
        page = browser.get(reverse("users")).content.decode()
    count = len(few)
    assert erika.email in page
    for number in range(20):
        User.objects.create_user(f"person{number}@stadt.example")
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("users"))
    assert len(many) == count
    page = browser.get(reverse("users"), {"kind": "operator"}).content.decode()
    assert operator.email in page
    assert erika.email not in page
    User.objects.filter(pk=erika.pk).update(is_active=False)
    page = browser.get(reverse("users"), {"state": "inactive", "email": "ERIKA"}).content.decode()
    assert erika.email in page
    assert "person1@" not in page
    assert browser.get(reverse("users"), {"sort": "-last_login", "page": "99"}).status_code == 200
    assert browser.get(reverse("users"), {"export": "csv"}).status_code == 200


def test_who_is_visible_to_whom(erika, hanne, operator):
    from django.contrib.auth.models import AnonymousUser

    assert set(User.objects.visible_to(operator)) == {erika, hanne, operator}
    assert set(User.objects.visible_to(erika)) == {erika}
    assert set(User.objects.visible_to(AnonymousUser())) == set()
    erika.is_active = False
    assert set(User.objects.visible_to(erika)) == set()


# --- Django's admin -------------------------------------------------------------------
def test_the_admin_is_entered_through_our_sign_in(browser, erika, operator):
    for path in ("/verwaltung/", "/verwaltung/login/?next=/verwaltung/"):
        response = browser.get(path, follow=True)
        assert response.redirect_chain[-1][0].startswith("/anmelden/?next=")
    token = browser.cookies["csrftoken"].value
    data = {"username": operator.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/verwaltung/login/", data).url.startswith("/anmelden/")
    browser.sign_in(erika.email)
    assert browser.get("/verwaltung/", follow=True).status_code == 403
    admin_browser = Browser()
    admin_browser.sign_in(operator.email)
    assert admin_browser.get("/verwaltung/").status_code == 200


def test_the_admin_shows_sign_ins_and_changes_none(browser, erika, operator):
    browser.sign_in(operator.email)
    listing = reverse("admin:mentoring_user_changelist")
    assert erika.email in browser.get(listing, {"q": "erika"}).content.decode()
    page = reverse("admin:mentoring_user_change", args=[erika.pk])
    assert browser.get(page).status_code == 200
    token = browser.cookies["csrftoken"].value
    data = {"csrfmiddlewaretoken": token, "email": "x@y.example", "is_superuser": "on"}
    for path in (page, page.replace("change", "delete"), reverse("admin:mentoring_user_add")):
        assert browser.post(path, data).status_code == 403
    erika.refresh_from_db()
    assert erika.email == "erika@stadt.example"


def test_the_admin_shows_neither_the_log_nor_anything_of_tandems():
    shown = {model._meta.label for model in admin.site._registry}
    assert "mentoring.User" in shown
    assert not {"mentoring.LogEntry", "account.EmailAddress", "auth.Group"} & shown
    assert not {label for label in shown if label.startswith(("tandems.", "usersessions."))}


def test_the_welcome_link_lasts_a_day(operator, browser, time_machine):
    start = datetime.fromisoformat("2026-03-02T09:00+01:00")
    time_machine.move_to(start, tick=False)
    browser.sign_in(operator.email)
    browser.send(reverse("operator_create"), {"email": "zweite@institut.example"})
    until = datetime.fromisoformat(mail.outbox[0].extra_headers[EPHEMERAL_HEADER])
    assert until - start == timedelta(hours=24)
