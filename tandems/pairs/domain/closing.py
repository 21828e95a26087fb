"""What a lead closes: a tandem once both Kommunen agree, and all of them with the seal."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from tandems.pairs.domain.frame import touch
from tandems.pairs.domain.locks import TOLD, check_lead, check_state, held, held_cycle
from tandems.pairs.models import Tandem, TandemState, TandemVoice
from tandems.pairs.permissions import decided_tandems, matching_cycles
from tandems.pairs.standing import Standing, voices_given


@dataclass
class Sealed:
    """What sealing did: ``left`` pairs a tandem that stays open with what is in its way."""

    sealed: list[Tandem] = field(default_factory=list)
    left: list[tuple[Tandem, list[str]]] = field(default_factory=list)


def agree(tandem: Tandem, *, by: User) -> Tandem:
    """Close a proposed tandem: it is decided, and still secret.

    Raises ``Refused`` unless every Kommune concerned agrees, the mentor has agreed, the
    mentee has a place and no rule stands in the way; and to whoever leads not.
    """
    with transaction.atomic(), acting(by):
        stored = held(tandem, by=by)
        check_lead(stored.cycle, by)
        check_state(stored, TandemState.PROPOSED)
        standing = Standing(stored.cycle)
        if lacks := missing_agreement(stored, standing):
            raise Refused(" ".join(lacks))
        if obstacles := standing.in_the_way(stored):
            raise Refused(" ".join(obstacles))
        stored.state, stored.agreed_at = TandemState.AGREED, timezone.now()
        stored.save()
        touch(stored.cycle)
        return stored


def missing_agreement(tandem: Tandem, standing: Standing) -> list[str]:
    """Which Kommunen concerned have not agreed, a sentence each."""
    given = list(TandemVoice.objects.filter(tandem=tandem))
    lacks = []
    for row in standing.voices(tandem, given):
        if row.missing:
            lacks.append(f"Die Stimme von {row.name} fehlt noch.")
        elif row.objects:
            lacks.append(f"{row.name} hat einen Einwand: darüber berät der Beirat zuerst.")
    if not standing.concerned(tandem):
        lacks.append("Keine der beiden Kommunen nimmt (noch) an diesem Durchgang teil.")
    return lacks


def reopen(tandem: Tandem, *, reason: str, by: User) -> Tandem:
    """Open a decided or sealed tandem again: it is a proposal once more.

    Its voices stay to be read and have to be given anew. Raises ``Refused`` without a
    ``reason``, once the mentor or everybody was told, and to whoever leads not.
    """
    with transaction.atomic(), acting(by):
        stored = held(tandem, by=by)
        check_lead(stored.cycle, by)
        check_state(stored, TandemState.AGREED, TandemState.SEALED)
        if stored.mentor_told_at is not None:
            raise Refused(TOLD)
        if not reason.strip():
            raise Refused("Bitte schreiben Sie, warum das Tandem wieder geöffnet wird.")
        stored.state = TandemState.PROPOSED
        stored.agreed_at = stored.sealed_at = None
        stored.proposed_at, stored.reopen_reason = timezone.now(), reason.strip()
        stored.save()
        touch(stored.cycle)
        return stored


def seal(cycle: Cycle, *, only: Collection[int] | None = None, by: User) -> Sealed:
    """Seal every decided tandem of ``cycle`` that is in order; the others stay and are named.

    ``only`` holds the keys of those the lead has read: what was decided since waits for the
    next time. Nor is sealed what is hidden from ``by``: another lead does that. Doing it
    twice seals nothing twice. Raises ``Refused`` to whoever leads not.
    """
    with transaction.atomic(), acting(by):
        stored = held_cycle(cycle)
        check_lead(stored, by)
        if stored.pk not in matching_cycles(by):
            raise Refused("Am Matching dieses Durchgangs wirken Sie nicht mit.")
        standing, done, now = Standing(stored), Sealed(), timezone.now()
        tandems = (
            Tandem.objects.select_for_update(of=("self",))
            .filter(decided_tandems(by), cycle=stored, state=TandemState.AGREED)
            .select_related(*HALVES)
            .order_by("pk")
        )
        decided = list(tandems)
        given = voices_given(decided)
        for tandem in decided:
            if only is not None and tandem.pk not in only:
                done.left.append((tandem, ["Erst nach Ihrem Blick auf die Seite beschlossen."]))
            elif obstacles := [
                *standing.in_the_way(tandem),
                *standing.unheard(tandem, given[tandem.pk]),
            ]:
                done.left.append((tandem, obstacles))
            else:
                done.sealed.append(tandem)
        Tandem.objects.filter(
            pk__in=[tandem.pk for tandem in done.sealed], state=TandemState.AGREED
        ).update(state=TandemState.SEALED, sealed_at=now)
        if done.sealed:
            touch(stored)
        return done


HALVES = (
    "application__person",
    "application__municipality",
    "mentor__person",
    "mentor__municipality",
)
"""What pages and doors read of a tandem at once."""
