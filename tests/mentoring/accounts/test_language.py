"""Everybody is addressed with "Sie": in our pages and mails, and in every text of allauth."""

import re
from gettext import GNUTranslations
from pathlib import Path

import allauth
import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from mentoring.accounts.adapter import AccountAdapter
from mentoring.accounts.models import User
from tests.mentoring.accounts.conftest import PASSWORD, Browser

ALLAUTH = Path(allauth.__file__).parent
OURS = Path(settings.LOCALE_PATHS[0]) / "de" / "LC_MESSAGES" / "django.po"

# Pronouns, and the imperatives that allauth's German uses.
DU = re.compile(
    r"\b(du|dein\w*|dir|dich|euch|euer\w*|eure\w*|bist|hast|kannst|musst|möchtest|gib|wähle"
    r"|melde|bestätige|klick|klicke|lass|rufe|folge|verwende|(?-i:versuche)|überprüfe|kontaktiere)\b",
    re.IGNORECASE,
)


def du_forms(text: str) -> list[str]:
    return [found.group() for found in DU.finditer(text)]


def catalogue(path: Path):
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def test_the_pattern_finds_what_it_looks_for():
    assert du_forms("Hast du dein Passwort? Gib es Dir.") == ["Hast", "du", "dein", "Gib", "Dir"]
    assert du_forms("Haben Sie Ihr Passwort? Durchgang, Duisburg, direkt") == []


def test_no_text_of_allauth_says_du():
    wrong = {}
    for message in catalogue(ALLAUTH / "locale" / "de" / "LC_MESSAGES" / "django.po"):
        if isinstance(message.id, tuple):
            shown = [translation.ngettext(*message.id, number) for number in (1, 2)]
        elif message.context:
            shown = [translation.pgettext(message.context, message.id)]
        else:
            shown = [translation.gettext(message.id)]
        if found := [form for text in shown for form in du_forms(text)]:
            wrong[str(message.id)] = found
    assert wrong == {}


def test_the_compiled_catalogue_is_that_of_the_source():
    """After a change: ``pybabel compile -d mentoring/accounts/locale -D django``."""
    with OURS.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in catalogue(OURS):
        assert message.string, message.id
        assert compiled.gettext(message.id) == message.string
    with OURS.open("rb") as file:
        assert all(not problems for _, problems in _problems(read_po(file)))


def _problems(found):
    """Placeholders that the translation lacks or invents."""
    for message in found:
        if message.id:
            names = re.compile(r"%\(\w+\)s|%d|%s|href=\"[^\"]*\"")
            yield (
                message.id,
                sorted(names.findall(message.id)) != sorted(names.findall(message.string)),
            )


def test_the_override_holds_nothing_allauth_does_not_say():
    known = {m.id for m in catalogue(ALLAUTH / "locale" / "de" / "LC_MESSAGES" / "django.po")}
    assert {message.id for message in catalogue(OURS)} <= known


def test_every_error_of_the_adapter():
    for text in AccountAdapter.error_messages.values():
        assert du_forms(str(text)) == []


TEMPLATES = Path(settings.BASE_DIR) / "templates"
OWN = sorted(
    str(path.relative_to(TEMPLATES))
    for folder in ("account", "accounts")
    for path in (TEMPLATES / folder).rglob("*")
    if path.is_file()
)


@pytest.mark.parametrize("name", OWN)
def test_no_template_of_ours_says_du(name):
    assert du_forms(strip_tags((TEMPLATES / name).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "name",
    sorted(
        str(path.relative_to(ALLAUTH / "templates"))
        for path in (ALLAUTH / "templates" / "account").rglob("*.txt")
    ),
)
def test_every_mail_and_message_of_allauth(name):
    context = {
        "user": User(email="erika@stadt.example"),
        "email": "erika@stadt.example",
        "recipient": "erika@stadt.example",
        "site_name": "Cross-Mentoring",
        "base_url": "http://localhost:8000",
        "code": "1234-5678",
        "valid_minutes": 15,
        "valid_hours": 24,
    }
    assert du_forms(render_to_string(name, context)) == []


@pytest.mark.django_db
def test_every_page_in_every_state(erika):
    """All pages of sign-in, empty and with every error, as a person meets them."""
    anonymous, signed_in = Browser(), Browser()
    signed_in.sign_in(erika.email)
    new_user = Browser()
    erika.set_unusable_password()
    pages = [anonymous.get("/anmelden/"), anonymous.sign_in("x@y.example", "falsch")]
    for path in ("/anmelden/code/", "/anmelden/passwort/vergessen/"):
        pages += [anonymous.get(path), anonymous.send(path, {"email": "keine"})]
    pages += [
        anonymous.get(reverse("account_inactive")),
        anonymous.get(reverse("account_reset_password_done")),
        anonymous.get(reverse("account_reset_password_from_key_done")),
        anonymous.get("/anmelden/passwort/neu/1-abc/"),
    ]
    code_page = anonymous.send("/anmelden/code/", {"email": erika.email}).url
    pages += [anonymous.get(code_page), anonymous.send(code_page, {"code": "falsch"})]
    change = "/anmelden/passwort/"
    wrong = {"oldpassword": "x", "password1": "kurz", "password2": "anders"}
    pages += [signed_in.get(change), signed_in.send(change, wrong)]
    pages += [signed_in.get(reverse("account_logout")), signed_in.get(reverse("sessions"))]
    new_user.send("/anmelden/passwort/vergessen/", {"email": erika.email})
    link = re.search(r"http://localhost:8000(\S+neu\S+)", mail.outbox[-1].body).group(1)
    form = new_user.get(link).url
    pages += [new_user.get(form), new_user.send(form, {"password1": "kurz", "password2": "x"})]
    for page in pages:
        assert page.status_code == 200, page
        html = page.content.decode()
        assert du_forms(strip_tags(html)) == []
        assert html.count("<h1") == 1
        assert 'class="app-main' in html
        assert "<style" not in html
        assert " style=" not in html
    assert {bool(re.search(r"\b(Sie|Ihr\w*)\b", message.body)) for message in mail.outbox} == {True}
    for message in mail.outbox:
        assert message.body.rstrip().endswith(f"{settings.SITE_NAME}\n{settings.BASE_URL}")
        assert PASSWORD not in message.body
