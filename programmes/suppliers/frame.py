"""What this room adds to the frame of every page, to the start page and to an event's."""

from typing import Any

import rules
from django.db.models import Count, Min
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem, StartItem
from mentoring.ui.views import Action
from programmes.cycles.frame import current_cycle, open_cycles
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.events.models import Event
from programmes.roadmap.registries import Section
from programmes.suppliers.models import Commission, SupplierInvoice, SupplierInvoiceState
from programmes.suppliers.registries import SPENDING, Tab, tabs_for


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """What the current cycle spends: one entry for all its views."""
    cycle = current_cycle(request)
    if cycle is None or not (tabs := tabs_for(request.user, cycle)):
        return []
    here = next((tab.url for tab in tabs if request.path.startswith(tab.url)), "")
    return [NavItem(SPENDING, tabs[0].url, active_prefix=here, general=True)]


def books_button(user: Any, cycle: Cycle) -> Action | None:
    """The way to what an ended cycle spent, for who still reads it."""
    tabs = tabs_for(user, cycle)
    return Action(SPENDING, tabs[0].url) if tabs else None


def tab(key: str, label: str, rule: str) -> Any:
    """A view of this room, for who passes ``rule``."""

    def make(user: Any, cycle: Cycle) -> Tab | None:
        if not rules.test_rule(rule, user, cycle):
            return None
        return Tab(key, label, reverse(f"suppliers:{key}", args=[cycle.pk]))

    return make


def start_items_of(request: HttpRequest) -> list[StartItem]:
    """Invoices that wait for this person's step. One query, however many cycles there are."""
    user: Any = request.user
    roles = roles_of(user)
    if not roles.inside | roles.logistics:
        return []
    rows = (
        SupplierInvoice.objects.visible_to(user)
        .filter(state__in=SupplierInvoiceState.unpaid())
        .filter(cycle__in=roles.inside | roles.logistics)
        .order_by()
        .values("cycle", "state")
        .annotate(number=Count("pk"), first=Min("due_on"))
    )
    cycles = {cycle.pk: cycle for cycle in open_cycles(request)}
    items = []
    for row in rows:
        cycle = cycles.get(row["cycle"])
        if cycle is None:
            continue
        item = _waiting(roles, cycle, row["state"])
        if item is not None:
            title, kind = item
            url = f"{reverse('suppliers:invoices', args=[cycle.pk])}?state={row['state']}"
            text = f"{cycle.programme}, {cycle}"
            items.append(StartItem(title, text, url, kind, due=row["first"], count=row["number"]))
    return items


def _waiting(roles: Any, cycle: Cycle, state: str) -> Any:
    """What somebody with these roles has to do with invoices in ``state``, and its kind."""
    if state == SupplierInvoiceState.APPROVED and cycle.pk in roles.logistics:
        return "Rechnungen von Lieferanten bezahlen", "aufgabe"
    if state == SupplierInvoiceState.CHECKED and cycle.pk in roles.leading:
        return "Rechnungen von Lieferanten freigeben", "entscheidung"
    if state == SupplierInvoiceState.RECEIVED and cycle.pk in roles.logistics:
        return "Rechnungen von Lieferanten prüfen", "aufgabe"
    return None


def event_section(request: Any, event: Event) -> Section | None:
    """What was ordered for an event, and the way to order more. One query."""
    if not rules.test_rule("suppliers.list", request.user, event.cycle):
        return None
    commissions = (
        Commission.objects.visible_to(request.user)
        .filter(event=event)
        .select_related("speaker")
        .order_by("pk")
    )
    may_add = rules.test_rule("suppliers.commission", request.user, event.cycle)
    create = reverse("suppliers:commission_create", args=[event.cycle_id])
    return Section(
        "suppliers/event_section.html",
        {
            "commissions": list(commissions),
            "create_url": f"{create}?veranstaltung={event.pk}" if may_add else "",
        },
    )
