"""What the pages of this room have in common."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ObjectMixin
from programmes.billing.models import Invoice
from programmes.cycles.views.base import OfCycle


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/rechnungen/``."""

    def page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"billing:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its invoices."""
        return [*super().breadcrumbs(), Crumb("Rechnungen", self.page("invoices"))]


class OnInvoice(InCycle, ObjectMixin):
    """A page about one invoice the user may see, of the cycle in the address.

    The rule is asked about the invoice.
    """

    model: ClassVar[type[models.Model]] = Invoice

    def get_queryset(self) -> Any:
        """The visible invoices of the cycle."""
        return (
            Invoice.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related(
                "issuer__partner",
                "municipality__buyer",
                "cycle__programme",
                "xml",
                "pdf",
                "cancels",
                "cancelled_by",
                "issued_by",
            )
        )

    @property
    def invoice(self) -> Invoice:
        """The invoice of this page."""
        found: Invoice = self.get_object()
        return found

    def get_rule_object(self) -> Any:
        """The invoice."""
        return self.invoice

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the invoice."""
        return [*super().breadcrumbs(), Crumb(str(self.invoice), self.page_of_invoice)]

    @property
    def page_of_invoice(self) -> str:
        """The address of the invoice's own page."""
        return self.page("invoice", self.invoice.pk)

    def get_success_url(self) -> str:
        """Back to the invoice."""
        return self.page_of_invoice
