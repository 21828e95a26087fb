"""The doors for what becomes of a nominated application: decided, told, decided anew.

The Beirat decides (room ``places``), the own Kommune tells. Nothing outside Beirat and
Personalstelle changes before the telling: no participant, no audience, no applicant's page.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain import add_participant, mark_left
from programmes.cycles.models import Cycle, Participant, ParticipantRole
from tandems.applications.models import Application, ApplicationState

DECIDED = (ApplicationState.PLACED, ApplicationState.WAITING, ApplicationState.DECLINED)


def shown_outcome(application: Application) -> ApplicationState | None:
    """The outcome the applicant has been told, ``None`` while they know of none.

    For every page the applicant reads: after a later decision it stays what was told until
    the Kommune has told the new one.
    """
    if application.state not in DECIDED:
        return None
    if application.informed_on is not None:
        return ApplicationState(application.state)
    return ApplicationState(application.told_outcome) if application.told_outcome else None


def decide(application: Application, *, outcome: ApplicationState | str, by: User) -> Application:
    """Enter what the Beirat has decided about a nominated application.

    Nobody is told by it. Doing it twice changes nothing; raises ``Refused`` if the
    application is not (or no longer) before the Beirat.
    """
    outcome = _outcome(outcome)
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        if stored.state == outcome:
            return stored
        if stored.state != ApplicationState.NOMINATED:
            raise _not_possible(stored)
        stored.state = outcome
        stored.save(update_fields=["state"])
        return stored


def decide_again(
    application: Application,
    *,
    expected: ApplicationState | str,
    outcome: ApplicationState | str,
    by: User,
) -> Application:
    """Change a decided outcome later: a place given back, somebody who moves up.

    The Kommune has to tell again; until then the applicant reads what was told before. A
    place given back ends the entry as mentee today. Raises ``Refused`` unless the state
    still is ``expected``.
    """
    outcome = _outcome(outcome)
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        if stored.state != expected or stored.state == outcome:
            raise _not_possible(stored)
        if stored.state not in (*DECIDED, ApplicationState.NOMINATED):
            raise _not_possible(stored)
        told = shown_outcome(stored)
        stored.told_outcome = told or ""
        stored.informed_on = None
        was_placed = stored.state == ApplicationState.PLACED
        stored.state = outcome
        stored.save(update_fields=["state", "informed_on", "told_outcome"])
        if was_placed:
            _leave(stored, by, ParticipantRole.MENTEE)
        return stored


def mark_informed(
    application: Application, *, on: date, by: User, not_before: date | None = None
) -> Application:
    """Note that the own Kommune has told the outcome; what follows from it happens now.

    Who has a place becomes a mentee, who has none leaves the cycle's lists, who waits stays
    an applicant. Doing it again keeps the first day. Raises ``Refused`` for a day to come,
    one before ``not_before`` or without an outcome.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        if stored.state not in DECIDED:
            raise _not_possible(stored)
        if stored.informed_on is not None:
            return stored
        if on > timezone.localdate():
            raise Refused("Der Tag der Mitteilung liegt in der Zukunft. Tragen Sie ihn danach ein.")
        if not_before is not None and on < not_before:
            raise Refused(
                f"Beschlossen wurde erst am {not_before:%d.%m.%Y}: vorher kann das Ergebnis nicht "
                "mitgeteilt worden sein."
            )
        stored.informed_on = on
        stored.told_outcome = stored.state
        stored.save(update_fields=["informed_on", "told_outcome"])
        if stored.state == ApplicationState.PLACED:
            add_participant(
                cycle=stored.cycle,
                person=stored.person,
                municipality=stored.municipality,
                role=ParticipantRole.MENTEE,
                by=by,
            )
        elif stored.state == ApplicationState.DECLINED:
            _leave(stored, by, ParticipantRole.APPLICANT, ParticipantRole.MENTEE)
        return stored


def _leave(application: Application, by: User, *roles: ParticipantRole) -> None:
    for participant in Participant.objects.filter(
        cycle=application.cycle, person=application.person, role__in=roles
    ).present():
        mark_left(participant, on=timezone.localdate(), by=by)


def _outcome(outcome: ApplicationState | str) -> ApplicationState:
    """``outcome`` as a state; raises ``ValueError`` for one that is none."""
    state = ApplicationState(outcome)
    if state not in DECIDED:
        raise ValueError(f"{state!r} is no outcome")
    return state


def _not_possible(stored: Application) -> Refused:
    return Refused(
        f"Diese Bewerbung steht inzwischen auf „{stored.get_state_display()}“. Laden Sie die "
        "Seite neu: vermutlich war jemand anderes schneller."
    )


def _locked(application: Application) -> Application:
    """The row as it stands now, locked after its cycle, which must be open."""
    cycle = Cycle.objects.select_for_update().get(pk=application.cycle_id)
    stored = (
        Application.objects.select_for_update(of=("self",))
        .select_related("person", "municipality")
        .filter(pk=application.pk)
        .first()
    )
    if stored is None:
        raise Refused("Diese Bewerbung wurde inzwischen gelöscht.")
    stored.cycle = cycle
    if not cycle.is_open:
        raise Refused("Dieser Durchgang ist beendet, seine Bewerbungen ändern sich nicht mehr.")
    return stored
