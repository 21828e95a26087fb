"""How far the mails are, counted in the query that reads them."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from programmes.outbox.models import STOPPED, Delivery, DeliveryState
from programmes.rundmails.models import Recipient, RecipientState, Rundmail
from programmes.rundmails.permissions import not_hidden

COUNTED = (
    DeliveryState.SENT,
    DeliveryState.FAILED,
    DeliveryState.UNCLEAR,
)


def _number(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many ``rows`` there are, 0 for none, as a subquery that groups by ``by``."""
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def with_counts(mails: QuerySet[Rundmail], user: Any) -> QuerySet[Rundmail]:
    """``mails`` with ``total``, ``sent``, ``failed`` and ``unclear``.

    Without those hidden from ``user``: a count must not give anybody away. Who was not
    written to because the mail was stopped has not failed.
    """
    goes = Recipient.objects.filter(
        Q(state=RecipientState.FIXED) | Q(delivery__isnull=False), rundmail=OuterRef("pk")
    )
    known = Delivery.objects.filter(not_hidden(user, "recipient__rundmail"))
    known = known.exclude(state=DeliveryState.FAILED, error=STOPPED)
    numbers = {
        str(state.value): _number(known.filter(batch=OuterRef("batch"), state=state), "batch")
        for state in COUNTED
    }
    return mails.annotate(total=_number(goes.filter(not_hidden(user)), "rundmail"), **numbers)


def shown_counts(mail: Any) -> str:
    """Such as "18 von 20 versandt, 1 fehlgeschlagen, 1 unklar"; "" while nobody is fixed."""
    if not mail.total:
        return ""
    parts = [f"{mail.sent} von {mail.total} versandt"]
    if mail.failed:
        parts.append(f"{mail.failed} fehlgeschlagen")
    if mail.unclear:
        parts.append(f"{mail.unclear} unklar")
    return ", ".join(parts)
