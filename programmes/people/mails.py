"""Mails of this room. They go through Django's mail API, behind which stands the outbox."""

from datetime import datetime, timedelta
from email.utils import quote

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.adapter import EPHEMERAL_HEADER
from mentoring.accounts.models import User
from programmes.people.models import Invitation, Person
from programmes.people.proofs import DIGITS_MINUTES


def send_invitation(invitation: Invitation, code: str, *, by: User) -> None:
    """Mail the link with ``code``; the outbox forgets the text when the link ends."""
    inviter = Person.objects.filter(user=by).first()
    _send(
        f"Einladung: Ihr Zugang zu {settings.SITE_NAME}",
        "people/mail/invitation.txt",
        {
            "person": invitation.person,
            "role": invitation.role,
            "inviter": inviter,
            "link": f"{settings.BASE_URL}{reverse('invitation_accept', args=[code])}",
            "expires_at": invitation.expires_at,
        },
        to=f'"{quote(invitation.person.full_name)}" <{invitation.email}>',
        until=invitation.expires_at,
        reply_to=[inviter.email] if inviter is not None and inviter.email else [],
    )


def send_digits(email: str, digits: str) -> None:
    """Mail the six digits that confirm an own address; valid ``DIGITS_MINUTES``."""
    _send(
        # Not in the subject: that stays in the outbox when the text is wiped.
        f"Ihr Code für {settings.SITE_NAME}",
        "people/mail/own_address.txt",
        {"digits": digits, "minutes": DIGITS_MINUTES},
        to=email,
        until=timezone.now() + timedelta(minutes=DIGITS_MINUTES),
    )


def _send(
    subject: str,
    template: str,
    context: dict[str, object],
    *,
    to: str,
    until: datetime,
    reply_to: list[str] | None = None,
) -> None:
    context = {**context, "site_name": settings.SITE_NAME, "base_url": settings.BASE_URL}
    EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(template, context),
        to=[to],
        reply_to=reply_to or [],
        headers={
            EPHEMERAL_HEADER: until.isoformat(timespec="seconds"),
            "X-Purpose": "invitation",
        },
    ).send()
