"""The forms of payments and bank statements."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils import timezone

from mentoring.files.forms import CheckedFileField
from mentoring.ui.forms import KernForm
from mentoring.ui.money import MoneyField
from mentoring.ui.tags import money
from programmes.billing.models import Invoice, Issuer
from programmes.payments.domain import too_early
from programmes.payments.domain.importing import KINDS
from programmes.payments.unpacking import MAX_BYTES

RECEIVED, RETURNED = "received", "returned"
MATCH, IGNORE = "match", "ignore"
ROWS = 5
"""Invoices a transfer can be divided among at least."""


class PaymentForm(KernForm):
    """Money that came in, or went back."""

    kind = forms.ChoiceField(
        label="Was ist geschehen?",
        choices=(
            (RECEIVED, "Zahlung eingegangen"),
            (RETURNED, "Geld an die Kommune zurückgezahlt"),
        ),
        widget=forms.RadioSelect,
    )
    received_on = forms.DateField(label="Tag der Buchung", widget=forms.DateInput)
    amount = MoneyField(label="Betrag (Euro)", validators=[MinValueValidator(Decimal("0.01"))])
    note = forms.CharField(
        label="Bemerkung",
        max_length=200,
        required=False,
        help_text="Lesen nur Sie und die Treiber/innen des Durchgangs.",
    )

    def __init__(self, *args: Any, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice = invoice

    def clean_received_on(self) -> Any:
        """No day to come, and none long before the invoice."""
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Dieser Tag liegt in der Zukunft.")
        if said := too_early(self.invoice, day):
            raise forms.ValidationError(said)
        return day

    @property
    def signed_amount(self) -> Decimal:
        """The amount, below nought if it went back."""
        amount: Decimal = self.cleaned_data["amount"]
        return -amount if self.cleaned_data["kind"] == RETURNED else amount


class ImportForm(KernForm):
    """A bank statement; whose, where the user works for several institutes."""

    issuer = forms.ModelChoiceField(
        label="Logistikpartner", queryset=Issuer.objects.none(), empty_label=None
    )
    upload = CheckedFileField(label="Kontoauszug", allowed=KINDS, max_bytes=MAX_BYTES)

    def __init__(self, *args: Any, issuers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = list(issuers.select_related("partner")[:2])
        if len(self.own) > 1:
            self.fields["issuer"].queryset = issuers  # type: ignore[attr-defined]  # a model choice
        else:
            del self.fields["issuer"]

    def clean(self) -> dict[str, Any]:
        """The one institute, where there is no choice."""
        super().clean()
        if "issuer" not in self.fields and self.own:
            self.cleaned_data["issuer"] = self.own[0]
        return self.cleaned_data


class InvoiceChoice(forms.ModelChoiceField):
    """An invoice, by number, Kommune and what is open."""

    def label_from_instance(self, obj: Any) -> str:
        """As the bank's text names it, and what is open; for a paid one it would be too much."""
        standing = f"{money(obj.open)} offen" if obj.open > 0 else "schon bezahlt"
        return f"{obj.number}, {obj.municipality}: {standing}"


class EntryForm(KernForm):
    """What a credit is: payments of invoices, or nothing of ours."""

    decision = forms.ChoiceField(
        label="Was ist diese Gutschrift?",
        choices=(
            (MATCH, "Zahlung auf diese Rechnungen"),
            (IGNORE, "gehört nicht hierher: Absender und Verwendungszweck werden gelöscht"),
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, payable: Any, rows: int = ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for number in range(1, rows + 1):
            self.fields[f"invoice_{number}"] = InvoiceChoice(
                label=f"{number}. Rechnung", queryset=payable, required=False, empty_label="–"
            )
            self.fields[f"amount_{number}"] = MoneyField(
                label=f"Betrag für die {number}. Rechnung (Euro)",
                required=False,
                validators=[MinValueValidator(Decimal("0.01"))],
            )

    def clean(self) -> dict[str, Any]:
        """Each invoice with its amount, and each only once."""
        super().clean()
        self.amounts: dict[Invoice, Decimal] = {}
        if self.cleaned_data.get("decision") != MATCH:
            return self.cleaned_data
        for number in range(1, self.rows + 1):
            names = f"invoice_{number}", f"amount_{number}"
            invoice, amount = (self.cleaned_data.get(name) for name in names)
            if any(name in self.errors for name in names):
                continue
            if invoice is not None and amount is None:
                self.add_error(names[1], "Wie viel davon gehört zu dieser Rechnung?")
            elif invoice is None and amount is not None:
                self.add_error(names[0], "Zu welcher Rechnung gehört dieser Betrag?")
            elif invoice in self.amounts:
                self.add_error(names[0], "Diese Rechnung steht schon in einer anderen Zeile.")
            elif invoice is not None and amount is not None:
                self.amounts[invoice] = amount
        if not self.amounts and not self.errors:
            self.add_error("invoice_1", "Wählen Sie mindestens eine Rechnung aus.")
        return self.cleaned_data


class ShownForm(KernForm):
    """Carries what the page has shown."""

    shown = forms.CharField(max_length=64, widget=forms.HiddenInput)
