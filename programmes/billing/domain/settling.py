"""Issued and paid: said by the payments, which alone know."""

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.billing.invoice import Invoice, InvoiceKind, InvoiceState


def settle(invoice: Invoice, *, paid: bool, by: User) -> bool:
    """Take an invoice from ``issued`` to ``paid``, or back with ``paid=False``.

    For the payments, inside their transaction. False, and nothing is changed, if it is in no
    such state (any more): cancelled, say, or settled already.
    """
    before, after = InvoiceState.ISSUED, InvoiceState.PAID
    if not paid:
        before, after = after, before
    with transaction.atomic(), acting(by):
        same = Invoice.objects.filter(pk=invoice.pk, kind=InvoiceKind.INVOICE, state=before)
        changed = bool(same.update(state=after))
    if changed:
        invoice.refresh_from_db(fields=["state", "version"])
    return changed
