"""A browser that checks CSRF tokens, users, and pages to type into."""

import re

import pytest
from django.test import Client

from mentoring.accounts.models import User
from tests.mentoring.accounts.urls import NotePage

PASSWORD = "Wanderfalke am Rathausturm"


@pytest.fixture(autouse=True)
def _probe_pages(settings):
    settings.ROOT_URLCONF = "tests.mentoring.accounts.urls"
    NotePage.saved_notes.clear()


@pytest.fixture
def erika(db) -> User:
    return User.objects.create_user("erika@stadt.example", PASSWORD)


@pytest.fixture
def hanne(db) -> User:
    return User.objects.create_user("hanne@stadt.example", PASSWORD)


@pytest.fixture
def operator(db) -> User:
    return User.objects.create_superuser("betrieb@institut.example", PASSWORD)


class Browser(Client):
    """Django's client, sending the CSRF token of the page it opened last."""

    def __init__(self, **defaults) -> None:
        super().__init__(enforce_csrf_checks=True, **defaults)

    def send(self, path: str, data: dict, *, page: str | None = None, **extra):
        """Open the page, then post its form with its hidden fields and ``data``."""
        return self.post(path, {**self.hidden(page or path), **data}, **extra)

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of the first form in the main part of a page."""
        html = self.get(path).content.decode()
        form = html[html.index("<main") :].partition("<form")[2].partition("</form>")[0]
        pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
        return dict(pairs)

    def sign_in(self, email: str, password: str = PASSWORD, **more):
        return self.send("/anmelden/", {"login": email, "password": password, **more})

    @property
    def user_pk(self) -> int | None:
        pk = self.session.get("_auth_user_id")
        return int(pk) if pk else None


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def other_browser() -> Browser:
    return Browser()
