"""Sign-in by password and by code, reset, and that nobody learns who has a sign-in."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from mentoring.accounts.adapter import EPHEMERAL_HEADER
from mentoring.accounts.demo import DemoSignIn, demo_signins
from mentoring.accounts.models import User
from tests.mentoring.accounts.conftest import PASSWORD, Browser

pytestmark = pytest.mark.django_db


def code_in(message) -> str:
    return re.findall(r"^\d{4}-\d{4}$", message.body, re.MULTILINE)[0]


def text_of(response) -> str:
    """A page without what differs from request to request."""
    html = response.content.decode()
    html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)
    return re.sub(r"[\w.+-]+@[\w.]+", "ADRESSE", html)


def test_signs_in_by_password_whatever_the_case_of_the_address(browser, erika):
    response = browser.sign_in("  Erika@STADT.example ")
    assert response.status_code == 302
    assert response.url == reverse("start")
    assert browser.user_pk == erika.pk


def test_goes_on_to_where_one_wanted_but_never_to_another_host(browser, other_browser, erika):
    asked = browser.get("/konto/sitzungen/")
    assert asked.url == "/anmelden/?next=/konto/sitzungen/"
    response = browser.send(
        "/anmelden/", {"login": erika.email, "password": PASSWORD}, page=asked.url
    )
    assert response.url == "/konto/sitzungen/"
    response = other_browser.sign_in(erika.email, next="https://boese.example/")
    assert response.url == reverse("start")


def test_nobody_can_sign_up(browser):
    for name in ("account_signup", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/anmelden/signup/", "/accounts/signup/", "/anmelden/registrieren/"):
        # Behind the sign-in everything unknown is a 404, before it too.
        assert browser.get(path).status_code == 404


def test_code_signs_in_end_to_end(browser, erika):
    response = browser.send(
        "/anmelden/code/", {"email": "Erika@stadt.example", "next": "/konto/sitzungen/"}
    )
    assert response.status_code == 302
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert message.to == ["erika@stadt.example"]
    code = code_in(message)
    response = browser.send(response.url, {"code": f" {code.replace('-', ' ')} "})
    assert response.url == "/konto/sitzungen/"
    assert browser.user_pk == erika.pk


def test_code_is_of_use_for_fifteen_minutes_and_says_so(browser, erika, time_machine):
    start = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_current_timezone())
    time_machine.move_to(start, tick=False)
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    until = datetime.fromisoformat(mail.outbox[0].extra_headers[EPHEMERAL_HEADER])
    assert until - start == timedelta(minutes=15)
    hidden = browser.hidden(page)
    time_machine.move_to(start + timedelta(minutes=15, seconds=2), tick=False)
    response = browser.post(page, {**hidden, "code": code_in(mail.outbox[0])})
    assert browser.user_pk is None
    assert response.url == reverse("account_request_login_code")


def test_three_wrong_codes_end_the_attempt(browser, erika):
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    for _ in range(2):
        response = browser.send(page, {"code": "0000-0001"})
        assert "Dieser Code stimmt nicht" in response.content.decode()
    response = browser.send(page, {"code": "0000-0001"})
    assert response.url == reverse("account_request_login_code")
    assert browser.get(page).url == reverse("account_request_login_code")


def test_a_new_code_can_be_asked_for_and_the_old_one_is_void(browser, erika):
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    browser.send(page, {"action": "resend"})
    first, second = (code_in(message) for message in mail.outbox)
    assert first != second
    browser.send(page, {"code": first})
    assert browser.user_pk is None
    browser.send(page, {"code": second})
    assert browser.user_pk == erika.pk


def test_asking_for_a_code_tells_nobody_who_has_a_sign_in(browser, other_browser, erika):
    known = browser.send("/anmelden/code/", {"email": erika.email})
    unknown = other_browser.send("/anmelden/code/", {"email": "niemand@stadt.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert text_of(browser.get(known.url)) == text_of(other_browser.get(unknown.url))
    for person in (browser, other_browser):
        # Asking again looks the same too.
        assert person.send(known.url, {"action": "resend"}).status_code == 302
    assert {message.to[0] for message in mail.outbox} == {erika.email}
    wrong = [person.send(known.url, {"code": "0000-0001"}) for person in (browser, other_browser)]
    assert text_of(wrong[0]) == text_of(wrong[1])


def test_reset_tells_nobody_who_has_a_sign_in(browser, other_browser, erika):
    known = browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    unknown = other_browser.send("/anmelden/passwort/vergessen/", {"email": "niemand@x.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert text_of(browser.get(known.url)) == text_of(other_browser.get(unknown.url))
    assert [message.to for message in mail.outbox] == [[erika.email]]


def test_wrong_password_and_unknown_address_look_alike(browser, other_browser, erika):
    known = browser.sign_in(erika.email, "ganz und gar falsch")
    unknown = other_browser.sign_in("niemand@stadt.example", "ganz und gar falsch")
    assert known.status_code == unknown.status_code == 200
    assert "E-Mail-Adresse oder Passwort stimmen nicht" in known.content.decode()
    assert text_of(known) == text_of(unknown)


def test_a_deactivated_sign_in_gets_no_mail_and_no_entry(browser, other_browser, erika):
    erika.is_active = False
    erika.save()
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    other_browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    assert mail.outbox == []
    browser.send(page, {"code": "0000-0001"})
    response = other_browser.sign_in(erika.email)
    assert response.url == reverse("account_inactive")
    assert other_browser.user_pk is None
    assert "gesperrt" in other_browser.get(response.url).content.decode()


def test_reset_link_works_once_for_a_day_and_signs_in(browser, other_browser, erika, time_machine):
    start = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_current_timezone())
    time_machine.move_to(start, tick=False)
    browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    message = mail.outbox[0]
    until = datetime.fromisoformat(message.extra_headers[EPHEMERAL_HEADER])
    assert until - start == timedelta(hours=24)
    link = re.search(r"http://localhost:8000(/anmelden/passwort/neu/\S+)", message.body).group(1)

    # A scanner that follows the link changes nothing.
    assert Browser().get(link, follow=True).status_code == 200
    form = browser.get(link).url
    assert "Neues Passwort" in browser.get(form).content.decode()
    new = "Eisvogel im Klostergarten"
    response = browser.send(form, {"password1": new, "password2": new})
    assert response.url == reverse("start")
    assert browser.user_pk == erika.pk
    erika.refresh_from_db()
    assert erika.check_password(new)
    used = other_browser.get(link)
    assert used.status_code == 200
    assert "Dieser Link gilt nicht mehr" in used.content.decode()

    browser.logout()
    other_browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    late = re.search(r"http://localhost:8000(\S+neu\S+)", mail.outbox[1].body).group(1)
    time_machine.move_to(start + timedelta(hours=24, seconds=2), tick=False)
    assert "Dieser Link gilt nicht mehr" in Browser().get(late).content.decode()


def test_links_in_mails_name_the_installation_not_the_host_asked_for(erika, settings):
    settings.ALLOWED_HOSTS = ["intern.example"]
    browser = Browser(HTTP_HOST="intern.example")
    browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    assert "http://localhost:8000/anmelden/passwort/neu/" in mail.outbox[0].body
    assert "intern.example" not in mail.outbox[0].body


def test_who_was_invited_without_a_password_signs_in_by_code_and_sets_one(browser, db):
    user = User.objects.create_user("neu@stadt.example")
    assert not user.has_usable_password()
    page = browser.send("/anmelden/code/", {"email": user.email}).url
    browser.send(page, {"code": code_in(mail.outbox[0])})
    assert browser.get("/anmelden/passwort/").url == reverse("account_set_password")
    new = "Eisvogel im Klostergarten"
    response = browser.send(reverse("account_set_password"), {"password1": new, "password2": new})
    assert response.status_code == 302
    assert browser.user_pk == user.pk
    user.refresh_from_db()
    assert user.check_password(new)


@pytest.mark.parametrize("path", ["/anmelden/", "/anmelden/code/", "/anmelden/passwort/vergessen/"])
@pytest.mark.parametrize(
    "text", ["a\x00b@stadt.example", "x" * 5000, "👩‍💻@stadt.example", "\u202eabc", "'; --", ""]
)
def test_bad_input_is_an_error_of_the_form(browser, path, text):
    response = browser.send(path, {"login": text, "email": text, "password": f"\x00{text}"})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_bad_input_in_codes_and_links(browser, erika):
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    assert browser.send(page, {"code": "\x00ä👩‍💻" + "9" * 3000}).status_code == 200
    for key in ("zzzzzzzzzzzzz-abc", "1-%00", "1-" + "x" * 3000, "0-set-password", "1-ä"):
        response = browser.get(f"/anmelden/passwort/neu/{key}/")
        assert response.status_code in (200, 400), key


def test_demo_sign_ins_are_shown_only_in_the_demo(browser, erika, settings):
    name = "accounts.test"
    demo_signins.add(name, lambda: [DemoSignIn("Treiber/in", erika.email, PASSWORD)])
    try:
        assert PASSWORD not in browser.get("/anmelden/").content.decode()
        settings.DEMO = True
        page = browser.get("/anmelden/").content.decode()
        assert "Treiber/in" in page
        assert erika.email in page
        assert PASSWORD in page
    finally:
        demo_signins._entries.pop(name)


def test_the_demo_cannot_be_switched_on_for_a_real_host():
    run = subprocess.run(
        [sys.executable, "-c", "import mentoring.settings"],
        env={**os.environ, "DEMO": "1", "BASE_URL": "https://mentoring.example"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "DEMO is only for http://localhost" in run.stderr


def test_signing_out_takes_a_post(browser, erika):
    browser.sign_in(erika.email)
    assert browser.get("/anmelden/abmelden/").status_code == 200
    assert browser.user_pk == erika.pk
    response = browser.send("/anmelden/abmelden/", {})
    assert response.url == "/anmelden/"
    assert browser.user_pk is None
    assert "Sie sind abgemeldet." in browser.get(response.url).content.decode()


def test_the_code_stands_in_no_log(browser, erika, caplog):
    caplog.set_level("DEBUG")
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    code = code_in(mail.outbox[0])
    browser.send(page, {"code": code})
    assert code not in caplog.text


def test_mail_of_sign_in_goes_through_the_outbox(browser, erika, settings):
    from programmes.outbox.models import Delivery

    settings.EMAIL_BACKEND = "programmes.outbox.backend.OutboxBackend"
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    assert page == reverse("account_confirm_login_code")
    delivery = Delivery.objects.get()
    assert delivery.to_email == erika.email
    assert delivery.ephemeral_until > timezone.now()
    assert delivery.purpose == "account.login_code"


def test_reset_in_a_browser_that_is_signed_in(browser, erika):
    browser.sign_in(erika.email)
    browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    link = re.search(r"http://localhost:8000(\S+neu\S+)", mail.outbox[0].body).group(1)
    new = "Eisvogel im Klostergarten"
    form = browser.get(link).url
    assert browser.send(form, {"password1": new, "password2": new}).url == "/"
    assert browser.get(reverse("sessions")).status_code == 200


def test_no_second_list_of_addresses_comes_about(browser, erika):
    """An address in allauth's own table would still sign in after the user's has changed."""
    browser.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    page = browser.send("/anmelden/code/", {"email": erika.email}).url
    browser.send(page, {"code": code_in(mail.outbox[1])})
    assert browser.user_pk == erika.pk
    assert not EmailAddress.objects.exists()


def test_without_the_cache_nobody_gets_in_and_the_page_says_why(erika, settings):
    browser = Browser(raise_request_exception=False)
    hidden = browser.hidden("/anmelden/")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    response = browser.post("/anmelden/", {**hidden, "login": erika.email, "password": PASSWORD})
    assert response.status_code == 503
    assert "nicht erreichbar" in response.content.decode()
    assert browser.user_pk is None
