"""Django's mail backend: what libraries send becomes deliveries like all other mail."""

import copy
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from programmes.outbox.domain import queue_frozen
from programmes.outbox.messages import Frozen, as_bytes, check_address, new_message_id, one_line

EPHEMERAL_HEADER = "X-Ephemeral-Until"
PURPOSE_HEADER = "X-Purpose"


class OutboxBackend(BaseEmailBackend):
    """Queues one delivery per recipient; nothing is sent here.

    Two headers speak to the outbox and are taken off: ``X-Ephemeral-Until`` (ISO 8601 with
    offset) for what is good for a moment only, and ``X-Purpose``.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue ``email_messages``; returns how many had a recipient.

        Raises ``ValidationError`` for an address that is none, unless ``fail_silently``.
        """
        queued = 0
        for mail in email_messages:
            try:
                queued += bool(_queue(mail))
            except (ValidationError, ValueError):
                if not self.fail_silently:
                    raise
        return queued


def _queue(original: EmailMessage) -> int:
    # The caller's message is not ours to change; it may send it again.
    mail = copy.copy(original)
    mail.extra_headers = dict(original.extra_headers)
    headers = {name.lower(): name for name in mail.extra_headers}
    ephemeral = mail.extra_headers.pop(headers.get(EPHEMERAL_HEADER.lower(), ""), "")
    purpose = mail.extra_headers.pop(headers.get(PURPOSE_HEADER.lower(), ""), "library")
    recipients = list(dict.fromkeys(mail.recipients()))
    mail.bcc = []
    with transaction.atomic():
        for recipient in recipients:
            name, email = parseaddr(one_line(recipient))
            check_address(email)
            # Everybody gets a message of their own, so it has an identity of its own.
            mail.to, mail.cc = [recipient], []
            mail.extra_headers.pop(headers.get("message-id", ""), None)
            mail.extra_headers["Message-ID"] = message_id = new_message_id()
            subject = one_line(str(mail.subject))[:250]
            mail.subject = subject
            frozen = Frozen(email, name[:200], subject, message_id, as_bytes(mail))
            queue_frozen(frozen, purpose=purpose, ephemeral_until=_moment(ephemeral))
    return len(recipients)


def _moment(text: str) -> datetime | None:
    """The time in the header; ``ValueError`` for one that says nothing clear."""
    if not text:
        return None
    moment = parse_datetime(text)
    if moment is None or timezone.is_naive(moment):
        raise ValueError(f"{EPHEMERAL_HEADER} must be ISO 8601 with an offset")
    return moment
