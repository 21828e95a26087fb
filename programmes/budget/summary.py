"""What a Durchgang is planned to cost, what it costs, and what comes in. All in euros."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from mentoring.ui.tags import money
from programmes.billing.models import Invoice, InvoiceKind, InvoiceLine, InvoiceState
from programmes.billing.settings import terms_of
from programmes.budget.models import BudgetLine
from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.einvoices.amounts import rounded
from programmes.events.models import Event
from programmes.payments.models import Payment
from programmes.suppliers.models import (
    Category,
    Commission,
    CommissionState,
    SupplierInvoice,
    SupplierInvoiceState,
)

NOTHING = Decimal("0.00")
NO_EVENT = "ohne Veranstaltung"


@dataclass(frozen=True)
class Figures:
    """The five amounts of a line of the budget.

    ``expected`` is what it comes to as far as is known: of each commission the dearer of
    what was agreed and what was billed for it, and whatever was billed without one.
    ``has_plan`` tells a plan of nought from none.
    """

    planned: Decimal = NOTHING
    committed: Decimal = NOTHING
    billed: Decimal = NOTHING
    paid: Decimal = NOTHING
    expected: Decimal = NOTHING
    has_plan: bool = False

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.planned + other.planned,
            self.committed + other.committed,
            self.billed + other.billed,
            self.paid + other.paid,
            self.expected + other.expected,
            self.has_plan or other.has_plan,
        )

    @property
    def free(self) -> Decimal:
        """What is left of the plan; below nought it is overdrawn."""
        return self.planned - self.expected

    @property
    def verdict(self) -> str:
        """How it stands, in words."""
        if self.free < 0:
            return f"{money(-self.free)} über dem Plan" if self.has_plan else "ohne Planansatz"
        if self.free == 0:
            return "ausgeschöpft" if self.planned else "–"
        return f"{money(self.free)} frei"


@dataclass(frozen=True)
class Row:
    """An event, or what belongs to none, with its kinds of costs."""

    event: Event | None
    by_category: tuple[tuple[Category, Figures], ...]

    @property
    def label(self) -> str:
        """The event's title."""
        return self.event.title if self.event is not None else NO_EVENT

    @property
    def total(self) -> Figures:
        """All kinds together."""
        return sum((figures for _, figures in self.by_category), Figures())


@dataclass(frozen=True)
class Place:
    """What the place of one mentee costs, against what is asked for it.

    ``fee`` is a share of common costs where ``is_shared``. ``to_come`` is ``expected`` with
    what is planned and not yet ordered.
    """

    mentees: int
    fee: Decimal
    is_shared: bool
    committed: Decimal
    billed: Decimal
    expected: Decimal
    to_come: Decimal

    @property
    def label(self) -> str:
        """What is asked for."""
        return "Anteil je Mentee" if self.is_shared else "Gebühr je Mentee"

    @property
    def verdict(self) -> str:
        """Whether what is asked for covers it, as a sentence."""
        if not self.to_come:
            return "Sobald etwas geplant oder beauftragt ist, steht hier, was ein Platz kostet."
        asked = f"{'Der Anteil' if self.is_shared else 'Die Gebühr'} von {money(self.fee)}"
        gap = self.expected - self.fee
        if gap > 0:
            covers = f"deckt das nicht: es fehlen {money(gap)} je Mentee"
        else:
            covers = f"deckt das, {money(-gap)} bleiben übrig" if gap else "deckt das"
        so_far = f"Ein Platz kostet voraussichtlich {money(self.expected)}. {asked} {covers}."
        if self.to_come == self.expected:
            return so_far
        return (
            f"{so_far} Wird auch ausgegeben, was noch geplant ist, sind es {money(self.to_come)}."
        )


@dataclass(frozen=True)
class Summary:
    """The budget of a cycle."""

    cycle: Cycle
    lines: tuple[BudgetLine, ...]
    rows: tuple[Row, ...]
    fees_billed: Decimal
    """Net: the tax on it is passed on, and pays for nothing."""
    fees_received: Decimal
    """As it came in, with tax and with what was paid too much."""
    place: Place | None
    by_category: tuple[tuple[Category, Figures], ...] = field(default=())

    @property
    def total(self) -> Figures:
        """Everything together."""
        return sum((row.total for row in self.rows), Figures())

    @property
    def warnings(self) -> list[str]:
        """What went beyond the plan, dearest first; none where nothing was planned."""
        if not self.lines:
            return []
        over = [
            (figures.free, f"{row.label}, {category.label}: {_beyond(figures)}")
            for row in self.rows
            for category, figures in row.by_category
            if figures.free < 0
        ]
        found = [text for _, text in sorted(over)]
        if self.total.free < 0:
            found.insert(0, f"Insgesamt: {_beyond(self.total)}")
        return found

    @property
    def balance(self) -> Decimal:
        """What the fees billed leave after what is expected to be spent."""
        return self.fees_billed - self.total.expected


def summary_of(cycle: Cycle, user: Any) -> Summary:
    """The budget of ``cycle`` as ``user`` sees it. As many queries for any number of events."""
    cells: dict[tuple[int | None, str], Figures] = defaultdict(Figures)
    events: dict[int | None, Event | None] = {None: None}
    lines = list(
        BudgetLine.objects.visible_to(user)
        .filter(cycle=cycle)
        .select_related("event")
        .order_by("event__starts_at", "category", "pk")
    )
    for line in lines:
        events[line.event_id] = line.event
        cells[line.event_id, line.category] += Figures(planned=line.planned, has_plan=True)
    for event, category, figures in _spent(cycle, user):
        events[event.pk if event else None] = event
        cells[event.pk if event else None, category] += figures
    rows = _rows(cells, events)
    by_category: dict[Category, Figures] = defaultdict(Figures)
    for row in rows:
        for kind, figures in row.by_category:
            by_category[kind] += figures
    total = sum((row.total for row in rows), Figures())
    fees_billed, fees_received = _income(cycle)
    return Summary(
        cycle,
        tuple(lines),
        tuple(rows),
        fees_billed,
        fees_received,
        _place(cycle, total, _to_come(cycle, rows)),
        tuple((kind, by_category[kind]) for kind in Category if kind in by_category),
    )


def _spent(cycle: Cycle, user: Any) -> Iterable[tuple[Event | None, str, Figures]]:
    """What was agreed and what was billed, one entry a commission or invoice without one."""
    billed: dict[int, Decimal] = defaultdict(lambda: NOTHING)
    invoices = (
        SupplierInvoice.objects.visible_to(user)
        .filter(cycle=cycle)
        .exclude(state=SupplierInvoiceState.REJECTED)
        .select_related("event")
    )
    for invoice in invoices:
        paid = invoice.amount if invoice.state == SupplierInvoiceState.PAID else NOTHING
        expected = NOTHING
        if invoice.commission_id is None:
            expected = invoice.amount
        else:
            billed[invoice.commission_id] += invoice.amount
        yield (
            invoice.event,
            invoice.category,
            Figures(billed=invoice.amount, paid=paid, expected=expected),
        )
    commissions = Commission.objects.visible_to(user).filter(cycle=cycle).select_related("event")
    for commission in commissions:
        agreed = commission.state == CommissionState.AGREED
        committed = commission.total if agreed else NOTHING
        expected = max(committed, billed[commission.pk])
        if expected:
            figures = Figures(committed=committed, expected=expected)
            yield commission.event, commission.category, figures


def _rows(
    cells: dict[tuple[int | None, str], Figures], events: dict[int | None, Event | None]
) -> list[Row]:
    """By the date of the event; what belongs to none comes last."""
    kinds: dict[int | None, list[tuple[Category, Figures]]] = defaultdict(list)
    for category in Category:
        for (event, kind), figures in cells.items():
            if kind == category:
                kinds[event].append((category, figures))
    rows = [Row(events[pk], tuple(found)) for pk, found in kinds.items()]
    return sorted(
        rows,
        key=lambda row: (row.event is None, row.event.starts_at if row.event else 0, row.label),
    )


def _income(cycle: Cycle) -> tuple[Decimal, Decimal]:
    """What the Kommunen were billed and what came in: sums, which are no secret to who plans."""
    owed = Invoice.objects.filter(
        cycle=cycle, kind=InvoiceKind.INVOICE, state__in=InvoiceState.counted()
    )
    billed = owed.aggregate(sum=Sum("net"))["sum"] or NOTHING
    payments = Payment.objects.filter(invoice__cycle=cycle)
    received = payments.aggregate(sum=Sum("amount"))["sum"] or NOTHING
    return rounded(billed), rounded(received)


def _to_come(cycle: Cycle, rows: Iterable[Row]) -> Decimal:
    """What it comes to in the end: of an open cycle, what is planned will still be spent."""
    cells = [figures for row in rows for _, figures in row.by_category]
    if not cycle.is_open:
        return sum((cell.expected for cell in cells), NOTHING)
    return sum((max(cell.planned, cell.expected) for cell in cells), NOTHING)


def _place(cycle: Cycle, total: Figures, to_come: Decimal) -> Place | None:
    """Per mentee; ``None`` without any. Of an old cycle only the number billed is left."""
    mentees = Participant.objects.filter(cycle=cycle, role=ParticipantRole.MENTEE).present().count()
    if not mentees and not cycle.is_open:
        lines = InvoiceLine.objects.filter(
            invoice__cycle=cycle,
            invoice__kind=InvoiceKind.INVOICE,
            invoice__state__in=InvoiceState.counted(),
        )
        mentees = lines.aggregate(sum=Sum("mentees"))["sum"] or 0
    if not mentees:
        return None
    terms = terms_of(cycle)
    fee = terms.shared_costs / mentees if terms.is_shared else terms.fee
    return Place(
        mentees,
        rounded(fee),
        terms.is_shared,
        rounded(total.committed / mentees),
        rounded(total.billed / mentees),
        rounded(total.expected / mentees),
        rounded(to_come / mentees),
    )


def _beyond(figures: Figures) -> str:
    if not figures.has_plan:
        return f"{money(figures.expected)} ohne Planansatz."
    return f"{money(-figures.free)} über dem Plan von {money(figures.planned)}."
