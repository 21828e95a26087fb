"""How long the messages of mailings are kept: as long as those of Rundmails."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from programmes.invoice_mails.models import (
    NOT_ARRIVED,
    InvoiceLetter,
    InvoiceMailing,
    MailingState,
)
from programmes.outbox.models import Delivery, DeliveryState, MessageContent
from programmes.people.retention import DataPeriod
from programmes.rundmails.retention import KEPT_DAYS


def delete_old() -> int:
    """Delete the messages of mailings after their time; returns how many.

    That an invoice was sent, when and to which address, stays with the invoice.
    """
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = InvoiceMailing.objects.filter(state=MailingState.RELEASED, released_at__lte=before)
    deliveries = Delivery.objects.filter(batch__in=old.values("batch"))
    MessageContent.objects.filter(delivery__in=deliveries).delete()
    # Their delivery tells it no longer, and a letter without one was sent.
    lost = Q(state=DeliveryState.FAILED) | Q(bounced_at__isnull=False)
    failed = InvoiceLetter.objects.filter(delivery__in=deliveries.filter(lost))
    failed.update(sent_out=False, left_out=NOT_ARRIVED)
    gone = deliveries.exclude(state=DeliveryState.SENDING).delete()
    return gone[1].get(Delivery._meta.label, 0)


PERIOD = DataPeriod("E-Mails mit Rechnungen", "Freigabe", KEPT_DAYS, delete_old)


def forget_letters(invoices: Collection[int]) -> None:
    """Delete what was sent about invoices whose years are over."""
    InvoiceLetter.objects.filter(invoice__in=invoices).delete()
