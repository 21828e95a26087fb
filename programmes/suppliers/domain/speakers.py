"""Every change of a Referent/in."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState
from programmes.events.models import EventState
from programmes.suppliers.models import (
    Commission,
    CommissionState,
    Speaker,
    SupplierInvoice,
    SupplierInvoiceState,
)

NOBODY_KNOWN = "Referent/in (gelöscht)"
"""What a commission says in the place of somebody who was deleted."""

GONE = "Diese Referentin oder dieser Referent wurde inzwischen von jemand anderem gelöscht."


def create(speaker: Speaker, *, by: User) -> Speaker:
    """Save a new one whose fields were checked."""
    with transaction.atomic(), acting(by):
        speaker.save()
    return speaker


def save(speaker: Speaker, *, by: User) -> Speaker:
    """Save changed fields. Raises ``EditConflict``."""
    with transaction.atomic(), acting(by):
        speaker.save()
    return speaker


def delete(speaker: Speaker, *, reason: str = "", by: User | None) -> None:
    """Delete somebody for good, with what the log says of them; ``by`` is ``None`` at night.

    Past commissions stay without the name, for the figures of their Durchgang. An invoice
    keeps the name as long as the law wants it kept (§ 147 Abs. 1 AO). Raises ``Refused``
    while something is still to be done or paid, and without a ``reason`` where there are
    commissions.
    """
    with transaction.atomic(), acting(by):
        stored = Speaker.objects.select_for_update().filter(pk=speaker.pk).first()
        if stored is None:
            raise Refused(GONE)
        commissions = list(Commission.objects.select_for_update().filter(speaker=stored))
        if still_needed(stored):
            raise Refused(
                f"{stored} hat noch einen zugesagten Auftrag oder eine Rechnung, die nicht "
                "bezahlt ist. Sagen Sie den Auftrag ab oder warten Sie, bis alles erledigt ist."
            )
        if commissions and by is not None and not reason.strip():
            raise Refused("Bitte nennen Sie den Grund: es gab schon Aufträge.")
        keys = [commission.pk for commission in commissions]
        Commission.objects.filter(pk__in=keys).update(speaker=None, supplier=NOBODY_KNOWN, note="")
        key = stored.pk
        stored.delete()
    # Last, for the deletion itself was entered with all the values.
    forget(Speaker, [key])
    forget(Commission, keys)


def still_needed(speaker: Speaker) -> bool:
    """Whether something of theirs is ahead or not paid yet."""
    return open_commissions(speaker).exists()


def open_commissions(speaker: Speaker) -> QuerySet[Commission]:
    """Their commissions that are agreed for what is still ahead, or not paid yet."""
    ahead = Q(event=None) & ~Q(cycle__state__in=CycleState.ended())
    ahead |= Q(event__state=EventState.PLANNED, event__ends_at__gt=timezone.now())
    unpaid = SupplierInvoice.objects.filter(state__in=SupplierInvoiceState.unpaid())
    found: QuerySet[Commission] = Commission.objects.filter(speaker=speaker).filter(
        (ahead & Q(state=CommissionState.AGREED)) | Q(pk__in=unpaid.values("commission"))
    )
    return found
