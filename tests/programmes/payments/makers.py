"""Makers of payments, overdue invoices and bank statements."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from programmes.billing.models import Invoice, Issuer
from programmes.payments import domain
from programmes.payments.models import BankStatement, Payment
from tests.programmes.payments.camt import Bank, Booking, upload


def let_be_due(invoice: Invoice, days_ago: int) -> Invoice:
    """As if the invoice had been issued so long ago that it was due then."""
    # Past our own queryset, which lets nobody change an issued invoice.
    due_on = timezone.localdate() - timedelta(days=days_ago)
    QuerySet(Invoice).filter(pk=invoice.pk).update(due_on=due_on)
    invoice.refresh_from_db()
    return invoice


def make_payment(invoice: Invoice, amount: str = "100.00", **fields: Any) -> Payment:
    """A payment of today."""
    fields.setdefault("received_on", timezone.localdate())
    fields.setdefault("by", None)
    return domain.record(invoice, amount=Decimal(amount), **fields)


def make_statement(
    issuer: Issuer, *bookings: Booking, by: User | None = None, version: int = 8, name: str = ""
) -> BankStatement:
    """A statement that was read."""
    bank = Bank(version, iban=issuer.partner.iban)
    file = upload(bank.file(*bookings), name or "auszug.xml")
    return domain.import_statement(file, issuer, by=by).statement  # type: ignore[arg-type]  # nobody
