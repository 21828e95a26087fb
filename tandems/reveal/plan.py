"""The dry run: who would see whom, and who would not, if it were revealed now.

The doors act on the same plan that the page shows; a test holds that what happens is what
the page said.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.core import signing

from programmes.cycles.models import Cycle
from tandems.pairs.domain import HALVES
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import decided_tandems
from tandems.pairs.standing import Standing

SALT = "tandems.reveal.seen"
ALL, MENTORS, SINGLE = "all", "mentors", "single"
"""What is revealed: everything to everybody, each mentor their own, one tandem."""


@dataclass(frozen=True)
class Ready:
    """A sealed tandem in order. Warnings that came up since do not hold it back."""

    tandem: Tandem
    warnings: list[str] = field(default_factory=list)

    @property
    def mentee(self) -> str:
        return str(self.tandem.application.person.full_name)

    @property
    def mentor(self) -> str:
        return str(self.tandem.mentor.called)

    @property
    def mentee_house(self) -> str:
        return str(self.tandem.application.municipality.short_name)

    @property
    def mentor_house(self) -> str:
        return str(self.tandem.mentor.municipality.short_name)


@dataclass(frozen=True)
class Held:
    """A tandem that would not be revealed, and why not."""

    tandem: Tandem
    why: list[str]

    @property
    def name(self) -> str:
        return f"{self.tandem.application.person.full_name} und {self.tandem.mentor.called}"

    @property
    def sealed(self) -> bool:
        return self.tandem.state == TandemState.SEALED


@dataclass
class Plan:
    """What a reveal would do now, as one reader may see it."""

    cycle: Cycle
    ready: list[Ready] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    again: list[Ready] = field(default_factory=list)
    """Matches anew, in order: each is revealed by its own button."""
    again_held: list[Held] = field(default_factory=list)

    @property
    def untold(self) -> list[Ready]:
        """Ready ones whose mentor does not know yet."""
        return [one for one in self.ready if one.tandem.mentor_told_at is None]

    @property
    def broken(self) -> list[Held]:
        """Sealed, and not in order any more."""
        return [one for one in (*self.held, *self.again_held) if one.sealed]

    def seen(self, step: str) -> str:
        """A signed digest of the list a reader has before them for ``step``."""
        return signing.dumps([self.cycle.pk, step, self._digest(step)], salt=SALT)

    def is_as_seen(self, token: str, step: str) -> bool:
        """Whether the list for ``step`` is still the one ``token`` was made of."""
        try:
            cycle, of_step, digest = signing.loads(token, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return False
        return [cycle, of_step, digest] == [self.cycle.pk, step, self._digest(step)]

    def _digest(self, step: str) -> str:
        """Over who would see whom: the tandems, their people and Kommunen."""
        shown = self.untold if step == MENTORS else self.ready
        rows = sorted(_key(one.tandem) for one in shown)
        return hashlib.sha256(repr(rows).encode()).hexdigest()


def seen_single(tandem: Tandem) -> str:
    """As ``Plan.seen``, for one tandem revealed by itself."""
    return signing.dumps([tandem.cycle_id, SINGLE, list(_key(tandem))], salt=SALT)


def is_single_as_seen(token: str, tandem: Tandem) -> bool:
    """As ``Plan.is_as_seen``, for one tandem revealed by itself."""
    try:
        return bool(
            signing.loads(token, salt=SALT) == [tandem.cycle_id, SINGLE, list(_key(tandem))]
        )
    except (signing.BadSignature, ValueError, TypeError):
        return False


def _key(tandem: Tandem) -> tuple[int, ...]:
    return (
        tandem.pk,
        tandem.version,
        tandem.mentee_person_id,
        tandem.mentor_person_id,
        tandem.application.municipality_id,
        tandem.mentor.municipality_id,
    )


def plan(cycle: Cycle, user: Any = None) -> Plan:
    """What a reveal of ``cycle`` would do, in a number of queries that hangs on nothing.

    With ``user`` only what they may see; without, all.
    """
    rows = (
        Tandem.objects.filter(cycle=cycle, state__in=TandemState.secret(), revealed_at=None)
        .select_related(*HALVES)
        .order_by("application__municipality__sort_key", "mentee_person__sort_key", "pk")
    )
    tandems, found = list(rows), Plan(cycle)
    if user is not None:
        seen = set(rows.filter(decided_tandems(user)).values_list("pk", flat=True))
        tandems = [tandem for tandem in tandems if tandem.pk in seen]
    standing = Standing(cycle)
    for tandem in tandems:
        again = tandem.after_id is not None
        if why := held_back(tandem, standing):
            (found.again_held if again else found.held).append(Held(tandem, why))
        else:
            (found.again if again else found.ready).append(Ready(tandem, standing.warned(tandem)))
    return found


def held_back(tandem: Tandem, standing: Standing) -> list[str]:
    """Why ``tandem`` would not be revealed now; [] if it would.

    Sealed, the mentee placed and told so, the mentor agreed, no rule that refuses.
    """
    if tandem.state != TandemState.SEALED:
        return [f"Noch nicht versiegelt (Stand: {tandem.get_state_display()})."]
    why = standing.broken(tandem)
    application = tandem.application
    if not why and application.informed_on is None:
        why = [
            f"{application.person.full_name} ist der Platz noch nicht mitgeteilt: das tut die "
            f"Personalstelle von {application.municipality.short_name} unter „Ergebnisse“."
        ]
    return why
