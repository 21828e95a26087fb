"""The open invoices of a Durchgang: what is owed, since when, and what has to be given back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from mentoring.ui.lists import Badge, Column, ListFilterSet, ListPage
from mentoring.ui.tags import money
from mentoring.ui.views import Action
from programmes.billing.models import Invoice, InvoiceState
from programmes.billing.pages import InCycle
from programmes.organisations.models import Municipality
from programmes.payments.columns import OPEN, PAID, TOO_MUCH
from programmes.payments.domain import unsettled
from programmes.payments.registries import overdue_actions, overdue_columns

OVERDUE, LONG, LATER, BACK = "overdue", "long", "later", "back"
LONG_DAYS = 30


def days_over(invoice: Invoice) -> int | None:
    """How many days ago it was due; ``None`` if it is not overdue."""
    if invoice.due_on is None or invoice.due_on >= timezone.localdate() or _is_too_much(invoice):
        return None
    return (timezone.localdate() - invoice.due_on).days


def _is_too_much(invoice: Invoice) -> bool:
    return invoice.open < 0  # type: ignore[attr-defined]  # annotated


def due_badge(invoice: Invoice) -> Badge:
    """Whether it is overdue, partly paid, neither, or paid too much for."""
    if _is_too_much(invoice):
        cancelled = invoice.state == InvoiceState.CANCELLED
        return Badge("info", "storniert, zurückzuzahlen" if cancelled else "zu viel gezahlt")
    if days_over(invoice) is not None:
        return Badge("danger", "überfällig")
    return Badge("warning", "teilweise bezahlt" if invoice.paid else "offen")  # type: ignore[attr-defined]  # annotated


def _houses(request: Any) -> Any:
    match = request.resolver_match
    open_ones = Invoice.objects.visible_to(request.user).filter(
        cycle=match.kwargs.get("cycle_pk") if match else None
    )
    return Municipality.objects.filter(pk__in=open_ones.order_by().values("municipality"))


class OpenFilter(ListFilterSet):
    """By how long they are due or that too much was paid, and by Kommune."""

    due = django_filters.ChoiceFilter(
        label="Stand",
        choices=(
            (OVERDUE, "überfällig"),
            (LONG, f"seit mehr als {LONG_DAYS} Tagen überfällig"),
            (LATER, "noch nicht fällig"),
            (BACK, "zu viel gezahlt"),
        ),
        method="when_due",
    )
    municipality = django_filters.ModelChoiceFilter(label="Kommune", queryset=_houses)

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()

    def when_due(self, queryset: Any, name: str, value: str) -> Any:
        """Overdue, for long, not yet, or with money to be given back."""
        today = timezone.localdate()
        if value == BACK:
            return queryset.filter(open__lt=0)
        queryset = queryset.filter(open__gte=0)
        if value == LATER:
            return queryset.filter(Q(due_on__gte=today) | Q(due_on=None))
        return queryset.filter(
            due_on__lt=today - timedelta(days=LONG_DAYS) if value == LONG else today
        )


class OpenList(InCycle, ListPage):
    """The issued invoices of this cycle that are not paid, and those with too much paid."""

    list_name = "payments.open"
    rule = "payments.overdue"
    title = "Offene Rechnungen"
    template_name = "payments/open.html"
    filterset_class = OpenFilter
    default_sort = "due_on"
    empty_title = "Keine Rechnung ist offen"
    empty_text = (
        "Alle ausgestellten Rechnungen dieses Durchgangs sind bezahlt und nichts ist "
        "zurückzuzahlen, oder es wurde noch keine ausgestellt."
    )

    def get_queryset(self) -> QuerySet[Invoice]:
        """The visible ones, with what was paid and what later rooms know."""
        seen = Invoice.objects.visible_to(self.request.user).order_by().values("pk")
        found = unsettled(self.cycle).filter(pk__in=seen).select_related("municipality")
        for extra in overdue_columns:
            found = extra.annotate(found)
        return found

    def get_columns(self) -> list[Column]:
        """The number leads to the invoice."""
        return [
            Column(
                "number",
                "Nummer",
                "number",
                sort=("year", "sequence", "number"),
                link=lambda row: self.page("invoice", row.pk),
            ),
            Column(
                "municipality", "Kommune", "municipality", sort=("municipality__sort_key", "due_on")
            ),
            Column("issued_on", "Datum", "issued_on", sort="issued_on"),
            Column("due_on", "fällig am", "due_on", sort="due_on"),
            Column("days", "Tage überfällig", days_over, sort="-due_on", numeric=True),
            Column("gross", "Betrag (Euro)", "gross", sort="gross", numeric=True),
            PAID,
            OPEN,
            TOO_MUCH,
            *(column for extra in overdue_columns for column in extra.columns),
            Column("state", "Stand", due_badge, sort="due_on"),
        ]

    def actions(self) -> list[Action]:
        """What later rooms offer: a reminder."""
        user = self.request.user
        found = (offer(user, self.cycle) for offer in overdue_actions)
        return [action for action in found if action is not None]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sums of what is shown."""
        return super().get_context_data(totals=totals(self.filtered()), **kwargs)


def totals(invoices: QuerySet[Invoice]) -> list[tuple[str, str]]:
    """Label and sum of what is open, what of it is overdue, and what to give back; one query.

    What has to be given back for one invoice pays no other, so it is not set off.
    """
    owed = Q(open__gte=0)
    found = invoices.order_by().aggregate(
        sum_open=Sum("open", filter=owed),
        sum_overdue=Sum("open", filter=owed & Q(due_on__lt=timezone.localdate())),
        sum_paid=Sum("paid", filter=owed),
        sum_back=Sum("open", filter=Q(open__lt=0)),
    )
    nought = Decimal(0)
    rows = [
        ("offen", money(found["sum_open"] or nought)),
        ("davon überfällig", money(found["sum_overdue"] or nought)),
        ("darauf schon gezahlt", money(found["sum_paid"] or nought)),
    ]
    if found["sum_back"]:
        rows.append(("zu viel gezahlt", money(-found["sum_back"])))
    return rows
