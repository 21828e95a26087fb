"""Keeps the demo's sign-ins shut wherever the installation is no demo."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from mentoring.accounts.models import User
from tandems.demo.signins import SIGN_INS, sign_in

ADDRESSES = frozenset(entry.email for entry in SIGN_INS)


def is_demo_database() -> bool:
    """Whether this database was filled by the demo.

    Its mark is the operator's address: `.example` can never be a real one (RFC 2606).
    """
    return User.objects.filter(email=sign_in("operator").email).exists()


class DemoGuard(BaseBackend):
    """Asked first: a demo's database started without `DEMO` has accounts but no way in.

    Their password is public. No code reaches them either: `.example` has no mailboxes.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        email: str | None = None,
        **credentials: Any,
    ) -> None:
        """Know nobody; raises ``PermissionDenied`` for a demo address outside the demo."""
        address = (email or username or "").strip().lower()
        if address in ADDRESSES and not settings.DEMO:
            raise PermissionDenied
