"""The doors of the public registration: register, confirm, withdraw, invite the Kommune.

Outsiders have no sign-in: the first three take no actor. What they may do is proved by a
link that went to their address.
"""

from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.text import sort_key
from mentoring.ui.errors import Refused
from programmes.cycles.domain import invite_municipality
from programmes.cycles.models import CycleState, Participation
from programmes.events.domain.answers import places_left
from programmes.events.domain.holding import begun, held
from programmes.events.models import Event, EventState
from programmes.organisations.models import Municipality
from programmes.registrations import mails
from programmes.registrations.models import Interest, InterestState

CLOSED = "Für diese Veranstaltung können Sie sich nicht mehr anmelden."
FULL = "Es sind leider schon alle Plätze vergeben."


@dataclass(frozen=True)
class Typed:
    """What somebody typed on the public page, checked by its form."""

    first_name: str
    last_name: str
    municipality: str
    email: str


def open_events() -> QuerySet[Event]:
    """The events whose public page is open: planned, ahead, in a cycle that has not ended."""
    return (
        Event.objects.planned()
        .filter(public_registration=True, starts_at__gt=timezone.now())
        .exclude(cycle__state__in=CycleState.ended())
    )


def places_taken(event: Event) -> int:
    """How many places the confirmed registrations hold."""
    return Interest.objects.filter(event=event).confirmed().count()


def register(event: Event, typed: Typed) -> None:
    """Take a registration and write to its address; says nothing of what was known before.

    Who is registered already is told so by mail alone. Raises ``Refused`` when the page is
    not open (any more) or all places are taken.
    """
    email = typed.email.strip().lower()
    with transaction.atomic():
        stored = _held_open(event)
        if places_left(stored) == 0:
            raise Refused(FULL)
        interest = Interest.objects.filter(event=stored, email=email).first()
        if interest is not None and interest.state == InterestState.CONFIRMED:
            interest.event = stored
            mails.say_already_registered(interest)
            return
        interest = interest or Interest(event=stored, email=email)
        interest.event = stored
        if interest.state == InterestState.WITHDRAWN:
            interest.state = InterestState.PENDING
            interest.confirmed_at = None
        before = (interest.first_name, interest.last_name, interest.municipality)
        if before != (typed.first_name, typed.last_name, typed.municipality):
            # Somebody else may have typed the last one: its link must not confirm this.
            interest.nonce = uuid4()
            interest.first_name, interest.last_name = typed.first_name, typed.last_name
            interest.municipality = typed.municipality
        interest.created_at = interest.mailed_at = timezone.now()
        interest.save()
        mails.ask_to_confirm(interest)


def confirm(interest: Interest) -> Interest:
    """Confirm a registration by its link; a second time nothing happens.

    Raises ``Refused`` when it was withdrawn, the event has begun or is called off, or all
    places are taken meanwhile.
    """
    with transaction.atomic():
        event = held(interest.event)
        stored = _stored(interest, event)
        if stored.state == InterestState.CONFIRMED:
            return stored
        if stored.state == InterestState.WITHDRAWN:
            raise Refused("Sie haben sich wieder abgemeldet. Bitte melden Sie sich neu an.")
        if event.state == EventState.CANCELLED:
            raise Refused("Die Veranstaltung ist leider abgesagt.")
        if begun(event):
            raise Refused(CLOSED)
        if places_left(event) == 0:
            raise Refused(FULL)
        now = timezone.now()
        stored.state = InterestState.CONFIRMED
        stored.confirmed_at = stored.mailed_at = now
        stored.told_sequence = event.sequence
        stored.save()
        mails.say_confirmed(stored)
    return stored


def withdraw(interest: Interest) -> Interest:
    """Withdraw a registration by its link; a second time nothing happens."""
    with transaction.atomic():
        event = held(interest.event)
        stored = _stored(interest, event)
        if stored.state != InterestState.WITHDRAWN:
            stored.state = InterestState.WITHDRAWN
            stored.save()
    return stored


def unaware(event: Event) -> QuerySet[Interest]:
    """The confirmed who do not know of the event's last change."""
    return Interest.objects.filter(event=event, told_sequence__lt=event.sequence).confirmed()


def tell_change(event: Event, *, by: User) -> int:
    """Mail those who do not know of the last change or cancellation; returns how many."""
    with transaction.atomic(), acting(by):
        stored = held(event)
        if stored.is_over():
            raise Refused("Die Veranstaltung ist schon vorbei.")
        told = list(unaware(stored))
        for interest in told:
            interest.event = stored
            interest.told_sequence = stored.sequence
            interest.mailed_at = timezone.now()
            interest.save()
            mails.say_changed(interest)
    return len(told)


def matching(typed: str) -> Municipality | None:
    """The one Kommune that is meant by ``typed``; ``None`` if that is none or not certain.

    "Coesfeld" is the Kommune of that short name; "Stadt Ahausen" is Ahausen. A Kreis is
    never taken for the town of the same name.
    """
    wanted = sort_key(typed)
    if not wanted:
        return None
    bare = " ".join(word for word in wanted.split() if word not in ("stadt", "gemeinde"))
    houses = list(Municipality.objects.all())
    exact = [house for house in houses if wanted in (house.sort_key, sort_key(house.name))]
    found = exact or [house for house in houses if bare and house.sort_key == bare]
    return found[0] if len(found) == 1 else None


def invite_house(
    interest: Interest, *, municipality: Municipality, by: User
) -> tuple[Participation, bool]:
    """Enter the Kommune as invited because of ``interest``; whether it was not in before.

    Raises ``Refused`` if the cycle has ended or the registration is not confirmed.
    """
    with transaction.atomic(), acting(by):
        event = held(interest.event)
        stored = _stored(interest, event)
        if stored.state != InterestState.CONFIRMED:
            raise Refused("Diese Anmeldung ist nicht bestätigt. Laden Sie die Liste neu.")
        there = Participation.objects.filter(cycle=event.cycle, municipality=municipality).first()
        participation = there or invite_municipality(event.cycle, municipality=municipality, by=by)
        stored.participation = participation
        stored.save(update_fields=["participation"])
    return participation, there is None


def _held_open(event: Event) -> Event:
    found = held(event)
    if not open_events().filter(pk=found.pk).exists():
        raise Refused(CLOSED)
    return found


def _stored(interest: Interest, event: Event) -> Interest:
    found: Interest | None = Interest.objects.filter(pk=interest.pk, nonce=interest.nonce).first()
    if found is None:
        raise Refused("Diese Anmeldung gibt es nicht mehr. Bitte melden Sie sich neu an.")
    found.event = event
    return found
