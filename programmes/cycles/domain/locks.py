"""Holding a cycle while something about it changes, and what every door checks."""

from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.people.models import Person


def held(cycle: Cycle) -> Cycle:
    """``cycle`` as stored now, held until the transaction ends.

    Two people who act on one cycle come one after the other: PostgreSQL holds the row,
    SQLite allows one writing transaction at a time.
    """
    found: Cycle = (
        Cycle.objects.select_for_update(of=("self",)).select_related("programme").get(pk=cycle.pk)
    )
    return found


def held_open(cycle: Cycle) -> Cycle:
    """As ``held``; raises ``Refused`` if the cycle has ended."""
    found = held(cycle)
    if not found.is_open:
        raise Refused(
            f"{found} ist {found.get_state_display()}: hier lässt sich nichts mehr ändern."
        )
    return found


def no_operator(person: Person) -> None:
    """Raise ``Refused`` if ``person`` runs the installation: operators are in no cycle."""
    if person.user is not None and person.user.is_operator:
        raise Refused(
            f"{person} betreibt diese Anwendung und kann deshalb nicht im Programm mitwirken. "
            "Wer beides tut, braucht dafür zwei getrennte Zugänge."
        )
