"""What later rooms add to the invoices of a Durchgang."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from mentoring.registry import Registry
from mentoring.ui.lists import Column
from mentoring.ui.views import Action
from programmes.billing.invoice import Invoice
from programmes.cycles.models import Cycle
from programmes.organisations.sections import Section

invoice_sections: Registry[Callable[[HttpRequest, Invoice], Section | None]] = Registry(
    "sections of an invoice's page"
)
"""Each returns ``None`` where the user of the request may not see it, or there is nothing."""

invoice_actions: Registry[Callable[[Any, Invoice], Action | None]] = Registry(
    "buttons of an invoice's page"
)
"""For a user and an invoice; ``None`` where the user may not, or it is not the time for it."""

before_cancel: Registry[Callable[[Invoice], list[str]]] = Registry("before an invoice is cancelled")
"""German sentences said before a Storno: what was paid already, and what becomes of it."""


@dataclass(frozen=True)
class ExtraColumns:
    """Columns of a later room, and how the invoices get what these show: in the same query."""

    annotate: Callable[[QuerySet], QuerySet]
    columns: Sequence[Column]
    totals: Callable[[QuerySet], list[tuple[str, Decimal]]] | None = None
    """Labels and sums (euros) of what they say, over the annotated invoices of a list."""


list_columns: Registry[ExtraColumns] = Registry("columns of the list of invoices")
"""What was paid, say."""

journal_columns: Registry[ExtraColumns] = Registry("columns of the journal")
"""What bookkeeping wants to know beside."""

still_open: Registry[Callable[[QuerySet], QuerySet]] = Registry("what of invoices is still open")
"""Each annotates invoices with ``open``: what of them is still to be paid, in euros."""

list_actions: Registry[Callable[[Any, Cycle], Action | None]] = Registry(
    "buttons of the list of invoices"
)
"""For a user and a cycle; ``None`` where the user may not: what is open, what was sent."""
