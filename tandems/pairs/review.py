"""The whole set of tandems as one user may see it: what is decided, what is in the way.

What is hidden from a user (design, rule 2) is neither listed nor counted; that something is
left out is said, whose it is and what becomes of it is not.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from programmes.cycles.models import Cycle
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.domain import HALVES
from tandems.pairs.models import Tandem, TandemState, TandemVoice
from tandems.pairs.permissions import decided_tandems
from tandems.pairs.standing import Standing, VoiceRow, voices_given


@dataclass(frozen=True)
class TandemRow:
    """A tandem with its voices and what stands in its way now."""

    tandem: Tandem
    voices: list[VoiceRow]
    in_the_way: list[str]
    without_voice: str = ""

    @property
    def mentee(self) -> Application:
        return self.tandem.application

    @property
    def mentor(self) -> Mentor:
        return self.tandem.mentor

    @property
    def name(self) -> str:
        return f"{self.mentee.person.full_name} und {self.mentor.called}"

    @property
    def missing(self) -> list[VoiceRow]:
        """Voices that are due, while it is only proposed."""
        proposed = self.tandem.state == TandemState.PROPOSED
        return [row for row in self.voices if row.missing] if proposed else []

    @property
    def objections(self) -> list[VoiceRow]:
        return [row for row in self.voices if row.objects]

    @property
    def sealable(self) -> bool:
        return self.tandem.state == TandemState.AGREED and not self.in_the_way

    @property
    def broken(self) -> bool:
        """Sealed, and not in order any more."""
        return self.tandem.state == TandemState.SEALED and bool(self.in_the_way)

    @property
    def badge(self) -> str:
        """The kind of badge its state is shown with."""
        if self.in_the_way:
            return "warning"
        ready = (TandemState.SEALED, *TandemState.running())
        return "success" if self.tandem.state in ready else "info"


@dataclass(frozen=True)
class Load:
    """An agreed mentor with the number of their live tandems."""

    mentor: Mentor
    number: int

    @property
    def over(self) -> bool:
        return self.number > self.mentor.capacity

    @property
    def free(self) -> int:
        return max(self.mentor.capacity - self.number, 0)


@dataclass
class Review:
    """The set for one user."""

    rows: list[TandemRow]
    leaves_out: bool
    unmatched: list[Application]
    loads: list[Load] = field(default_factory=list)

    @property
    def waiting(self) -> list[Load]:
        """Mentors without a mentee."""
        return [load for load in self.loads if not load.number]

    @property
    def overloaded(self) -> list[Load]:
        return [load for load in self.loads if load.over]

    @property
    def sealable(self) -> list[TandemRow]:
        return [row for row in self.rows if row.sealable]

    @property
    def held_up(self) -> list[TandemRow]:
        """Decided, and not in order."""
        return [
            row for row in self.rows if row.tandem.state == TandemState.AGREED and row.in_the_way
        ]

    @property
    def broken(self) -> list[TandemRow]:
        return [row for row in self.rows if row.broken]

    @property
    def proposed(self) -> list[TandemRow]:
        return self._in(TandemState.PROPOSED)

    @property
    def agreed(self) -> list[TandemRow]:
        return self._in(TandemState.AGREED)

    @property
    def sealed(self) -> list[TandemRow]:
        return self._in(TandemState.SEALED)

    @property
    def running(self) -> list[TandemRow]:
        return [row for row in self.rows if row.tandem.state in TandemState.running()]

    def _in(self, state: TandemState) -> list[TandemRow]:
        return [row for row in self.rows if row.tandem.state == state]

    @property
    def missing_voices(self) -> list[tuple[str, int]]:
        """By Kommune, how many voices are due."""
        counted = Counter(voice.name for row in self.rows for voice in row.missing)
        return sorted(counted.items())

    @property
    def mix(self) -> list[tuple[str, list[tuple[str, int]], int]]:
        """By the mentees' Kommune: to which others they go, how many each, how many in all."""
        counted: dict[str, Counter[str]] = {}
        for row in sorted(self.rows, key=lambda one: one.mentee.municipality.sort_key):
            house = str(row.mentee.municipality.short_name)
            counted.setdefault(house, Counter())[str(row.mentor.municipality.short_name)] += 1
        return [(house, sorted(to.items()), to.total()) for house, to in counted.items()]

    @property
    def hidden_words(self) -> str:
        """That something is left out, "" where nothing is."""
        return hidden_words(self.leaves_out)


def tandems(number: int) -> str:
    """So many tandems, in words."""
    return "1 Tandem" if number == 1 else f"{number} Tandems"


def leaves_out(cycle: Cycle, user: Any) -> bool:
    """Whether a possible half of a pair is kept from ``user``.

    It hangs on people, not on tandems: whether somebody's subordinate has one by now, and
    how many there are, is nothing to read here (design, rule 2).
    """
    placed = Application.objects.filter(cycle=cycle, state=ApplicationState.PLACED)
    agreed = Mentor.objects.filter(cycle=cycle, state=MentorState.AGREED)
    seen_mentees = Application.objects.visible_to(user).filter(cycle=cycle).values("pk")
    seen_mentors = Mentor.objects.visible_to(user).filter(cycle=cycle).values("pk")
    return (
        placed.exclude(pk__in=seen_mentees).exists() or agreed.exclude(pk__in=seen_mentors).exists()
    )


def hidden_words(something: bool) -> str:
    """That what the reader takes no part in is left out; "" for nothing."""
    return "Nicht aufgeführt und nicht mitgezählt ist, woran Sie nicht mitwirken." * something


def review(cycle: Cycle, user: Any) -> Review:
    """The live tandems of ``cycle`` for ``user``, in a number of queries that hangs on nothing.

    What is hidden is as if it were not there, as at the wall: a mentor missing from a list on
    which all others stand would be the partner of whoever is hidden.
    """
    tandems = list(
        Tandem.objects.filter(decided_tandems(user), cycle=cycle, state__in=TandemState.live())
        .select_related(*HALVES)
        .order_by("application__municipality__sort_key", "mentee_person__sort_key", "pk")
    )
    standing = Standing(cycle, user)
    given = voices_given([tandem for tandem in tandems if not tandem.is_known])
    rows = [_row(tandem, standing, given.get(tandem.pk, [])) for tandem in tandems]
    unmatched = (
        Application.objects.visible_to(user)
        .filter(cycle=cycle, state=ApplicationState.PLACED)
        .exclude(pk__in=[tandem.application_id for tandem in tandems])
        .select_related("person", "municipality")
        .order_by("municipality__sort_key", "person__sort_key")
    )
    loads = _loads(cycle, user, tandems)
    return Review(rows, leaves_out(cycle, user), list(unmatched), loads)


def _row(tandem: Tandem, standing: Standing, given: list[TandemVoice]) -> TandemRow:
    if tandem.is_known:
        return TandemRow(tandem, [], [])
    in_the_way = standing.in_the_way(tandem)
    if tandem.state == TandemState.PROPOSED:
        voices = standing.voices(tandem, given)
        return TandemRow(tandem, voices, in_the_way, standing.without_voice(tandem))
    return TandemRow(tandem, [], [*in_the_way, *standing.unheard(tandem, given)])


def _loads(cycle: Cycle, user: Any, tandems: list[Tandem]) -> list[Load]:
    """The agreed mentors the reader sees, with the tandems the reader sees."""
    held = Counter(tandem.mentor_id for tandem in tandems)
    mentors = (
        Mentor.objects.visible_to(user)
        .filter(cycle=cycle, state=MentorState.AGREED)
        .select_related("person", "municipality")
        .order_by("municipality__sort_key", "person__sort_key")
    )
    return [Load(mentor, held[mentor.pk]) for mentor in mentors]
