"""Holding a tandem while something about it changes, and what every door checks."""

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from tandems.applications.models import Application
from tandems.mentors.models import Mentor
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import decided_tandems, matching_cycles, matching_is_due

NOT_YOURS = (
    "An diesem Tandem wirken Sie nicht mit. Bitte lassen Sie ein anderes Mitglied des Beirats "
    "entscheiden."
)
LEADS_ONLY = "Das entscheidet eine Leitung des Beirats."
TOLD = (
    "Die Mentorin oder der Mentor weiß schon von diesem Tandem: es lässt sich nicht mehr öffnen. "
    "Soll es nicht bestehen, kann eine Leitung es auflösen und es dem Mentor sagen."
)


def held_cycle(cycle: Cycle) -> Cycle:
    """``cycle`` locked; raises ``Refused`` if it has ended or there is no matching yet."""
    found = held_open(cycle)
    if not matching_is_due(found):
        raise Refused(
            "In diesem Durchgang wird noch nicht gematcht: erst endet die Bewerbungsphase."
        )
    return found


def held(tandem: Tandem, *, by: User) -> Tandem:
    """``tandem`` as stored now, locked after its cycle, with both halves.

    Raises ``Refused`` if it is gone, and to whoever does not decide on it.
    """
    cycle = held_cycle(tandem.cycle)
    found = (
        Tandem.objects.select_for_update(of=("self",))
        .select_related(
            "application__person",
            "application__municipality",
            "mentor__person",
            "mentor__municipality",
        )
        .filter(pk=tandem.pk, cycle=cycle)
        .first()
    )
    if found is None:
        raise Refused("Dieses Tandem gibt es nicht mehr: jemand hat es inzwischen aufgelöst.")
    if not Tandem.objects.filter(decided_tandems(by), pk=found.pk).exists():
        raise Refused(NOT_YOURS)
    found.cycle = found.application.cycle = found.mentor.cycle = cycle
    stored: Tandem = found
    return stored


def held_halves(
    cycle: Cycle, application: Application, mentor: Mentor, by: User
) -> tuple[Application, Mentor]:
    """Both as stored now; raises ``Refused`` if ``by`` may not see or match them."""
    mentee = (
        Application.objects.visible_to(by)
        .filter(cycle=cycle, pk=application.pk)
        .select_related("person", "municipality")
        .first()
    )
    other = (
        Mentor.objects.visible_to(by)
        .filter(cycle=cycle, pk=mentor.pk)
        .select_related("person", "municipality")
        .first()
    )
    if mentee is None or other is None or cycle.pk not in matching_cycles(by):
        raise Refused(
            "Dieses Paar gibt es nicht mehr, oder Sie wirken daran nicht mit. Laden Sie die Seite "
            "neu; sonst bitten Sie ein anderes Mitglied des Beirats."
        )
    mentee.cycle = other.cycle = cycle
    return mentee, other


def check_state(tandem: Tandem, *expected: TandemState) -> None:
    """Raise ``Refused`` unless the tandem is in one of the expected states."""
    if tandem.state not in expected:
        raise Refused(
            f"Das geht nicht mehr: das Tandem ist inzwischen „{tandem.get_state_display()}“. Laden "
            "Sie die Seite neu."
        )


def check_lead(cycle: Cycle, by: User) -> None:
    """Raise ``Refused`` unless ``by`` leads the Beirat of ``cycle``."""
    if cycle.pk not in roles_of(by).lead:
        raise Refused(LEADS_ONLY)
