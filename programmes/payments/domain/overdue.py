"""What is owed and when it was due."""

from datetime import date

from django.db.models import Q, QuerySet

from programmes.billing.models import Invoice, InvoiceKind, InvoiceState, Issuer
from programmes.cycles.models import Cycle
from programmes.payments.domain.amounts import with_paid

_UNPAID = Q(kind=InvoiceKind.INVOICE, state=InvoiceState.ISSUED, gross__gt=0)


def unpaid(of: Cycle | Issuer) -> QuerySet[Invoice]:
    """The issued invoices of a Durchgang or an issuer that are not paid, with what is open."""
    whose = Q(cycle=of) if isinstance(of, Cycle) else Q(issuer=of)
    return with_paid(Invoice.objects.filter(whose, _UNPAID))


def unsettled(cycle: Cycle) -> QuerySet[Invoice]:
    """Those of ``unpaid``, and those of a Durchgang for which money has to be given back."""
    return with_paid(Invoice.objects.filter(cycle=cycle)).filter(_UNPAID | Q(open__lt=0))


def overdue(of: Cycle | Issuer, today: date) -> QuerySet[Invoice]:
    """Those of ``unpaid`` that were due before ``today``, the longest waiting first."""
    return unpaid(of).filter(due_on__lt=today).order_by("due_on", "pk")
