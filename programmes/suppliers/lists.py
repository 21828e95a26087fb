"""The lists of what a Durchgang spends."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from mentoring.text import search_key
from mentoring.ui.lists import Column, ListFilterSet, ListPage, SearchFilter
from mentoring.ui.navigation import Crumb
from mentoring.ui.tags import money
from mentoring.ui.views import Action
from programmes.events.models import Event
from programmes.suppliers.forms import event_label
from programmes.suppliers.models import (
    Category,
    Commission,
    CommissionState,
    Speaker,
    SupplierInvoice,
    SupplierInvoiceState,
)
from programmes.suppliers.pages import (
    OfCommissions,
    OfInvoices,
    OfSpeakers,
    commission_badge,
    invoice_badge,
)

OVERDUE, SOON = "ueberfaellig", "offen"


class _EventFilter(django_filters.ModelChoiceFilter):
    """The events of the cycle at hand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="Veranstaltung", queryset=_events_of, **kwargs)

    @property
    def field(self) -> Any:
        """As django-filter's, with our labels."""
        field = super().field
        field.label_from_instance = event_label
        return field


def _events_of(request: Any) -> QuerySet[Event]:
    match = getattr(request, "resolver_match", None)
    events = Event.objects.visible_to(request.user)
    if match is None:  # an export in the background has none
        return events
    return events.filter(cycle=match.kwargs["cycle_pk"]).order_by("starts_at")


class InvoiceFilter(ListFilterSet):
    """Words, state, kind, event, when it is due."""

    q = SearchFilter()
    state = django_filters.ChoiceFilter(label="Stand", choices=SupplierInvoiceState.choices)
    category = django_filters.ChoiceFilter(label="Art", choices=Category.choices)
    event = _EventFilter()
    due = django_filters.ChoiceFilter(
        label="Zahlung",
        choices=((SOON, "noch nicht bezahlt"), (OVERDUE, "überfällig")),
        method="by_payment",
    )
    until = django_filters.DateFilter(
        label="fällig bis", field_name="due_on", lookup_expr="lte", widget=forms.DateInput()
    )

    class Meta:
        model = SupplierInvoice
        fields: tuple[str, ...] = ()

    def by_payment(self, queryset: Any, name: str, value: str) -> Any:
        """Those still to be paid, all or those that are late."""
        waiting = queryset.filter(state__in=SupplierInvoiceState.unpaid())
        if value == OVERDUE:
            return waiting.filter(due_on__lt=timezone.localdate())
        return waiting


class CommissionFilter(ListFilterSet):
    """Words, state, kind, event."""

    q = SearchFilter(method="by_words")
    state = django_filters.ChoiceFilter(label="Stand", choices=CommissionState.choices)
    category = django_filters.ChoiceFilter(label="Art", choices=Category.choices)
    event = _EventFilter()

    class Meta:
        model = Commission
        fields: tuple[str, ...] = ()

    def by_words(self, queryset: Any, name: str, value: str) -> Any:
        """Topic, firm or Referent/in."""
        for word in search_key(value).split():
            found = Q(search_key__contains=word) | Q(speaker__search_key__contains=word)
            queryset = queryset.filter(found)
        return queryset


class SpeakerFilter(ListFilterSet):
    """Words of name, topics and place."""

    q = SearchFilter()

    class Meta:
        model = Speaker
        fields: tuple[str, ...] = ()


class _Listed:
    """A list that is one of the views; stands first, for what a page of the room says anew."""

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the spending; the view is this page."""
        crumbs: list[Crumb] = super().breadcrumbs()  # type: ignore[misc]  # a page follows
        return crumbs[:-1]

    def actions(self) -> list[Action]:
        """The button for something new, who may."""
        action = self.get_empty_action()  # type: ignore[attr-defined]  # likewise
        return [action] if action else []


class InvoiceList(_Listed, OfInvoices, ListPage):
    """The invoices of suppliers."""

    list_name = "suppliers.invoices"
    rule = "suppliers.list"
    template_name = "suppliers/list.html"
    title = "Rechnungen von Lieferanten"
    filterset_class = InvoiceFilter
    default_sort = "-invoiced"
    empty_title = "Noch keine Rechnung"
    empty_text = (
        "Hier stehen die Rechnungen von Referent/innen, Catering und Häusern: eingegangen, "
        "geprüft, von der Leitung freigegeben, vom Logistikpartner bezahlt. Eine E-Rechnung füllt "
        "das Formular von selbst aus."
    )
    columns: ClassVar = [
        Column(
            "number", "Nummer", "number", sort="number", link=lambda row: row.get_absolute_url()
        ),
        Column("supplier", "Rechnungssteller", "supplier", sort="sort_key"),
        Column("category", "Art", "get_category_display", sort=("category", "sort_key")),
        Column("event", "Veranstaltung", "event", sort=("event__starts_at", "sort_key")),
        Column("invoiced", "vom", "invoiced_on", sort="invoiced_on"),
        Column("due", "fällig am", "due_on", sort="due_on"),
        Column("amount", "Betrag", "amount", sort="amount", numeric=True, shown=money),
        Column("state", "Stand", invoice_badge, sort=("state", "due_on")),
        Column("paid", "bezahlt am", "paid_on", sort="paid_on"),
    ]

    def get_queryset(self) -> QuerySet[SupplierInvoice]:
        """Those of this cycle."""
        return (
            SupplierInvoice.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("event")
        )

    def get_empty_action(self) -> Action | None:
        """Enter one."""
        if not self.cycle.is_open or not self.allowed("suppliers.enter", self.cycle):
            return None
        return Action("Rechnung erfassen", self.page("enter"), "primary", "add")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the sum of what is listed."""
        found = self.filtered().exclude(state=SupplierInvoiceState.REJECTED)
        total = found.aggregate(total=Sum("amount"))["total"]
        return super().get_context_data(
            total_label="Summe ohne zurückgewiesene", total_amount=total, **kwargs
        )


class CommissionList(_Listed, OfCommissions, ListPage):
    """What was ordered."""

    list_name = "suppliers.commissions"
    rule = "suppliers.list"
    template_name = "suppliers/list.html"
    title = "Aufträge"
    filterset_class = CommissionFilter
    default_sort = "event"
    empty_title = "Noch kein Auftrag"
    empty_text = (
        "Halten Sie fest, was mit Referent/innen, Catering und Häusern vereinbart ist: Thema, "
        "Honorar, Reisekosten. Was zugesagt ist, zählt im Budget als beauftragt."
    )
    columns: ClassVar = [
        Column("topic", "Thema", "topic", sort="sort_key", link=lambda row: row.get_absolute_url()),
        Column("category", "Art", "get_category_display", sort=("category", "sort_key")),
        Column("supplier", "an", "supplier_name", sort=("speaker__sort_key", "supplier")),
        Column("event", "Veranstaltung", "event", sort=("event__starts_at", "sort_key")),
        Column("fee", "Honorar", "fee", sort="fee", numeric=True, shown=money),
        Column(
            "travel", "Reisekosten", "travel_costs", sort="travel_costs", numeric=True, shown=money
        ),
        Column("total", "zusammen", "total", sort="sum", numeric=True, shown=money),
        Column("state", "Stand", commission_badge, sort=("state", "sort_key")),
    ]

    def get_queryset(self) -> QuerySet[Commission]:
        """Those of this cycle."""
        return (
            Commission.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("event", "speaker")
            .annotate(sum=F("fee") + F("travel_costs"))
        )

    def get_empty_action(self) -> Action | None:
        """Order something."""
        if not self.cycle.is_open or not self.allowed("suppliers.commission", self.cycle):
            return None
        return Action("Auftrag anlegen", self.page("commission_create"), "primary", "add")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the sum of what is agreed."""
        found = self.filtered().filter(state=CommissionState.AGREED)
        total = found.aggregate(total=Sum("sum"))["total"]
        return super().get_context_data(
            total_label="Summe der zugesagten", total_amount=total, **kwargs
        )


class SpeakerList(_Listed, OfSpeakers, ListPage):
    """Who speaks in this programme."""

    list_name = "suppliers.speakers"
    rule = "suppliers.speakers"
    template_name = "suppliers/list.html"
    title = "Referent/innen"
    filterset_class = SpeakerFilter
    default_sort = "name"
    empty_title = "Noch niemand eingetragen"
    empty_text = (
        "Tragen Sie ein, wer Vorträge hält, trainiert oder moderiert. Die Liste gilt für alle "
        "Durchgänge des Programms; wer zwei Jahre keinen Auftrag mehr hatte, wird gelöscht."
    )
    columns: ClassVar = [
        Column("topics", "Themen", "topics"),
        Column("city", "Ort", "city", sort=("city", "sort_key")),
        Column("email", "E-Mail", "email"),
        Column("phone", "Telefon", "phone"),
        Column("agreed", "Aufträge", "agreed", sort=("agreed", "sort_key"), numeric=True),
    ]

    def get_columns(self) -> list[Column]:
        """The name leads to the page in this cycle."""
        name = Column(
            "name", "Name", "name", sort="sort_key", link=lambda row: self.page("speaker", row.pk)
        )
        return [name, *self.columns]

    def get_queryset(self) -> QuerySet[Speaker]:
        """Those of this programme, with how often they were agreed with."""
        agreed = Count("commissions", filter=Q(commissions__state=CommissionState.AGREED))
        return (
            Speaker.objects.visible_to(self.request.user)
            .filter(programme=self.cycle.programme_id)
            .annotate(agreed=agreed)
        )

    def get_empty_action(self) -> Action | None:
        """Enter somebody."""
        return Action("Referent/in eintragen", self.page("speaker_create"), "primary", "add")
