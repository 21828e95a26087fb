"""What this room adds to the frame of every page and to the start page."""

from typing import Any

import rules
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import NavItem, StartItem
from mentoring.ui.views import Action
from programmes.billing.frame import unfinished as invoices_unfinished
from programmes.billing.models import Invoice, InvoiceKind, InvoiceState
from programmes.cycles.frame import open_cycles
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.payments.domain import with_paid
from programmes.payments.models import BankEntry, EntryState
from programmes.people.permissions import posts_of


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The bank statements, for staff of a Logistikpartner."""
    if not rules.test_rule("payments.statements", request.user):
        return []
    return [NavItem("Kontoauszüge", reverse("payments:statements"), general=True)]


def open_button(user: Any, cycle: Cycle) -> Action | None:
    """The way to the open invoices, from the list of all."""
    if not rules.test_rule("payments.overdue", user, cycle):
        return None
    return Action("Offene Rechnungen", reverse("payments:overdue", args=[cycle.pk]))


def books_button(user: Any, cycle: Cycle) -> Action | None:
    """The way to the invoices of an ended cycle, for who paid or keeps them."""
    if not rules.test_rule("billing.list", user, cycle):
        return None
    return Action("Rechnungen", reverse("billing:invoices", args=[cycle.pk]))


TOO_MUCH = Q(open__lt=0)  # of invoices ``with_paid``


def _owed_back(cycle: Cycle) -> int:
    return with_paid(Invoice.objects.filter(cycle=cycle)).filter(TOO_MUCH).count()


def unfinished(cycle: Cycle) -> list[str]:
    """What holds the closing of ``cycle``: money that has to be given back."""
    match _owed_back(cycle):
        case 0:
            return []
        case 1:
            return ["Zu einer Rechnung ist zu viel bezahlt und noch nicht zurückgezahlt."]
        case number:
            return [f"Zu {number} Rechnungen ist zu viel bezahlt und noch nicht zurückgezahlt."]


def before_cancelling(cycle: Cycle, step: str) -> list[str]:
    """Before a cycle is called off: the invoices that does nothing about."""
    if step != "cancel":
        return []
    lines = [*invoices_unfinished(cycle), *unfinished(cycle)]
    if not lines:
        return []
    return [
        *lines,
        "Rechnungen und Zahlungen bleiben durch die Absage, wie sie sind. Der Logistikpartner "
        "kann sie auch danach stornieren, eintragen und zurückzahlen.",
    ]


def start_entries(request: HttpRequest) -> list[StartItem]:
    """For the Logistikpartner: overdue invoices, and credits nobody decided about."""
    user: Any = request.user
    return [*_overdue(request, user), *_waiting(user)]


def _overdue(request: HttpRequest, user: Any) -> list[StartItem]:
    cycles = roles_of(user).logistics
    if not cycles:
        return []
    counted = dict(
        Invoice.objects.filter(
            cycle__in=cycles,
            issuer__partner__in=posts_of(user).partners,
            kind=InvoiceKind.INVOICE,
            state=InvoiceState.ISSUED,
            gross__gt=0,
            due_on__lt=timezone.localdate(),
        )
        .order_by()
        .values_list("cycle")
        .annotate(number=Count("pk"))
    )
    return [
        StartItem(
            "Rechnung überfällig" if counted[cycle.pk] == 1 else "Rechnungen überfällig",
            f"{cycle}: Ist das Geld eingegangen? Sonst erinnern Sie daran.",
            f"{reverse('payments:overdue', args=[cycle.pk])}?due=overdue",
            "aufgabe",
            count=counted[cycle.pk],
        )
        for cycle in open_cycles(request)
        if counted.get(cycle.pk)
    ]


def _waiting(user: Any) -> list[StartItem]:
    if not posts_of(user).partners:
        return []
    waiting = BankEntry.objects.visible_to(user).filter(state=EntryState.OPEN).count()
    if not waiting:
        return []
    return [
        StartItem(
            "Gutschriften aus Kontoauszügen",
            "Zu welchen Rechnungen gehören sie?",
            reverse("payments:statements"),
            "entscheidung",
            count=waiting,
        )
    ]
