"""The files of an issued invoice: made once, from its snapshot, stored with their hash."""

import hashlib
import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from mentoring.files.domain import store_bytes
from mentoring.files.models import StoredFile
from mentoring.jobs.faults import Contained
from mentoring.jobs.waking import send
from programmes.billing.domain.issuing import FILES_TASK
from programmes.billing.domain.words import shown
from programmes.billing.invoice import Invoice, InvoiceKind, InvoiceQuerySet, InvoiceState
from programmes.billing.issuer import Way
from programmes.einvoices.cii import xml_of

log = logging.getLogger(__name__)

PURPOSE = "billing.invoice"
"""The purpose of the stored files of this room."""

PAUSES = (timedelta(0), timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))
"""How long to wait after the nth failure; after the last again and again."""

TROUBLE_AFTER = 2
TROUBLE = (
    "Die Dateien dieser Rechnung konnten mehrfach nicht erzeugt werden. Die Nummer bleibt "
    "vergeben; es wird weiter versucht. Bitte wenden Sie sich an die Betreuung des Systems."
)


def due() -> InvoiceQuerySet[Invoice]:
    """The invoices with a number whose files nobody makes now."""
    now = timezone.now()
    free = Q(claim=None) & (Q(claimed_at=None) | _rested(now))
    # Making takes a second or two; a claim as old as this belongs to a process that is gone.
    lost = timedelta(seconds=settings.JOB_LOST_SECONDS)
    abandoned = Q(claim__isnull=False, claimed_at__lt=now - lost)
    found: InvoiceQuerySet[Invoice] = Invoice.objects.filter(
        free | abandoned, state=InvoiceState.ISSUING, way=Way.HERE
    ).order_by("issued_at", "pk")
    return found


def _rested(now: datetime) -> Q:
    last = len(PAUSES) - 1
    rested = Q(attempts__gte=last, claimed_at__lte=now - PAUSES[last])
    for attempts, pause in enumerate(PAUSES[:last]):
        rested |= Q(attempts=attempts, claimed_at__lte=now - pause)
    return rested


def make_next() -> bool:
    """Claim one invoice and make its files; false if none is due."""
    while True:
        pk = due().values_list("pk", flat=True).first()
        if pk is None:
            return False
        if make_files(pk) is not None:
            return True


def make_files(invoice_pk: int) -> bool | None:
    """Make XML and PDF of an invoice from its snapshot, and take it to ``issued``.

    Bears being run again and at the same time: only one holds the claim, and only who holds
    it at the end writes. ``None`` if it was not to be had, else whether the files were made.
    """
    claim = uuid.uuid4()
    claimed = due().filter(pk=invoice_pk)
    if not claimed.quietly(claim=claim, claimed_at=timezone.now(), attempts=F("attempts") + 1):
        return None
    invoice = Invoice.objects.get(pk=invoice_pk)
    contained = Contained(f"files of invoice {invoice_pk}")
    with contained:
        _make(invoice, claim)
    if contained.failed:
        _give_back(invoice, claim)
    return not contained.failed


def _make(invoice: Invoice, claim: uuid.UUID) -> None:
    # WeasyPrint takes a second to import, which a process that prints nothing can do without.
    from programmes.einvoices.document import pdf_of

    said = shown(invoice)
    xml = None if said.plain_pdf else xml_of(said)
    pdf = pdf_of(said, xml)
    with transaction.atomic():
        stored_pdf = store(pdf, name=f"{file_name(invoice)}.pdf", content_type="application/pdf")
        stored_xml = (
            None
            if xml is None
            else store(xml, name=f"{file_name(invoice)}.xml", content_type="application/xml")
        )
        own = Invoice.objects.filter(pk=invoice.pk, state=InvoiceState.ISSUING, claim=claim)
        made = own.update(
            state=InvoiceState.ISSUED,
            pdf=stored_pdf,
            pdf_sha256=stored_pdf.sha256,
            xml=stored_xml,
            xml_sha256=stored_xml.sha256 if stored_xml else "",
            claim=None,
            trouble="",
        )
        if not made:
            # Somebody else has made them since: theirs are the invoice's, ours are undone.
            transaction.set_rollback(True)


def _give_back(invoice: Invoice, claim: uuid.UUID) -> None:
    own = Invoice.objects.filter(pk=invoice.pk, state=InvoiceState.ISSUING, claim=claim)
    trouble = TROUBLE if invoice.attempts >= TROUBLE_AFTER else ""
    own.quietly(claim=None, claimed_at=timezone.now(), trouble=trouble)


def store(data: bytes, *, name: str, content_type: str) -> StoredFile:
    """Store a file of an invoice, for who sees the invoice."""
    return store_bytes(data, name=name, content_type=content_type, purpose=PURPOSE)


def file_name(invoice: Invoice) -> str:
    """The name of its files without their ending: "Rechnung-CM-2026-0001"."""
    kind = "Storno" if invoice.kind == InvoiceKind.CANCELLATION else "Rechnung"
    number = (invoice.number or "").replace("/", "-").replace("\\", "-")
    return f"{kind}-{number}"


def whole(stored: StoredFile, invoice: Invoice) -> bytes | None:
    """The content of a file of ``invoice``, if it is still what was made; else ``None``.

    Compared with the hash in the invoice, not with the one beside the file: whoever changes
    the file may change that, too.
    """
    expected = invoice.pdf_sha256 if stored.pk == invoice.pdf_id else invoice.xml_sha256
    try:
        with stored.content.open("rb") as content:
            data: bytes = content.read()
    except FileNotFoundError:
        log.error("file of invoice %s is missing", invoice.pk)
        return None
    if hashlib.sha256(data).hexdigest() != expected:
        log.error("file of invoice %s is not the one that was made", invoice.pk)
        return None
    return data


def wake_maker() -> int:
    """Wake somebody for invoices without files; nothing is changed here."""
    if due().exists():
        send(FILES_TASK)
    return 0
