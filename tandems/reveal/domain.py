"""The reveal: the only code that sets ``revealed_at`` and ``mentor_told_at`` (design, rule 1).

Each door works in one transaction, holds the cycle, looks again at what is in order, and
writes by a conditional update: two leads at once, a form posted twice or a clock beside a
lead reveal once. A tandem that was revealed stays so.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.jobs.faults import Contained
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held as held_row
from programmes.cycles.models import Cycle
from tandems.pairs.domain import frame_of, touch
from tandems.pairs.domain.locks import check_lead, held, held_cycle
from tandems.pairs.models import MatchingFrame, Tandem, TandemState
from tandems.pairs.permissions import matching_cycles, matching_is_due
from tandems.pairs.standing import Standing
from tandems.reveal.plan import ALL, MENTORS, Held, held_back, is_single_as_seen, plan
from tandems.reveal.workshop import workshop_of

log = logging.getLogger(__name__)

CHANGED = (
    "Seit Sie die Liste gelesen haben, hat sich etwas geändert. Bekannt gegeben ist nichts. Unten "
    "steht die neue Liste: bitte prüfen Sie sie noch einmal."
)
DONE_ALREADY = (
    "Es ist nichts (mehr) bekannt zu geben: entweder ist schon alles bekannt, oder es ist noch "
    "nichts versiegelt und in Ordnung."
)


@dataclass
class Outcome:
    """What a reveal did: how many became known, and which were held back."""

    number: int = 0
    held: list[Held] = field(default_factory=list)


def reveal(cycle: Cycle, *, seen: str, off_day_reason: str = "", by: User) -> Outcome:
    """Reveal every sealed tandem of ``cycle`` that is in order, each to its two and their houses.

    ``seen`` is the digest of the list the lead has read. Tandems hidden from the lead are
    revealed with the rest; matches anew never are. ``off_day_reason`` is due where the
    Startworkshop is ahead, called off or without a day, and is kept. Raises ``Refused`` to
    whoever leads not, if the list has changed, and in a cycle that shows mentors first
    while one of them does not know yet.
    """
    with transaction.atomic(), acting(by):
        stored = _held(cycle, by)
        shown, everything = plan(stored, by), plan(stored)
        if not everything.ready:
            raise Refused(DONE_ALREADY)
        if not shown.is_as_seen(seen, ALL):
            raise Refused(CHANGED)
        if frame_of(stored).mentors_first and everything.untold:
            raise Refused(
                "Dieser Durchgang zeigt den Mentor/innen ihr Match zuerst, und noch wissen es "
                "nicht alle. Geben Sie es zuerst ihnen bekannt."
            )
        _check_day(stored, off_day_reason)
        number = _make_known([one.tandem.pk for one in everything.ready], timezone.now())
        touch(stored)
        return Outcome(number, shown.held)


def tell_mentors(cycle: Cycle, *, seen: str, by: User) -> Outcome:
    """Show every mentor of a sealed tandem in order who their mentee is; to nobody else.

    Only in a cycle that chose to show mentors first. Raises ``Refused`` as ``reveal``.
    """
    with transaction.atomic(), acting(by):
        stored = _held(cycle, by)
        if not frame_of(stored).mentors_first:
            raise Refused("In diesem Durchgang erfahren alle ihr Match zur selben Zeit.")
        shown, everything = plan(stored, by), plan(stored)
        if not everything.untold:
            raise Refused(DONE_ALREADY)
        if not shown.is_as_seen(seen, MENTORS):
            raise Refused(CHANGED)
        keys = [one.tandem.pk for one in everything.untold]
        number = Tandem.objects.filter(
            pk__in=keys, state=TandemState.SEALED, revealed_at=None, mentor_told_at=None
        ).update(mentor_told_at=timezone.now())
        touch(stored)
        return Outcome(number, shown.held)


def reveal_single(tandem: Tandem, *, seen: str, by: User) -> Tandem:
    """Reveal one match anew, by itself. Raises ``Refused`` as ``reveal``, and for any other."""
    with transaction.atomic(), acting(by):
        stored = held(tandem, by=by)
        check_lead(stored.cycle, by)
        if stored.after_id is None:
            raise Refused(
                "Dieses Tandem wird mit den anderen bekannt gegeben: einzeln gilt nur für ein "
                "neues Match, nachdem ein Tandem vorzeitig geendet hat."
            )
        if stored.is_known:
            raise Refused("Dieses Tandem ist schon bekannt gegeben.")
        if why := held_back(stored, Standing(stored.cycle)):
            raise Refused(" ".join(why))
        if not is_single_as_seen(seen, stored):
            raise Refused(CHANGED)
        _make_known([stored.pk], timezone.now())
        touch(stored.cycle)
        return stored


def reveal_due() -> int:
    """Reveal what a cycle wanted revealed by the clock by now; returns how many tandems.

    Every cycle by itself: what fails for one holds up no other.
    """
    due = (
        Tandem.objects.filter(
            state=TandemState.SEALED,
            after=None,
            revealed_at=None,
            cycle__reveal_at__lte=timezone.now(),
        )
        .order_by("cycle")
        .values_list("cycle", flat=True)
        .distinct()
    )
    number = 0
    for cycle in list(due):
        with Contained(f"reveal of cycle {cycle}"):
            number += _reveal_by_clock(cycle)
    return number


def _reveal_by_clock(cycle_pk: int) -> int:
    """Reveal one cycle whose time has come, unless that has changed by the time it is held.

    On the chosen day alone, once, and only what was sealed by the chosen time: whatever is
    put in order later is for a lead's button.
    """
    with transaction.atomic():
        cycle = held_row(Cycle(pk=cycle_pk))
        now, at = timezone.now(), cycle.reveal_at
        if at is None or at > now or not matching_is_due(cycle):
            return 0
        if timezone.localdate(at) != timezone.localdate(now):
            return 0
        if not workshop_of(cycle).allows_clock or _clock_has_struck(cycle, at):
            return 0
        found = plan(cycle)
        ready = [one.tandem for one in found.ready]
        keys = [one.pk for one in ready if one.sealed_at is not None and one.sealed_at <= at]
        number = _make_known(keys, now)
        if number:
            touch(cycle)
            held_ones = sum(one.sealed for one in found.held)
            log.info("cycle %s: %s revealed by the clock, %s held", cycle.pk, number, held_ones)
        return number


def _clock_has_struck(cycle: Cycle, at: datetime) -> bool:
    known = Tandem.objects.filter(cycle=cycle, after=None, revealed_at__gte=at)
    return known.exists()


def _make_known(keys: list[int], now: datetime) -> int:
    """Reveal those of the tandems that still are sealed and secret; returns how many."""
    changed: int = Tandem.objects.filter(
        pk__in=keys, state=TandemState.SEALED, revealed_at=None
    ).update(state=TandemState.REVEALED, revealed_at=now)
    return changed


def _held(cycle: Cycle, by: User) -> Cycle:
    stored = held_cycle(cycle)
    check_lead(stored, by)
    if stored.pk not in matching_cycles(by):
        raise Refused("Am Matching dieses Durchgangs wirken Sie nicht mit.")
    return stored


def _check_day(cycle: Cycle, reason: str) -> None:
    """Keep why it is revealed on a day without a Startworkshop before; raises ``Refused``."""
    workshop = workshop_of(cycle)
    if workshop.is_today or workshop.has_been:
        return
    if not reason.strip():
        raise Refused(
            f"{workshop.warning} Bitte schreiben Sie, warum das Matching trotzdem heute bekannt "
            "gegeben wird."
        )
    frame = frame_of(cycle)
    frame.early_reason = reason.strip()[:1000]
    frame.save(update_fields=["early_reason"])


def choose_order(frame: MatchingFrame, *, by: User) -> MatchingFrame:
    """Save whether ``frame``'s cycle shows mentors first.

    Raises ``Refused`` to whoever leads not, and ``EditConflict``.
    """
    with transaction.atomic(), acting(by):
        _held(frame.cycle, by)
        frame.save(update_fields=["mentors_first"])
        return frame
