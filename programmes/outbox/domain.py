"""Queueing mail, and deciding about what could not be sent."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.jobs.waking import wake
from mentoring.ui.errors import Refused
from programmes.outbox.messages import (
    Attachment,
    Frozen,
    Outgoing,
    freeze,
    freeze_many,
    freeze_tail,
    one_line,
)
from programmes.outbox.models import (
    STOPPED,
    Delivery,
    DeliveryQuerySet,
    DeliveryState,
    MessageContent,
    MessageTail,
    Priority,
)

SEND_TASK = "programmes.outbox.tasks.send"
EXPIRED = "abgelaufen: Die Gültigkeit endete, bevor die Nachricht versandt war."


def queue_mail(
    *,
    to_email: str,
    to_name: str = "",
    subject: str,
    text: str,
    html: str = "",
    reply_to: str = "",
    purpose: str,
    person: Any = None,
    confidential: bool = False,
    ephemeral_until: datetime | None = None,
    not_before: datetime | None = None,
    batch: uuid.UUID | None = None,
    attachments: Sequence[Attachment] = (),
    headers: dict[str, str] | None = None,
    by: Any = None,
) -> Delivery:
    """Freeze a message and queue it; it is sent after the transaction's commit.

    ``person`` is the ``Person`` written to, if known; ``ephemeral_until`` the end of what
    the message is good for (its bytes are wiped once it is sent, and it is not sent later);
    ``not_before`` the earliest time of sending. Raises ``ValidationError`` (German) for an
    address that is none and ``ValueError`` for an empty purpose. Line breaks in subject and
    names become spaces, so no header can be smuggled in.
    """
    frozen = freeze(
        to_email=to_email,
        to_name=to_name,
        subject=subject,
        text=text,
        html=html,
        reply_to=reply_to,
        attachments=attachments,
        headers=headers or {},
    )
    return queue_frozen(
        frozen,
        purpose=purpose,
        person=person,
        confidential=confidential,
        ephemeral_until=ephemeral_until,
        not_before=not_before,
        batch=batch,
        by=by,
    )


def queue_frozen(
    frozen: Frozen,
    *,
    purpose: str,
    person: Any = None,
    confidential: bool = False,
    ephemeral_until: datetime | None = None,
    not_before: datetime | None = None,
    batch: uuid.UUID | None = None,
    by: Any = None,
) -> Delivery:
    """Queue a message that is frozen already; see ``queue_mail`` for the parameters."""
    if not purpose:
        raise ValueError("a delivery needs a purpose")
    with transaction.atomic():
        delivery = Delivery.objects.create(
            purpose=purpose,
            batch=batch,
            person=person,
            to_email=frozen.to_email,
            to_name=frozen.to_name,
            subject=frozen.subject,
            confidential=confidential,
            message_id=frozen.message_id,
            created_by=by,
            not_before=not_before,
            ephemeral_until=ephemeral_until,
            priority=(
                Priority.EPHEMERAL
                if ephemeral_until
                else Priority.BATCH
                if batch
                else Priority.SINGLE
            ),
            next_attempt_at=not_before or timezone.now(),
        )
        MessageContent.objects.create(delivery=delivery, raw=frozen.raw)
        wake(SEND_TASK)
    return delivery


def queue_batch(
    messages: Sequence[Outgoing],
    *,
    batch: uuid.UUID,
    purpose: str,
    confidential: bool,
    reply_to: str = "",
    attachments: Sequence[Attachment] = (),
    by: Any,
) -> list[Delivery]:
    """Freeze and queue some messages of a ``batch``, in the order given.

    The attachments are stored once for the whole batch: those of its first call count.
    Raises as ``queue_mail``; then nothing is queued.
    """
    with transaction.atomic():
        tail = _tail(attachments, batch)
        if tail is not None:
            frozen = freeze_many(messages, batch=batch, reply_to=reply_to)
        else:
            frozen = [
                freeze(
                    to_email=message.to_email,
                    to_name=message.to_name,
                    subject=message.subject,
                    text=message.text,
                    html=message.html,
                    reply_to=reply_to,
                )
                for message in messages
            ]
        now = timezone.now()
        deliveries = Delivery.objects.bulk_create(
            Delivery(
                purpose=purpose,
                batch=batch,
                person=message.person,
                to_email=one.to_email,
                to_name=one.to_name,
                subject=one.subject,
                confidential=confidential,
                message_id=one.message_id,
                created_by=by,
                priority=Priority.BATCH,
                next_attempt_at=now,
            )
            for message, one in zip(messages, frozen, strict=True)
        )
        MessageContent.objects.bulk_create(
            MessageContent(delivery=delivery, raw=one.raw, tail=tail)
            for delivery, one in zip(deliveries, frozen, strict=True)
        )
        wake(SEND_TASK)
    return deliveries


def _tail(attachments: Sequence[Attachment], batch: uuid.UUID) -> MessageTail | None:
    stored = MessageTail.objects.filter(batch=batch).first()
    if stored is None and attachments:
        stored = MessageTail.objects.create(batch=batch, raw=freeze_tail(attachments, batch=batch))
    return stored


def stop_batch(batch: uuid.UUID, *, by: Any) -> int:
    """Take back what still waits of ``batch``; returns how many. What is on its way stays."""
    waiting = Delivery.objects.filter(batch=batch, state=DeliveryState.QUEUED)
    return waiting.update(
        state=DeliveryState.FAILED,
        error=STOPPED,
        ended_at=timezone.now(),
        decided_by=by,
        claim=None,
        claimed_at=None,
    )


def note_bounce(message_id: str, reason: str) -> bool:
    """Note that a message came back, for whoever reads a mailbox of bounces.

    Returns whether the message is one of ours. ``reason`` is shown to who sent it.
    """
    ours = Delivery.objects.filter(message_id=message_id)
    return bool(ours.update(bounced_at=timezone.now(), bounce=one_line(reason)[:300]))


def resolve_unclear(delivery: Delivery, *, by: Any, sent: bool) -> None:
    """Decide about an unclear delivery: it arrived (``sent``), or it is to be sent again.

    Raises ``Refused`` if it is not unclear (any more), or is to be sent again but its
    message exists no longer.
    """
    unclear = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.UNCLEAR)
    now = timezone.now()
    with transaction.atomic():
        if sent:
            changed = unclear.update(
                state=DeliveryState.SENT,
                sent_at=now,
                ended_at=now,
                decided_by=by,
                claim=None,
                error="",
            )
            if changed and delivery.ephemeral_until is not None:
                MessageContent.objects.filter(delivery=delivery).delete()
        else:
            changed = _requeue(delivery, unclear, by)
        if not changed:
            raise Refused("Über diese Sendung ist schon entschieden.")
    delivery.refresh_from_db()


def retry_failed(delivery: Delivery, *, by: Any) -> None:
    """Send a failed delivery again, from its first attempt on.

    Raises ``Refused`` if it has not failed or its message exists no longer.
    """
    with transaction.atomic():
        failed = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.FAILED)
        if not _requeue(delivery, failed, by):
            raise Refused("Diese Sendung ist nicht fehlgeschlagen.")
    delivery.refresh_from_db()


def retry_all_failed(deliveries: DeliveryQuerySet, *, by: Any) -> int:
    """Send those of ``deliveries`` again that have failed; returns how many.

    Left out is whatever has no message any more or was good for a moment only.
    """
    with_message = MessageContent.objects.values("delivery")
    failed = deliveries.filter(
        pk__in=with_message, state=DeliveryState.FAILED, ephemeral_until=None
    )
    # A plain filter by keys: an update with joins would claim rows it has not locked.
    keys = list(failed.values_list("pk", flat=True))
    with transaction.atomic():
        return _queue_again(Delivery.objects.filter(pk__in=keys, state=DeliveryState.FAILED), by)


def _requeue(delivery: Delivery, rows: DeliveryQuerySet, by: Any) -> int:
    if delivery.ephemeral_until is not None and delivery.ephemeral_until <= timezone.now():
        raise Refused(
            "Diese Nachricht galt nur kurze Zeit und lässt sich nicht mehr senden. "
            "Bitte lösen Sie sie neu aus, zum Beispiel mit einem neuen Anmeldecode."
        )
    if not MessageContent.objects.filter(delivery=delivery).exists():
        raise Refused("Der Inhalt dieser Nachricht ist nicht mehr vorhanden.")
    return _queue_again(rows, by)


def _queue_again(rows: DeliveryQuerySet, by: Any) -> int:
    changed: int = rows.update(
        state=DeliveryState.QUEUED,
        next_attempt_at=timezone.now(),
        attempts=0,
        claim=None,
        claimed_at=None,
        sending_since=None,
        ended_at=None,
        decided_by=by,
        error="",
    )
    if changed:
        wake(SEND_TASK)
    return changed


def fail_expired() -> int:
    """Fail the waiting deliveries whose time is over, wiping them; returns how many.

    Concerns sign-in codes and the like (``ephemeral_until``).
    """
    now = timezone.now()
    with transaction.atomic():
        over = Q(state=DeliveryState.QUEUED, ephemeral_until__lte=now)
        failed = Delivery.objects.filter(over).update(
            state=DeliveryState.FAILED, ended_at=now, error=EXPIRED, claim=None, claimed_at=None
        )
        # Whatever became of them: what was good for a moment only is not kept after it.
        MessageContent.objects.filter(delivery__ephemeral_until__lte=now).exclude(
            delivery__state=DeliveryState.SENDING
        ).delete()
    return failed
