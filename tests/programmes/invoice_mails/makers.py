"""Makers of mailings, and of invoices that can be sent."""

from typing import Any

from mentoring.accounts.models import User
from programmes.billing.models import Invoice
from programmes.cycles.models import Cycle
from programmes.invoice_mails import domain
from programmes.invoice_mails.models import InvoiceMailing, MailingKind
from programmes.invoice_mails.texts import usual_text
from tests.programmes.billing.makers import make_house, make_issued
from tests.programmes.payments.makers import let_be_due


def make_sendable(cycle: Cycle, name: str = "", **fields: Any) -> Invoice:
    """An issued invoice of a Kommune with an address for invoices."""
    house = make_house(name)
    house.billing_email = f"rechnung{house.pk}@stadt.example"
    house.save()
    return make_issued(cycle, house, **fields)


def make_overdue(cycle: Cycle, name: str = "", days: int = 10) -> Invoice:
    """One that was due some days ago."""
    return let_be_due(make_sendable(cycle, name), days)


def make_mailing(
    cycle: Cycle, *invoices: Invoice, kind: str = MailingKind.INVOICES, by: User, **fields: Any
) -> InvoiceMailing:
    """A draft with the usual text."""
    subject, body = usual_text(kind)
    fields = {"subject": subject, "body": body, **fields}
    mailing = InvoiceMailing(cycle=cycle, kind=kind, **fields)
    return domain.create(mailing, invoices=[one.pk for one in invoices], by=by)


def release(mailing: InvoiceMailing, by: User, **fields: Any) -> InvoiceMailing:
    """Release as somebody who has just seen the preview."""
    stored = InvoiceMailing.objects.get(pk=mailing.pk)
    return domain.release(stored, seen=domain.plan_of(stored).seen, by=by, **fields)
