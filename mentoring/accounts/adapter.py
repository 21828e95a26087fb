"""How allauth behaves in this house: no open sign-up, mail that knows when it is stale."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

EPHEMERAL_HEADER = "X-Ephemeral-Until"
"""Tells the outbox until when (ISO 8601, with offset) the text of a mail is of any use.

The outbox strips the header, refuses to send later, and then forgets the text: a code or a
link that signs somebody in must not lie about.
"""


PURPOSE_HEADER = "X-Purpose"
"""Tells the outbox what a mail is for; it strips this one too."""


@dataclass(frozen=True)
class Site:
    """What a mail says about its sender; allauth's own templates want it under these names."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    """Closed to sign-up; addresses in mails are the installation's own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a sign-in is made by an invitation or by an operator."""
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """As allauth's; says in a header until when the mail is of use."""
        lifetimes = {
            "account/email/login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
            "account/email/password_reset_key": settings.PASSWORD_RESET_TIMEOUT,
            "account/email/welcome": settings.PASSWORD_RESET_TIMEOUT,
        }
        headers = {PURPOSE_HEADER: template_prefix.replace("/email/", "."), **(headers or {})}
        if seconds := lifetimes.get(template_prefix):
            until = timezone.now() + timedelta(seconds=seconds)
            headers[EPHEMERAL_HEADER] = until.isoformat(timespec="seconds")
            context = {**context, "valid_minutes": seconds // 60, "valid_hours": seconds // 3600}
        return super().render_mail(template_prefix, email, context, headers)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As allauth's, also where no request is at hand; the sender is the installation."""
        about = {
            "email": email,
            "current_site": Site(settings.SITE_NAME, settings.BASE_URL),
            "site_name": settings.SITE_NAME,
            "base_url": settings.BASE_URL,
        }
        self.render_mail(template_prefix, email, {**about, **context}).send()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of a reset mail, on BASE_URL whatever host the request named."""
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        ).replace("UID-KEY", quote(key))
        return f"{settings.BASE_URL}{path}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where a changed password leads: to the sessions, since the others have ended."""
        return reverse("sessions")
