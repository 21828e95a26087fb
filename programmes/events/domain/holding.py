"""Holding an event while something about it changes, and what every door checks."""

from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState
from programmes.events.models import Attendee, Event, EventState


def held(event: Event) -> Event:
    """``event`` as stored now, held until the transaction ends.

    Raises ``Refused`` if its cycle has ended. Answers, invitations and mails of one event
    come one after the other, so that no place is given twice.
    """
    found: Event = (
        Event.objects.select_for_update(of=("self",))
        .select_related("cycle__programme")
        .get(pk=event.pk)
    )
    if found.cycle.state in CycleState.ended():
        raise Refused(
            f"{found.cycle} ist {found.cycle.get_state_display()}: hier lässt sich nichts mehr "
            "ändern."
        )
    return found


def held_planned(event: Event) -> Event:
    """As ``held``; raises ``Refused`` if the event was called off."""
    found = held(event)
    if found.state == EventState.CANCELLED:
        raise Refused("Die Veranstaltung ist abgesagt: hier lässt sich nichts mehr ändern.")
    return found


def held_ahead(event: Event) -> Event:
    """As ``held_planned``; raises ``Refused`` once it is over."""
    found = held_planned(event)
    if found.is_over():
        raise Refused("Die Veranstaltung ist schon vorbei.")
    return found


def held_attendee(attendee: Attendee) -> Attendee:
    """``attendee`` as stored now; the event must be held already.

    Raises ``Refused`` if the invitation was taken back meanwhile.
    """
    found: Attendee | None = (
        Attendee.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=attendee.pk)
        .first()
    )
    if found is None:
        raise Refused("Diese Einladung gibt es nicht mehr.")
    return found


def begun(event: Event) -> bool:
    """Whether it has begun."""
    return event.starts_at <= timezone.now()
