"""Invoices of an institute's own finance system, recorded here."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.files.domain import store_upload
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.billing.domain.drafts import held_draft
from programmes.billing.domain.files import PURPOSE
from programmes.billing.domain.words import snapshot_of
from programmes.billing.invoice import Invoice, InvoiceState
from programmes.billing.issuer import Issuer, Way
from programmes.einvoices.snapshot import Snapshot

BACK_DAYS = 400
"""So many days an invoice of another system may lie back: a whole Durchgang, but no mistyped
year. Once its day was wrong it would be deleted too early (``retention``), and never mended."""

HERE = (
    "Dieser Logistikpartner schreibt seine Rechnungen hier. Stellen Sie den Entwurf aus, statt "
    "eine Nummer einzutragen."
)
HAS_PDF = "Zu dieser Rechnung liegt schon ein PDF."


def record_elsewhere(
    invoice: Invoice,
    *,
    number: str,
    issued_on: date,
    pdf: "File[bytes] | None" = None,
    by: User,
) -> Invoice:
    """Record under which number and on which day a draft was issued in another system.

    No file is made; ``pdf`` is the other system's. From here on the invoice is as frozen as
    any. Raises ``Refused`` if it is no draft, has no line or its issuer writes here, and
    ``ValidationError`` for a number that is taken, a day that cannot be or a file that is no PDF.
    """
    with transaction.atomic(), acting(by):
        draft = held_draft(invoice)
        if draft.issuer.way != Way.ELSEWHERE:
            raise Refused(HERE)
        number = checked_number(draft.issuer, number, issued_on)
        said = snapshot_of(draft, number=number, issued_on=issued_on)
        if not said.lines:
            raise Refused("Die Rechnung hat noch keine Zeile.")
        freeze_elsewhere(draft, said, pdf=pdf, by=by)
    invoice.refresh_from_db()
    return invoice


def add_pdf(invoice: Invoice, *, pdf: "File[bytes]", by: User) -> Invoice:
    """Add the other system's PDF to an invoice recorded without one; once.

    Raises ``Refused`` if it has one or was issued here, ``ValidationError`` for no PDF.
    """
    with transaction.atomic(), acting(by):
        stored = store_upload(pdf, purpose=PURPOSE, by=by, allowed=("pdf",))
        same = Invoice.objects.filter(pk=invoice.pk, way=Way.ELSEWHERE, pdf=None)
        if not same.exclude(state=InvoiceState.DRAFT).update(pdf=stored, pdf_sha256=stored.sha256):
            raise Refused(HAS_PDF)
    invoice.refresh_from_db()
    return invoice


def checked_number(
    issuer: Issuer, number: str, issued_on: date, *, original: Invoice | None = None
) -> str:
    """``number`` without spaces around it; ``original`` is what a Storno takes back.

    Raises ``ValidationError`` at ``number`` or ``issued_on`` for what cannot be recorded.
    """
    _check_day(issued_on, original)
    number = " ".join(number.split())
    if not number:
        raise ValidationError({"number": "Bitte geben Sie die Rechnungsnummer ein."})
    if Invoice.objects.filter(issuer=issuer, number=number).exists():
        raise ValidationError({"number": f"Die Nummer {number} ist schon vergeben."})
    return number


def _check_day(issued_on: date, original: Invoice | None) -> None:
    today = timezone.localdate()
    if issued_on > today:
        text = f"Das Datum {issued_on:%d.%m.%Y} liegt in der Zukunft."
    elif issued_on < today - timedelta(days=BACK_DAYS):
        text = (
            f"Das Rechnungsdatum liegt zu weit zurück. Eintragen lassen sich Tage ab dem "
            f"{today - timedelta(days=BACK_DAYS):%d.%m.%Y}. Bitte prüfen Sie die Jahreszahl."
        )
    elif original is not None and original.issued_on and issued_on < original.issued_on:
        text = (
            "Das Datum der Stornorechnung liegt vor dem der Rechnung "
            f"({original.issued_on:%d.%m.%Y})."
        )
    else:
        return
    raise ValidationError({"issued_on": text})


def freeze_elsewhere(
    draft: Invoice, said: Snapshot, *, pdf: "File[bytes] | None", by: User
) -> None:
    """Write number and snapshot into a held draft, or into a new Storno.

    Raises ``ValidationError`` at ``number`` if it is taken, or for a file that is no PDF.
    """
    stored = store_upload(pdf, purpose=PURPOSE, by=by, allowed=("pdf",)) if pdf else None
    draft.state, draft.way = InvoiceState.ISSUED, Way.ELSEWHERE
    draft.number, draft.issued_on, draft.due_on = said.number, said.issued_on, said.due_on
    draft.net, draft.tax, draft.gross = said.net, said.tax, said.gross
    draft.snapshot = said.as_json()
    draft.issued_by, draft.issued_at = by, timezone.now()
    draft.pdf, draft.pdf_sha256 = stored, stored.sha256 if stored else ""
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:
        # Two recorded the same number at the same moment.
        text = f"Die Nummer {said.number} ist schon vergeben."
        raise ValidationError({"number": text}) from error
