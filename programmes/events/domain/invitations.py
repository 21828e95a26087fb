"""Inviting people to an event, and taking an invitation back."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import no_operator
from programmes.events.domain.answers import check_open_door
from programmes.events.domain.holding import held_ahead, held_attendee, held_planned
from programmes.events.guests import Guest, guests_of
from programmes.events.models import Attendee, Event
from programmes.people.models import Person


def invite(
    event: Event,
    people: Iterable[Person],
    *,
    by: User,
    guests: Mapping[int, Guest] | None = None,
) -> list[Attendee]:
    """Invite ``people`` and return who is new; who is invited already is left as they are.

    ``guests`` says by person in which role and for which Kommune; without it that is read
    from the cycle. Nobody is written to by this. Raises ``Refused`` when it is over.
    """
    with transaction.atomic(), acting(by):
        return _enter(held_ahead(event), people, guests or {}, by)


def take_back(attendee: Attendee, *, by: User) -> None:
    """Delete an invitation; its link is dead from then on. Raises ``Refused`` for who came."""
    with transaction.atomic(), acting(by):
        held_planned(attendee.event)
        stored = held_attendee(attendee)
        if stored.attended:
            raise Refused("Wer da war, bleibt auf der Liste.")
        stored.delete()


def add_at_the_door(event: Event, person: Person, *, by: User) -> Attendee:
    """Enter somebody who came without an invitation, or mark who had one as present."""
    with transaction.atomic(), acting(by):
        stored = held_planned(event)
        check_open_door(stored)
        _enter(stored, [person], {}, by)
        attendee: Attendee = Attendee.objects.select_for_update(of=("self",)).get(
            event=stored, person=person
        )
        if attendee.attended is not True:
            attendee.attended = True
            attendee.save(update_fields=["attended"])
    return attendee


def _enter(
    event: Event, people: Iterable[Person], guests: Mapping[int, Guest], by: User
) -> list[Attendee]:
    wanted = {person.pk: person for person in people}
    present = Attendee.objects.filter(event=event, person__in=wanted)
    for pk in present.values_list("person", flat=True):
        del wanted[pk]
    unknown = [person for pk, person in wanted.items() if pk not in guests]
    found = {**guests_of(event.cycle, unknown, by), **guests}
    made = []
    for pk, person in wanted.items():
        no_operator(person)
        guest = found[pk]
        made.append(
            Attendee.objects.create(
                event=event,
                person=person,
                role=guest.role,
                municipality_id=guest.municipality,
            )
        )
    return made
