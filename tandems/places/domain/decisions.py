"""What the Beirat decides in the meeting: one line, or a tie."""

from collections.abc import Collection, Mapping

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from tandems.applications.models import ApplicationState
from tandems.applications.reasons import ReasonMissing
from tandems.places.domain.locks import NOT_YOURS, held_open, lines_of, note_change, seen_by
from tandems.places.models import Allocation, AllocationLine, Outcome
from tandems.places.order import put, stands

WITHDRAWN = (
    "Diese Bewerbung ist nicht mehr nominiert. Lassen Sie den Vorschlag neu machen, dann ist sie "
    "nicht mehr dabei."
)


def decide_line(
    line: AllocationLine,
    *,
    outcome: str,
    reason: str = "",
    number: int | None = None,
    by: User,
) -> AllocationLine:
    """Decide about one application; ``number`` is its place on the waiting list.

    ``line`` carries the version the change began with. ``number=None`` keeps the place, or
    is the last one. A ``reason`` is due where the decision differs from the proposal or
    settles a tie; back at the proposal the line follows it again. Raises ``EditConflict``
    and ``Refused``, also to whom the application, or one it is tied with, is hidden.
    """
    reason = reason.strip()
    with transaction.atomic(), acting(by):
        allocation = held_open(line.allocation)
        lines = lines_of(allocation)
        stored = next((one for one in lines if one.pk == line.pk), None)
        if stored is None:
            raise EditConflict(None)
        if stored.version != line.version:
            raise EditConflict(stored)
        seen = _check_own(allocation, lines, stored, by)
        if stored.candidate.state != ApplicationState.NOMINATED:
            raise Refused(WITHDRAWN)
        if outcome not in Outcome.values and outcome != stored.proposed:
            raise Refused("Bitte wählen Sie, was aus der Bewerbung werden soll.")
        before = stands(one for one in lines if one.pk in seen).get(stored.pk)
        waits = outcome == Outcome.WAITING
        moves = waits and number is not None and (before is None or before.number != number)
        differs = outcome != stored.proposed or moves
        if differs and not reason:
            raise ReasonMissing(
                "reason",
                "Bitte begründen Sie die Entscheidung: sie weicht vom Vorschlag ab oder löst "
                "einen Gleichstand auf. Die Begründung steht im Protokoll.",
            )
        stored.outcome, stored.reason = outcome, reason
        stored.by_hand = differs or bool(reason)
        changed = []
        if not waits:
            stored.position = stored.position if outcome == "" else None
        elif moves or stored.position is None:
            changed = put(lines, stored, number, seen)
        stored.save()
        _write_positions(changed, besides=stored)
        note_change(allocation)
        return stored


def settle_tie(
    allocation: Allocation,
    *,
    tie: int,
    placed: Collection[int],
    reason: str,
    versions: Mapping[int, int],
    by: User,
) -> Allocation:
    """Give the places of the ``tie`` (counted from 1) to the lines ``placed``; the others wait.

    ``versions`` holds, by key, the lines' versions as shown. Raises ``Refused`` without a
    reason, with another number than the tie has places, against what the rule leaves open,
    or if somebody was faster.
    """
    reason = reason.strip()
    with transaction.atomic(), acting(by):
        held = held_open(allocation)
        lines = lines_of(held)
        tied = {line.pk: line for line in lines if line.tie == tie}
        if {pk: line.version for pk, line in tied.items()} != dict(versions):
            raise Refused(
                "An diesem Gleichstand hat inzwischen jemand anderes etwas geändert. Laden Sie "
                "die Seite neu und prüfen Sie den neuen Stand; gespeichert wurde nichts."
            )
        if not tied or not set(placed) <= set(tied):
            raise Refused("Diesen Gleichstand gibt es nicht mehr. Laden Sie die Seite neu.")
        for line in tied.values():
            _check_own(held, lines, line, by)
            if line.candidate.state != ApplicationState.NOMINATED:
                raise Refused(
                    "Eine der Bewerbungen ist nicht mehr nominiert. Lassen Sie den Vorschlag "
                    "neu machen."
                )
        if not reason:
            raise Refused("Bitte schreiben Sie, wie der Gleichstand aufgelöst wurde.")
        _check_numbers(held.ties[tie - 1], {tied[pk].candidate.pk for pk in placed})
        for pk, line in tied.items():
            line.outcome = Outcome.PLACED if pk in placed else Outcome.WAITING
            line.reason, line.by_hand = reason, True
            if line.outcome == Outcome.PLACED:
                line.position = None
        followers = [line for line in tied.values() if line.outcome == Outcome.WAITING]
        for line in followers:
            if line.position is None:  # placed before, by hand: now the last of those who wait
                _write_positions(
                    put(lines, line, None, frozenset(one.pk for one in lines)), besides=line
                )
        for line in tied.values():
            line.save()
        note_change(held)
        return held


def _check_numbers(tie: Mapping[str, object], placed: set[int]) -> None:
    """Raise ``Refused`` unless ``placed`` (applications) are as many as the tie has places."""
    places = tie["places"]
    if len(placed) != places:
        wanted = "genau eine Bewerbung" if places == 1 else f"genau {places} Bewerbungen"
        raise Refused(f"In diesem Gleichstand bekommen {wanted} einen Platz: wählen Sie so viele.")
    pools: list[tuple[list[int], int, int]] = tie["pools"]  # type: ignore[assignment]  # from JSON
    for candidates, least, most in pools:
        number = len(placed.intersection(candidates))
        if not least <= number <= most:
            bounds = str(least) if least == most else f"{least} bis {most}"
            raise Refused(
                "So hätte eine Kommune mehr oder weniger Plätze, als ihr die Regel lässt: von "
                f"ihren Bewerbungen mit gleichem Rang wählen Sie bitte {bounds}. Wollen Sie davon "
                "abweichen, ändern Sie die einzelnen Zeilen."
            )


def _check_own(
    allocation: Allocation, lines: list[AllocationLine], line: AllocationLine, by: User
) -> frozenset[int]:
    """Keys of the lines ``by`` may see; raises ``Refused`` if what is decided is not among them."""
    visible = seen_by(allocation, by)
    seen = frozenset(one.pk for one in lines if one.application_id in visible)
    tied = {one.pk for one in lines if line.tie is not None and one.tie == line.tie}
    if not {line.pk, *tied} <= seen:
        raise Refused(NOT_YOURS)
    return seen


def _write_positions(lines: list[AllocationLine], *, besides: AllocationLine) -> None:
    AllocationLine.objects.bulk_update(
        [line for line in lines if line.pk != besides.pk], ["position"]
    )
