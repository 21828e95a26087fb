"""The one sender of all mail.

It reserves a few due deliveries by conditional update, and before each handing over takes it
to ``sending``. Whoever is killed in between leaves reservations that lapse (the mail is
sent later) and at most one delivery in ``sending``, which the sweep makes ``unclear``.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from programmes.outbox import gate
from programmes.outbox.domain import EXPIRED
from programmes.outbox.models import Delivery, DeliveryState, MessageContent, MessageTail
from programmes.outbox.transport import (
    Permanent,
    Temporary,
    Transport,
    Unanswered,
    Unreachable,
    open_transport,
)

BATCH = 25
TURN_SECONDS = 20.0
"""How long one task sends before it gives its process to others, such as the sweep."""

RESERVED_SECONDS = 60
"""A reservation older than this is free again; its sender was killed or is held up."""

RESERVE_TRIES = 5
PAUSES_MINUTES = (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60)
NO_ANSWER = "Der Versand wurde unterbrochen; ob die Nachricht ankam, ist nicht bekannt."
GAVE_UP = "Aufgegeben nach {attempts} Versuchen. Zuletzt: {reason}"
CONTENT_GONE = "Der Inhalt der Nachricht ist nicht mehr vorhanden."


@dataclass(frozen=True)
class Outcome:
    """What became of one delivery, not yet written down."""

    delivery: Delivery
    claim: uuid.UUID
    values: dict[str, Any]
    server_is_down: bool = False


def drain() -> int:
    """Send what is due, for ``TURN_SECONDS`` at most; returns how many were handed over."""
    ends_at = time.monotonic() + TURN_SECONDS
    sent = 0
    with open_transport() as transport:
        while time.monotonic() < ends_at:
            claim = uuid.uuid4()
            batch = reserve(claim)
            if not batch:
                break
            try:
                transport.connect()
            except Unreachable as fault:
                gate.report_trouble(str(fault))
                for delivery in batch:
                    record(Outcome(delivery, claim, after_fault(delivery, fault, counted=False)))
                break
            gate.report_success()
            sent += _send_batch(transport, batch, claim, ends_at)
    return sent


def due() -> QuerySet[Delivery]:
    """Waiting deliveries whose time has come and that no living sender has reserved."""
    now = timezone.now()
    seconds = min(RESERVED_SECONDS, settings.MAIL_UNCLEAR_SECONDS)
    lapsed = now - timedelta(seconds=seconds)
    return Delivery.objects.filter(
        Q(claim__isnull=True) | Q(claimed_at__lt=lapsed),
        state=DeliveryState.QUEUED,
        next_attempt_at__lte=now,
    )


def reserve(claim: uuid.UUID) -> list[Delivery]:
    """Reserve up to ``BATCH`` due deliveries for ``claim``, the most urgent first.

    Keeps to ``settings.MAIL_PER_MINUTE`` and to the pause after a failed connection.
    """
    order = ("priority", "next_attempt_at", "pk")
    for _ in range(RESERVE_TRIES):
        keys = list(due().order_by(*order).values_list("pk", flat=True)[:BATCH])
        if not keys or not gate.may_connect():
            return []
        if due().filter(pk__in=keys).update(claim=claim, claimed_at=timezone.now()):
            break
        # Another sender was faster with all of them; there may be more behind.
    own = list(Delivery.objects.filter(claim=claim).order_by(*order))
    granted = gate.allow(len(own)) if own else 0
    release(claim, own[granted:])
    return own[:granted]


def release(claim: uuid.UUID, deliveries: list[Delivery]) -> None:
    """Give up reservations, so that another sender need not wait until they lapse."""
    if deliveries:
        Delivery.objects.filter(
            pk__in=[delivery.pk for delivery in deliveries],
            claim=claim,
            state=DeliveryState.QUEUED,
        ).update(claim=None, claimed_at=None)


def _send_batch(
    transport: Transport, batch: list[Delivery], claim: uuid.UUID, ends_at: float
) -> int:
    """Send reserved deliveries; one transaction per mail writes its predecessor's outcome too."""
    outcome: Outcome | None = None
    contents = read_contents(batch)
    sent = 0
    for number, delivery in enumerate(batch):
        over = time.monotonic() > ends_at or (outcome is not None and outcome.server_is_down)
        with transaction.atomic():
            if outcome is not None:
                record(outcome)
            outcome = None
            begun = not over and begin(delivery, claim, delivery.pk in contents)
        if over:
            release(claim, batch[number:])
            break
        if begun:
            outcome = _hand_over(transport, delivery, claim, b"".join(contents[delivery.pk]))
            sent += outcome.values["state"] == DeliveryState.SENT
    if outcome is not None:
        record(outcome)
    return sent


def read_contents(batch: list[Delivery]) -> dict[int, tuple[bytes, bytes]]:
    """The messages of reserved deliveries, by their keys, read at once: beginning and end.

    Whatever is taken back or wiped afterwards also ends the reservation, so none of these
    is sent by mistake.
    """
    stored = MessageContent.objects.filter(delivery__in=batch).values_list("pk", "raw", "tail")
    rows = list(stored)
    wanted = {tail for _, _, tail in rows if tail is not None}
    tails = {
        pk: bytes(raw)
        for pk, raw in MessageTail.objects.filter(pk__in=wanted).values_list("pk", "raw")
    }
    return {pk: (bytes(raw), tails.get(tail, b"")) for pk, raw, tail in rows}


def begin(delivery: Delivery, claim: uuid.UUID, readable: bool) -> bool:
    """Take a reserved delivery to ``sending``.

    False if it was reserved by another meanwhile, or cannot be sent any more: its time is
    over, or its message is not there (``readable``).
    """
    now = timezone.now()
    own = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.QUEUED, claim=claim)
    if delivery.ephemeral_until is not None and delivery.ephemeral_until <= now:
        own.update(state=DeliveryState.FAILED, ended_at=now, error=EXPIRED, claim=None)
        return False
    if not readable:
        own.update(state=DeliveryState.FAILED, ended_at=now, error=CONTENT_GONE, claim=None)
        return False
    if not own.update(state=DeliveryState.SENDING, sending_since=now, attempts=F("attempts") + 1):
        return False
    delivery.attempts += 1
    return True


def _hand_over(transport: Transport, delivery: Delivery, claim: uuid.UUID, raw: bytes) -> Outcome:
    """Hand a message over and say what became of it."""
    name = f"{delivery.created_at:%Y%m%d-%H%M%S}-{delivery.pk:08d}"
    down = False
    try:
        transport.send(name, delivery.to_email, raw)
    except Unanswered as fault:
        values = {"state": DeliveryState.UNCLEAR, "error": str(fault), "ended_at": timezone.now()}
    except Permanent as fault:
        values = _failed(str(fault))
    except Temporary as fault:
        down = isinstance(fault, Unreachable)
        if down:
            gate.report_trouble(str(fault))
        values = after_fault(delivery, fault)
    else:
        values = {
            "state": DeliveryState.SENT,
            "sent_at": timezone.now(),
            "ended_at": timezone.now(),
            "claim": None,
            "error": "",
        }
    return Outcome(delivery, claim, values, down)


def after_fault(delivery: Delivery, fault: Temporary, *, counted: bool = True) -> dict[str, Any]:
    """Fields after a temporary fault: a later try, or the end after the last pause.

    ``counted`` says that ``begin`` has counted the attempt already.
    """
    attempts = delivery.attempts if counted else delivery.attempts + 1
    if attempts > len(PAUSES_MINUTES):
        reason = GAVE_UP.format(attempts=attempts, reason=fault)
        return {**_failed(reason[:300]), "attempts": attempts}
    pause = timedelta(minutes=PAUSES_MINUTES[attempts - 1])
    return {
        "state": DeliveryState.QUEUED,
        "next_attempt_at": timezone.now() + pause,
        "attempts": attempts,
        "error": str(fault),
        "claim": None,
        "claimed_at": None,
        "sending_since": None,
        "ended_at": None,
    }


def _failed(reason: str) -> dict[str, Any]:
    return {
        "state": DeliveryState.FAILED,
        "error": reason,
        "claim": None,
        "ended_at": timezone.now(),
    }


def record(outcome: Outcome) -> bool:
    """Write down what became of a delivery; false if it is no longer this sender's.

    An answer that comes after the sweep has given up waiting still counts.
    """
    own = Delivery.objects.filter(
        pk=outcome.delivery.pk,
        claim=outcome.claim,
        state__in=(DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNCLEAR),
    )
    recorded = bool(own.update(**outcome.values))
    sent = outcome.values["state"] == DeliveryState.SENT
    if recorded and sent and outcome.delivery.ephemeral_until is not None:
        MessageContent.objects.filter(delivery=outcome.delivery).delete()
    return recorded


def mark_unclear() -> int:
    """Mark what was begun ``settings.MAIL_UNCLEAR_SECONDS`` ago and has no answer.

    Its sender was killed; whether the server took it, only a person can find out. Returns
    how many.
    """
    now = timezone.now()
    before = now - timedelta(seconds=settings.MAIL_UNCLEAR_SECONDS)
    abandoned = Delivery.objects.filter(state=DeliveryState.SENDING, sending_since__lt=before)
    return abandoned.update(state=DeliveryState.UNCLEAR, error=NO_ANSWER, ended_at=now)
