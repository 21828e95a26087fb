"""Invoices are kept as long as tax law asks, then deleted with all that hangs on them."""

from collections.abc import Callable, Collection

from django.db import transaction
from django.db.models import F

from mentoring.files.models import StoredFile
from mentoring.log.domain import forget
from mentoring.registry import Registry
from programmes.billing.models import Invoice
from programmes.billing.periods import YEARS, first_day_kept
from programmes.cycles.models import CycleState
from programmes.people.retention import DataPeriod

goes_with: Registry[Callable[[Collection[int]], None]] = Registry("what goes with old invoices")
"""Given invoices (primary keys) whose years are over, deletes what a later room holds of them.

What hangs on invoices protects them, so it must be gone before they are.
"""

BATCH = 100


def delete_old() -> int:
    """Delete the invoices whose years are over, and old drafts of ended cycles; how many.

    A Storno and the invoice it cancels go together, once both may: the later of the two
    decides. What came only later than its day says (recorded from another system, with a
    mistyped year) is kept as if it were of the year it came in. Bears being killed and run
    again.
    """
    limit, count = first_day_kept(), 0
    old = (
        Invoice.objects.filter(issued_on__lt=limit, created_at__year__lt=limit.year)
        .exclude(cancelled_by__issued_on__gte=limit)
        .exclude(cancelled_by__created_at__year__gte=limit.year)
    )
    drafts = Invoice.objects.filter(
        number=None, cycle__state__in=CycleState.ended(), created_at__year__lt=limit.year
    )
    for found in (old, drafts):
        while keys := list(found.order_by("pk").values_list("pk", flat=True)[:BATCH]):
            # The Storno of one must not stay behind in the next batch.
            keys += Invoice.objects.filter(cancels__in=keys).values_list("pk", flat=True)
            count += _delete(sorted(set(keys)))
    return count


@transaction.atomic
def _delete(keys: list[int]) -> int:
    for delete in goes_with:
        delete(keys)
    invoices = Invoice.objects.filter(pk__in=keys)
    files = {key for pair in invoices.values_list("pdf", "xml") for key in pair if key}
    # Stornos first, for they protect what they cancel.
    for invoice in invoices.order_by(F("cancels").desc(nulls_last=True), "-pk"):
        invoice.delete()
    StoredFile.objects.filter(pk__in=files).delete()
    forget(Invoice, keys)
    return len(keys)


PERIOD = DataPeriod(
    "Rechnungen",
    "Ende des Jahres, in dem die Rechnung ausgestellt wurde (§ 14b UStG, § 147 AO)",
    YEARS * 365 + 2,
    delete_old,
)
