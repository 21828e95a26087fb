"""Mails in memory, and the code in them."""

import pytest
from django.core import mail


@pytest.fixture
def mails(settings) -> list[mail.EmailMessage]:
    """What was sent, in memory instead of the outbox."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


@pytest.fixture
def last_link(mails):
    """A function that gives the path of the link in the last mail."""

    def path() -> str:
        return f"/einladung/{mails[-1].body.split('/einladung/')[1].split('/')[0]}/"

    return path
