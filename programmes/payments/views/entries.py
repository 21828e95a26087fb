"""One credit of a bank statement: decided about by a person."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from mentoring.ui.tags import money
from mentoring.ui.views import FormPage, ObjectMixin
from programmes.billing.models import Invoice, InvoiceKind, InvoiceState
from programmes.cycles.views.base import acting_user
from programmes.payments import domain
from programmes.payments.forms import IGNORE, MATCH, EntryForm
from programmes.payments.models import BankEntry, EntryState
from programmes.payments.views.statements import entry_url, state_badge, statements_crumb


class EntryPage(ObjectMixin, FormPage):
    """Decide about one credit."""

    rule = "payments.statements"
    model = BankEntry
    form_class = EntryForm
    template_name = "payments/entry.html"
    submit_label = "Speichern"

    def get_queryset(self) -> Any:
        """With its statement."""
        return super().get_queryset().select_related("statement", "issuer")

    @property
    def entry(self) -> BankEntry:
        """The credit of this page."""
        found: BankEntry = self.get_object()
        return found

    def get_title(self) -> str:
        """How much, and when."""
        return f"Gutschrift vom {self.entry.booked_on:%d.%m.%Y} über {money(self.entry.amount)}"

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the statement."""
        statement = self.entry.statement
        return [statements_crumb(), Crumb(str(statement), statement.get_absolute_url())]

    @cached_property
    def suggestion(self) -> domain.Suggestion:
        """What it seems to be for."""
        return domain.suggestions(self.entry)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The invoices of the issuer it may be for; two rows more than are proposed.

        Those that are open, and of the paid ones those its text names or that are of the year
        before it: who pays twice does so soon. With all of them the choice would grow for ever.
        """
        issued = Invoice.objects.visible_to(self.request.user).filter(
            issuer=self.entry.issuer_id,
            state__in=(InvoiceState.ISSUED, InvoiceState.PAID),
            kind=InvoiceKind.INVOICE,
        )
        named = [invoice.pk for invoice in self.suggestion.paid]
        recent = Q(
            state=InvoiceState.PAID, issued_on__gte=self.entry.booked_on - timedelta(days=365)
        )
        payable: Any = domain.with_paid(issued)
        payable = payable.filter(Q(open__gt=0) | recent | Q(pk__in=named))
        payable = payable.select_related("municipality")
        payable = payable.order_by("municipality__sort_key", "due_on", "pk")
        return {
            **super().get_form_kwargs(),
            "payable": payable,
            "rows": max(3, len(self.suggestion.shares) + 2),
        }

    def get_initial(self) -> dict[str, Any]:
        """The proposal; what is decided stays a person's decision."""
        found: dict[str, Any] = {"decision": MATCH} if self.suggestion.shares else {}
        if len(self.suggestion.paid) == 1 and not self.suggestion.shares:
            # Where it would go, with the decision left to make: it may be noted there by hand.
            found |= {"invoice_1": self.suggestion.paid[0].pk, "amount_1": self.entry.amount}
        for number, share in enumerate(self.suggestion.shares, start=1):
            found[f"invoice_{number}"] = share.invoice.pk
            found[f"amount_{number}"] = share.amount
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What somebody else has decided meanwhile is shown instead of the form."""
        if self.entry.state == EntryState.MATCHED:
            messages.info(request, "Über diese Gutschrift ist inzwischen schon entschieden.")
            return HttpResponseRedirect(entry_url(self.entry))
        return super().post(request, *args, **kwargs)

    def save(self, form: EntryForm) -> Any:
        """By way of the domain."""
        by = acting_user(self.request)
        self.matched = form.cleaned_data["decision"] != IGNORE
        if not self.matched:
            domain.ignore(self.entry, by=by)
            return None
        return domain.confirm(self.entry, form.amounts, by=by)

    def get_success_message(self) -> str:
        """What was done, and what of the credit is left."""
        if not self.matched:
            return "Die Gutschrift ist aussortiert."
        left = self.entry.amount - sum(payment.amount for payment in self.saved)
        if left > 0:
            return f"Zugeordnet. {money(left)} dieser Gutschrift gehören zu keiner Rechnung."
        too_much = [
            f"Für {payment.invoice.number} sind jetzt {money(-open_now)} zu viel gezahlt."
            for payment in self.saved
            if (open_now := domain.open_amount(payment.invoice)) < 0
        ]
        return " ".join(["Die Gutschrift ist zugeordnet.", *too_much])

    def get_success_url(self) -> str:
        """Back to the statement."""
        return self.entry.statement.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the bank says, and why this is proposed."""
        entry = self.entry
        decided = entry.state == EntryState.MATCHED
        return super().get_context_data(
            details=[
                ("gebucht am", entry.booked_on),
                ("Betrag", money(entry.amount)),
                ("von", entry.payer),
                ("Verwendungszweck", entry.text),
                ("Stand", state_badge(entry)),
            ],
            suggestion=None if entry.state != EntryState.OPEN else self.suggestion,
            payments=list(entry.payments.select_related("invoice__municipality"))
            if decided
            else [],
            decided=decided,
            **kwargs,
        )
