"""What this room shows on the page of an invoice, and says before its Storno."""

from typing import Any

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.tags import money
from mentoring.ui.views import Action
from programmes.billing.models import Invoice, InvoiceKind, InvoiceState
from programmes.cycles.permissions import roles_of
from programmes.organisations.sections import Section
from programmes.payments.domain import open_amount, paid_amount
from programmes.payments.models import Payment

SECTION = "payments/invoice_section.html"
PAYABLE = (InvoiceState.ISSUED, InvoiceState.PAID)


def invoice_section(request: HttpRequest, invoice: Invoice) -> Section | None:
    """What was paid and what is open; remarks for the issuer and the leads alone."""
    if invoice.kind != InvoiceKind.INVOICE or invoice.state == InvoiceState.DRAFT:
        return None
    payments = list(Payment.objects.filter(invoice=invoice).select_related("entry__statement"))
    if not payments and invoice.state not in PAYABLE:
        return None
    left = open_amount(invoice)
    may_change = rules.test_rule("payments.record", request.user, invoice)
    return Section(
        SECTION,
        {
            "payments": payments,
            "paid": money(paid_amount(invoice)),
            "open": money(left) if left > 0 else "",
            "too_much": money(-left) if left < 0 else "",
            "cancelled": invoice.state == InvoiceState.CANCELLED,
            "may_change": may_change,
            "reads_notes": may_change or invoice.cycle_id in roles_of(request.user).leading,
        },
    )


def record_button(user: Any, invoice: Invoice) -> Action | None:
    """The way to note a payment, while there is something to be paid or given back."""
    if invoice.kind != InvoiceKind.INVOICE or not rules.test_rule("payments.record", user, invoice):
        return None
    url = reverse("payments:record", args=[invoice.cycle_id, invoice.pk])
    if invoice.state == InvoiceState.ISSUED:
        return Action("Zahlung eintragen", url, "primary", "add")
    if invoice.state == InvoiceState.PAID:
        return Action("Weitere Zahlung eintragen", url, "tertiary")
    if invoice.state == InvoiceState.CANCELLED and paid_amount(invoice) > 0:
        return Action("Rückzahlung eintragen", url, "primary")
    return None


def before_storno(invoice: Invoice) -> list[str]:
    """What was paid already, and how the money goes back."""
    paid = paid_amount(invoice)
    if paid <= 0:
        return []
    return [
        f"Es sind schon {money(paid)} bezahlt. Das Geld geht durch das Storno nicht von selbst "
        "zurück.",
        "Überweisen Sie es an die Kommune zurück und tragen Sie das danach bei dieser Rechnung "
        "als Rückzahlung ein. Bis dahin steht dort, was zurückzuzahlen ist.",
    ]
