"""The forms of drafts, of invoices from elsewhere, and of what ends one."""

from typing import Any, ClassVar

from django import forms

from mentoring.files.forms import CheckedFileField
from mentoring.ui.forms import KernForm, KernModelForm, ReasonForm, VersionedModelForm
from programmes.billing.models import Invoice
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality

REASON_HELP = "Der Grund steht auf der Stornorechnung, die die Kommune bekommt."


def require_period(form: KernModelForm) -> None:
    """Say at its end that a time of service ends before it begins.

    The database knows it too, but says it of the whole record.
    """
    begins, ends = (form.cleaned_data.get(f"service_{name}") for name in ("from", "until"))
    if begins and ends and ends < begins:
        form.add_error("service_until", "Das Ende der Leistung liegt vor ihrem Beginn.")


class DraftMeta:
    """Fields of a draft as every form shows them."""

    model = Invoice
    fields: tuple[str, ...] = ("service_from", "service_until", "due_on", "order_number", "note")
    widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 3})}
    help_texts: ClassVar = {
        "due_on": "Leer lassen: dann gilt das Zahlungsziel ab dem Tag der Ausstellung.",
        "order_number": "Wenn die Kommune eine Bestellung geschrieben hat: deren Nummer.",
    }


class NewDraftForm(KernModelForm):
    """For which Kommune, and for which time."""

    municipality = forms.ModelChoiceField(
        Municipality.objects.none(), label="Kommune", empty_label="bitte wählen"
    )

    class Meta(DraftMeta):
        fields = ("municipality", *DraftMeta.fields)

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Municipality.objects.filter(
            pk__in=cycle.participations.values("municipality")
        )

    def clean(self) -> dict[str, Any]:
        """The service does not end before it begins."""
        super().clean()
        require_period(self)
        return self.cleaned_data


class DraftForm(VersionedModelForm):
    """Dates, order number and note of a draft."""

    Meta = DraftMeta

    def clean(self) -> dict[str, Any]:
        """The service does not end before it begins."""
        super().clean()
        require_period(self)
        return self.cleaned_data


class IssueForm(KernForm):
    """Carries what was shown of the invoice, so that nothing else is issued."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class CancelForm(ReasonForm):
    """Why an invoice is taken back."""

    reason = forms.CharField(
        label="Grund des Stornos",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=REASON_HELP,
    )


class ElsewhereForm(KernForm):
    """Number, day and PDF of an invoice from another system."""

    number = forms.CharField(label="Rechnungsnummer", max_length=40)
    issued_on = forms.DateField(label="Rechnungsdatum")
    pdf = CheckedFileField(label="Rechnung als PDF", required=False, allowed=("pdf",))


class CancelElsewhereForm(CancelForm, ElsewhereForm):
    """The same of a Storno, with its reason."""

    number = forms.CharField(label="Nummer der Stornorechnung", max_length=40)
    issued_on = forms.DateField(label="Datum der Stornorechnung")
    pdf = CheckedFileField(label="Stornorechnung als PDF", required=False, allowed=("pdf",))


class PdfForm(KernForm):
    """The PDF of an invoice that was recorded without one."""

    pdf = CheckedFileField(label="Rechnung als PDF", allowed=("pdf",))
