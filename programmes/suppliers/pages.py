"""What the pages of this room have in common."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ObjectMixin
from programmes.cycles.models import Cycle
from programmes.cycles.views.base import OfCycle, acting_user
from programmes.suppliers.models import (
    Commission,
    CommissionState,
    Speaker,
    SupplierInvoice,
    SupplierInvoiceState,
)
from programmes.suppliers.registries import SPENDING, tabs_for

COMMISSION_BADGES: dict[str, str] = {
    CommissionState.ASKED: "info",
    CommissionState.AGREED: "success",
    CommissionState.CANCELLED: "warning",
}
INVOICE_BADGES: dict[str, str] = {
    SupplierInvoiceState.RECEIVED: "info",
    SupplierInvoiceState.CHECKED: "info",
    SupplierInvoiceState.APPROVED: "warning",
    SupplierInvoiceState.PAID: "success",
    SupplierInvoiceState.REJECTED: "danger",
}


def commission_badge(commission: Commission) -> Badge:
    """Asked, agreed or cancelled."""
    return Badge(COMMISSION_BADGES[commission.state], commission.get_state_display())


def invoice_badge(invoice: SupplierInvoice) -> Badge:
    """Where it is on its way to being paid."""
    return Badge(INVOICE_BADGES[invoice.state], invoice.get_state_display())


class Spending(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/``; ``tab`` names its view."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it
    tab: ClassVar[str] = "invoices"
    tab_label: ClassVar[str] = "Rechnungen von Lieferanten"

    @property
    def user(self) -> User:
        """Who acts."""
        return acting_user(self.request)

    def page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"suppliers:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and the view, under the word that the navigation has for all of them."""
        view = Crumb(self.tab_label, self.page(self.tab))
        return [*super().breadcrumbs(), Crumb(SPENDING), view]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The views beside this one."""
        return super().get_context_data(
            tabs=tabs_for(self.request.user, self.cycle), tab=self.tab, **kwargs
        )


class OfInvoices(Spending):
    """A page about suppliers' invoices."""


class OfCommissions(Spending):
    """A page about commissions."""

    tab = "commissions"
    tab_label = "Aufträge"


class OfSpeakers(Spending):
    """A page about Referent/innen."""

    tab = "speakers"
    tab_label = "Referent/innen"


class _OnObject(ObjectMixin):
    """A page about one object the user may see; the rule is asked about the cycle."""

    def get_rule_object(self) -> Cycle:
        """The cycle, once the object is found in it."""
        self.get_object()
        found: Cycle = self.cycle  # type: ignore[attr-defined]  # a page of a cycle
        return found


class OnInvoice(_OnObject, OfInvoices):
    """A page about one invoice of the cycle."""

    model: ClassVar[type[models.Model]] = SupplierInvoice

    def get_queryset(self) -> Any:
        """Those of the cycle the user may see."""
        return (
            SupplierInvoice.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related(
                "cycle__programme",
                "event",
                "commission__speaker",
                "file",
                "created_by",
                "changed_by",
                "checked_by",
                "approved_by",
            )
        )

    @property
    def invoice(self) -> SupplierInvoice:
        """The one of this page."""
        found: SupplierInvoice = self.get_object()
        return found

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the invoice."""
        return [*super().breadcrumbs(), Crumb(str(self.invoice), self.get_success_url())]

    def get_success_url(self) -> str:
        """Back to the invoice."""
        return self.page("invoice", self.invoice.pk)


class OnCommission(_OnObject, OfCommissions):
    """A page about one commission of the cycle."""

    model: ClassVar[type[models.Model]] = Commission

    def get_queryset(self) -> Any:
        """Those of the cycle the user may see."""
        return (
            Commission.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("cycle__programme", "event", "speaker")
        )

    @property
    def commission(self) -> Commission:
        """The one of this page."""
        found: Commission = self.get_object()
        return found

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the commission."""
        return [*super().breadcrumbs(), Crumb(str(self.commission), self.get_success_url())]

    def get_success_url(self) -> str:
        """Back to the commission."""
        return self.page("commission", self.commission.pk)


class OnSpeaker(_OnObject, OfSpeakers):
    """A page about one Referent/in of the cycle's programme."""

    model: ClassVar[type[models.Model]] = Speaker

    def get_queryset(self) -> Any:
        """Those of the programme the user may see."""
        return Speaker.objects.visible_to(self.request.user).filter(
            programme=self.cycle.programme_id
        )

    @property
    def speaker(self) -> Speaker:
        """The one of this page."""
        found: Speaker = self.get_object()
        return found

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the person."""
        return [*super().breadcrumbs(), Crumb(str(self.speaker), self.get_success_url())]

    def get_success_url(self) -> str:
        """Back to the person."""
        return self.page("speaker", self.speaker.pk)


def one_of(rows: Any, pk: str) -> Any:
    """The row with the primary key that an address names; ``None`` if there is none."""
    try:
        return rows.filter(pk=int(pk)).first() if pk.isdecimal() else None
    except (OverflowError, ValueError):
        return None
