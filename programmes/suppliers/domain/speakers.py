"""Every change of a Referent/in."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.text import search_key
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState
from programmes.events.models import EventState
from programmes.suppliers.models import (
    Commission,
    CommissionState,
    Speaker,
    SpeakerQuerySet,
    SupplierInvoice,
    SupplierInvoiceState,
)

NOBODY_KNOWN = "Referent/in (gelöscht)"
"""What a commission says in the place of somebody who was deleted."""

GONE = "Diese Referentin oder dieser Referent wurde inzwischen von jemand anderem gelöscht."


def create(speaker: Speaker, *, another: bool = False, by: User) -> Speaker:
    """Save a new one whose fields were checked.

    ``another`` says that it is somebody else than those with the same name or address.
    Raises ``Refused`` for one who is on the list already.
    """
    with transaction.atomic(), acting(by):
        _write(speaker, another=another)
    return speaker


def save(speaker: Speaker, *, another: bool = False, by: User) -> Speaker:
    """Save changed fields. Raises ``Refused`` as ``create`` does, and ``EditConflict``."""
    with transaction.atomic(), acting(by):
        _write(speaker, another=another)
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


def same_as(speaker: Speaker) -> Speaker | None:
    """Who stands on the list of the programme already, with the same name and address."""
    return _others(speaker).filter(name=speaker.name, email=speaker.email).first()


def alike(speaker: Speaker) -> list[Speaker]:
    """Those of the programme with the same name, however it is typed, or the same address.

    None for one whose name and address are as they were: that was asked before.
    """
    asked = Speaker.objects.filter(pk=speaker.pk, name=speaker.name, email=speaker.email)
    if speaker.pk is not None and asked.exists():
        return []
    key, others = search_key(speaker.name), _others(speaker)
    found = {row.pk: row for row in others.search(speaker.name) if search_key(row.name) == key}
    if speaker.email:
        found |= {row.pk: row for row in others.filter(email__iexact=speaker.email)}
    return list(found.values())


def told(found: Speaker) -> str:
    """The sentence about the one who is there."""
    return (
        f"Diese Person steht schon auf der Liste: {_named(found)}. Bearbeiten Sie bitte diesen "
        "Eintrag. Ist es jemand anderes, unterscheiden Sie beide durch die E-Mail-Adresse."
    )


def told_alike(found: Sequence[Speaker]) -> str:
    """The question about those who might be the same."""
    named = "; ".join(_named(row) for row in found)
    return (
        f"Mit diesem Namen oder dieser E-Mail-Adresse steht schon auf der Liste: {named}. Bitte "
        "bestätigen Sie, dass dies eine andere Person ist."
    )


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


def _write(speaker: Speaker, *, another: bool) -> None:
    if found := same_as(speaker):
        raise Refused(told(found))
    if not another and (like := alike(speaker)):
        raise Refused(told_alike(like))
    try:
        with transaction.atomic():
            speaker.save()
    except IntegrityError as error:
        # Two entered the same person at the same moment.
        if found := same_as(speaker):
            raise Refused(told(found)) from error
        raise


def _others(speaker: Speaker) -> SpeakerQuerySet[Speaker]:
    found: SpeakerQuerySet[Speaker] = Speaker.objects.filter(programme=speaker.programme_id)
    return found.exclude(pk=speaker.pk).order_by("pk")


def _named(speaker: Speaker) -> str:
    return ", ".join(
        part
        for part in (speaker.name, speaker.email or "ohne E-Mail-Adresse", speaker.city)
        if part
    )
