"""Keeps the demo's sign-ins shut wherever the installation is no demo."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tandems.demo.signins import SIGN_INS

ADDRESSES = frozenset(entry.email for entry in SIGN_INS)


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
