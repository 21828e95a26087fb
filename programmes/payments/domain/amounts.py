"""What was paid for an invoice, and what is still owed."""

from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Round
from django.utils import timezone

from programmes.billing.models import Invoice, InvoiceKind, InvoiceState
from programmes.einvoices.amounts import rounded
from programmes.payments.models import Payment

_EUROS: Any = DecimalField(max_digits=12, decimal_places=2)
_NOUGHT = Value(Decimal("0.00"), output_field=_EUROS)


def with_paid(queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """``queryset`` with ``paid``, ``owed`` and ``open`` (euros) on every invoice.

    ``open`` is below nought where too much was paid, or something for an invoice that was
    cancelled since.
    """
    sums = (
        Payment.objects.filter(invoice=OuterRef("pk"))
        .order_by()
        .values("invoice")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    owed = Case(
        When(
            Q(kind=InvoiceKind.INVOICE, state__in=InvoiceState.counted()),
            then=F("gross"),
        ),
        default=_NOUGHT,
        output_field=_EUROS,
    )
    # SQLite adds amounts as floating-point numbers: rounded, they compare as what they are.
    return queryset.annotate(
        paid=Round(
            Coalesce(Subquery(sums, output_field=_EUROS), _NOUGHT, output_field=_EUROS),
            precision=2,
            output_field=_EUROS,
        ),
        owed=owed,
    ).annotate(open=Round(F("owed") - F("paid"), precision=2, output_field=_EUROS))


def paid_totals(invoices: QuerySet[Invoice]) -> list[tuple[str, Decimal]]:
    """Label and sum (euros) of what came in, is open and overdue; of invoices ``with_paid``.

    What has to be given back for one invoice pays no other, so it is not set off but said by
    itself, where there is some: what was billed is what came in, less that, and what is open.
    """
    is_open = Q(open__gt=0)
    late = is_open & Q(due_on__lt=timezone.localdate())
    found = invoices.order_by().aggregate(
        came_in=Sum("paid"),
        still_open=Sum("open", filter=is_open),
        overdue=Sum("open", filter=late),
        too_much=Sum("open", filter=Q(open__lt=0)),
    )
    labels = {"came_in": "eingegangen", "still_open": "offen", "overdue": "davon überfällig"}
    rows = [(label, rounded(found[name] or Decimal(0))) for name, label in labels.items()]
    too_much = rounded(-(found["too_much"] or Decimal(0)))
    # Right behind what came in, of which it is a part.
    return [rows[0], ("zu viel gezahlt", too_much), *rows[1:]] if too_much else rows


def paid_amount(invoice: Invoice) -> Decimal:
    """What was received for ``invoice``, less what was given back (euros)."""
    amounts = Payment.objects.filter(invoice=invoice).values_list("amount", flat=True)
    return rounded(sum(amounts, Decimal(0)))


def owed_amount(invoice: Invoice) -> Decimal:
    """What ``invoice`` asks for (euros): nought for a draft, a Storno and what was cancelled."""
    owed = invoice.kind == InvoiceKind.INVOICE and invoice.state in InvoiceState.counted()
    return rounded(invoice.gross) if owed else Decimal("0.00")


def open_amount(invoice: Invoice) -> Decimal:
    """What is still owed for ``invoice`` (euros); below nought it has to be given back."""
    return rounded(owed_amount(invoice) - paid_amount(invoice))
