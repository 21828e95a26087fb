"""The invoices of a Durchgang as a list, and the journal for bookkeeping."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Case, F, Q, QuerySet, Sum, When
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.lists import Badge, Column, ListFilterSet, ListPage, SearchFilter
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action
from programmes.billing.domain.words import snapshot_lines
from programmes.billing.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState, TaxCategory
from programmes.billing.pages import InCycle
from programmes.billing.registries import journal_columns, list_actions, list_columns
from programmes.billing.shown import plain
from programmes.cycles.models import Cycle, Participation
from programmes.einvoices.amounts import tax_groups
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of

KINDS = {
    InvoiceState.DRAFT: "info",
    InvoiceState.ISSUING: "info",
    InvoiceState.ISSUED: "warning",
    InvoiceState.PAID: "success",
    InvoiceState.CANCELLED: "danger",
}
NUMBERED = [(state.value, state.label) for state in InvoiceState if state != InvoiceState.DRAFT]


def state_badge(invoice: Invoice) -> Badge:
    """Its state; a Storno waits for no payment, whatever its column says."""
    state = InvoiceState(invoice.state)
    if invoice.kind == InvoiceKind.CANCELLATION:
        return Badge("info", state.label)
    overdue = state == InvoiceState.ISSUED and invoice.due_on and invoice.due_on < _today()
    return Badge("danger", "überfällig") if overdue else Badge(KINDS[state], state.label)


def _today() -> date:
    return timezone.localdate()


class NumberSearch(SearchFilter):
    """By any part of the number."""

    def filter(self, qs: Any, value: str) -> Any:
        """Rows whose number contains ``value``; numbers have no umlauts."""
        return qs.filter(number__icontains=value.strip()) if value else qs


def _houses(request: Any) -> Any:
    billed = Invoice.objects.visible_to(request.user)
    # An export in the background comes from no address: all the user's Kommunen are taken.
    if request.resolver_match is not None:
        billed = billed.filter(cycle=request.resolver_match.kwargs["cycle_pk"])
    return Municipality.objects.filter(pk__in=billed.order_by().values("municipality"))


def _signed(name: str) -> Any:
    """An amount as bookkeeping adds it up: that of a Storno is taken off."""

    def amount(invoice: Invoice) -> Decimal:
        found: Decimal = getattr(invoice, name)
        return -found if invoice.kind == InvoiceKind.CANCELLATION and found else found

    return amount


class InvoiceFilter(ListFilterSet):
    """By number, state, Kommune and kind."""

    q = NumberSearch(label="Nummer")
    state = django_filters.ChoiceFilter(
        label="Stand", choices=[*InvoiceState.choices, ("overdue", "überfällig")], method="in_state"
    )
    municipality = django_filters.ModelChoiceFilter(label="Kommune", queryset=_houses)
    kind = django_filters.ChoiceFilter(label="Art", choices=InvoiceKind.choices)

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        """Those in a state; "overdue" are issued ones whose day has passed."""
        if value != "overdue":
            return queryset.filter(state=value)
        return queryset.filter(
            kind=InvoiceKind.INVOICE, state=InvoiceState.ISSUED, due_on__lt=_today()
        )


class InvoiceList(InCycle, ListPage):
    """The invoices of this cycle that the user may see."""

    list_name = "billing.invoices"
    rule = "billing.list"
    title = "Rechnungen"
    template_name = "billing/invoices.html"
    filterset_class = InvoiceFilter
    default_sort = "-number"
    empty_title = "Noch keine Rechnungen"

    @property
    def empty_text(self) -> str:  # type: ignore[override]  # depends on the user
        """What comes, in the words of who reads it."""
        if self.runs:
            return (
                "Sobald die Plätze vergeben sind, schlägt die Abrechnung für jede Kommune eine "
                "Rechnung vor."
            )
        return "Sobald eine Rechnung ausgestellt ist, die Sie sehen dürfen, steht sie hier."

    @property
    def runs(self) -> bool:
        """Whether the user bills this cycle."""
        return self.allowed("billing.run", self.cycle)

    def get_queryset(self) -> QuerySet[Invoice]:
        """The visible ones, with what later rooms know of them."""
        found: QuerySet[Invoice] = (
            Invoice.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("municipality", "cancels")
        )
        found = found.annotate(
            effect=Case(When(kind=InvoiceKind.CANCELLATION, then=-F("gross")), default=F("gross"))
        )
        for extra in list_columns:
            found = extra.annotate(found)
        return found

    def get_columns(self) -> list[Column]:
        """The number leads to the invoice."""
        return [
            Column(
                "number",
                "Nummer",
                lambda row: row.number or "Entwurf",
                sort=("year", "sequence", "number"),
                link=lambda row: self.page("invoice", row.pk),
            ),
            Column("kind", "Art", "get_kind_display", sort=("kind", "issued_on")),
            Column(
                "municipality",
                "Kommune",
                "municipality",
                sort=("municipality__sort_key", "issued_on"),
            ),
            Column("issued_on", "Datum", "issued_on", sort="issued_on"),
            Column("due_on", "fällig am", "due_on", sort="due_on"),
            Column("gross", "Betrag (Euro)", _signed("gross"), sort="effect", numeric=True),
            *(column for extra in list_columns for column in extra.columns),
            Column("state", "Stand", state_badge, sort=("state", "due_on")),
        ]

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle; this page is the room's first."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Bill the cycle, what it costs, and the books."""
        found = []
        if self.runs:
            found.append(Action("Durchgang abrechnen", self.page("run"), "primary"))
            found.append(Action("Einzelne Rechnung", self.page("create"), icon="add"))
        if self.allowed("billing.journal", self.cycle):
            found.append(Action("Journal", self.page("journal"), icon="checklist"))
        if self.allowed("billing.fee", self.cycle):
            found.append(Action("Gebühr", self.page("fee"), icon="edit"))
        offers = (offer(self.request.user, self.cycle) for offer in list_actions)
        return [*found, *(action for action in offers if action is not None)]

    def get_empty_action(self) -> Action | None:
        """For who bills."""
        return Action("Durchgang abrechnen", self.page("run")) if self.runs else None

    def sheets(self) -> list[tuple[str, str]]:
        """The files of what is listed."""
        query = self.query(export=None, page=None, sort=None)
        query = query if query.startswith("?") else ""
        return [("PDF und XML (ZIP)", f"{self.page('zip')}{query}")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sums of what is shown, and the user's own Kommunen with their order numbers."""
        context = super().get_context_data(totals=totals(self.filtered()), own=self.own(), **kwargs)
        issuing = [row for row in context["page_obj"] if row.state == InvoiceState.ISSUING]
        # What is in trouble takes hours, which nobody waits for on this page.
        return {
            **context,
            "is_issuing": bool(issuing),
            "is_polled": any(not row.trouble for row in issuing),
        }

    def own(self) -> list[Participation]:
        """The Kommunen of the cycle whose order number the user keeps as HR staff."""
        houses = posts_of(self.request.user).municipalities
        if not houses or not self.cycle.is_open:
            return []
        return [
            part
            for part in Participation.objects.filter(
                cycle=self.cycle, municipality__in=houses
            ).select_related("municipality", "order_number")
            if self.allowed("billing.order_number", part)
        ]


def totals(invoices: QuerySet[Invoice]) -> list[tuple[str, Decimal]]:
    """Label and sum (euros, gross) of what was billed and drafted, and what later rooms add.

    A cancelled invoice and its Storno make nothing together, so neither counts.
    """
    owed = Q(kind=InvoiceKind.INVOICE)
    sums = {
        "berechnet": owed & Q(state__in=InvoiceState.counted()),
        "Entwürfe": owed & Q(state=InvoiceState.DRAFT),
    }
    found = invoices.order_by().aggregate(
        **{f"sum{at}": Sum("gross", filter=which) for at, which in enumerate(sums.values())}
    )
    rows = [(label, found[f"sum{at}"] or Decimal("0.00")) for at, label in enumerate(sums)]
    for extra in list_columns:
        if extra.totals is not None:
            rows += extra.totals(invoices)
    return rows


# --- The journal --------------------------------------------------------------------------
def _books(request: Any) -> Any:
    """The cycles with a numbered invoice the user may see."""
    invoices = Invoice.objects.visible_to(request.user).filter(state__in=InvoiceState.numbered())
    return Cycle.objects.filter(pk__in=invoices.order_by().values("cycle")).select_related(
        "programme"
    )


class JournalFilter(ListFilterSet):
    """By year of the invoice, cycle and number."""

    q = NumberSearch(label="Nummer")
    year = django_filters.NumberFilter(
        label="Jahr",
        field_name="issued_on",
        lookup_expr="year",
        min_value=2000,
        max_value=2100,
        decimal_places=0,
    )
    cycle = django_filters.ModelChoiceFilter(label="Durchgang", queryset=_books)
    state = django_filters.ChoiceFilter(label="Stand", choices=NUMBERED)

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()


VatCase = tuple[str, Decimal]
"""A case of VAT: category and rate."""


def _taxes(invoice: Invoice) -> dict[VatCase, tuple[Decimal, Decimal]]:
    """Net and tax of each case on it: what was frozen, else what its lines tell."""
    if invoice.snapshot is not None:
        return {
            (group["category"], Decimal(group["rate"])): (
                Decimal(group["basis"]),
                Decimal(group["tax"]),
            )
            for group in invoice.snapshot["taxes"]
        }
    groups = tax_groups(snapshot_lines(invoice.lines.all()))
    return {(group.category, group.rate): (group.basis, group.tax) for group in groups}


def _rates(invoice: Invoice) -> str:
    """The tax rates on it."""
    return ", ".join(f"{plain(rate)} %" for rate in sorted({rate for _, rate in _taxes(invoice)}))


def _part(case: VatCase, which: int) -> Any:
    """Net (0) or tax (1) of one case as bookkeeping adds it up; nothing where it has none."""

    def amount(invoice: Invoice) -> Decimal | None:
        found = _taxes(invoice).get(case)
        if found is None:
            return None
        return -found[which] if invoice.kind == InvoiceKind.CANCELLATION else found[which]

    return amount


class Journal(InCycle, ListPage):
    """All numbered invoices and Stornos of the issuer, over all its cycles."""

    list_name = "billing.journal"
    rule = "billing.journal"
    title = "Rechnungsjournal"
    filterset_class = JournalFilter
    default_sort = "number"
    empty_title = "Noch keine Rechnung mit Nummer"
    empty_text = "Sobald eine Rechnung ausgestellt ist, steht sie hier, und bleibt es."
    intro = (
        "Für die Buchhaltung: jede Rechnung und jede Stornorechnung mit ihrer Nummer. Beträge "
        "von Stornorechnungen sind abgezogen."
    )

    def _kept(self) -> QuerySet[Invoice]:
        found: QuerySet[Invoice] = Invoice.objects.visible_to(self.request.user).filter(
            issuer__partner=self.cycle.programme.logistics_partner_id,
            state__in=InvoiceState.numbered(),
        )
        return found

    def get_queryset(self) -> QuerySet[Invoice]:
        """Those of the programme's Logistikpartner which the user may see, of all cycles."""
        found = (
            self._kept()
            .select_related("municipality", "cancels", "cancelled_by", "cycle__programme")
            .prefetch_related("lines")
        )
        for extra in journal_columns:
            found = extra.annotate(found)
        return found

    @cached_property
    def cases(self) -> list[VatCase]:
        """The cases of VAT in the whole journal, whatever is filtered; none if there is but one.

        A Storno has no lines of its own, but the cases of the invoice it takes back.
        """
        lines = InvoiceLine.objects.filter(invoice__in=self._kept().order_by())
        found = lines.order_by("tax_rate").values_list("tax_category", "tax_rate").distinct()
        cases = list(found)
        return cases if len(cases) > 1 else []

    def _by_case(self) -> list[Column]:
        """Where one invoice may have several cases, each is booked with net and tax of its own."""
        columns = []
        for category, rate in self.cases:
            exempt = category == TaxCategory.EXEMPT
            name = "steuerfrei" if exempt else f"{plain(rate)} %"
            case = (category, rate)
            key = f"{category}_{rate}"
            columns.append(
                Column(f"net_{key}", f"davon netto {name}", _part(case, 0), numeric=True)
            )
            if not exempt:
                columns.append(
                    Column(f"tax_{key}", f"davon Steuer {name}", _part(case, 1), numeric=True)
                )
        return columns

    def get_columns(self) -> list[Column]:
        """The number leads to the invoice."""
        return [
            Column(
                "number",
                "Nummer",
                "number",
                sort=("issued_on", "year", "sequence", "number"),
                link=lambda row: reverse("billing:invoice", args=[row.cycle_id, row.pk]),
            ),
            Column("issued_on", "Datum", "issued_on", sort=("issued_on", "year", "sequence")),
            Column("kind", "Art", "get_kind_display", sort=("kind", "issued_on")),
            Column("municipality", "Kommune", "municipality", sort="municipality__sort_key"),
            Column("cycle", "Durchgang", "cycle", sort=("cycle__start_year", "cycle")),
            Column("net", "Netto", _signed("net"), numeric=True),
            Column("rate", "Steuersatz", _rates),
            Column("tax", "Steuer", _signed("tax"), numeric=True),
            Column("gross", "Betrag", _signed("gross"), numeric=True),
            *self._by_case(),
            Column("due_on", "fällig am", "due_on", sort="due_on"),
            Column("state", "Stand", state_badge, sort="state"),
            *(column for extra in journal_columns for column in extra.columns),
            Column(
                "cancels",
                "Storno zu",
                lambda row: row.cancels.number if row.cancels_id else "",
            ),
            Column(
                "cancelled_by",
                "storniert durch",
                lambda row: getattr(getattr(row, "cancelled_by", None), "number", ""),
            ),
        ]
