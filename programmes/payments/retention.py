"""What goes when the years of an invoice are over."""

from collections.abc import Collection

from mentoring.log.domain import forget
from programmes.payments.models import BankEntry, EntryState, Payment


def forget_payments(invoices: Collection[int]) -> None:
    """Delete the payments of these invoices, with the credits that paid nothing else."""
    payments = Payment.objects.filter(invoice__in=invoices)
    keys = list(payments.values_list("pk", flat=True))
    entries = list(payments.exclude(entry=None).values_list("entry", flat=True).distinct())
    payments.delete()
    forget(Payment, keys)
    alone = BankEntry.objects.filter(pk__in=entries, state=EntryState.MATCHED, payments=None)
    gone = list(alone.values_list("pk", flat=True))
    BankEntry.objects.filter(pk__in=gone).delete()
    forget(BankEntry, gone)
