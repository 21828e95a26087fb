"""Every change of a supplier's invoice: received → checked → approved → paid, or sent back."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.files.domain import store_upload
from mentoring.files.models import StoredFile
from mentoring.log.domain import acting
from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held, held_open
from programmes.cycles.models import Cycle
from programmes.roadmap import calendar
from programmes.suppliers.domain import doubles
from programmes.suppliers.models import SupplierInvoice, SupplierInvoiceState

PURPOSE = "suppliers.invoice"
"""Of the file of an invoice that was entered."""

UPLOADED = "suppliers.uploaded"
"""Of a file whose form is still being filled in; it goes after a day."""

KEPT_UPLOADED = timedelta(days=1)
FILE_KINDS = ("pdf", "xml")

DECISIVE = ("supplier", "number", "invoiced_on", "due_on", "amount", "iban")
"""What is paid, to whom and when: whoever changed one of these does not approve it."""

State = SupplierInvoiceState

CHANGED = (
    "Die Rechnung wurde geändert, seit Sie diese Seite geöffnet haben. Bitte prüfen Sie sie "
    "noch einmal."
)
OWN = (
    "Sie haben diese Rechnung selbst erfasst oder geändert. Freigeben muss sie jemand anderes "
    "aus der Leitung des Beirats. Gibt es dort nur Sie, lassen Sie die Rechnung zurückweisen "
    "und von jemand anderem neu erfassen."
)

# What a step back leads to.
BEFORE = {
    State.CHECKED: State.RECEIVED,
    State.APPROVED: State.CHECKED,
    State.PAID: State.APPROVED,
    State.REJECTED: State.RECEIVED,
}


def keep_upload(upload: "File[bytes]", *, by: User) -> StoredFile:
    """Store a file until its form is filled in, as it is, byte for byte.

    Raises ``ValidationError`` for one that is no PDF and no XML, or was entered before.
    """
    with transaction.atomic():
        stored = store_upload(
            upload,
            purpose=UPLOADED,
            by=by,
            allowed=FILE_KINDS,
            expires_at=timezone.now() + KEPT_UPLOADED,
        )
        if found := doubles.same_file(stored.sha256):
            raise ValidationError({"upload": doubles.told(found, by)})
    return stored


def enter(
    invoice: SupplierInvoice,
    *,
    file: StoredFile | None = None,
    another: bool = False,
    by: User,
) -> SupplierInvoice:
    """Save a new invoice whose fields were checked, with the ``file`` that ``by`` uploaded.

    ``another`` says that it is a different one although amount and date are the same as of
    one that is there. Raises ``Refused`` if it was entered before, the file was used
    already, or the cycle has ended.
    """
    with transaction.atomic(), acting(by):
        held_open(invoice.cycle)
        if file is not None:
            invoice.file = _claimed(file, by)
        _fit(invoice)
        _refuse_double(invoice, another=another, by=by)
        invoice.state = State.RECEIVED
        invoice.created_by = by
        _write(invoice, by)
    return invoice


def save(invoice: SupplierInvoice, *, another: bool = False, by: User) -> SupplierInvoice:
    """Save changed fields of one that nobody has checked yet.

    Raises ``Refused`` as ``enter`` does and in any later state, and ``EditConflict``.
    """
    with transaction.atomic(), acting(by):
        held_open(invoice.cycle)
        stored = _stored(invoice)
        if stored.state != State.RECEIVED:
            raise Refused(
                f"Die Rechnung ist schon {stored.get_state_display()}. Nehmen Sie diesen Schritt "
                "zuerst zurück."
            )
        _fit(invoice)
        _refuse_double(invoice, another=another, by=by)
        # Not from the form's instance, which was read before the lock.
        invoice.state = stored.state
        if any(getattr(invoice, name) != getattr(stored, name) for name in DECISIVE):
            invoice.changed_by = by
        else:
            invoice.changed_by = stored.changed_by
        _write(invoice, by)
    return invoice


def check(invoice: SupplierInvoice, *, seen: int, by: User) -> SupplierInvoice:
    """What it says is right: amount, event, what was delivered. ``seen`` is the version shown.

    Raises ``Refused`` unless it is received, or if it was changed since.
    """
    return _move(invoice, State.CHECKED, (State.RECEIVED,), seen, by, checked_by=by)


def approve(invoice: SupplierInvoice, *, seen: int, by: User) -> SupplierInvoice:
    """It may be paid. Raises ``Refused`` for who entered or changed it, see ``check``."""
    with transaction.atomic():
        held_open(invoice.cycle)
        if by.pk in written_by(_stored(invoice)):
            raise Refused(OWN)
        return _move(invoice, State.APPROVED, (State.CHECKED,), seen, by, approved_by=by)


def pay(invoice: SupplierInvoice, *, paid_on: date, seen: int, by: User) -> SupplierInvoice:
    """It was paid on that day, be the cycle over or not: what was released is owed.

    Raises ``Refused`` unless it is approved, see ``check``, and for a day that cannot be.
    """
    with transaction.atomic():
        held(invoice.cycle)
        if wrong := wrong_day_of_payment(_stored(invoice), paid_on):
            raise Refused(wrong)
        return _move(invoice, State.PAID, (State.APPROVED,), seen, by, hold=held, paid_on=paid_on)


def reject(invoice: SupplierInvoice, *, reason: str, seen: int, by: User) -> SupplierInvoice:
    """It goes back to who wrote it. Raises ``Refused`` for one that is paid, see ``check``."""
    return _move(invoice, State.REJECTED, State.unpaid(), seen, by, reason=reason[:300])


def step_back(invoice: SupplierInvoice, *, reason: str, seen: int, by: User) -> SupplierInvoice:
    """Take the last step back, with the reason. Raises ``Refused`` where there is none.

    One that was sent back is received again, unless it came a second time meanwhile.
    """
    with transaction.atomic():
        held_open(invoice.cycle)
        stored = _stored(invoice)
        if stored.state not in BEFORE:
            raise Refused("Es gibt keinen Schritt, der sich zurücknehmen lässt.")
        if stored.state == State.REJECTED:
            found = doubles.doubles_of(stored, sha256=_sha256(stored)).same
            if found is not None:
                raise doubles.refuse(found, by)
        to = BEFORE[State(stored.state)]
        gone: dict[str, Any] = {"paid_on": None}
        if to in (State.RECEIVED, State.CHECKED):
            gone["approved_by"] = None
        if to == State.RECEIVED:
            gone["checked_by"] = None
        return _move(invoice, to, (stored.state,), seen, by, reason=reason[:300], **gone)


def wrong_day_of_payment(invoice: SupplierInvoice, paid_on: date) -> str:
    """Why ``invoice`` cannot have been paid on that day, as a German sentence; "" if it can."""
    if paid_on > timezone.localdate():
        return "Der Tag der Zahlung liegt in der Zukunft."
    if paid_on < invoice.invoiced_on:
        return f"Der Tag der Zahlung liegt vor dem Rechnungsdatum ({invoice.invoiced_on:%d.%m.%Y})."
    return ""


def written_by(invoice: SupplierInvoice) -> set[int]:
    """The users (primary keys) who entered it or changed something ``DECISIVE``.

    The row knows only the last of them; those before are in the log, which is written in the
    same transaction and kept longer than an invoice waits.
    """
    changed = LogEntry.objects.get_for_object(invoice).filter(
        action=LogEntry.Action.UPDATE, changes__has_any_keys=list(DECISIVE)
    )
    writers = set(changed.order_by().values_list("actor", flat=True).distinct())
    return {pk for pk in (invoice.created_by_id, invoice.changed_by_id, *writers) if pk is not None}


def unfinished(cycle: Cycle) -> list[str]:
    """What holds the closing of ``cycle``: invoices neither paid nor sent back."""
    rows = SupplierInvoice.objects.filter(cycle=cycle, state__in=State.unpaid())
    match rows.count():
        case 0:
            return []
        case 1:
            return ["Eine Rechnung eines Lieferanten ist weder bezahlt noch zurückgewiesen."]
        case number:
            return [f"{number} Rechnungen von Lieferanten sind weder bezahlt noch zurückgewiesen."]


def _move(
    invoice: SupplierInvoice,
    to: SupplierInvoiceState,
    allowed: Iterable[str],
    seen: int,
    by: User,
    *,
    hold: Callable[[Cycle], Cycle] = held_open,
    **fields: Any,
) -> SupplierInvoice:
    with transaction.atomic(), acting(by):
        hold(invoice.cycle)
        stored = _stored(invoice)
        if stored.state not in allowed:
            raise Refused(
                f"Die Rechnung ist inzwischen {stored.get_state_display()}. Vermutlich war jemand "
                "anderes schneller."
            )
        if stored.version != seen:
            raise Refused(CHANGED)
        stored.state = to
        if to != State.REJECTED:
            stored.reason = ""
        for name, value in fields.items():
            setattr(stored, name, value)
        _write(stored, by)
    return stored


def _fit(invoice: SupplierInvoice) -> None:
    """An invoice for a commission is about its event and of its kind, and its days can be."""
    for day in (invoice.invoiced_on, invoice.due_on):
        if day is not None:
            calendar.check_day(day)
    if invoice.amount <= 0:
        raise Refused("Der Rechnungsbetrag muss größer als null sein.")
    commission = invoice.commission
    if commission is not None:
        if commission.cycle_id != invoice.cycle_id:
            raise Refused("Dieser Auftrag gehört zu einem anderen Durchgang.")
        invoice.event, invoice.category = commission.event, commission.category
    elif invoice.event is not None and invoice.event.cycle_id != invoice.cycle_id:
        raise Refused("Diese Veranstaltung gehört zu einem anderen Durchgang.")


def _refuse_double(invoice: SupplierInvoice, *, another: bool, by: User) -> None:
    found = doubles.doubles_of(invoice, sha256=_sha256(invoice))
    if found.same is not None:
        raise doubles.refuse(found.same, by)
    if found.alike and not another:
        raise Refused(doubles.told_alike(found.alike, by))


def _write(invoice: SupplierInvoice, by: User) -> None:
    try:
        with transaction.atomic():
            invoice.save()
    except IntegrityError as error:
        # Entered in another Durchgang at the same moment: each holds only its own.
        found = doubles.doubles_of(invoice, sha256=_sha256(invoice)).same
        if found is None:
            raise
        raise doubles.refuse(found, by) from error


def _sha256(invoice: SupplierInvoice) -> str:
    return invoice.file.sha256 if invoice.file is not None else ""


def _claimed(file: StoredFile, by: User) -> StoredFile:
    """The uploaded file, from now on the invoice's: only one form gets it."""
    uploaded = StoredFile.objects.filter(pk=file.pk, purpose=UPLOADED, created_by=by)
    if not uploaded.update(purpose=PURPOSE, expires_at=None):
        raise Refused(
            "Diese Datei gehört schon zu einer Rechnung oder wurde inzwischen gelöscht. Laden "
            "Sie sie noch einmal hoch."
        )
    return StoredFile.objects.get(pk=file.pk)


def _stored(invoice: SupplierInvoice) -> SupplierInvoice:
    # Invoices are never deleted while their cycle is open.
    found: SupplierInvoice = SupplierInvoice.objects.select_for_update(of=("self",)).get(
        pk=invoice.pk
    )
    return found
