"""The forms of how is billed, of what a Kommune wants on its invoices, of what a cycle costs."""

from typing import Any, ClassVar

from crispy_forms.layout import Fieldset, Layout
from django import forms

from mentoring.ui.forms import VersionedModelForm
from mentoring.ui.money import MoneyField
from programmes.billing.forms import require_period
from programmes.billing.line_forms import QuantityField
from programmes.billing.models import Buyer, CostModel, CycleFee, Issuer, OrderNumber, TaxCategory
from programmes.einvoices.vatex import CODES

ADVISER = (
    "Ob § 4 Nr. 22 Buchstabe a UStG für Ihr Institut und diese Leistung gilt, entscheidet Ihre "
    "Steuerberatung, nicht diese Anwendung."
)
RATE = "Bitte geben Sie einen Steuersatz von höchstens 50 Prozent ein, zum Beispiel 19."
NO_CODE = (
    "Diesen Schlüssel gibt es nicht. Er sieht aus wie VATEX-EU-132-1I; das Feld darf auch leer "
    "bleiben."
)


class IssuerForm(VersionedModelForm):
    """How a Logistikpartner bills."""

    class Meta:
        model = Issuer
        fields = (
            "way",
            "number_prefix",
            "payment_days",
            "reminder_days",
            "tax_category",
            "tax_rate",
            "exemption_reason",
            "exemption_code",
            "seller_id",
            "introduction",
            "closing",
        )
        field_classes: ClassVar = {"tax_rate": QuantityField}
        error_messages: ClassVar = {
            "tax_rate": dict.fromkeys(("max_digits", "max_whole_digits", "max_value"), RATE)
        }
        widgets: ClassVar = {
            "way": forms.RadioSelect,
            "tax_category": forms.RadioSelect,
            "introduction": forms.Textarea(attrs={"rows": 3}),
            "closing": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "way": "Schreibt Ihr Institut Rechnungen in einem eigenen System, gibt es hier die "
            "Liste dafür, und Sie tragen Nummer, Datum und Zahlung nach.",
            "number_prefix": "Danach folgen Jahr und laufende Nummer ohne Lücke. Gilt für neue "
            "Rechnungen; wählen Sie einen Anfang, den sonst keine Rechnung Ihres Instituts hat.",
            "payment_days": "So viele Tage nach dem Rechnungsdatum ist zu zahlen.",
            "reminder_days": "Wer früher noch einmal erinnern will, wird vorher gefragt.",
            "tax_category": ADVISER,
            "tax_rate": "Gilt für Zeilen mit Umsatzsteuer, zum Beispiel 19.",
            "exemption_reason": "Steht auf jeder steuerfreien Rechnung (§ 14 Abs. 4 Nr. 8 UStG).",
            "exemption_code": "Für die elektronische Rechnung. VATEX-EU-132-1I ist die Befreiung "
            "für Bildung und Fortbildung; auch ihn bestätigt Ihre Steuerberatung.",
            "seller_id": "Nur nötig, wenn Ihr Institut keine USt-IdNr. hat: eine Kennung, unter "
            "der die Kommunen Sie führen, zum Beispiel die Lieferantennummer.",
            "introduction": "Steht über den Zeilen jeder Rechnung.",
            "closing": "Steht unter den Zeilen jeder Rechnung.",
        }

    layout = Layout(
        Fieldset("Wo die Rechnungen entstehen", "way"),
        Fieldset("Nummer und Zahlungsziel", "number_prefix", "payment_days", "reminder_days"),
        Fieldset("Umsatzsteuer", "tax_category", "tax_rate", "exemption_reason", "exemption_code"),
        Fieldset("Ihre Kennung", "seller_id"),
        Fieldset("Texte", "introduction", "closing"),
    )

    def clean_exemption_code(self) -> str:
        """A code of the list: any other would hold up every invoice (BR-CL-22)."""
        code = str(self.cleaned_data["exemption_code"]).strip().upper()
        if code and code not in CODES:
            raise forms.ValidationError(NO_CODE)
        return code

    def clean(self) -> dict[str, Any]:
        """An exempt line must say why (BR-E-10)."""
        super().clean()
        data = self.cleaned_data
        exempt = data.get("tax_category") == TaxCategory.EXEMPT
        if exempt and not data.get("exemption_reason") and "exemption_reason" not in self.errors:
            self.add_error(
                "exemption_reason", "Ohne Umsatzsteuer muss auf der Rechnung stehen, warum."
            )
        return data


class BuyerForm(VersionedModelForm):
    """What a Kommune wants on its invoices."""

    class Meta:
        model = Buyer
        fields = ("reference", "plain_pdf")


class OrderNumberForm(VersionedModelForm):
    """The number of a Kommune's purchase order."""

    class Meta:
        model = OrderNumber
        fields = ("number",)
        help_texts: ClassVar = {
            "number": "Die Nummer, unter der Ihr Haus die Teilnahme bestellt hat. Sie steht auf "
            "neuen Rechnungen dieses Durchgangs. Leer lassen, wenn es keine gibt.",
        }


class CycleFeeForm(VersionedModelForm):
    """What a Durchgang costs a Kommune."""

    class Meta:
        model = CycleFee
        fields = ("cost_model", "fee", "shared_costs", "service_from", "service_until")
        widgets: ClassVar = {"cost_model": forms.RadioSelect}
        field_classes: ClassVar = {"fee": MoneyField, "shared_costs": MoneyField}
        help_texts: ClassVar = {
            "shared_costs": "Nur bei gemeinsamen Kosten: die Summe, netto. Sie wird nach der Zahl "
            "der Mentees geteilt, auf den Cent genau.",
            "service_from": "Leer lassen für den Tag des Startworkshops.",
            "service_until": "Leer lassen für das Ende der Tandemphase.",
        }

    layout = Layout(
        Fieldset("Wie die Kosten verteilt werden", "cost_model", "fee", "shared_costs"),
        Fieldset("Leistungszeitraum auf den Rechnungen", "service_from", "service_until"),
    )

    def __init__(self, *args: Any, programme_fee: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "fee"
        ].help_text = f"Netto. Leer lassen für die Gebühr des Programms ({programme_fee})."

    def clean(self) -> dict[str, Any]:
        """Shared costs need a sum, and no sum stands there that nobody shares."""
        super().clean()
        data = self.cleaned_data
        shared = data.get("cost_model") == CostModel.SHARED
        if shared and data.get("shared_costs") is None and "shared_costs" not in self.errors:
            self.add_error("shared_costs", "Wie hoch sind die gemeinsamen Kosten?")
        require_period(self)
        return data
