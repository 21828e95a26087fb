"""The page of one invoice."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from mentoring.files.checks import german_size
from mentoring.files.models import StoredFile
from mentoring.ui.tags import money
from mentoring.ui.views import SIGNED_IN, Action, DetailPage
from programmes.billing import domain
from programmes.billing.lists import state_badge
from programmes.billing.models import Invoice, InvoiceKind, InvoiceState, Way
from programmes.billing.pages import OnInvoice
from programmes.billing.registries import invoice_actions, invoice_sections
from programmes.billing.shown import form_of, plain, to_mend
from programmes.einvoices.snapshot import EXEMPT, Line, Snapshot, TaxGroup
from programmes.organisations.sections import sections_for


class InvoicePage(OnInvoice, DetailPage):
    """What an invoice says, its files, and what comes next.

    Who may see the invoice may open its page, also when the Durchgang has ended.
    """

    rule = SIGNED_IN
    template_name = "billing/invoice.html"

    def breadcrumbs(self) -> Any:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def get_title(self) -> str:
        """With the Kommune, for a draft has no other name."""
        invoice = self.invoice
        return f"{invoice}, {invoice.municipality}"

    def details(self) -> list[tuple[str, Any]]:
        """Who, when, in which state."""
        invoice, said = self.invoice, self.said
        buyer = said.buyer
        address = (buyer.name, buyer.street, f"{buyer.postal_code} {buyer.city}".strip())
        rows: list[tuple[str, Any]] = [
            ("Stand", state_badge(invoice)),
            ("Rechnungssteller", said.seller.name),
            ("Rechnungsempfänger", ", ".join(part for part in address if part)),
            ("Rechnungsdatum", None if self.is_draft else said.issued_on),
            ("Fällig am", invoice.due_on if self.is_draft else said.due_on),
            ("Leistung", f"{said.service_from:%d.%m.%Y} bis {said.service_until:%d.%m.%Y}"),
            ("Leitweg-ID oder Referenz", said.buyer_reference),
            ("Bestellnummer", said.order_number),
            ("Text", said.introduction),
            ("Form", form_of(invoice)[1]),
        ]
        if self.is_draft and invoice.due_on is None:
            rows[4] = ("Fällig", f"{invoice.issuer.payment_days} Tage nach der Ausstellung")
        if invoice.kind == InvoiceKind.CANCELLATION:
            rows[4] = ("Storniert", _link(invoice.cancels))
            rows.insert(5, ("Grund des Stornos", invoice.reason))
        elif invoice.state == InvoiceState.CANCELLED:
            rows.insert(1, ("Storniert durch", _link(invoice.cancelled_by)))
        if invoice.issued_by is not None and self.allowed("billing.issue", invoice):
            rows.append(("Ausgestellt von", str(invoice.issued_by)))
        return rows

    @property
    def said(self) -> Snapshot:
        """What the invoice says, put together once."""
        if not hasattr(self, "_said"):
            self._said = domain.shown(self.invoice)
        return self._said

    @property
    def is_draft(self) -> bool:
        """Whether it has no number yet."""
        return bool(self.invoice.state == InvoiceState.DRAFT)

    def actions(self) -> list[Action]:
        """What the issuer's staff may do now, then what later rooms add."""
        found = self._steps() if self.allowed("billing.issue", self.invoice) else []
        if self.is_draft:
            preview = self.page("preview", self.invoice.pk)
            found.append(Action("Vorschau (PDF)", preview, icon="visibility"))
        user = self.request.user
        added = (action(user, self.invoice) for action in invoice_actions)
        return [*found, *(action for action in added if action is not None)]

    def _steps(self) -> list[Action]:
        invoice, pk = self.invoice, self.invoice.pk
        if self.is_draft:
            elsewhere = invoice.issuer.way == Way.ELSEWHERE
            step = (
                Action("Nummer eintragen", self.page("elsewhere", pk), "primary")
                if elsewhere
                else Action("Ausstellen", self.page("issue", pk), "primary")
            )
            return [
                step,
                Action("Zeilen bearbeiten", self.page("lines", pk), icon="edit"),
                Action("Bearbeiten", self.page("change", pk), icon="edit"),
                Action("Löschen", self.page("delete", pk), "tertiary", "delete"),
            ]
        if invoice.kind == InvoiceKind.CANCELLATION:
            return self._pdf_missing()
        if invoice.state == InvoiceState.CANCELLED:
            return [Action("Neue Rechnung daraus", self.page("again", pk), "primary", "add")]
        if invoice.state == InvoiceState.ISSUING:
            return []
        return [*self._pdf_missing(), Action("Stornieren", self.page("cancel", pk), "tertiary")]

    def _pdf_missing(self) -> list[Action]:
        if self.invoice.way == Way.ELSEWHERE and self.invoice.pdf_id is None:
            return [Action("PDF ablegen", self.page("elsewhere", self.invoice.pk), icon="add")]
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lines and sums, what is missing, files, and the parts of later rooms."""
        invoice, said = self.invoice, self.said
        may = self.allowed("billing.issue", invoice)
        missing = domain.problems(invoice) if self.is_draft and may else []
        return super().get_context_data(
            said=said,
            is_draft=self.is_draft,
            is_issuing=invoice.state == InvoiceState.ISSUING,
            may_issue=may,
            problems=to_mend(invoice, missing, self.request.user),
            lines=[_line(line) for line in said.lines],
            taxes=[(_tax_label(group), money(group.tax)) for group in said.taxes],
            reasons=sorted({group.reason for group in said.taxes if group.reason}),
            files=_files(invoice),
            sections=sections_for(invoice_sections, self.request, invoice),
            **kwargs,
        )


def _link(invoice: Invoice | None) -> SafeString | None:
    if invoice is None:
        return None
    return format_html('<a class="kern-link" href="{}">{}</a>', invoice.get_absolute_url(), invoice)


def _tax_label(group: TaxGroup) -> str:
    if group.category == EXEMPT:
        return "Umsatzsteuer (befreit)"
    return f"Umsatzsteuer {plain(group.rate)} %"


def _line(line: Line) -> dict[str, Any]:
    rate = "frei" if line.category == EXEMPT else f"{plain(line.rate)} %"
    return {
        "name": line.name,
        "quantity": plain(line.quantity),
        "price": line.price,
        "rate": rate,
        "amount": line.amount,
    }


def _files(invoice: Invoice) -> list[dict[str, Any]]:
    pairs = ((invoice.pdf, invoice.pdf_sha256), (invoice.xml, invoice.xml_sha256))
    return [_file(stored, sha256) for stored, sha256 in pairs if stored is not None]


def _file(stored: StoredFile, sha256: str) -> dict[str, Any]:
    kind = "XRechnung (XML)" if stored.content_type == "application/xml" else "PDF"
    return {"stored": stored, "kind": kind, "size": german_size(stored.size), "sha256": sha256}
