"""Holding a tandem while something about its year changes."""

from datetime import date

from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import council_tandems

GONE = "Dieses Tandem gibt es nicht mehr. Laden Sie die Seite neu."
NOT_YOURS = (
    "An diesem Tandem wirken Sie nicht mit. Bitte lassen Sie ein anderes Mitglied des Beirats "
    "entscheiden."
)


def held(tandem: Tandem) -> Tandem:
    """``tandem`` as stored now, locked after its cycle.

    Raises ``Refused`` if it is gone, its cycle has ended, or it has not been revealed: the
    sentence is the same for a tandem that is gone (design, rule 1).
    """
    cycle = held_open(tandem.cycle)
    found: Tandem | None = (
        Tandem.objects.select_for_update(of=("self",))
        .select_related("application__municipality", "mentor__municipality")
        .select_related("mentee_person", "mentor_person")
        .filter(pk=tandem.pk, revealed_at__isnull=False)
        .first()
    )
    if found is None:
        raise Refused(GONE)
    found.cycle = cycle
    return found


def held_running(tandem: Tandem) -> Tandem:
    """As ``held``; raises ``Refused`` once the tandem has ended."""
    found = held(tandem)
    if found.state not in TandemState.running():
        raise Refused(
            f"Dieses Tandem ist seit dem {found.ended_on:%d.%m.%Y} "
            f"{found.get_state_display()}: daran ändert sich nichts mehr."
        )
    return found


def half(tandem: Tandem, by: User) -> Person:
    """The one of the two who ``by`` is. Raises ``Refused`` for anybody else."""
    person = posts_of(by).person
    for one in (tandem.mentee_person, tandem.mentor_person):
        if one.pk == person:
            found: Person = one
            return found
    raise Refused("Das tragen nur die beiden selbst ein.")


def check_follows(tandem: Tandem, by: User) -> None:
    """Raise ``Refused`` unless ``by`` follows the tandem in the Beirat."""
    if not Tandem.objects.filter(council_tandems(by), pk=tandem.pk).exists():
        raise Refused(NOT_YOURS)


def revealed_day(tandem: Tandem) -> date:
    """The day of its reveal; only for a tandem that has been revealed."""
    if tandem.revealed_at is None:
        raise ValueError("the tandem is secret")
    return timezone.localtime(tandem.revealed_at).date()
