"""After the close: a place given back, somebody who moves up. By decision, never by itself."""

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from tandems.applications.models import Application, ApplicationState
from tandems.applications.outcomes import decide, decide_again
from tandems.applications.reasons import ReasonMissing
from tandems.places.domain.locks import NOT_YOURS, held, lines_of, seen_by
from tandems.places.models import Allocation, LaterDecision
from tandems.places.order import stands

STEPS: dict[str, tuple[str, ...]] = {
    ApplicationState.PLACED: (ApplicationState.DECLINED,),
    ApplicationState.WAITING: (ApplicationState.PLACED, ApplicationState.DECLINED),
    ApplicationState.DECLINED: (ApplicationState.PLACED, ApplicationState.WAITING),
    ApplicationState.NOMINATED: (
        ApplicationState.PLACED,
        ApplicationState.WAITING,
        ApplicationState.DECLINED,
    ),
}
"""From which state which other one may follow after the close."""
NEXT_IN_TURN = "Rückt als Nächste/r der Warteliste nach."


def decide_later(
    allocation: Allocation,
    application: Application,
    *,
    expected: str,
    outcome: str,
    reason: str = "",
    by: User,
) -> LaterDecision:
    """Change an outcome after the close; the Kommune tells it anew.

    A ``reason`` is due unless the first of the waiting list moves up. Raises ``Refused``
    without one, without a free place, before the close, and if the state is not
    ``expected`` any more.
    """
    reason = reason.strip()
    with transaction.atomic(), acting(by):
        stored = held(allocation)
        if stored.is_open:
            raise Refused("Noch ist nichts beschlossen: ändern Sie die Zeile im Vorschlag.")
        seen = seen_by(stored, by)
        if application.pk not in seen:
            raise Refused(NOT_YOURS)
        current = Application.objects.get(pk=application.pk, cycle=stored.cycle)
        if current.state != expected:
            raise Refused(
                f"Diese Bewerbung steht inzwischen auf „{current.get_state_display()}“. Laden "
                "Sie die Seite neu: vermutlich war jemand anderes schneller."
            )
        if outcome not in STEPS.get(expected, ()):
            raise Refused("Das lässt sich nach dem Beschluss so nicht ändern.")
        if outcome == ApplicationState.PLACED:
            _check_free(stored)
            if not reason and application.pk in first_in_turn(stored, seen):
                reason = NEXT_IN_TURN
        if not reason:
            raise ReasonMissing(
                "reason", "Bitte begründen Sie die Entscheidung. Sie steht im Protokoll."
            )
        if expected == ApplicationState.NOMINATED:
            decide(current, outcome=outcome, by=by)
        else:
            decide_again(current, expected=expected, outcome=outcome, by=by)
        return LaterDecision.objects.create(
            allocation=stored,
            application=current,
            before=expected,
            after=outcome,
            reason=reason,
            decided_by=by,
        )


def first_in_turn(allocation: Allocation, seen: frozenset[int]) -> frozenset[int]:
    """Keys of the applications that are next on the waiting list, among those ``seen``."""
    waiting = [
        line
        for line in lines_of(allocation)
        if line.application_id in seen and line.candidate.state == ApplicationState.WAITING
    ]
    numbers = stands(waiting)
    first = min((stand.number for stand in numbers.values()), default=0)
    return frozenset(
        line.candidate.pk
        for line in waiting
        if line.pk in numbers and numbers[line.pk].number == first
    )


def _check_free(allocation: Allocation) -> None:
    given = Application.objects.filter(cycle=allocation.cycle, state=ApplicationState.PLACED)
    if given.count() >= allocation.places:
        raise Refused(
            "Es ist kein Platz frei. Eine Leitung des Beirats kann die Zahl der Plätze ändern."
        )
