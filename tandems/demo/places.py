"""The Platzvergabe of Nr. 10: decided and told, as its applications say. All of it invented."""

from programmes.cycles.models import CycleState, ParticipationState
from tandems.applications.models import Application, ApplicationState
from tandems.demo import calendar
from tandems.demo.cycles import Cast
from tandems.places.models import (
    Allocation,
    AllocationLine,
    AllocationState,
    Stance,
    Voice,
)
from tandems.places.rule import Nomination, propose

DECIDED = (ApplicationState.PLACED, ApplicationState.WAITING, ApplicationState.DECLINED)


def build_running_places(cast: Cast) -> None:
    """What stands there as if it had been decided in its week.

    Written directly, not through the doors: those date everything today.
    """
    cycle = cast.cycle
    assert cycle.state == CycleState.RUNNING
    day = cast.dates.week(calendar.PLACES_GIVEN)
    rows = list(Application.objects.filter(cycle=cycle, state__in=DECIDED).order_by("pk"))
    proposal = propose(
        cycle.places, [Nomination(row.pk, row.municipality_id, row.rank or 99) for row in rows]
    )
    tie_of = {pk: at for at, tie in enumerate(proposal.ties, 1) for pk in tie.candidates}
    allocation = Allocation.objects.create(
        cycle=cycle,
        state=AllocationState.CLOSED,
        places=cycle.places,
        met_on=day,
        minutes="Die Sitzung fand im Kreishaus statt. Alle Bewerbungen wurden einzeln beraten.",
        ties=[
            {
                "places": tie.places,
                "candidates": list(tie.candidates),
                "pools": [[list(p.candidates), p.least, p.most] for p in tie.pools],
            }
            for tie in proposal.ties
        ],
        proposed_at=calendar.moment(day, 9),
        changed_at=calendar.moment(day, 11),
        closed_at=calendar.moment(day, 12),
    )
    waiting = 0
    lines = []
    for row in rows:
        proposed = ""
        if row.pk in proposal.placed:
            proposed = ApplicationState.PLACED.value
        elif row.pk not in tie_of:
            proposed = ApplicationState.WAITING.value
        waits = row.state == ApplicationState.WAITING
        waiting += waits
        differs = row.state != proposed
        lines.append(
            AllocationLine(
                allocation=allocation,
                application=row,
                rank=row.rank or 99,
                proposed=proposed,
                tie=tie_of.get(row.pk),
                outcome=row.state,
                position=waiting if waits else None,
                reason="Nach Aussprache im Beirat so entschieden." if differs else "",
                by_hand=differs,
            )
        )
    AllocationLine.objects.bulk_create(lines)
    parts = list(cycle.participations.filter(state=ParticipationState.CONFIRMED))
    allocation.present.set(parts)
    Voice.objects.bulk_create(
        Voice(
            allocation=allocation,
            participation=part,
            stance=Stance.ABSTAIN if number == 4 else Stance.AGREE,
            recorded_at=calendar.moment(day, 12),
        )
        for number, part in enumerate(parts)
    )
