"""Proving that a mailbox is one's own: six digits go there, and whoever types them has it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.people.codes import digits_match, new_digits

DIGITS_MINUTES = 15
"""How long the six digits are valid."""
MAX_TRIES = 10
MAX_MAILS_PER_HOUR = 5


@dataclass(frozen=True)
class Waiting:
    """An address that waits for its code; ``digits`` is the code's keyed hash."""

    email: str
    digits: str


@dataclass(frozen=True)
class MailboxProof:
    """The steps of a proof; what was sent is remembered with the visitor's session.

    ``name`` keeps sessions and counts of two uses apart. ``subject`` in the methods is the
    primary key of what the proof is for: digits sent for one open no other.
    """

    name: str

    def waiting(self, subject: int, request: HttpRequest) -> Waiting | None:
        """The address this browser waits for, while its code is valid."""
        kept = request.session.get(self.name)
        if not kept or kept["subject"] != subject:
            return None
        if datetime.fromisoformat(kept["until"]) < timezone.now():
            return None
        return Waiting(kept["email"], kept["digits"])

    def ask(
        self,
        subject: int,
        request: HttpRequest,
        *,
        email: str,
        send: Callable[[str, str], None],
    ) -> None:
        """Have ``send(email, digits)`` mail a code, and remember its hash with the session.

        Raises ``Refused`` after ``MAX_MAILS_PER_HOUR`` of them: nobody's mailbox is flooded
        from here.
        """
        if not _one_of(f"{self.name}.mail.{subject}", MAX_MAILS_PER_HOUR, 3600):
            raise Refused(
                "In der letzten Stunde wurden schon mehrere Codes verschickt. Bitte versuchen Sie "
                "es in einer Stunde noch einmal."
            )
        digits, kept = new_digits()
        until = timezone.now() + timedelta(minutes=DIGITS_MINUTES)
        request.session[self.name] = {
            "subject": subject,
            "email": email,
            "digits": kept,
            "until": until.isoformat(),
        }
        send(email, digits)

    def check(self, subject: int, request: HttpRequest, digits: str) -> str:
        """The address, if ``digits`` are the ones that were mailed there.

        Raises ``Refused``; after ``MAX_TRIES`` in an hour only waiting helps.
        """
        waiting = self.waiting(subject, request)
        if waiting is None:
            raise Refused("Der Code gilt nicht mehr. Bitte lassen Sie sich einen neuen schicken.")
        if not _one_of(f"{self.name}.try.{subject}", MAX_TRIES, 3600):
            raise Refused(
                "Es wurden zu viele Codes ausprobiert. Bitte versuchen Sie es in einer Stunde "
                "noch einmal."
            )
        if not digits_match(digits, waiting.digits):
            raise Refused(
                "Dieser Code ist nicht richtig. Bitte vergleichen Sie ihn mit der E-Mail."
            )
        return waiting.email

    def forget(self, request: HttpRequest) -> None:
        """Begin anew."""
        request.session.pop(self.name, None)


def _one_of(name: str, limit: int, seconds: int) -> bool:
    """Take one of ``limit`` slots that each come free again after ``seconds``.

    Slots instead of a count: ``add()`` is the one step of the cache that only one wins.
    """
    return any(cache.add(f"{name}.{slot}", True, timeout=seconds) for slot in range(limit))
