"""The doors of personal links: send, open, end (design, rule 8)."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.people.codes import hash_of, new_code
from programmes.people.models import Person
from tandems.links.mails import send_link
from tandems.links.models import PersonalLink
from tandems.links.registry import purposes

USUAL_DAYS = 21
MOST_DAYS = 90
KEEP_DAYS = 90
"""So long the page of a record tells what became of its links."""

ENDED = (
    "Ihr persönlicher Link gilt nicht mehr: er ist abgelaufen, wurde beendet, oder Ihr Bogen "
    "wird nicht mehr erwartet. Es wurde nichts gespeichert. Ihre Eingaben stehen noch auf dieser "
    "Seite; kopieren Sie heraus, was Sie brauchen."
)


def open_link(
    *,
    purpose: str,
    record: int,
    cycle: Cycle,
    person: Person,
    by: User,
    until: date | None = None,
) -> PersonalLink:
    """Mail ``person`` a link to ``record``, good to the end of ``until``.

    ``until`` is by default ``USUAL_DAYS`` ahead. Whatever link the record had ends: sent
    again, only the newest one is good. Raises ``Refused`` without an address, for a day that
    is past or more than ``MOST_DAYS`` ahead, and for what is not to be filled in (any more).
    """
    with transaction.atomic(), acting(by):
        cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
        person = Person.objects.get(pk=person.pk)
        today = timezone.localdate()
        until = until or today + timedelta(days=USUAL_DAYS)
        if not person.email:
            raise Refused(
                f"Für {person} ist keine E-Mail-Adresse eingetragen. Bitte tragen Sie sie zuerst "
                "ein; dorthin geht der Link."
            )
        if not today <= until <= today + timedelta(days=MOST_DAYS):
            raise Refused(f"Der Link kann von heute an höchstens {MOST_DAYS} Tage gelten.")
        for earlier in _unclosed(purpose, record):
            _close(earlier)
        code, code_hash = new_code()
        link = PersonalLink(
            purpose=purpose,
            record=record,
            cycle=cycle,
            person=person,
            email=person.email,
            code_hash=code_hash,
            created_by=by,
            expires_at=_end_of(until),
        )
        if not leads_on(link):
            raise Refused(
                "Hier gibt es nichts (mehr) auszufüllen, deshalb lässt sich kein Link schicken. "
                "Laden Sie die Seite neu: sie zeigt den jetzigen Stand."
            )
        link.save()
        send_link(link, code, label=purposes.get(purpose).label, by=by)
        return link


def close_link(link: PersonalLink, *, by: User | None) -> PersonalLink:
    """End ``link`` now; one that has ended already stays as it is."""
    with transaction.atomic(), acting(by):
        Cycle.objects.select_for_update().get(pk=link.cycle_id)
        stored: PersonalLink = PersonalLink.objects.get(pk=link.pk)
        if stored.closed_at is None:
            _close(stored)
        return stored


def close_links_of(purpose: str, record: int, *, by: User | None) -> None:
    """End the link of ``record``: its purpose is done. To be called with the cycle locked."""
    with transaction.atomic(), acting(by):
        for link in _unclosed(purpose, record):
            _close(link)


def note_opened(link: PersonalLink) -> None:
    """Note the first time somebody proved by a code that the link is theirs."""
    with transaction.atomic():
        stored = PersonalLink.objects.filter(pk=link.pk, opened_at=None).first()
        if stored is not None:
            stored.opened_at = timezone.now()
            stored.save(update_fields=["opened_at"])


def still_open(link: PersonalLink) -> PersonalLink:
    """``link`` as it stands now, for a door that writes by it. Raises ``Refused`` once it ended.

    Locks the cycle: then the link stays open to the end of the transaction.
    """
    Cycle.objects.select_for_update().get(pk=link.cycle_id)
    stored = PersonalLink.objects.filter(pk=link.pk).select_related("cycle", "person").first()
    if stored is None or not leads_on(stored):
        raise Refused(ENDED)
    return stored


def find_link(code: str) -> PersonalLink | None:
    """The link with this code, whatever became of it."""
    found = PersonalLink.objects.filter(code_hash=hash_of(code))
    return found.select_related("cycle__programme", "person").first()


def leads_on(link: PersonalLink) -> bool:
    """Whether ``link`` still leads to something to fill in.

    It ends by itself with its time, its cycle and its purpose, and when the person's address
    changes: the old one may be somebody else's by now.
    """
    return (
        link.closed_at is None
        and link.expires_at > timezone.now()
        and link.cycle.is_open
        and link.email.lower() == link.person.email.lower()
        and link.purpose in purposes
        and purposes.get(link.purpose).wanted(link)
    )


def end_finished() -> int:
    """Note the end of links that lead nowhere any more; returns how many."""
    count = 0
    unclosed = PersonalLink.objects.filter(closed_at=None).select_related("cycle", "person")
    for link in unclosed.iterator(chunk_size=500):
        if not leads_on(link):
            with transaction.atomic():
                _close(link)
            count += 1
    return count


def forget_links(purpose: str, record: int) -> None:
    """Delete the links of a record that is deleted, and what the log has of them."""
    links = PersonalLink.objects.filter(purpose=purpose, record=record)
    keys = list(links.values_list("pk", flat=True))
    if keys:
        forget(PersonalLink, keys)
        links.delete()


def _unclosed(purpose: str, record: int) -> QuerySet[PersonalLink]:
    return PersonalLink.objects.filter(Q(closed_at=None), purpose=purpose, record=record)


def _close(link: PersonalLink) -> None:
    link.closed_at = timezone.now()
    link.save(update_fields=["closed_at"])


def _end_of(day: date) -> datetime:
    """The last minute of ``day``, Europe/Berlin."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
