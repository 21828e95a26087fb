"""The path of a Durchgang: planning, application, matching, running, closed."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.figures import write_figures
from programmes.cycles.domain.locks import held, held_open
from programmes.cycles.models import CouncilSeat, Cycle, CycleState, ParticipationState
from programmes.cycles.registries import must_be_finished, where_the_workshop_moves


def save_cycle(cycle: Cycle, *, by: User) -> Cycle:
    """Save changed data of an open cycle. Raises ``Refused`` or ``EditConflict``.

    Once others are planned from it, the Startworkshop keeps its date here.
    """
    with transaction.atomic(), acting(by):
        stored = held_open(cycle)
        moved = stored.start_workshop_on != cycle.start_workshop_on
        if moved and where_the_workshop_moves(stored):
            raise Refused(
                "Vom Startworkshop hängt der ganze Fahrplan ab. Verschieben Sie ihn dort: Sie "
                "sehen dann vorher, was sich alles ändert."
            )
        cycle.save()
    return cycle


@dataclass(frozen=True)
class Step:
    """One step of the path, as the page shows it."""

    name: str
    label: str
    effect: str


CONFIRM = Step(
    "confirm_council",
    "Beirat bestätigen",
    "Die Treiber/innen des Beirats übernehmen die Leitung von den ständigen Mitgliedern.",
)
APPLICATION = Step(
    "open_application",
    "Bewerbungsphase eröffnen",
    "Die Personalstellen der teilnehmenden Kommunen können Bewerbungen erfassen und nominieren.",
)
MATCHING = Step(
    "start_matching",
    "Matching beginnen",
    "Die Bewerbungsphase endet. Der Beirat bildet die Tandems.",
)
RUNNING = Step(
    "start_running",
    "Tandemphase beginnen",
    "Das Matching endet. Die Tandems beginnen mit ihren Treffen.",
)
CLOSE = Step(
    "close",
    "Durchgang abschließen",
    "Die Zahlen des Durchgangs werden veröffentlicht. Alle Sitze und alle Zugriffe auf seine "
    "Daten enden sofort, auch Ihre eigenen. Das lässt sich nicht zurücknehmen.",
)
STEPS = {step.name: step for step in (CONFIRM, APPLICATION, MATCHING, RUNNING, CLOSE)}


def next_step(cycle: Cycle) -> Step | None:
    """The step that comes next, or ``None`` for a cycle that has ended."""
    match cycle.state:
        case CycleState.PLANNING:
            return APPLICATION if cycle.council_confirmed_at else CONFIRM
        case CycleState.APPLICATION:
            return MATCHING
        case CycleState.MATCHING:
            return RUNNING
        case CycleState.RUNNING:
            return CLOSE
    return None


def missing_for(cycle: Cycle, step: Step) -> list[str]:
    """What ``step`` still needs: German sentences, none if it may be taken."""
    gaps: list[str] = []
    if step is CLOSE:
        for check in must_be_finished:
            gaps.extend(check(cycle))
        return gaps
    seats = CouncilSeat.objects.held().filter(participation__cycle=cycle)
    if not seats.filter(lead=True).exists():
        gaps.append("Es ist noch niemand als Treiber/in des Beirats eingetragen.")
    if step is CONFIRM:
        waiting = (
            seats.exclude(participation__state=ParticipationState.CONFIRMED)
            .order_by("participation__municipality__sort_key")
            .values_list("participation__municipality__short_name", flat=True)
        )
        gaps.extend(
            f"{name} hat einen Sitz im Beirat, aber noch nicht zugesagt."
            for name in dict.fromkeys(waiting)
        )
    return gaps


def _take(cycle: Cycle, step: Step) -> Cycle:
    """The cycle held for ``step``; raises ``Refused`` if it is not next or lacks something."""
    found = held(cycle)
    if next_step(found) is not step:
        raise Refused(
            f"„{step.label}“ ist jetzt nicht der nächste Schritt: {found} steht auf "
            f"„{found.get_state_display()}“. Vermutlich war jemand anderes schneller."
        )
    if gaps := missing_for(found, step):
        raise Refused(" ".join(gaps))
    return found


def confirm_council(cycle: Cycle, *, by: User) -> Cycle:
    """Hand the lead from the ständige Mitglieder to the seats.

    Raises ``Refused`` without a lead, or while a Kommune with a seat has not confirmed.
    """
    with transaction.atomic(), acting(by):
        found = _take(cycle, CONFIRM)
        found.council_confirmed_at = timezone.now()
        found.save(update_fields=["council_confirmed_at"])
    return found


def open_application(cycle: Cycle, *, by: User) -> Cycle:
    """Open the application phase. Raises ``Refused`` without a confirmed Beirat."""
    return _move(cycle, APPLICATION, CycleState.APPLICATION, by)


def start_matching(cycle: Cycle, *, by: User) -> Cycle:
    """End the application phase. Raises ``Refused`` in any other."""
    return _move(cycle, MATCHING, CycleState.MATCHING, by, day="matching_on")


def start_running(cycle: Cycle, *, by: User) -> Cycle:
    """Begin the tandem phase. Raises ``Refused`` unless matching is under way."""
    return _move(cycle, RUNNING, CycleState.RUNNING, by, day="running_on")


def close(cycle: Cycle, *, by: User) -> Cycle:
    """End the cycle and publish its figures; its seats give no access from now on.

    Raises ``Refused`` with all that later rooms name as open.
    """
    with transaction.atomic(), acting(by):
        found = _take(cycle, CLOSE)
        write_figures(found)
        found.state = CycleState.CLOSED
        found.ended_on = timezone.localdate()
        found.save(update_fields=["state", "published_tandems", "ended_on"])
    return found


def cancel(cycle: Cycle, *, reason: str, by: User) -> Cycle:
    """Call an open cycle off. Raises ``Refused`` without a reason or if it has ended."""
    if not reason.strip():
        raise Refused("Bitte nennen Sie den Grund der Absage.")
    with transaction.atomic(), acting(by):
        found = held_open(cycle)
        found.state = CycleState.CANCELLED
        found.cancel_reason = reason.strip()
        found.ended_on = timezone.localdate()
        found.save(update_fields=["state", "cancel_reason", "ended_on"])
    return found


def _move(cycle: Cycle, step: Step, state: CycleState, by: User, day: str = "") -> Cycle:
    """Take ``step``; ``day`` names the field that keeps when."""
    with transaction.atomic(), acting(by):
        found = _take(cycle, step)
        found.state = state
        if day:
            setattr(found, day, timezone.localdate())
        found.save(update_fields=["state", *([day] if day else [])])
    return found
