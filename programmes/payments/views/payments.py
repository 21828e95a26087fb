"""Payments of an invoice: noted, and taken back."""

from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone

from mentoring.ui.tags import money
from mentoring.ui.views import CreatePage, ObjectActionPage
from programmes.billing.models import Invoice, InvoiceState
from programmes.billing.pages import OnInvoice
from programmes.cycles.views.base import acting_user, found_or_404
from programmes.payments import domain
from programmes.payments.forms import RECEIVED, RETURNED, PaymentForm
from programmes.payments.models import Payment


class OnPaidInvoice(OnInvoice):
    """A page about the payments of one invoice."""

    pk_url_kwarg: ClassVar[str] = "invoice_pk"


class RecordPage(OnPaidInvoice, CreatePage):
    """Note a payment, or money that was given back."""

    rule = "payments.record"
    form_class = PaymentForm
    template_name = "payments/record.html"
    submit_label = "Eintragen"

    def get_title(self) -> str:
        """What is noted where nothing else is left to do."""
        return "Rückzahlung eintragen" if self.returns else "Zahlung eintragen"

    @property
    def returns(self) -> bool:
        """Whether there is only money to be given back."""
        return self.open < 0

    @property
    def open(self) -> Decimal:
        """What is owed; below nought it has to be given back."""
        if not hasattr(self, "_open"):
            self._open = domain.open_amount(self.invoice)
        return self._open

    def get_form_kwargs(self) -> dict[str, Any]:
        """The invoice, whose date a payment is compared with."""
        return {**super().get_form_kwargs(), "invoice": self.invoice}

    def get_initial(self) -> dict[str, Any]:
        """All that is open, today."""
        return {
            "kind": RETURNED if self.returns else RECEIVED,
            "received_on": timezone.localdate(),
            "amount": abs(self.open) or None,
        }

    def save(self, form: PaymentForm) -> Payment:
        """By way of the domain."""
        return domain.record(
            self.invoice,
            received_on=form.cleaned_data["received_on"],
            amount=form.signed_amount,
            note=form.cleaned_data["note"],
            by=acting_user(self.request),
        )

    def get_success_message(self) -> str:
        """What is noted, and how the invoice stands now."""
        amount = self.saved.amount
        noted = (
            f"Die Zahlung über {money(amount)} ist eingetragen."
            if amount > 0
            else f"Die Rückzahlung über {money(-amount)} ist eingetragen."
        )
        return f"{noted} {standing(self.invoice)}".strip()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How the invoice stands, and why nothing can be noted for it where that is so."""
        invoice = self.invoice
        rows = [
            ("Rechnung", f"{invoice.number}, {invoice.municipality}"),
            ("Betrag", money(invoice.gross)),
            ("fällig am", invoice.due_on),
            ("bezahlt", money(domain.paid_amount(invoice))),
            ("zu viel gezahlt" if self.returns else "noch offen", money(abs(self.open))),
        ]
        closed = domain.why_closed(invoice)
        return super().get_context_data(
            rows=rows, closed=closed, invoice_url=self.page_of_invoice, **kwargs
        )


def standing(invoice: Invoice) -> str:
    """A German sentence: what is open now, or too much."""
    invoice = Invoice.objects.get(pk=invoice.pk)
    left = domain.open_amount(invoice)
    if left > 0:
        return f"Es sind noch {money(left)} offen."
    if left < 0:
        why = "Die Rechnung ist storniert" if invoice.state == InvoiceState.CANCELLED else ""
        return (
            f"{why}: {money(-left)} sind zurückzuzahlen."
            if why
            else f"Es sind {money(-left)} zu viel gezahlt. Zahlen Sie sie zurück und tragen Sie "
            "das hier ein."
        )
    return "Die Rechnung ist bezahlt." if invoice.state == InvoiceState.PAID else ""


class UndoPage(OnPaidInvoice, ObjectActionPage):
    """Take the note of a payment back."""

    rule = "payments.record"
    title = "Zahlung rückgängig machen"
    button_label = "Rückgängig machen"
    danger = True
    success_message = "Die Zahlung ist rückgängig gemacht."

    @property
    def payment(self) -> Payment:
        """The payment of the address, of this invoice."""
        if not hasattr(self, "_payment"):
            payments = Payment.objects.filter(invoice=self.invoice).select_related("entry")
            self._payment: Payment = found_or_404(payments, self.kwargs["pk"])
        return self._payment

    def get_rule_object(self) -> Any:
        """The invoice; the payment must be one of its."""
        self.payment  # noqa: B018  # raises 404
        return self.invoice

    def get_question(self) -> str:
        """Which one."""
        payment = self.payment
        kind = "Zahlung" if payment.amount > 0 else "Rückzahlung"
        return (
            f"Soll die {kind} über {money(abs(payment.amount))} vom "
            f"{payment.received_on:%d.%m.%Y} wieder herausgenommen werden?"
        )

    def consequences(self) -> list[str]:
        """What becomes of the invoice and of the bank's entry."""
        left = domain.open_amount(self.invoice) + self.payment.amount
        lines = []
        if left > 0 and self.invoice.state in (InvoiceState.ISSUED, InvoiceState.PAID):
            lines.append(f"Danach sind {money(left)} dieser Rechnung offen.")
        if self.payment.entry is not None:
            others = self.payment.entry.payments.exclude(pk=self.payment.pk).count()
            lines.append(
                "Die Gutschrift aus dem Kontoauszug bleibt ihren anderen Rechnungen zugeordnet."
                if others
                else "Die Gutschrift aus dem Kontoauszug ist danach wieder offen."
            )
        lines.append("Dass es die Zahlung gab, steht weiter im Protokoll.")
        return lines

    def perform(self) -> None:
        """By way of the domain."""
        domain.undo(self.payment, by=acting_user(self.request))
