"""Drafts: text and invoices of a mailing; they save without being complete."""

from collections.abc import Iterable

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.billing.models import Invoice
from programmes.invoice_mails.domain.candidates import candidates
from programmes.invoice_mails.models import InvoiceLetter, InvoiceMailing, MailingState

GONE = "Dieser Entwurf wurde inzwischen gelöscht."
RELEASED = "Dieser Versand ist inzwischen freigegeben und ändert sich nicht mehr."
NOT_OFFERED = (
    "Eine der Rechnungen steht nicht mehr zur Auswahl: Sie wurde inzwischen bezahlt, storniert "
    "oder versandt. Wählen Sie neu."
)


def create(mailing: InvoiceMailing, *, invoices: Iterable[int] = (), by: User) -> InvoiceMailing:
    """Store a new draft with these invoices (primary keys). Raises ``Refused``."""
    with transaction.atomic(), acting(by):
        mailing.state, mailing.created_by = MailingState.DRAFT, by
        mailing.save()
        _choose(mailing, set(invoices))
    return mailing


def save_draft(mailing: InvoiceMailing, *, invoices: Iterable[int], by: User) -> InvoiceMailing:
    """Store what was typed and chosen. Raises ``Refused`` or ``EditConflict``."""
    with transaction.atomic(), acting(by):
        stored = held_draft(mailing)
        if stored.version != mailing.version:
            raise EditConflict(stored)
        mailing.save()
        _choose(mailing, set(invoices))
    return mailing


def delete_draft(mailing: InvoiceMailing, *, by: User) -> None:
    """Delete a draft. Raises ``Refused`` if it is one no longer."""
    with transaction.atomic(), acting(by):
        held_draft(mailing).delete()


def held_draft(mailing: InvoiceMailing) -> InvoiceMailing:
    """``mailing`` as stored now, held until the transaction ends; it is a draft."""
    found: InvoiceMailing | None = (
        InvoiceMailing.objects.select_for_update(of=("self",))
        .select_related("cycle__programme__logistics_partner")
        .filter(pk=mailing.pk)
        .first()
    )
    if found is None:
        raise Refused(GONE)
    if found.state != MailingState.DRAFT:
        raise Refused(RELEASED)
    return found


def _choose(mailing: InvoiceMailing, wanted: set[int]) -> None:
    """Write only what differs; what is chosen already may have lapsed, the release says so."""
    stored = {letter.invoice_id: letter for letter in mailing.letters.all()}
    fresh = wanted - stored.keys()
    offered = candidates(mailing.cycle, mailing.kind).filter(pk__in=fresh)
    if fresh - set(offered.values_list("pk", flat=True)):
        raise Refused(NOT_OFFERED)
    mailing.letters.filter(invoice__in=stored.keys() - wanted).delete()
    houses = Invoice.objects.in_bulk(fresh)
    InvoiceLetter.objects.bulk_create(
        InvoiceLetter(mailing=mailing, invoice=houses[key]) for key in sorted(fresh)
    )
