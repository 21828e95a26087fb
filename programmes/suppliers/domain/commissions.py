"""Every change of a commission: asked, agreed, cancelled."""

from django.core.exceptions import ValidationError
from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.suppliers.models import Category, Commission, CommissionState

GONE = "Dieser Auftrag wurde inzwischen von jemand anderem gelöscht."


def create(commission: Commission, *, agreed: bool = False, by: User) -> Commission:
    """Save a new commission whose fields were checked, asked for or already ``agreed``.

    Raises ``Refused`` if the cycle has ended, ``ValidationError`` for what does not fit.
    """
    with transaction.atomic(), acting(by):
        held_open(commission.cycle)
        check(commission)
        commission.state = CommissionState.AGREED if agreed else CommissionState.ASKED
        commission.save()
    return commission


def save(commission: Commission, *, by: User) -> Commission:
    """Save changed fields. Raises ``Refused``, ``ValidationError`` or ``EditConflict``.

    Its invoices follow it to another event or kind: they are about the same thing.
    """
    with transaction.atomic(), acting(by):
        held_open(commission.cycle)
        check(commission)
        commission.state = _stored(commission).state
        commission.save()
        for invoice in commission.invoices.all():
            if (invoice.event_id, invoice.category) != (commission.event_id, commission.category):
                invoice.event, invoice.category = commission.event, commission.category
                invoice.save()
    return commission


def agree(commission: Commission, *, by: User) -> Commission:
    """Asked (or called off) becomes agreed. Raises ``Refused``."""
    return _move(commission, CommissionState.AGREED, "", by)


def cancel(commission: Commission, *, reason: str, by: User) -> Commission:
    """It will not be; ``reason`` goes to the remarks. Raises ``Refused``."""
    return _move(commission, CommissionState.CANCELLED, reason, by)


def delete(commission: Commission, *, by: User) -> None:
    """Delete what was entered by mistake. Raises ``Refused`` where there is an invoice."""
    with transaction.atomic(), acting(by):
        held_open(commission.cycle)
        stored = _stored(commission)
        if stored.invoices.exists():
            raise Refused("Zu diesem Auftrag gibt es eine Rechnung. Sagen Sie ihn stattdessen ab.")
        stored.delete()


def check(commission: Commission) -> None:
    """Raise ``ValidationError`` where speaker, firm and event do not fit together."""
    speaker, event = commission.speaker, commission.event
    if speaker is not None and commission.category != Category.SPEAKER:
        raise ValidationError(
            {"speaker": "Referent/innen gehören nur zu Aufträgen der Art „Referent/in“."}
        )
    if (speaker is None) == (not commission.supplier):
        raise ValidationError(
            {
                "supplier": "Wählen Sie eine Referentin oder einen Referenten aus, oder nennen "
                "Sie eine Firma: eines von beiden."
            }
        )
    if speaker is not None and speaker.programme_id != commission.cycle.programme_id:
        raise ValidationError({"speaker": "Diese Person gehört zu einem anderen Programm."})
    if event is not None and event.cycle_id != commission.cycle_id:
        raise ValidationError({"event": "Diese Veranstaltung gehört zu einem anderen Durchgang."})


def _move(commission: Commission, to: CommissionState, reason: str, by: User) -> Commission:
    with transaction.atomic(), acting(by):
        held_open(commission.cycle)
        stored = _stored(commission)
        if stored.state == to:
            raise Refused(f"Der Auftrag ist schon {to.label}. Vermutlich war jemand schneller.")
        stored.state = to
        if reason.strip():
            stored.note = f"{stored.note}\n{to.label}: {reason.strip()}".strip()[:2000]
        stored.save()
    return stored


def _stored(commission: Commission) -> Commission:
    # Locked without its joins: PostgreSQL locks no nullable side of one.
    found: Commission | None = (
        Commission.objects.select_for_update(of=("self",)).filter(pk=commission.pk).first()
    )
    if found is None:
        raise Refused(GONE)
    return found
