"""Holding a Platzvergabe while something about it changes."""

from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle, CycleState
from tandems.applications.models import Application
from tandems.places.models import Allocation, AllocationLine

NOT_YOURS = (
    "Daran hängt eine Bewerbung, an der Sie nicht mitwirken. Bitte lassen Sie ein anderes "
    "Mitglied des Beirats entscheiden."
)


def held_cycle(cycle: Cycle) -> Cycle:
    """``cycle`` locked; raises ``Refused`` if it has ended or takes no applications yet."""
    found: Cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if not found.is_open:
        raise Refused("Dieser Durchgang ist beendet: an der Platzvergabe ändert sich nichts mehr.")
    if found.state == CycleState.PLANNING:
        raise Refused("Die Bewerbungsphase dieses Durchgangs hat noch nicht begonnen.")
    return found


def held(allocation: Allocation) -> Allocation:
    """``allocation`` as stored now, locked after its cycle, which must be open."""
    cycle = held_cycle(allocation.cycle)
    found: Allocation = Allocation.objects.select_for_update(of=("self",)).get(pk=allocation.pk)
    found.cycle = cycle
    return found


def held_open(allocation: Allocation) -> Allocation:
    """As ``held``; raises ``Refused`` once it is closed."""
    found = held(allocation)
    if not found.is_open:
        raise Refused(
            "Die Platzvergabe ist schon beschlossen. Was sich danach ändert, entscheidet eine "
            "Leitung des Beirats unter „Spätere Entscheidungen“."
        )
    return found


def lines_of(allocation: Allocation) -> list[AllocationLine]:
    """All lines with their applications, in an order that hangs on nothing but the keys.

    Without those whose application was deleted: nothing is decided about them any more.
    """
    return list(
        AllocationLine.objects.filter(allocation=allocation, application__isnull=False)
        .select_related("application")
        .order_by("application")
    )


def seen_by(allocation: Allocation, by: User) -> frozenset[int]:
    """Keys of the applications of the cycle that ``by`` may see."""
    found = Application.objects.visible_to(by).filter(cycle=allocation.cycle_id)
    return frozenset(found.values_list("pk", flat=True))


def note_change(allocation: Allocation) -> None:
    """A decision changed: voices given before are older than it."""
    allocation.changed_at = timezone.now()
    allocation.save(update_fields=["changed_at"])
