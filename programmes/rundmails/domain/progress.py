"""How far a mail is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from programmes.outbox.models import STOPPED, DeliveryState
from programmes.rundmails.models import Recipient, RecipientState, Rundmail, RundmailState
from programmes.rundmails.permissions import not_hidden


@dataclass(frozen=True)
class Progress:
    """Recipients by what became of their message; ``waiting`` are not frozen yet.

    ``total`` counts those the mail goes to: neither who withdrew nor who was added later.
    """

    total: int
    waiting: int
    queued: int
    sending: int
    sent: int
    failed: int
    unclear: int
    stopped: int
    withdrawn: int
    added: int

    @property
    def done(self) -> int:
        """How many need nothing more by themselves."""
        return self.sent + self.failed + self.unclear + self.stopped


def progress(mail: Rundmail, user: Any = None) -> Progress:
    """Count the recipients of ``mail`` in one query; for a page those ``user`` may know of."""
    known = Q() if user is None else not_hidden(user)
    fixed = Q(state=RecipientState.FIXED)
    halted = Q(delivery__state=DeliveryState.FAILED, delivery__error=STOPPED)
    unfrozen = fixed & Q(delivery=None)
    # Of a stopped mail nothing waits any more: what was not frozen is stopped too.
    ended = mail.state == RundmailState.STOPPED
    counts = Recipient.objects.filter(known, rundmail=mail).aggregate(
        total=Count("pk", filter=fixed),
        unfrozen=Count("pk", filter=unfrozen),
        queued=Count("pk", filter=Q(delivery__state=DeliveryState.QUEUED)),
        sending=Count("pk", filter=Q(delivery__state=DeliveryState.SENDING)),
        sent=Count("pk", filter=Q(delivery__state=DeliveryState.SENT)),
        failed=Count("pk", filter=Q(delivery__state=DeliveryState.FAILED) & ~halted),
        unclear=Count("pk", filter=Q(delivery__state=DeliveryState.UNCLEAR)),
        halted=Count("pk", filter=halted),
        withdrawn=Count("pk", filter=Q(state=RecipientState.WITHDRAWN)),
        added=Count("pk", filter=Q(state=RecipientState.ADDED)),
    )
    unfrozen_count, halted_count = counts.pop("unfrozen"), counts.pop("halted")
    return Progress(
        waiting=0 if ended else unfrozen_count,
        stopped=halted_count + (unfrozen_count if ended else 0),
        **counts,
    )
