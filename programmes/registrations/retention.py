"""How long registrations of outsiders are kept, and what is known of a person by them."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.events.wording import moment
from programmes.outbox.models import Delivery
from programmes.people.models import Person
from programmes.people.retention import DataPeriod, PersonalData
from programmes.registrations.links import CONFIRM_WITHIN
from programmes.registrations.mails import PURPOSE
from programmes.registrations.models import Interest, InterestState

KEPT_FOR = timedelta(days=30)
"""How long after the event a registration is kept."""


def delete_pending() -> int:
    """Delete registrations nobody confirmed in time; returns how many."""
    limit = timezone.now() - CONFIRM_WITHIN
    return _delete(Interest.objects.filter(state=InterestState.PENDING, created_at__lte=limit))


def delete_past() -> int:
    """Delete the registrations for events that are long over; returns how many."""
    return _delete(Interest.objects.filter(event__ends_at__lte=timezone.now() - KEPT_FOR))


def known(person: Person) -> list[tuple[str, str]]:
    """For which events the person registered with an address of their own."""
    return [
        (
            "Anmeldung",
            f"{row.event}, {row.get_state_display()}, als {row.full_name} ({row.municipality}), "
            f"am {moment(row.created_at)}",
        )
        for row in _of(person).select_related("event").order_by("pk")
    ]


def erase(person: Person, by: User) -> None:
    """Delete the registrations; no invoice and no list of others hangs on them."""
    with acting(by):
        _delete(_of(person))


@transaction.atomic
def _delete(interests: QuerySet[Interest]) -> int:
    """Delete them with the notes of the mails that went to these addresses alone."""
    rows = list(interests.values_list("pk", "email"))
    keys, addresses = [pk for pk, _ in rows], {email for _, email in rows}
    Interest.objects.filter(pk__in=keys).delete()
    kept = Interest.objects.filter(email__in=addresses).values_list("email", flat=True)
    gone = addresses - set(kept)
    Delivery.objects.filter(purpose=PURPOSE, to_email__in=gone).delete()
    return len(keys)


def _of(person: Person) -> QuerySet[Interest]:
    """By an address of theirs that nobody else has."""
    own = {person.email, person.user.email if person.user is not None else ""}
    own = {address.lower() for address in own if address}
    others = Person.objects.exclude(pk=person.pk)
    shared = {
        *others.filter(email__in=own).values_list("email", flat=True),
        *others.filter(user__email__in=own).values_list("user__email", flat=True),
    }
    return Interest.objects.filter(email__in=own - shared)


PENDING = DataPeriod(
    "Anmeldungen zu Veranstaltungen, die niemand bestätigt hat",
    "Anmeldung",
    CONFIRM_WITHIN.days,
    delete_pending,
)
PAST = DataPeriod(
    "Anmeldungen zu Veranstaltungen", "Ende der Veranstaltung", KEPT_FOR.days, delete_past
)
SHARE = PersonalData("Anmeldungen zu Veranstaltungen", known, erase)
