"""What the outbox knows of a person, and how it is erased on request."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from programmes.outbox.models import Delivery, DeliveryState, MessageContent, MessageTail
from programmes.people.models import Person
from programmes.people.retention import PersonalData, hidden_from

KEPT_FOR = timedelta(days=180)
"""How long a single mail that has ended is kept. Those of a Rundmail belong to its archive."""

ERASED = "Die Empfängerin oder der Empfänger wurde gelöscht."


def _sent_to(person: Person) -> QuerySet[Delivery]:
    """Deliveries to the person, by name or to an address that is theirs alone."""
    own = {person.email, *person.invitations.values_list("email", flat=True)}
    if person.user is not None:
        own.add(person.user.email)
    own = {address.lower() for address in own if address}
    others = Person.objects.exclude(pk=person.pk).filter(email__in=own)
    users = User.objects.exclude(pk=person.user_id).filter(email__in=own)
    shared = {*others.values_list("email", flat=True), *users.values_list("email", flat=True)}
    return Delivery.objects.filter(
        Q(person=person) | Q(person=None, to_email__in=own - shared)
    ).order_by("created_at", "pk")


def known(person: Person) -> list[tuple[str, str]]:
    """When we wrote to the person, and about what."""
    return _listed(_sent_to(person))


def _listed(mails: QuerySet[Delivery]) -> list[tuple[str, str]]:
    return [
        (f"E-Mail vom {timezone.localtime(mail.created_at):%d.%m.%Y}", mail.subject)
        for mail in mails.filter(confidential=False)
    ]


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """As ``known``; where a conflict of interest hides a record, the invitation to sign in alone.

    A mail about that record would tell of it, and no mail names the cycle it is about.
    """
    if not hidden_from(reader, person):
        return known(person)
    return _listed(_sent_to(person).filter(purpose="invitation"))


def erase(person: Person, by: User) -> None:
    """Forget texts and addresses, send nothing more; that something was sent, and when, stays."""
    keys = list(_sent_to(person).values_list("pk", flat=True))
    mails = Delivery.objects.filter(pk__in=keys)
    mails.filter(state=DeliveryState.QUEUED).update(
        state=DeliveryState.FAILED, error=ERASED, ended_at=timezone.now(), claim=None
    )
    MessageContent.objects.filter(delivery__in=keys).delete()
    mails.update(person=None, to_email="", to_name="", subject="")


def delete_old() -> int:
    """Delete single mails that were sent or failed long ago; returns how many.

    Whatever still waits for a person's decision (``unclear``) stays.
    """
    ended = Q(state=DeliveryState.SENT, sent_at__lte=timezone.now() - KEPT_FOR) | Q(
        state=DeliveryState.FAILED, ended_at__lte=timezone.now() - KEPT_FOR
    )
    old = Delivery.objects.filter(ended, batch=None)
    used = MessageContent.objects.filter(tail__isnull=False).values("tail")
    MessageTail.objects.exclude(pk__in=used).delete()
    return old.delete()[1].get(Delivery._meta.label, 0)


SHARE = PersonalData("Post", known, erase, known_to)
