"""The mails to who registered on the public page. Each queues in the caller's transaction."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from programmes.events.calendar import event_file, event_file_name, place
from programmes.events.models import Event, EventState
from programmes.events.wording import when
from programmes.outbox.domain import queue_mail
from programmes.registrations.links import CONFIRM_WITHIN, confirm_url, withdraw_url
from programmes.registrations.models import Interest

PURPOSE = "registrations.interest"


def ask_to_confirm(interest: Interest) -> None:
    """The link that confirms; neither the online link nor a calendar file yet."""
    _queue(
        interest,
        f"Bitte bestätigen Sie Ihre Anmeldung: {interest.event.title}",
        "confirm",
        {"link": confirm_url(interest), "days": CONFIRM_WITHIN.days},
    )


def say_already_registered(interest: Interest) -> None:
    """To an address that registered before: that nothing is left to do."""
    _queue(interest, f"Sie sind schon angemeldet: {interest.event.title}", "already", calendar=True)


def say_confirmed(interest: Interest) -> None:
    """All that is needed to come, with the calendar file."""
    _queue(interest, f"Ihre Anmeldung: {interest.event.title}", "confirmed", calendar=True)


def say_changed(interest: Interest) -> None:
    """That the event was changed or called off, with the calendar file that says so."""
    cancelled = interest.event.state == EventState.CANCELLED
    word = "Abgesagt" if cancelled else "Änderung"
    _queue(
        interest,
        f"{word}: {interest.event.title}",
        "changed",
        {"cancelled": cancelled, "reason": interest.event.cancel_reason},
        calendar=True,
    )


def reply_to(event: Event) -> str:
    """Where answers go: to the Logistikpartner, who runs the event."""
    partner = event.cycle.programme.logistics_partner
    return partner.contact_email if partner is not None else ""


def _queue(
    interest: Interest,
    subject: str,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    calendar: bool = False,
) -> None:
    event = interest.event
    queue_mail(
        to_email=interest.email,
        to_name=interest.full_name,
        subject=subject,
        text=render_to_string(
            f"registrations/mail/{template}.txt",
            {
                "interest": interest,
                "event": event,
                "when": when(event),
                "place": place(event),
                "agenda": list(event.agenda.all()),
                "programme": event.cycle.programme,
                "withdraw_link": withdraw_url(interest),
                "privacy_link": settings.BASE_URL + reverse("privacy"),
                "base_url": settings.BASE_URL,
                **(context or {}),
            },
        ),
        reply_to=reply_to(event),
        purpose=PURPOSE,
        attachments=[(event_file_name(), event_file(event), "text/calendar")] if calendar else [],
        # Their links are personal, so the text is wiped once it is sent.
        ephemeral_until=max(event.ends_at, timezone.now()) + timedelta(days=1),
    )
