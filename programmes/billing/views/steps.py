"""What happens to an invoice: issued, cancelled, recorded from elsewhere, written anew."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect

from mentoring.ui.tags import money
from mentoring.ui.views import FormPage, ObjectActionPage
from programmes.billing import domain
from programmes.billing.domain.elsewhere import HAS_PDF, add_pdf
from programmes.billing.domain.issuing import ELSEWHERE
from programmes.billing.domain.storno import NOT_CANCELLED
from programmes.billing.forms import (
    CancelElsewhereForm,
    CancelForm,
    ElsewhereForm,
    IssueForm,
    PdfForm,
)
from programmes.billing.models import Invoice, InvoiceState, Way
from programmes.billing.pages import OnInvoice
from programmes.billing.registries import before_cancel
from programmes.billing.shown import form_of
from programmes.cycles.views.base import acting_user


class WhilePossible(OnInvoice):
    """A page about a step of an invoice; where it is possible no longer, nobody is asked.

    Who comes too late, or from a second tab, is led to the invoice.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As every page, unless the step cannot be taken."""
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a page follows
        if response.status_code == 200:
            # Read anew: somebody may have been faster while this page acted.
            self.__dict__.pop("_object", None)
            if why := self.why_not():
                messages.info(request, why)
                return HttpResponseRedirect(self.page_of_invoice)
        return response

    def why_not(self) -> str:
        """What the invoice is by now, so that the step is not possible; "" while it is."""
        raise NotImplementedError


class InvoiceIssue(WhilePossible, ObjectActionPage):
    """Issue a draft as it was shown; if it changed, it is shown anew."""

    form_class = IssueForm
    rule = "billing.issue"
    title = "Rechnung ausstellen"
    button_label = "Jetzt ausstellen"
    once = True
    template_name = "billing/issue.html"

    def why_not(self) -> str:
        """It has its number, or gets it in another system."""
        invoice = self.invoice
        if invoice.state == InvoiceState.DRAFT:
            return ELSEWHERE if invoice.issuer.way == Way.ELSEWHERE else ""
        return f"Dieser Entwurf ist schon ausgestellt: {invoice}."

    def get_initial(self) -> dict[str, Any]:
        """What is shown."""
        return {"seen": domain.seen_of(self.invoice)}

    def form_invalid(self, form: Any) -> Any:
        """Shown anew, so from now on this is what was seen."""
        form.data = form.data.copy()
        form.data["seen"] = domain.seen_of(self.invoice)
        return super().form_invalid(form)

    def get_question(self) -> str:
        """To whom, over how much."""
        said = domain.shown(self.invoice)
        return f"Rechnung an {said.buyer.name} über {money(said.gross)} ausstellen?"

    def consequences(self) -> list[str]:
        """What will be made, and that it is for good."""
        return [
            "Die Rechnung bekommt die nächste freie Nummer und das Datum von heute.",
            form_of(self.invoice)[1],
            "Danach lässt sie sich nicht mehr ändern, nur noch stornieren.",
        ]

    def perform(self) -> Invoice:
        """By way of the domain."""
        issued = domain.issue(
            self.invoice, seen=self.form.cleaned_data["seen"], by=acting_user(self.request)
        )
        self.success_message = (
            f"Die Rechnung {issued.number} ist ausgestellt. Ihre Dateien werden gerade erzeugt."
        )
        return issued

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is missing, before the button is pressed."""
        is_draft = self.invoice.state == InvoiceState.DRAFT
        return super().get_context_data(
            problems=domain.problems(self.invoice) if is_draft else [], **kwargs
        )


class InvoiceCancel(WhilePossible, ObjectActionPage):
    """Take an issued invoice back."""

    rule = "billing.issue"
    title = "Rechnung stornieren"
    button_label = "Stornieren"
    danger = True
    once = True

    def why_not(self) -> str:
        """What the domain would refuse."""
        return domain.why_no_storno(self.invoice)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the Storno is written in another system, too."""
        return bool(self.invoice.way == Way.ELSEWHERE)

    def get_form_class(self) -> Any:
        """With number and date where the Storno comes from elsewhere."""
        return CancelElsewhereForm if self.is_elsewhere else CancelForm

    def get_question(self) -> str:
        """Which one."""
        invoice = self.invoice
        return f"Soll die {invoice} an {invoice.municipality} storniert werden?"

    def consequences(self) -> list[str]:
        """The Storno's own document, and what later rooms say."""
        made = (
            "Tragen Sie ein, unter welcher Nummer die Stornorechnung im eigenen System steht."
            if self.is_elsewhere
            else "Es entsteht eine Stornorechnung mit eigener Nummer über "
            f"{money(self.invoice.gross)}. Verschickt wird sie dadurch noch nicht: das tun Sie "
            "unter „Rechnungsversand“."
        )
        return [
            made,
            "Die Rechnung selbst bleibt, wie sie ist, und gilt als storniert.",
            *(line for lines in before_cancel for line in lines(self.invoice)),
            "Danach können Sie aus ihr eine neue Rechnung machen.",
        ]

    def perform(self) -> Invoice:
        """By way of the domain."""
        values = {k: v for k, v in self.form.cleaned_data.items() if k != "reason"}
        storno = domain.cancel(
            self.invoice, reason=self.reason, by=acting_user(self.request), **values
        )
        self.success_message = f"Die Rechnung ist storniert: {storno}."
        return storno

    def get_success_url(self) -> str:
        """To the Storno."""
        return self.page("invoice", self.saved.pk)


class InvoiceAgain(WhilePossible, ObjectActionPage):
    """A new draft from a cancelled invoice."""

    rule = "billing.issue"
    title = "Neue Rechnung daraus"
    button_label = "Entwurf anlegen"
    once = True
    success_message = "Der neue Entwurf ist angelegt. Ändern Sie, was falsch war."

    def why_not(self) -> str:
        """Only what is cancelled is written anew."""
        return "" if self.invoice.state == InvoiceState.CANCELLED else NOT_CANCELLED

    def get_question(self) -> str:
        """From which one."""
        return f"Aus der stornierten {self.invoice} eine neue machen?"

    def consequences(self) -> list[str]:
        """That nothing is issued yet."""
        return ["Es entsteht ein Entwurf mit denselben Zeilen, den Sie noch ändern können."]

    def perform(self) -> Invoice:
        """By way of the domain."""
        return domain.draft_again(self.invoice, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the draft."""
        return self.page("invoice", self.saved.pk)


class InvoiceElsewhere(WhilePossible, FormPage):
    """Record an invoice of another system, or add its PDF afterwards."""

    rule = "billing.issue"
    title = "Rechnung aus dem eigenen System eintragen"
    submit_label = "Eintragen"
    once = True
    success_message = "Die Rechnung ist eingetragen."

    def why_not(self) -> str:
        """All there is to tell is told."""
        invoice = self.invoice
        if self.is_draft or (invoice.way == Way.ELSEWHERE and invoice.pdf_id is None):
            return ""
        return HAS_PDF

    @property
    def is_draft(self) -> bool:
        """Whether number and date are still to be told."""
        return bool(self.invoice.state == InvoiceState.DRAFT)

    def get_form_class(self) -> Any:
        """Number, date and PDF; only the PDF for what was recorded without."""
        return ElsewhereForm if self.is_draft else PdfForm

    def save(self, form: Any) -> Invoice:
        """By way of the domain."""
        by, values = acting_user(self.request), form.cleaned_data
        if not self.is_draft:
            return add_pdf(self.invoice, pdf=values["pdf"], by=by)
        return domain.record_elsewhere(self.invoice, by=by, **values)
