"""The page behind an invitation's link: only a POST acts, and every dead end is explained."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from programmes.people import domain, proofs
from programmes.people.models import Invitation, Person
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = {"password": "ein ganz langes Wort 7", "password_again": "ein ganz langes Wort 7"}


@pytest.fixture
def person() -> Person:
    return make.make_person("Zoë", "O'Neill-Größ", municipality=make.make_municipality("Greven"))


@pytest.fixture
def link(person: Person, mails, last_link) -> str:
    domain.invite(person, role="Personalstelle Greven", by=make.make_user())
    return last_link()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_get_shows_who_and_changes_nothing(client: Client, link: str, person: Person) -> None:
    for method in (client.get, client.head):
        answer = method(link)
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
    page = client.get(link).content.decode()
    assert "Zoë O&#x27;Neill-Größ" in page
    assert "Personalstelle Greven" in page
    assert person.email in page
    assert Invitation.objects.get().is_open
    assert not User.objects.filter(email=person.email).exists()


def test_a_new_sign_in_with_a_password(client: Client, link: str, person: Person) -> None:
    answer = client.post(link, PASSWORD)
    assert answer.url == reverse("start")
    person.refresh_from_db()
    assert person.user.check_password(PASSWORD["password"])
    assert int(client.session["_auth_user_id"]) == person.user.pk
    # A double click in the browser that is signed in by now is led on.
    assert client.post(link, PASSWORD).url == reverse("start")


def test_a_new_sign_in_without_password_signs_in_by_code(
    client: Client, link: str, person: Person
) -> None:
    client.post(link, {"password": "", "password_again": ""})
    person.refresh_from_db()
    assert not person.user.has_usable_password()


@pytest.mark.parametrize(
    ("first", "again", "words"),
    [
        ("ein ganz langes Wort 7", "ein anderes langes Wort", "verschieden"),
        ("kurz", "kurz", "kurz"),
        ("x" * 100_000, "x" * 100_000, "höchstens 256"),
        ("ein langes\x00Kennwort", "ein langes\x00Kennwort", "unsichtbares Zeichen"),
    ],
)
def test_a_bad_password_is_refused(
    client: Client, link: str, first: str, again: str, words: str
) -> None:
    answer = client.post(link, {"password": first, "password_again": again})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Invitation.objects.get().is_open


def test_an_existing_sign_in_is_asked_for_first_and_then_linked(
    client: Client, link: str, person: Person
) -> None:
    user = make.make_user(person.email)
    page = client.get(link).content.decode()
    assert f"?next={link}" in page
    assert client.post(link, PASSWORD).status_code == 200
    assert "Mit einem Klick" in signed_in(user).get(link).content.decode()
    assert signed_in(user).post(link).url == reverse("start")
    person.refresh_from_db()
    assert person.user == user


def test_a_locked_sign_in_is_not_linked(client: Client, link: str, person: Person) -> None:
    make.make_user(person.email, is_active=False)
    assert "gesperrt" in client.get(link).content.decode()
    assert client.post(link, PASSWORD).status_code == 200


def test_signed_in_as_somebody_else_offers_to_sign_out(link: str) -> None:
    for user in (make.make_user(), make.make_person(sign_in=True).user):
        browser = signed_in(user)
        page = browser.get(link).content.decode()
        assert "anderen Zugang" in page
        assert re.search(rf'name="next" value="{link}"', page)
        assert browser.post(link, PASSWORD).status_code == 200
    assert Invitation.objects.get().is_open


def test_an_operator_is_never_linked(link: str, person: Person) -> None:
    operator = make.make_user(person.email, is_superuser=True, is_staff=True)
    browser = signed_in(operator)
    assert "Betreiber/innen" in browser.get(link).content.decode()
    assert browser.post(link).status_code == 200
    person.refresh_from_db()
    assert person.user is None


# --- A shared mailbox -----------------------------------------------------------------
@pytest.fixture
def shared(person: Person, link: str) -> str:
    """The invited address is the sign-in of a colleague."""
    make.make_person(email=person.email, user=make.make_user(person.email))
    return link


def digits_in(mails) -> str:
    return re.search(r"\b(\d{6})\b", mails[-1].body)[1]


def test_a_shared_mailbox_needs_an_own_address_that_is_proven(
    client: Client, shared: str, person: Person, mails
) -> None:
    assert "eigene Adresse" in client.get(shared).content.decode()
    answer = client.post(shared, {"email": " Eigene@Stadt.Example "})
    assert answer.url == shared
    assert mails[-1].to == ["eigene@stadt.example"]
    wrong = client.post(shared, {**PASSWORD, "digits": "000 00x"})
    assert "nicht richtig" in wrong.content.decode()
    digits = digits_in(mails)
    answer = client.post(shared, {**PASSWORD, "digits": f"{digits[:3]} {digits[3:]}"})
    assert answer.url == reverse("start")
    person.refresh_from_db()
    assert person.user.email == "eigene@stadt.example"
    # Where mail goes is another matter.
    assert person.email != "eigene@stadt.example"


def test_an_own_address_must_be_free_and_may_be_named_again(
    client: Client, shared: str, mails
) -> None:
    make.make_user("vergeben@stadt.example")
    before = len(mails)
    taken = client.post(shared, {"email": "Vergeben@stadt.example"})
    assert "bereits einen Zugang" in taken.content.decode()
    assert len(mails) == before
    client.post(shared, {"email": "tipfehler@stadt.example"})
    client.post(shared, {"_other_address": "1"})
    assert "Ihre eigene E-Mail-Adresse" in client.get(shared).content.decode()


def test_the_digits_belong_to_one_browser_and_a_quarter_of_an_hour(
    client: Client, shared: str, mails
) -> None:
    client.post(shared, {"email": "eigene@stadt.example"})
    digits = {**PASSWORD, "digits": digits_in(mails)}
    assert "Ihre eigene" in Client().post(shared, digits).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        client.post(shared, digits)
    assert not User.objects.filter(email="eigene@stadt.example").exists()


def test_guessing_and_flooding_end(client: Client, shared: str, mails) -> None:
    client.post(shared, {"email": "eigene@stadt.example"})
    for _ in range(proofs.MAX_TRIES):
        client.post(shared, {**PASSWORD, "digits": "x"})
    answer = client.post(shared, {**PASSWORD, "digits": digits_in(mails)})
    assert "zu viele Codes" in answer.content.decode()
    for _ in range(proofs.MAX_MAILS_PER_HOUR):
        client.post(shared, {"_other_address": "1"})
        client.post(shared, {"email": "opfer@stadt.example"})
    to_victim = [message for message in mails if message.to == ["opfer@stadt.example"]]
    assert len(to_victim) == proofs.MAX_MAILS_PER_HOUR - 1


# --- Dead links -----------------------------------------------------------------------
def test_an_unknown_code(client: Client) -> None:
    for code in ("x", "x" * 3000, "ä😀", "a%00b"):
        answer = client.get(f"/einladung/{code}/")
        assert answer.status_code in (400, 404)
    assert "umgebrochen" in client.get("/einladung/x/").content.decode()
    assert client.head("/einladung/x/").status_code == 404
    assert client.post("/einladung/x/", PASSWORD).status_code == 404


def test_an_expired_invitation(client: Client, link: str) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)):
        for answer in (client.get(link), client.post(link, PASSWORD)):
            assert answer.status_code == 410
            assert "abgelaufen" in answer.content.decode()
    assert not User.objects.filter(person__isnull=False).exists()


def test_a_withdrawn_invitation(client: Client, link: str) -> None:
    domain.withdraw(Invitation.objects.get(), by=make.make_user())
    answer = client.post(link, PASSWORD)
    assert answer.status_code == 410
    assert "zurückgezogen" in answer.content.decode()


def test_a_used_invitation(client: Client, link: str) -> None:
    Client().post(link, PASSWORD)
    answer = client.post(link, PASSWORD)
    assert answer.status_code == 410
    assert "schon angenommen" in answer.content.decode()
    assert Person.objects.filter(user__isnull=False).count() == 1


def test_the_old_link_after_resending(client: Client, link: str, last_link) -> None:
    domain.resend(Invitation.objects.get(), by=make.make_user())
    assert client.get(link).status_code == 404
    assert client.get(last_link()).status_code == 200
