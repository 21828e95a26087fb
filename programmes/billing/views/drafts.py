"""Pages of drafts: made, changed, given lines, looked at, deleted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from mentoring.ui.views import SIGNED_IN, CreatePage, ObjectActionPage, PageView, UpdatePage
from programmes.billing import domain
from programmes.billing.forms import DraftForm, NewDraftForm
from programmes.billing.line_forms import LinesForm
from programmes.billing.models import Invoice, InvoiceState, OrderNumber
from programmes.billing.pages import InCycle, OnInvoice
from programmes.billing.settings import terms_of
from programmes.cycles.views.base import acting_user

NO_DRAFT = "Diese Rechnung ist ausgestellt und ändert sich nicht mehr."


class OnDraft(OnInvoice):
    """A page about a draft; an invoice that has been issued meanwhile is shown instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """As every page; who comes too late is led to the invoice."""
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a page follows
        if response.status_code == 200 and self.invoice.state != InvoiceState.DRAFT:
            messages.info(request, NO_DRAFT)
            return HttpResponseRedirect(self.page_of_invoice)
        return response


class DraftCreate(InCycle, CreatePage):
    """A draft beside the billing run: for a joint excursion, say."""

    model = Invoice
    form_class = NewDraftForm
    rule = "billing.issue"
    title = "Rechnung entwerfen"
    submit_label = "Entwurf anlegen"
    success_message = "Der Entwurf ist angelegt. Was soll berechnet werden?"

    def get_initial(self) -> dict[str, Any]:
        """The service period of the cycle."""
        terms = terms_of(self.cycle)
        return {"service_from": terms.service_from, "service_until": terms.service_until}

    def get_form_kwargs(self) -> dict[str, Any]:
        """The Kommunen of this cycle."""
        return {**super().get_form_kwargs(), "cycle": self.cycle}

    def save(self, form: Any) -> Invoice:
        """By way of the domain; without an order number the Kommune's own."""
        values = dict(form.cleaned_data)
        house = values.pop("municipality")
        if not values["order_number"]:
            known = OrderNumber.objects.filter(
                participation__cycle=self.cycle, participation__municipality=house
            ).first()
            values["order_number"] = known.number if known else ""
        return domain.create_draft(self.cycle, house, [], by=acting_user(self.request), **values)

    def get_success_url(self) -> str:
        """On to its lines."""
        return self.page("lines", self.saved.pk)


class DraftChange(OnDraft, UpdatePage):
    """Dates, order number and note."""

    form_class = DraftForm
    rule = "billing.issue"
    title = "Entwurf bearbeiten"

    def save(self, form: Any) -> Invoice:
        """By way of the domain."""
        return domain.save_draft(form.instance, by=acting_user(self.request))


class DraftLines(OnDraft, UpdatePage):
    """What is billed, line by line."""

    form_class = LinesForm
    rule = "billing.issue"
    title = "Zeilen der Rechnung"

    def save(self, form: Any) -> Invoice:
        """By way of the domain."""
        return domain.set_lines(form.instance, form.lines, by=acting_user(self.request))


class DraftDelete(OnDraft, ObjectActionPage):
    """Delete a draft."""

    rule = "billing.issue"
    title = "Entwurf löschen"
    button_label = "Entwurf löschen"
    danger = True
    success_message = "Der Entwurf ist gelöscht."

    def get_question(self) -> str:
        """For which Kommune."""
        return f"Soll der Rechnungsentwurf für {self.invoice.municipality} gelöscht werden?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        count = self.invoice.lines.count()
        return [
            "Der Entwurf hat noch keine Nummer; es entsteht keine Lücke.",
            *([f"{count} Zeilen gehen verloren."] if count > 1 else []),
            "Das lässt sich nicht rückgängig machen.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_draft(self.invoice, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the list."""
        return self.page("invoices")


class DraftPreview(OnInvoice, PageView):
    """The draft as a PDF: without a number, marked as a draft, and stored nowhere."""

    rule = SIGNED_IN
    title = "Vorschau"
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF, or the way to the invoice once it is issued."""
        if self.invoice.state != InvoiceState.DRAFT:
            return HttpResponseRedirect(self.page_of_invoice)
        # WeasyPrint takes a second to import, which a process that prints nothing can do without.
        from programmes.einvoices.document import pdf_of

        pdf = pdf_of(domain.preview(self.invoice), None)
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = 'inline; filename="Entwurf.pdf"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
