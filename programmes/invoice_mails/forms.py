"""The forms of mailings."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from mentoring.ui.forms import VersionedModelForm
from mentoring.ui.tags import money
from programmes.billing.models import Invoice
from programmes.cycles.models import Cycle
from programmes.invoice_mails.domain import candidates, last_sent
from programmes.invoice_mails.models import InvoiceMailing, MailingKind
from programmes.invoice_mails.texts import described
from programmes.rundmails.forms.acts import SeenForm


class MailingForm(VersionedModelForm):
    """Which invoices, and what the mail says. No invoice is chosen but by a person."""

    invoices = forms.MultipleChoiceField(
        label="Rechnungen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ohne Auswahl geht die Mail an niemanden.",
    )

    class Meta:
        model = InvoiceMailing
        fields = ("subject", "body", "reply_to")
        widgets: ClassVar = {"body": forms.Textarea(attrs={"class": "rundmail-body"})}
        help_texts: ClassVar = {
            "subject": "Wird für jede Rechnung mit ihren Angaben gefüllt.",
            "reply_to": "An diese Adresse gehen die Antworten der Kommunen.",
        }

    field_order = ("invoices", "subject", "body", "reply_to")

    def __init__(self, *args: Any, cycle: Cycle, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A draft saves without being complete; what is missing is said before the release.
        for name in ("subject", "body"):
            self.fields[name].required = False
        instance = self.instance
        chosen = [] if instance._state.adding else list(_chosen(instance))
        offered = list(candidates(cycle, kind))
        keys = {invoice.pk for invoice in offered}
        rows = [*offered, *(one for one in chosen if one.pk not in keys)]
        earlier = last_sent([one.pk for one in rows], kind)
        field: Any = self.fields["invoices"]
        field.choices = [(str(one.pk), _label(one, kind, earlier.get(one.pk))) for one in rows]
        self.initial.setdefault("invoices", [str(one.pk) for one in chosen])

    @property
    def keys(self) -> list[int]:
        """The chosen invoices (primary keys)."""
        return [int(key) for key in self.cleaned_data.get("invoices", [])]

    @property
    def offers_any(self) -> bool:
        """Whether there is an invoice to be chosen."""
        field: Any = self.fields["invoices"]
        return bool(field.choices)


def _chosen(mailing: InvoiceMailing) -> Any:
    invoices = Invoice.objects.filter(pk__in=mailing.letters.values("invoice"))
    return invoices.select_related("municipality").order_by("municipality__sort_key", "pk")


def _label(invoice: Invoice, kind: str, earlier: Any) -> str:
    parts = [described(invoice)]
    if not invoice.municipality.billing_email:
        parts.append("ohne E-Mail für Rechnungen")
    if kind == MailingKind.REMINDER and invoice.due_on is not None:
        left = getattr(invoice, "open", None)
        if left is not None and left != invoice.gross:
            parts.append(f"noch {money(left)} offen")
        days = (timezone.localdate() - invoice.due_on).days
        parts.append(f"seit {days} {'Tag' if days == 1 else 'Tagen'} fällig")
        if earlier is not None:
            parts.append(f"zuletzt erinnert am {timezone.localtime(earlier):%d.%m.%Y}")
    return ", ".join(parts)


class ReleaseForm(SeenForm):
    """Carries what was shown; asks before somebody is reminded twice in a short time."""

    remind_again = forms.BooleanField(
        label="Ich weiß, dass vor Kurzem erinnert wurde, und möchte trotzdem erinnern.",
        required=False,
    )

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["remind_again"]
