"""What holds a programme at its Logistikpartner: money that is still under way."""

from programmes.billing.models import Invoice, InvoiceKind, InvoiceState
from programmes.cycles.models import CycleState, Programme


def holds_partner(programme: Programme) -> list[str]:
    """Open cycles whose drafts or unpaid invoices only the present Logistikpartner can finish.

    One German sentence, or none. It tells no number: who changes a programme need not be
    somebody who may see its invoices.
    """
    found = Invoice.objects.filter(
        cycle__programme=programme,
        issuer__partner=programme.logistics_partner_id,
        kind=InvoiceKind.INVOICE,
        state__in=(InvoiceState.DRAFT, InvoiceState.ISSUING, InvoiceState.ISSUED),
    ).exclude(cycle__state__in=CycleState.ended())
    numbers = sorted(set(found.order_by().values_list("cycle__number", flat=True)))
    if not numbers:
        return []
    which = ", ".join(f"Durchgang Nr. {number}" for number in numbers)
    return [
        f"Der bisherige Logistikpartner hat noch Rechnungsentwürfe oder unbezahlte Rechnungen "
        f"({which}). Wechseln Sie ihn erst, wenn die Entwürfe ausgestellt oder gelöscht und die "
        "Rechnungen bezahlt oder storniert sind."
    ]
