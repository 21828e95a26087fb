"""How long mails are kept, what is known of a person, and how that is erased."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.cycles.models import CycleState
from programmes.outbox.models import Delivery, DeliveryState, MessageContent, MessageTail
from programmes.people.models import Person
from programmes.people.retention import DataPeriod, PersonalData
from programmes.rundmails.domain.drafts import delete_with_files
from programmes.rundmails.models import AudienceChoice, Recipient, RecipientState, Rundmail

KEPT_DAYS = 3 * 365
"""A Durchgang takes two years; a mail of its first days is of use until its report is written."""


def delete_old() -> int:
    """Delete mails with recipients and messages once their time is over; returns how many.

    Drafts that were never sent go with their cycle.
    """
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = Rundmail.objects.filter(
        Q(ended_at__lte=before)
        | Q(ended_at=None, created_at__lte=before, cycle__state__in=CycleState.ended())
    )
    mails = list(old)
    for mail in mails:
        with transaction.atomic():
            deliveries = Delivery.objects.filter(batch=mail.batch)
            MessageContent.objects.filter(delivery__in=deliveries).delete()
            deliveries.exclude(state=DeliveryState.SENDING).delete()
            MessageTail.objects.filter(batch=mail.batch).delete()
            delete_with_files(mail)
    return len(mails)


def known(person: Person) -> list[tuple[str, str]]:
    """Nothing beside the post: what was sent the outbox lists, what waits is not sent yet."""
    return []


def erase(person: Person, by: User) -> None:
    """Forget name and address on every list; what was not sent yet is not sent any more."""
    rows = Recipient.objects.filter(person=person)
    rows.filter(delivery=None).update(state=RecipientState.WITHDRAWN)
    rows.update(person=None, name="", email="", sort_key="", search_key="")
    own = {person.email, person.user.email if person.user is not None else ""} - {""}
    with acting(by):
        for choice in AudienceChoice.objects.filter(audience="person", value=str(person.pk)):
            choice.delete()
        for mail in Rundmail.objects.filter(reply_to__in=own):
            mail.reply_to = ""
            mail.save()


SHARE = PersonalData("Rundmails", known, erase)
PERIOD = DataPeriod(
    "Rundmails und ihre Empfänger/innen", "Ende des Versands", KEPT_DAYS, delete_old
)
