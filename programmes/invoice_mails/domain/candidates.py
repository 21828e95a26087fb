"""Which invoices a mailing may be about, and what was sent about them before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from programmes.billing.models import Invoice, InvoiceState
from programmes.cycles.models import Cycle
from programmes.invoice_mails.models import InvoiceLetter, MailingKind
from programmes.payments.domain import overdue

SENDABLE = (InvoiceState.ISSUED, InvoiceState.PAID)


def candidates(cycle: Cycle, kind: str) -> QuerySet[Invoice]:
    """The invoices of ``cycle`` such a mailing may be about, by Kommune.

    To be sent: what is issued and was not released to be sent yet, or did not arrive,
    Stornos too. To be reminded of: what is overdue.
    """
    if kind == MailingKind.REMINDER:
        found: Any = overdue(cycle, timezone.localdate())
    else:
        sent = InvoiceLetter.objects.lasting().filter(
            mailing__kind=MailingKind.INVOICES, invoice=OuterRef("pk")
        )
        found = Invoice.objects.filter(~Exists(sent), cycle=cycle, state__in=SENDABLE)
    ordered: QuerySet[Invoice] = found.select_related("municipality").order_by(
        "municipality__sort_key", "issued_on", "pk"
    )
    return ordered


def last_sent(invoices: Iterable[int], kind: str) -> dict[int, datetime]:
    """When each of these invoices (primary keys) was last released in a mailing of ``kind``.

    What failed or came back does not count.
    """
    letters = InvoiceLetter.objects.lasting().filter(mailing__kind=kind, invoice__in=list(invoices))
    return dict(
        letters.order_by().values_list("invoice").annotate(last=Max("mailing__released_at"))
    )
