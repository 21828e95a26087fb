"""Storno: an issued invoice is taken back by a document of its own, and never changed."""

from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.waking import wake
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.billing.domain.drafts import LineData, make_draft
from programmes.billing.domain.elsewhere import checked_number, freeze_elsewhere
from programmes.billing.domain.issuing import FILES_TASK, check_words, freeze
from programmes.billing.domain.numbers import take_number
from programmes.billing.domain.words import storno_snapshot
from programmes.billing.invoice import Invoice, InvoiceKind, InvoiceState
from programmes.billing.issuer import Way
from programmes.einvoices.snapshot import DRAFT_NUMBER

_NOT = {
    InvoiceState.DRAFT: "Das ist noch ein Entwurf: er lässt sich ändern oder löschen.",
    InvoiceState.ISSUING: "Die Dateien dieser Rechnung werden noch erstellt. Bitte warten Sie "
    "einen Augenblick und versuchen Sie es dann noch einmal.",
}


NOT_CANCELLED = "Erst wenn eine Rechnung storniert ist, gibt es eine neue daraus."


def why_no_storno(invoice: Invoice) -> str:
    """What ``invoice`` is by now, so that it has no Storno; "" if it may be cancelled."""
    if invoice.kind == InvoiceKind.CANCELLATION:
        return "Eine Stornorechnung lässt sich nicht stornieren. Schreiben Sie eine neue."
    if invoice.state == InvoiceState.CANCELLED:
        return f"Diese Rechnung ist schon storniert: {invoice.cancelled_by}."
    return _NOT.get(InvoiceState(invoice.state), "")


def cancel(
    invoice: Invoice,
    *,
    reason: str,
    number: str = "",
    issued_on: date | None = None,
    pdf: "File[bytes] | None" = None,
    by: User,
) -> Invoice:
    """Cancel an issued invoice; returns the Storno, a document with a number of its own.

    ``number``, ``issued_on`` and ``pdf`` are those of the other system, for an invoice that
    was recorded from there. The invoice is cancelled in the same transaction. Raises
    ``Refused`` if it is not issued or paid, is a Storno itself, or no reason is given, and
    ``ValidationError`` for a number or a day of the other system that cannot be.
    """
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise Refused("Bitte geben Sie den Grund des Stornos an: er steht auf der Stornorechnung.")
    with transaction.atomic(), acting(by):
        original = _held(invoice)
        storno = _blank(original, reason)
        if original.way == Way.ELSEWHERE:
            day = issued_on or timezone.localdate()
            checked = checked_number(original.issuer, number, day, original=original)
            said = storno_snapshot(original, number=checked, issued_on=day, reason=reason)
            freeze_elsewhere(storno, said, pdf=pdf, by=by)
        else:
            today = timezone.localdate()
            trial = storno_snapshot(original, number=DRAFT_NUMBER, issued_on=today, reason=reason)
            if found := check_words(trial):
                raise Refused(" ".join(one.text for one in found))
            taken, sequence = take_number(original.issuer, today)
            said = storno_snapshot(original, number=taken, issued_on=today, reason=reason)
            freeze(storno, said, sequence=sequence, by=by)
            wake(FILES_TASK)
        Invoice.objects.filter(pk=original.pk).update(state=InvoiceState.CANCELLED)
    invoice.refresh_from_db()
    return storno


def draft_again(invoice: Invoice, *, by: User) -> Invoice:
    """A new draft with the lines of a cancelled invoice, to be mended and issued.

    The cycle may have ended meanwhile: money is set right even then. Raises ``Refused`` if
    the invoice is not cancelled.
    """
    with transaction.atomic(), acting(by):
        stored = Invoice.objects.select_related("issuer__partner", "cycle", "municipality").get(
            pk=invoice.pk
        )
        if stored.state != InvoiceState.CANCELLED:
            raise Refused(NOT_CANCELLED)
        lines = [
            LineData(
                line.name, line.quantity, line.price, line.tax_category, line.tax_rate, line.mentees
            )
            for line in stored.lines.all()
        ]
        return make_draft(
            stored.issuer,
            stored.cycle,
            stored.municipality,
            lines,
            service_from=stored.service_from,
            service_until=stored.service_until,
            order_number=stored.order_number,
            note=stored.note,
        )


def _held(invoice: Invoice) -> Invoice:
    """The invoice as stored, held until the transaction ends; ``Refused`` if it has no Storno."""
    found: Invoice = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("issuer__partner", "municipality", "cycle__programme")
        .get(pk=invoice.pk)
    )
    if why := why_no_storno(found):
        raise Refused(why)
    return found


def _blank(original: Invoice, reason: str) -> Invoice:
    return Invoice(
        issuer=original.issuer,
        cycle=original.cycle,
        municipality=original.municipality,
        kind=InvoiceKind.CANCELLATION,
        cancels=original,
        reason=reason,
        service_from=original.service_from,
        service_until=original.service_until,
        order_number=original.order_number,
    )
