"""Releasing: the one act after which the letters go out."""

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.waking import wake
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.billing.models import Invoice
from programmes.billing.permissions import keeps_books
from programmes.invoice_mails.domain.drafts import RELEASED, held_draft
from programmes.invoice_mails.domain.plan import Plan, attachments_of, plan_of
from programmes.invoice_mails.models import InvoiceLetter, InvoiceMailing, MailingState

SEND_TASK = "programmes.invoice_mails.tasks.send"
CHANGED = (
    "Es hat sich etwas geändert, seit Sie die Vorschau geöffnet haben: der Text, eine Adresse oder "
    "eine Zahlung. Es wurde nichts freigegeben. Sehen Sie sich die Liste noch einmal an."
)
NOBODY_LEFT = "Es ist nichts mehr zu versenden: Alle ausgewählten Rechnungen fallen weg."
ASK_AGAIN = (
    "An einige dieser Rechnungen wurde erst vor Kurzem erinnert. Setzen Sie das Häkchen, wenn Sie "
    "trotzdem noch einmal erinnern wollen."
)


def release(
    mailing: InvoiceMailing, *, seen: str, remind_again: bool = False, by: User
) -> InvoiceMailing:
    """Release ``mailing`` as it was shown (``Plan.seen``); its letters are sent soon after.

    Address and open amount of each letter are fixed now; what was paid, cancelled or sent
    since is left out and says why. Of two who release at once one succeeds, and of two
    mailings with the same invoice the second leaves it out. Raises ``Refused`` with
    everything that is in the way, and unless ``remind_again`` for an invoice reminded of
    fewer days ago than its issuer wants.
    """
    with transaction.atomic(), acting(by):
        stored = held_draft(mailing)
        if not keeps_books(by, stored.cycle):
            raise Refused("Freigeben kann nur der Logistikpartner dieses Durchgangs.")
        _hold_invoices(stored)
        plan = plan_of(stored)
        if plan.seen != seen:
            raise Refused(CHANGED)
        _check(plan, remind_again)
        draft = InvoiceMailing.objects.filter(pk=stored.pk, state=MailingState.DRAFT)
        if not draft.update(
            state=MailingState.RELEASED, released_at=timezone.now(), released_by=by
        ):
            raise Refused(RELEASED)
        _fix(plan)
        wake(SEND_TASK)
        stored.refresh_from_db()
    return stored


def _hold_invoices(mailing: InvoiceMailing) -> None:
    """A payment or another release of the same invoices waits until we are through."""
    keys = mailing.letters.order_by().values("invoice")
    list(Invoice.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _check(plan: Plan, remind_again: bool) -> None:
    if plan.all_problems:
        raise Refused(" ".join(plan.all_problems))
    if not plan.going:
        raise Refused(NOBODY_LEFT)
    if plan.again and not remind_again:
        raise Refused(ASK_AGAIN)
    for one in plan.going:
        if attachments_of(one.invoice) is None:
            raise Refused(
                f"Eine Datei der Rechnung {one.invoice.number} fehlt oder ist nicht mehr die, die "
                "erzeugt wurde. Bitte wenden Sie sich an die Betreuung des Systems."
            )


def _fix(plan: Plan) -> None:
    for one in plan.going:
        one.letter.email, one.letter.open_amount = one.email, one.open
    InvoiceLetter.objects.bulk_update(
        [one.letter for one in plan.going], ["email", "open_amount"], batch_size=200
    )
    for gone in plan.left_out:
        gone.letter.left_out = gone.why
    InvoiceLetter.objects.bulk_update(
        [gone.letter for gone in plan.left_out], ["left_out"], batch_size=200
    )
