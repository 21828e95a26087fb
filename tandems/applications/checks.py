"""What the doors of this room ask before they let something through."""

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.models import (
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
)
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.applications.permissions import conflicts_of, takes_applications
from tandems.profiles.questions import Needed, missing

NO_SECOND = (
    "Diese Person hat in diesem Durchgang schon eine Bewerbung. Öffnen Sie die vorhandene, "
    "statt eine zweite anzulegen."
)
NOT_POSSIBLE = (
    "Für diese Person kann hier keine Bewerbung angelegt werden. Bitte wenden Sie sich an die "
    "Leitung des Beirats."
)
OWN_CONFLICT = (
    "Wer selbst Bewerber/in, vorgesetzte Person oder ausgeschlossen ist, darf die Bewerbung "
    "nicht sehen und deshalb auch nicht bearbeiten. Bitten Sie eine andere Person Ihrer "
    "Personalstelle, diese Angaben einzutragen."
)
CLOSED_TO_APPLICATIONS = (
    "Dieser Durchgang nimmt keine Bewerbungen mehr an: die Bewerbungsphase ist beendet."
)


def check_state(application: Application, expected: ApplicationState) -> None:
    """Raise ``Refused`` unless the application is in the expected state."""
    if application.state != expected:
        raise Refused(
            f"Das geht nur im Stand „{expected.label}“. Diese Bewerbung ist inzwischen im "
            f"Stand „{ApplicationState(application.state).label}“; laden Sie die Seite neu."
        )


def check_entry(cycle: Cycle, municipality: Municipality) -> None:
    """Raise ``Refused`` unless the cycle takes applications and the Kommune takes part."""
    if not takes_applications(cycle):
        raise Refused(CLOSED_TO_APPLICATIONS)
    check_confirmed(cycle, municipality)


def check_confirmed(cycle: Cycle, municipality: Municipality) -> None:
    """Raise ``Refused`` unless the Kommune takes part."""
    confirmed = Participation.objects.filter(
        cycle=cycle, municipality=municipality, state=ParticipationState.CONFIRMED
    )
    if not confirmed.exists():
        raise Refused(
            f"{municipality} nimmt an diesem Durchgang nicht (oder noch nicht bestätigt) teil. "
            "Die Leitung des Beirats kann die Teilnahme bestätigen."
        )


def check_phase(cycle: Cycle) -> None:
    """Raise ``Refused`` unless the cycle is in its application phase."""
    if cycle.state == CycleState.PLANNING:
        raise Refused("Nominieren können Sie, sobald die Bewerbungsphase begonnen hat.")
    if cycle.state != CycleState.APPLICATION:
        raise Refused(CLOSED_TO_APPLICATIONS)


def check_rank(rank: int) -> None:
    """Raise ``Refused`` unless the rank is 1 to 99."""
    if not 1 <= rank <= 99:
        raise Refused("Der Rang ist eine Zahl von 1 bis 99.")


def check_complete(application: Application, needed: Needed, sentence: str) -> None:
    """Raise ``Refused`` with ``sentence`` and what is missing, if anything is."""
    labels = [question.label for question in missing(application, needed, application.sheet)]
    if labels:
        raise Refused(f"{sentence} Es fehlt: {', '.join(labels)}.")


def check_not_mentor(cycle: Cycle, person: Person) -> None:
    """Raise ``Refused`` for a mentor of the cycle. The own Kommune knows its mentors."""
    entries = Participant.objects.filter(cycle=cycle, person=person, role=ParticipantRole.MENTOR)
    if entries.present().exists():
        raise Refused(
            f"{person} ist in diesem Durchgang Mentor/in und kann sich darum nicht auch bewerben. "
            "Scheidet die Person dort aus, trägt das die Leitung des Beirats ein."
        )


def check_only_one(cycle: Cycle, person: Person, by: User) -> None:
    """One application per person and cycle; of one not visible nothing is said.

    None for who is a mentor in it.
    """
    check_not_mentor(cycle, person)
    others = Application.objects.filter(cycle=cycle, person=person).exclude(
        state=ApplicationState.WITHDRAWN
    )
    if others.exists():
        visible = Application.objects.visible_to(by).filter(pk__in=others.values("pk"))
        raise Refused(NO_SECOND if visible.exists() else NOT_POSSIBLE)


def check_conflict(application: Application, by: User | None) -> None:
    """Refuse what would hide the application from the very person who edits it."""
    if by is not None and Application.objects.filter(pk=application.pk).filter(conflicts_of(by)):
        raise Refused(OWN_CONFLICT)
