"""Payments: noted as they come in, taken back where the note was wrong."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from mentoring.ui.tags import money
from programmes.billing.domain import settle
from programmes.billing.models import Invoice, InvoiceKind, InvoiceState
from programmes.einvoices.amounts import rounded
from programmes.payments.domain.amounts import owed_amount, paid_amount
from programmes.payments.models import BankEntry, EntryState, Payment

MOST = Decimal("9999999.99")
EARLIEST_DAYS = 183
"""How long before its invoice a payment may be noted by hand.

Half a year: money comes in advance, and a payment for an invoice that was cancelled since is
noted at the new one, which is months younger. A wrong year is further away, even last year's
typed in January.
"""
GONE = "Diese Zahlung wurde inzwischen rückgängig gemacht."


def record(
    invoice: Invoice,
    *,
    received_on: date,
    amount: Decimal,
    note: str = "",
    entry: BankEntry | None = None,
    by: User,
) -> Payment:
    """Note that ``amount`` euros came in for ``invoice``; below nought they were given back.

    The invoice is paid once nothing is open any more, and issued again where something is.
    More than is owed is noted too: it did come in. Raises ``Refused`` for a day to come or
    ``too_early``, an amount of nought, more given back than came in, and an invoice that is
    not issued.
    """
    amount = rounded(amount)
    if not amount or abs(amount) > MOST:
        raise Refused(
            "Geben Sie einen Betrag an, der nicht null ist und höchstens 9.999.999,99 € hat."
        )
    if received_on > timezone.localdate():
        raise Refused("Der Tag der Zahlung liegt in der Zukunft.")
    # The bank's day is no slip of the pen: a credit may be older than the invoice it is for.
    if entry is None and (said := too_early(invoice, received_on)):
        raise Refused(said)
    with transaction.atomic(), acting(by):
        stored = held(invoice)
        _takes_payments(stored, amount)
        payment: Payment = Payment.objects.create(
            invoice=stored,
            received_on=received_on,
            amount=amount,
            note=note,
            entry=entry,
            created_by=by,
        )
        _settle(stored, by)
    return payment


def too_early(invoice: Invoice, day: date) -> str:
    """Why money for ``invoice`` was hardly booked on ``day``: a German sentence, or ""."""
    issued = invoice.issued_on
    if issued is None or day >= issued - timedelta(days=EARLIEST_DAYS):
        return ""
    return (
        f"Dieser Tag liegt mehr als ein halbes Jahr vor dem Datum der Rechnung "
        f"({issued:%d.%m.%Y}). Prüfen Sie das Jahr."
    )


def undo(payment: Payment, *, by: User) -> None:
    """Take the note of a payment back; a bank statement's entry waits to be matched again.

    Raises ``Refused`` if it is gone already, or more was given back than would be left.
    """
    with transaction.atomic(), acting(by):
        # The entry first, as those who match it do: nobody waits for the other in a circle.
        entry = (
            BankEntry.objects.select_for_update().filter(pk=payment.entry_id).first()
            if payment.entry_id is not None
            else None
        )
        invoice = held(payment.invoice)
        stored = Payment.objects.filter(pk=payment.pk).first()
        if stored is None:
            raise Refused(GONE)
        if paid_amount(invoice) - stored.amount < 0:
            raise Refused(
                "Zu dieser Rechnung ist eine Rückzahlung eingetragen, die größer ist als der Rest. "
                "Machen Sie zuerst die Rückzahlung rückgängig."
            )
        stored.delete()
        if entry is not None and not entry.payments.exists():
            entry.state = EntryState.OPEN
            entry.save()
        _settle(invoice, by)


def held(invoice: Invoice) -> Invoice:
    """``invoice`` as stored now, held until the transaction ends."""
    found: Invoice = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("issuer", "cycle__programme", "municipality")
        .get(pk=invoice.pk)
    )
    return found


def why_closed(invoice: Invoice) -> str:
    """Why nothing at all can be noted for ``invoice``: German sentences, or ""."""
    if invoice.state == InvoiceState.CANCELLED and paid_amount(invoice) > 0:
        return ""  # what came in may still be given back
    return _takes_nothing(invoice)


def _takes_nothing(invoice: Invoice) -> str:
    """Why no money can come in for ``invoice``, or ""."""
    if invoice.kind == InvoiceKind.CANCELLATION:
        return (
            "Eine Stornorechnung wird nicht bezahlt. Tragen Sie eine Rückzahlung bei der "
            "stornierten Rechnung ein."
        )
    if invoice.state == InvoiceState.DRAFT:
        return "Diese Rechnung ist noch ein Entwurf. Stellen Sie sie zuerst aus."
    if invoice.state == InvoiceState.ISSUING:
        return (
            "Diese Rechnung wird gerade ausgestellt. Versuchen Sie es in einer Minute noch einmal."
        )
    if invoice.state == InvoiceState.CANCELLED:
        return (
            f"Die Rechnung {invoice.number} ist storniert. Tragen Sie die Zahlung bei der neuen "
            "Rechnung ein, oder zahlen Sie das Geld zurück."
        )
    return ""


def _takes_payments(invoice: Invoice, amount: Decimal) -> None:
    said = _takes_nothing(invoice)
    if said and (amount > 0 or invoice.state != InvoiceState.CANCELLED):
        raise Refused(said)
    paid = paid_amount(invoice)
    if amount < 0 and paid + amount < 0:
        raise Refused(
            f"Zurückgezahlt werden kann höchstens, was eingegangen ist: {money(paid)}."
            if paid
            else "Zu dieser Rechnung ist nichts eingegangen, was zurückgezahlt werden könnte."
        )


def _settle(invoice: Invoice, by: User) -> None:
    if invoice.state in (InvoiceState.ISSUED, InvoiceState.PAID):
        settle(invoice, paid=paid_amount(invoice) >= owed_amount(invoice), by=by)
