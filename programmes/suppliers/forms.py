"""Forms of Referent/innen, commissions and suppliers' invoices."""

from typing import Any, ClassVar

from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.files.forms import CheckedFileField
from mentoring.files.models import StoredFile
from mentoring.ui.forms import ConfirmForm, KernForm, ReasonForm, VersionedModelForm
from mentoring.ui.money import MoneyField
from programmes.cycles.models import Cycle
from programmes.events.models import Event
from programmes.organisations.fields import NumberField
from programmes.roadmap.forms.fields import DayField
from programmes.suppliers.domain import commissions, doubles, speakers
from programmes.suppliers.domain.invoices import FILE_KINDS, wrong_day_of_payment
from programmes.suppliers.models import (
    Category,
    Commission,
    CommissionState,
    Speaker,
    SupplierInvoice,
)

NO_CHOICE = "keine"
NOT_NEGATIVE = {"min_value": "Der Betrag darf nicht negativ sein."}


class SpeakerForm(VersionedModelForm):
    """A Referent/in."""

    another = forms.BooleanField(
        label="Das ist eine andere Person", required=False, widget=forms.HiddenInput()
    )

    class Meta:
        model = Speaker
        fields = ("name", "email", "phone", "city", "topics", "note")
        widgets: ClassVar = {
            "topics": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "name": "Vor- und Nachname, gern mit Titel.",
            "note": "Wer hier steht, darf verlangen, alles zu lesen, was über sie oder ihn "
            "eingetragen ist.",
        }

    layout = Layout("another", "name", "email", "phone", "city", "topics", "note")

    def clean_name(self) -> str:
        """Without blanks that nobody sees."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        """In small letters, so that the same address is known again."""
        return str(self.cleaned_data["email"]).lower()

    def _post_clean(self) -> None:
        # Django checks no constraint that names the programme, for it is no field of the form.
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if self.errors:
            return
        if same := speakers.same_as(self.instance):
            self.add_error("name", speakers.told(same))
        elif found := speakers.alike(self.instance):
            self.fields["another"].widget = forms.CheckboxInput()
            if not self.cleaned_data["another"]:
                self.add_error("another", speakers.told_alike(found))


class _OfCycleForm(VersionedModelForm):
    """What belongs to a cycle and perhaps to one of its events."""

    def __init__(self, *args: Any, cycle: Cycle, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cycle, self.user = cycle, user
        event: Any = self.fields["event"]
        event.queryset = Event.objects.visible_to(user).filter(cycle=cycle).order_by("starts_at")
        event.empty_label = NO_CHOICE
        event.label_from_instance = event_label
        category: Any = self.fields["category"]
        category.choices = [("", "bitte wählen"), *Category.choices]


class CommissionForm(_OfCycleForm):
    """What somebody is asked to do, and for how much."""

    fee = MoneyField(
        label="Honorar oder Preis, brutto (Euro)", min_value=0, error_messages=NOT_NEGATIVE
    )
    travel_costs = MoneyField(
        label="Reisekosten, höchstens (Euro)",
        max_digits=8,
        min_value=0,
        required=False,
        error_messages=NOT_NEGATIVE,
    )

    class Meta:
        model = Commission
        fields = (
            "category",
            "speaker",
            "supplier",
            "event",
            "topic",
            "fee",
            "travel_costs",
            "note",
        )
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "supplier": "Wenn Sie keine Person, sondern eine Firma oder ein Haus beauftragen.",
            "topic": "Worüber wird gesprochen, was wird geliefert?",
        }

    layout = Layout(
        "category",
        Fieldset("An wen?", "speaker", "supplier"),
        "event",
        "topic",
        Row("fee", "travel_costs"),
        "note",
    )

    def __init__(self, *args: Any, cycle: Cycle, user: User, **kwargs: Any) -> None:
        super().__init__(*args, cycle=cycle, user=user, **kwargs)
        speaker: Any = self.fields["speaker"]
        speaker.queryset = Speaker.objects.visible_to(user).filter(programme=cycle.programme_id)
        speaker.empty_label = "keine Person"

    def clean_travel_costs(self) -> Any:
        """None are nought."""
        return self.cleaned_data["travel_costs"] or 0

    def clean_supplier(self) -> str:
        """Without blanks that nobody sees."""
        return " ".join(self.cleaned_data["supplier"].split())

    def clean(self) -> dict[str, Any]:
        """The one check of the domain, said beside its field."""
        super().clean()
        data = self.cleaned_data
        names = ("category", "speaker", "supplier", "event")
        if not self.errors.keys() & set(names):
            typed = {name: data.get(name) for name in names}
            try:
                commissions.check(Commission(cycle=self.cycle, **typed))
            except forms.ValidationError as error:
                self.add_error(None, error)
        return data


class NewCommissionForm(CommissionForm):
    """As it begins: asked, or agreed already."""

    agreed = forms.BooleanField(label="ist schon zugesagt", required=False)
    layout = Layout(*CommissionForm.layout.fields, "agreed")


class UploadForm(KernForm):
    """The file of an invoice."""

    upload = CheckedFileField(
        label="Rechnung als Datei",
        allowed=FILE_KINDS,
        help_text="PDF oder E-Rechnung (XRechnung, ZUGFeRD). Aus einer E-Rechnung werden die "
        "Angaben übernommen.",
    )


class InvoiceForm(_OfCycleForm):
    """What an invoice says. ``file`` is the one it was read from, if there is one."""

    amount = MoneyField(label="Rechnungsbetrag, brutto (Euro)")
    another = forms.BooleanField(
        label="Das ist eine andere Rechnung", required=False, widget=forms.HiddenInput()
    )

    class Meta:
        model = SupplierInvoice
        fields = (
            "supplier",
            "number",
            "invoiced_on",
            "due_on",
            "amount",
            "iban",
            "commission",
            "category",
            "event",
            "note",
        )
        field_classes: ClassVar = {
            "iban": NumberField,
            "invoiced_on": DayField,
            "due_on": DayField,
        }
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "supplier": "Der Name, wie er auf der Rechnung steht.",
            "commission": "Art und Veranstaltung folgen dem Auftrag.",
            "iban": "Mit oder ohne Leerzeichen.",
        }

    layout = Layout(
        "another",
        "supplier",
        Row("number", "amount"),
        Row("invoiced_on", "due_on"),
        "iban",
        Fieldset("Wofür?", "commission", "category", "event"),
        "note",
    )

    def __init__(
        self, *args: Any, cycle: Cycle, user: User, file: StoredFile | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, cycle=cycle, user=user, **kwargs)
        self.file = file
        chosen: Any = self.fields["commission"]
        chosen.queryset = (
            Commission.objects.visible_to(user)
            .filter(cycle=cycle)
            .select_related("speaker")
            .order_by("sort_key", "pk")
        )
        chosen.empty_label = "ohne Auftrag"
        chosen.label_from_instance = commission_label
        self.fields["category"].required = False

    def clean_number(self) -> str:
        """Without blanks that nobody sees."""
        return " ".join(self.cleaned_data["number"].split())

    def clean_supplier(self) -> str:
        """Likewise."""
        return " ".join(self.cleaned_data["supplier"].split())

    def clean_amount(self) -> Any:
        """More than nothing."""
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(
                "Der Rechnungsbetrag muss größer als null sein. Eine Gutschrift vermerken Sie bei "
                "der Rechnung, die sie mindert."
            )
        return amount

    def clean_invoiced_on(self) -> Any:
        """Not ahead."""
        day = self.cleaned_data["invoiced_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Das Rechnungsdatum liegt in der Zukunft.")
        return day

    def clean(self) -> dict[str, Any]:
        """Kind and event are those of the commission; an invoice falls due after it was made."""
        super().clean()
        data = self.cleaned_data
        commission, event = data.get("commission"), data.get("event")
        if commission is not None:
            if event is not None and event != commission.event:
                self.add_error("event", "Der Auftrag gehört nicht zu dieser Veranstaltung.")
            data["event"], data["category"] = commission.event, commission.category
        elif not data.get("category") and "category" not in self.errors:
            self.add_error("category", "Bitte wählen Sie die Art aus oder einen Auftrag.")
        made, due = data.get("invoiced_on"), data.get("due_on")
        if made and due and due < made:
            self.add_error("due_on", "Die Rechnung kann nicht fällig sein, bevor es sie gab.")
        return data

    def _post_clean(self) -> None:
        # Here the instance has what was typed, by which an earlier entry is known.
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if self.errors:
            return
        sha256 = self.file.sha256 if self.file is not None else ""
        found = doubles.doubles_of(self.instance, sha256=sha256)
        if found.same is not None:
            self.add_error("number", doubles.told(found.same, self.user))
        elif found.alike:
            self.fields["another"].widget = forms.CheckboxInput()
            if not self.cleaned_data["another"]:
                self.add_error("another", doubles.told_alike(found.alike, self.user))


class SeenMixin(forms.Form):
    """Carries the version of the invoice that was shown: nobody decides what they did not see."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput(),
        error_messages={
            "required": "Bitte prüfen Sie die Rechnung noch einmal.",
            "invalid": "Bitte prüfen Sie die Rechnung noch einmal.",
        },
    )
    shown = forms.CharField(widget=forms.HiddenInput(), required=False)
    """What the invoice said, to tell what has changed since; nothing is decided by it."""


class StepForm(SeenMixin, ConfirmForm):
    """A step that needs no more than a yes."""


class StepReasonForm(SeenMixin, ReasonForm):
    """A step that needs a reason."""

    reason = forms.CharField(
        label="Begründung",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Die Begründung steht danach bei der Rechnung.",
    )


class PayForm(SeenMixin, ConfirmForm):
    """When it was paid."""

    paid_on = forms.DateField(label="bezahlt am", initial=timezone.localdate)

    def __init__(self, *args: Any, invoice: SupplierInvoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invoice = invoice

    def clean_paid_on(self) -> Any:
        """Not ahead, and not before there was an invoice."""
        day = self.cleaned_data["paid_on"]
        if wrong := wrong_day_of_payment(self.invoice, day):
            raise forms.ValidationError(wrong)
        return day


class CancelCommissionForm(ReasonForm):
    """Why it will not be."""

    reason = forms.CharField(
        label="Begründung",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Steht danach bei den Bemerkungen des Auftrags.",
    )


def event_label(event: Event) -> str:
    """An event as a choice."""
    return f"{timezone.localdate(event.starts_at):%d.%m.%Y} {event.title}"


def commission_label(commission: Commission) -> str:
    """A commission as a choice."""
    called_off = ", abgesagt" if commission.state == CommissionState.CANCELLED else ""
    return f"{commission.topic} ({commission.supplier_name}{called_off})"
