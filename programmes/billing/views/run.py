"""The billing run of a Durchgang: what each Kommune owes, drafts, and issuing them."""

import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui import exports
from mentoring.ui.list_exports import filename
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, FormPage
from programmes.billing.gaps import Gap
from programmes.billing.models import InvoiceState
from programmes.billing.pages import InCycle
from programmes.billing.run import (
    Row,
    Run,
    draft_keys,
    fingerprint,
    issue_all,
    propose,
)
from programmes.billing.run_forms import ChosenForm, SeenForm
from programmes.billing.shown import plain
from programmes.cycles.views.base import acting_user
from programmes.organisations.permissions import edits_municipality

HEADINGS = (
    "Kommune",
    "Rechnungsempfänger",
    "Leitweg-ID oder Referenz",
    "Bestellnummer",
    "Leistung von",
    "Leistung bis",
    "Mentees jetzt",
    "davon berechnet",
    "abzurechnen",
    "Einzelpreis netto",
    "Betrag netto",
    "Steuersatz (%)",
    "Steuer",
    "Betrag",
    "Text der Zeile",
    "Hinweise",
)


@dataclass(frozen=True)
class Shown:
    """A row with what the page says beside it."""

    row: Row
    gaps: list[tuple[str, str]]
    """Why there is no invoice yet, and the address where the user may mend it, or ""."""
    checked: bool


class OfRun(InCycle, FormPage):
    """A page about the run of the cycle in the address; it acts once per form."""

    rule = "billing.run"
    once = True

    @cached_property
    def run(self) -> Run:
        """What is proposed now."""
        return propose(self.cycle)

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the rows that may be chosen."""
        return {**super().get_form_kwargs(), "rows": self.run.rows}

    def shown(self, row: Row, *, checked: bool) -> Shown:
        """``row`` with the ways to mend what is missing."""
        return Shown(row, [(gap.text, self._mended_at(row, gap)) for gap in row.gaps], checked)

    def _mended_at(self, row: Row, gap: Gap) -> str:
        house = row.municipality
        if gap.where == "buyer":
            return reverse("billing:buyer", args=[house.pk])
        changes = edits_municipality(self.request.user, house)
        return reverse("municipality_change" if changes else "municipality", args=[house.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The proposal."""
        return super().get_context_data(run=self.run, **kwargs)


class RunPage(OfRun):
    """The proposal, Kommune by Kommune; a post makes drafts of those that are ticked."""

    form_class = ChosenForm
    title = "Durchgang abrechnen"
    template_name = "billing/run.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the proposal as a file for ``?export=``."""
        wanted = request.GET.get("export", "")
        if wanted in exports.FORMATS:
            return self.export(wanted)
        return super().get(request, *args, **kwargs)

    def actions(self) -> list[Action]:
        """What belongs to it."""
        found = [Action("Gebühr", self.page("fee"), icon="edit")]
        if self.allowed("billing.settings", self.run.issuer.partner):
            url = reverse("billing:settings", args=[self.run.issuer.partner_id])
            found.append(Action("Rechnungsstellung", url, icon="edit"))
        return found

    def save(self, form: Any) -> Any:
        """By way of the run's door."""
        drafts = draft_keys(self.cycle, form.cleaned_data["kommune"], by=acting_user(self.request))
        number = len(drafts)
        self.success_message = (
            "Ein Entwurf liegt bereit." if number == 1 else f"{number} Entwürfe liegen bereit."
        )
        return drafts

    def get_success_url(self) -> str:
        """To the drafts."""
        return f"{self.page('invoices')}?state={InvoiceState.DRAFT}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All rows; what was ticked stays so."""
        context = super().get_context_data(**kwargs)
        form, none = context["form"], self.request.GET.get("auswahl") == "keine"
        ticked = set(form.data.getlist("kommune")) if form.is_bound else None
        rows = [
            self.shown(
                row,
                checked=row.has_work
                and (
                    (row.proposed and not none)
                    if ticked is None
                    else str(row.municipality.pk) in ticked
                ),
            )
            for row in self.run.rows
        ]
        here = self.request.path
        names = [(name, text, f"{here}?export={name}") for name, text in exports.FORMATS.items()]
        return {
            **context,
            "rows": rows,
            "any_work": any(row.has_work for row in self.run.rows),
            "exports": names if rows else [],
        }

    def export(self, wanted: str) -> HttpResponse:
        """The proposal as a file: for an institute that writes its invoices elsewhere."""
        out = io.BytesIO()
        exports.WRITERS[wanted](self.table(), out)
        name = filename(f"Abrechnung Durchgang {self.cycle.number}", wanted)
        return HttpResponse(
            out.getvalue(),
            content_type=exports.CONTENT_TYPES[wanted],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def table(self) -> exports.Table:
        """One line per Kommune, with all that an invoice to it needs."""
        numeric = (6, 7, 8, 9, 10, 11, 12, 13)
        return exports.Table(
            title=self.get_title(),
            headings=HEADINGS,
            rows=[self._line(row) for row in self.run.rows],
            numeric=[number in numeric for number in range(len(HEADINGS))],
            context=", ".join(crumb.label for crumb in self.breadcrumbs()),
        )

    def _line(self, row: Row) -> list[Any]:
        house, run = row.municipality, self.run
        return [
            str(house),
            house.billing_name or house.name,
            house.leitweg_id or row.buyer.reference,
            row.order_number,
            run.terms.service_from,
            run.terms.service_until,
            row.mentees,
            row.billed,
            row.to_bill,
            row.price,
            row.shown_amount,
            run.tax_rate,
            run.tax(row),
            run.gross(row),
            row.line,
            " ".join([*row.warnings, *(gap.text for gap in row.gaps)]),
        ]


class IssueRun(OfRun):
    """Asks before invoices are issued, with all that each of them will say."""

    form_class = SeenForm
    title = "Rechnungen ausstellen"
    template_name = "billing/run_issue.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the run."""
        return [*super().breadcrumbs(), Crumb(RunPage.title, self.page("run"))]

    @cached_property
    def chosen(self) -> set[int]:
        """The Kommunen that were ticked; on a plain visit those that are proposed."""
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        # Python refuses to read a number of thousands of digits; no key has twenty.
        ticked = {
            int(text) for text in data.getlist("kommune") if text.isdecimal() and len(text) < 20
        }
        if not ticked and self.request.method != "POST":
            return {row.municipality.pk for row in self.run.rows if row.proposed and not row.gaps}
        return ticked

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The first post, from the run, shows; the second one, from here, acts."""
        if "seen" in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form_class()(rows=self.run.rows)
        return self.render_to_response(self.get_context_data(form=form))

    def save(self, form: Any) -> Any:
        """By way of the run's door."""
        cleaned = form.cleaned_data
        self.many = issue_all(
            self.cycle, cleaned["kommune"], seen=cleaned["seen"], by=acting_user(self.request)
        )
        for invoice, why in self.many.refused:
            messages.warning(
                self.request, f"{invoice.municipality}: nicht ausgestellt, bleibt Entwurf. {why}"
            )
        return self.many

    def get_success_message(self) -> str:
        """How many have their number now."""
        number = len(self.many.issued)
        if self.many.job is not None or not number:
            return ""
        which = "Eine Rechnung ist" if number == 1 else f"{number} Rechnungen sind"
        return f"{which} ausgestellt. Die Dateien entstehen in wenigen Sekunden."

    def get_success_url(self) -> str:
        """To the job where it takes longer, otherwise to the invoices."""
        job = self.many.job
        return job.get_absolute_url() if job is not None else self.page("invoices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The invoices as they would be, and what they were recognised by."""
        context = super().get_context_data(**kwargs)
        if context["form"].is_bound:
            # Refused: what is shown for confirmation is what stands there now.
            self.__dict__.pop("run", None)
            context["run"] = self.run
        rows = self.run.of(self.chosen)
        context["rows"] = [self.shown(row, checked=True) for row in rows]
        context["lines"] = [
            {
                "row": row,
                "entries": _entries(row),
                "net": row.shown_amount,
                "tax": self.run.tax(row),
                "gross": self.run.gross(row),
            }
            for row in rows
        ]
        context["total"] = sum(self.run.gross(row) for row in rows)
        context["held_up"] = [shown for shown in context["rows"] if shown.gaps]
        context["seen"] = fingerprint(self.run, rows)
        context["allowed"] = bool(
            rows and self.run.is_here and not self.run.gaps and not context["held_up"]
        )
        return context


def _entries(row: Row) -> list[tuple[str, str, Any]]:
    """Quantity, text and price of each line."""
    if row.draft is not None:
        return [(plain(line.quantity), line.name, line.price) for line in row.draft.lines.all()]
    return [(plain(Decimal(row.quantity)), row.line, row.price)]
