"""The proposal: made, made anew, and the frame it is made in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles import domain as cycles
from programmes.cycles.models import Cycle, CycleState, Participation
from tandems.applications.models import Application, ApplicationState
from tandems.applications.reasons import ReasonMissing
from tandems.places.domain.locks import held, held_cycle, held_open, lines_of, note_change
from tandems.places.models import Allocation, AllocationLine, AllocationRule, Outcome
from tandems.places.order import STEP, put, stands
from tandems.places.rule import Nomination, Proposal, propose


@dataclass(frozen=True)
class Changes:
    """What a new proposal made of the lines, as keys of applications."""

    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    """Decided by hand, and left so."""


def start_allocation(
    cycle: Cycle, *, rule: AllocationRule | str, met_on: date | None = None, by: User
) -> Allocation:
    """Make the first proposal for the nominations of ``cycle``; from now on ranks stay.

    Raises ``Refused`` if there is one already or nobody is nominated.
    """
    with transaction.atomic(), acting(by):
        found = held_cycle(cycle)
        if found.state not in (CycleState.APPLICATION, CycleState.MATCHING):
            raise Refused("Die Plätze werden in der Bewerbungsphase oder beim Matching vergeben.")
        if Allocation.objects.filter(cycle=found).exists():
            raise Refused("Für diesen Durchgang gibt es schon einen Vorschlag. Öffnen Sie ihn.")
        if not _nominated(found).exists():
            raise Refused("Es ist noch niemand nominiert: es gibt nichts zu verteilen.")
        allocation = Allocation.objects.create(
            cycle=found, rule=rule, places=found.places, met_on=met_on
        )
        _propose(allocation)
        return allocation


def propose_anew(allocation: Allocation, *, by: User) -> Changes:
    """Make the proposal again for the nominations of now; decisions made by hand stay."""
    with transaction.atomic(), acting(by):
        return _propose(held_open(allocation))


def change_frame(
    allocation: Allocation,
    *,
    places: int,
    rule: AllocationRule | str,
    note: str,
    by: User,
) -> Changes:
    """Set number of places and rule; the cycle's own number follows, the proposal too.

    ``allocation`` carries the version the change began with. After the close only the
    number changes. Raises ``EditConflict`` or ``Refused``.
    """
    with transaction.atomic(), acting(by):
        stored = held(allocation)
        _check_version(stored, allocation)
        if places != stored.places and not note.strip():
            raise ReasonMissing(
                "places_note", "Bitte schreiben Sie dazu, warum sich die Zahl der Plätze ändert."
            )
        if not stored.is_open:
            if rule != stored.rule:
                raise Refused("Die Plätze sind schon nach der bisherigen Regel beschlossen.")
            given = Application.objects.filter(
                cycle=stored.cycle, state=ApplicationState.PLACED
            ).count()
            if places < given:
                raise Refused("So viele Plätze, wie schon vergeben sind, müssen es bleiben.")
        stored.places, stored.rule, stored.places_note = places, rule, note.strip()
        stored.save()
        if stored.cycle.places != places:
            stored.cycle.places = places
            cycles.save_cycle(stored.cycle, by=by)
        return _propose(stored) if stored.is_open else Changes()


def save_meeting(
    allocation: Allocation,
    *,
    met_on: date | None,
    present: Collection[Participation],
    minutes: str | None,
    by: User,
) -> Allocation:
    """Note day, Kommunen present and remarks; ``minutes=None`` leaves the remarks.

    ``allocation`` carries the version the change began with. Raises ``EditConflict``.
    """
    with transaction.atomic(), acting(by):
        stored = held(allocation)
        _check_version(stored, allocation)
        stored.met_on = met_on
        if minutes is not None:
            stored.minutes = minutes
        stored.save()
        stored.present.set(present)
        return stored


def _check_version(stored: Allocation, edited: Allocation) -> None:
    if stored.version != edited.version:
        raise EditConflict(stored)


def _nominated(cycle: Cycle) -> Any:
    return Application.objects.filter(cycle=cycle, state=ApplicationState.NOMINATED)


def _propose(allocation: Allocation) -> Changes:
    """Write the proposal into the lines of ``allocation``, which is held."""
    nominated = {row.pk: row for row in _nominated(allocation.cycle)}
    proposal = propose(
        allocation.places,
        [Nomination(row.pk, row.municipality_id, row.rank or 99) for row in nominated.values()],
        allocation.rule,
    )
    known = {line.candidate.pk: line for line in lines_of(allocation)}
    numbers = stands(known.values())
    gone = [pk for pk in known if pk not in nominated]
    AllocationLine.objects.filter(allocation=allocation, application__in=gone).delete()
    added, changed, kept, moved = [], [], [], []
    tie_of = {pk: at for at, tie in enumerate(proposal.ties, start=1) for pk in tie.candidates}
    position = {pk: at * STEP for at, group in enumerate(proposal.order, 1) for pk in group}
    for pk, application in sorted(nominated.items()):
        line = known.get(pk)
        new = line is None
        if line is None:
            line = AllocationLine(allocation=allocation, application=application)
            added.append(line)
        before = (line.proposed, line.tie, line.rank)
        line.rank, line.tie = application.rank or 99, tie_of.get(pk)
        line.proposed = _proposed(proposal, pk)
        if line.by_hand:
            kept.append(pk)
            if line.outcome == Outcome.WAITING:
                moved.append(line)
                continue
            line.position = None
        else:
            line.outcome, line.reason = line.proposed, ""
            line.position = position.get(pk)
        if not new and before != (line.proposed, line.tie, line.rank):
            changed.append(pk)
    AllocationLine.objects.bulk_create(added)
    lines = [known[pk] for pk in nominated if pk in known] + added
    settled = [line for line in lines if line not in moved]
    everybody = frozenset(line.pk for line in lines)
    for line in sorted(moved, key=lambda one: numbers[one.pk].number):
        put(settled, line, numbers[line.pk].number, everybody)
        settled.append(line)
    old = [line for line in lines if line not in added]
    fields = ["rank", "tie", "proposed", "outcome", "reason", "position"]
    AllocationLine.objects.bulk_update([*old, *(added if moved else [])], fields)
    allocation.ties = [
        {
            "places": tie.places,
            "candidates": list(tie.candidates),
            "pools": [[list(pool.candidates), pool.least, pool.most] for pool in tie.pools],
        }
        for tie in proposal.ties
    ]
    allocation.proposed_at = timezone.now()
    allocation.save(update_fields=["ties", "proposed_at"])
    if added or gone or changed:
        note_change(allocation)
    return Changes(
        tuple(line.candidate.pk for line in added), tuple(gone), tuple(changed), tuple(kept)
    )


def _proposed(proposal: Proposal, pk: int) -> str:
    if pk in proposal.placed:
        return Outcome.PLACED
    return "" if pk in proposal.tied else Outcome.WAITING
