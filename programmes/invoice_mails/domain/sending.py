"""Handing released letters to the outbox, each once and with its own files.

The letter's row is the work: it is marked in the transaction that makes its delivery. Whoever
is killed in between leaves letters that are not marked, and the sweep goes on with these.
"""

import time

from django.db import transaction
from django.db.models import QuerySet

from mentoring.accounts.models import User
from mentoring.jobs.faults import Contained
from mentoring.jobs.waking import send
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.billing.models import Invoice
from programmes.invoice_mails.domain.plan import attachments_of, facts_of
from programmes.invoice_mails.domain.release import SEND_TASK
from programmes.invoice_mails.models import FILE_LOST, InvoiceLetter, MailingKind
from programmes.invoice_mails.texts import Text
from programmes.outbox import domain as outbox
from programmes.outbox.models import Delivery

PURPOSES = {MailingKind.INVOICES: "invoice", MailingKind.REMINDER: "invoice.reminder"}
TURN_SECONDS = 20.0
"""How long one task hands over before it gives its process to others."""


class FileLost(Exception):
    """A file of an invoice is missing, or is not what was made."""


def to_send() -> QuerySet[InvoiceLetter]:
    """Released letters that the outbox does not have yet, the oldest first."""
    found: QuerySet[InvoiceLetter] = (
        InvoiceLetter.objects.counted().filter(sent_out=False).order_by("pk")
    )
    return found


def send_waiting() -> int:
    """Hand over what waits, for ``TURN_SECONDS`` at most; returns how many."""
    ends_at, handed = time.monotonic() + TURN_SECONDS, 0
    for key in list(to_send().values_list("pk", flat=True)):
        if time.monotonic() > ends_at:
            send(SEND_TASK)
            break
        # One letter that cannot go must not keep the others from it.
        with Contained(f"invoice letter {key}"):
            try:
                handed += _hand_over(key)
            except FileLost:
                _give_up(key)
                raise
    return handed


@transaction.atomic
def _hand_over(key: int) -> int:
    """Make the delivery of one letter; 0 if another process did."""
    letter = (
        InvoiceLetter.objects.select_for_update(of=("self",))
        .select_related(
            "mailing__cycle__programme",
            "mailing__released_by",
            "invoice__municipality",
            "invoice__issuer__partner",
            "invoice__cycle__programme",
            "invoice__pdf",
            "invoice__xml",
        )
        .filter(pk=key, sent_out=False, left_out="")
        .first()
    )
    if letter is None:
        return 0
    attachments = attachments_of(letter.invoice)
    if attachments is None:
        raise FileLost
    mailing, house = letter.mailing, letter.invoice.municipality
    message = Text(mailing).message(facts_of(letter))
    letter.delivery = outbox.queue_mail(
        to_email=letter.email,
        to_name=house.billing_name or house.name,
        subject=message.subject,
        text=message.text,
        html=message.html,
        reply_to=mailing.reply_to,
        purpose=PURPOSES[MailingKind(mailing.kind)],
        batch=mailing.batch,
        attachments=attachments,
        by=mailing.released_by,
    )
    letter.sent_out = True
    letter.save(update_fields=["delivery", "sent_out"])
    return 1


def _give_up(key: int) -> None:
    """Let a letter without its files wait no longer: the page says why, and it is offered again."""
    waits = InvoiceLetter.objects.filter(pk=key, sent_out=False, left_out="")
    waits.update(left_out=FILE_LOST)


def wake_sender() -> int:
    """Wake a worker for letters that wait; nothing is changed here."""
    if to_send().exists():
        send(SEND_TASK)
    return 0


def retry(letter: InvoiceLetter, *, by: User) -> None:
    """Send a letter that failed again, to the same address.

    Raises ``Refused``, also if another one about the invoice went out since.
    """
    with transaction.atomic(), acting(by):
        # A release of the same invoice waits until we are through, and the other way round.
        Invoice.objects.select_for_update(of=("self",)).get(pk=letter.invoice_id)
        later = InvoiceLetter.objects.lasting().filter(
            invoice=letter.invoice_id, mailing__kind=letter.mailing.kind, pk__gt=letter.pk
        )
        if later.exists():
            raise Refused(
                "Zu dieser Rechnung ging inzwischen eine andere E-Mail hinaus. Diese wird nicht "
                "noch einmal gesendet."
            )
        outbox.retry_failed(_delivery(letter), by=by)


def resolve_unclear(letter: InvoiceLetter, *, sent: bool, by: User) -> None:
    """Decide about a letter nobody knows the fate of: it arrived, or is to be sent again."""
    with transaction.atomic(), acting(by):
        outbox.resolve_unclear(_delivery(letter), by=by, sent=sent)


def _delivery(letter: InvoiceLetter) -> Delivery:
    found = Delivery.objects.filter(invoice_letter=letter).first()
    if found is None:
        raise Refused("Über diesen Brief gibt es nichts mehr zu entscheiden.")
    return found
