"""The two mails of a personal link: the link, and the code that proves the mailbox."""

from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from programmes.outbox.domain import queue_mail
from programmes.people.models import Person
from programmes.people.proofs import DIGITS_MINUTES
from tandems.links.models import PersonalLink


def send_link(link: PersonalLink, code: str, *, label: str, by: User) -> None:
    """Mail the link; the outbox forgets the text when it is sent, at the latest with the link."""
    sender = Person.objects.filter(user=by).select_related("municipality").first()
    queue_mail(
        to_email=link.email,
        to_name=link.person.full_name,
        subject=f"Ihr persönlicher Link: {label}",
        text=render_to_string(
            "links/mail/link.txt",
            {
                "link": settings.BASE_URL + reverse("links:front", args=[code]),
                "label": label,
                "person": link.person,
                "programme": link.cycle.programme,
                "expires_at": timezone.localtime(link.expires_at),
                "sender": sender,
                "base_url": settings.BASE_URL,
            },
        ),
        reply_to=sender.email if sender is not None else "",
        purpose="links.link",
        person=link.person,
        confidential=True,
        ephemeral_until=link.expires_at,
        by=by,
    )


def send_digits(email: str, digits: str) -> None:
    """Mail the six digits; valid ``DIGITS_MINUTES``."""
    queue_mail(
        to_email=email,
        # Not in the subject: that stays in the outbox when the text is wiped.
        subject=f"Ihr Code für {settings.SITE_NAME}",
        text=render_to_string(
            "links/mail/digits.txt",
            {
                "digits": digits,
                "minutes": DIGITS_MINUTES,
                "site_name": settings.SITE_NAME,
                "base_url": settings.BASE_URL,
            },
        ),
        purpose="links.digits",
        confidential=True,
        ephemeral_until=timezone.now() + timedelta(minutes=DIGITS_MINUTES),
    )
