"""The Platzvergabe as one user may see it: lines, ties, waiting list, voices, counts.

What is hidden from a user (design, rule 2) is not listed and not counted; that something is
left out is said, whose it is and what becomes of it is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Coalesce

from programmes.cycles.models import Cycle, Participation, ParticipationState
from programmes.organisations.models import Municipality
from tandems.applications.models import Application, ApplicationState
from tandems.places.models import (
    Allocation,
    AllocationLine,
    LaterDecision,
    Outcome,
    Stance,
    Voice,
)
from tandems.places.order import Stand, stands


@dataclass
class LineRow:
    """A line of the table."""

    line: AllocationLine
    stand: Stand | None = None
    tie_hidden: bool = False
    """Somebody the user must not know of is in the same tie: they do not decide on it."""

    @property
    def erased(self) -> bool:
        """Whether the application was deleted since: only Kommune and outcome are left."""
        return self.line.application is None

    @property
    def application(self) -> Application:
        """To be asked for only while it is there."""
        return self.line.candidate

    @property
    def municipality(self) -> Municipality:
        house = self.line.erased_house if self.erased else self.application.municipality
        assert house is not None
        return house

    @property
    def state(self) -> str:
        """What has become of it by now, "" where that was deleted."""
        return "" if self.erased else str(self.application.state)

    @property
    def name(self) -> str:
        if self.erased:
            return "gelöscht"
        person = self.application.person
        return f"{person.last_name}, {person.first_name}"

    @property
    def withdrawn(self) -> bool:
        return self.state == ApplicationState.WITHDRAWN

    @property
    def rank_changed(self) -> bool:
        return not self.erased and self.application.rank != self.line.rank

    @property
    def proposal(self) -> str:
        """What the rule says, ties in words."""
        if self.line.tie is not None:
            return f"Gleichstand\u00a0{self.line.tie}"
        return self.line.get_proposed_display()

    @property
    def decision(self) -> str:
        """What the Beirat wants, as text."""
        return self.line.get_outcome_display() if self.line.outcome else "noch offen"

    @property
    def changed(self) -> bool:
        """Whether it differs from the proposal."""
        return bool(self.line.proposed) and self.line.outcome != self.line.proposed

    @property
    def now(self) -> str:
        """What has become of it since the close, "" for what was decided then."""
        if self.erased or self.state == self.line.outcome:
            return ""
        return str(self.application.get_state_display())


@dataclass(frozen=True)
class TieRow:
    """Candidates the rule does not tell apart, all of whom the user may see."""

    number: int
    places: int
    rows: list[LineRow]
    pools: list[str]

    @property
    def open(self) -> bool:
        return any(not row.line.outcome for row in self.rows)

    @property
    def reason(self) -> str:
        """How it was settled."""
        return next((row.line.reason for row in self.rows if row.line.reason), "")

    @property
    def words(self) -> str:
        get = "bekommt" if self.places == 1 else "bekommen"
        return f"{self.places} von {len(self.rows)} Bewerbungen {get} einen Platz."


@dataclass(frozen=True)
class VoiceRow:
    """The voice of a Kommune, if it has been recorded."""

    participation: Participation
    voice: Voice | None
    outdated: bool

    @property
    def name(self) -> str:
        return str(self.participation.municipality.short_name)

    @property
    def missing(self) -> bool:
        return self.voice is None


@dataclass
class Board:
    """The Platzvergabe for one user."""

    allocation: Allocation
    rows: list[LineRow]
    hidden: int
    ties: list[TieRow]
    hidden_ties: int
    voices: list[VoiceRow]
    newcomers: list[Application]
    later: list[LaterDecision] = field(default_factory=list)

    @property
    def present(self) -> list[LineRow]:
        """The lines still before the Beirat, or decided."""
        return [row for row in self.rows if not row.withdrawn or not self.allocation.is_open]

    @property
    def withdrawn(self) -> list[LineRow]:
        return [row for row in self.rows if row.withdrawn]

    @property
    def rank_changes(self) -> list[LineRow]:
        return [row for row in self.rows if row.rank_changed and not row.withdrawn]

    @property
    def placed(self) -> int:
        """How many places are given, of those the user may know."""
        if self.allocation.is_open:
            return self.decided
        states = [row.state for row in self.rows]
        states += [one.state for one in self.newcomers]
        return states.count(ApplicationState.PLACED)

    @property
    def decided(self) -> int:
        """How many places the decision gave, of those the user may know."""
        return sum(row.line.outcome == Outcome.PLACED for row in self.present)

    @property
    def too_many(self) -> int:
        return max(self.placed - self.allocation.places, 0)

    @property
    def free(self) -> int:
        return max(self.allocation.places - self.placed, 0)

    @property
    def undecided(self) -> int:
        return sum(not row.line.outcome for row in self.present)

    @property
    def by_hand(self) -> int:
        return sum(row.line.by_hand for row in self.present)

    @property
    def waiting(self) -> list[LineRow]:
        """The waiting list in order; after the close those who still wait."""
        rows = [row for row in self.present if row.stand is not None]
        return sorted(rows, key=lambda row: (row.stand.number if row.stand else 0, row.name))

    @property
    def given_back(self) -> list[LineRow]:
        """Places of the decision whose application was withdrawn since."""
        if self.allocation.is_open:
            return []
        return [row for row in self.withdrawn if row.line.outcome == Outcome.PLACED]

    @property
    def outdated_proposal(self) -> bool:
        """Whether nominations came, went or changed since the proposal."""
        return self.allocation.is_open and bool(
            self.newcomers or self.withdrawn or self.rank_changes
        )

    @property
    def objections(self) -> list[VoiceRow]:
        return [
            row
            for row in self.voices
            if row.voice is not None and row.voice.stance == Stance.OBJECT
        ]

    @property
    def missing_voices(self) -> list[VoiceRow]:
        return [row for row in self.voices if row.missing]

    @property
    def outdated_voices(self) -> list[VoiceRow]:
        return [row for row in self.voices if row.outdated]

    @property
    def hidden_words(self) -> str:
        """That something is left out, "" where nothing is."""
        if not self.hidden:
            return ""
        what = (
            "1 Bewerbung, an der Sie nicht mitwirken"
            if self.hidden == 1
            else f"{self.hidden} Bewerbungen, an denen Sie nicht mitwirken"
        )
        return f"Nicht aufgeführt und nicht mitgezählt: {what}."

    @property
    def houses(self) -> list[tuple[str, list[LineRow]]]:
        """The lines by Kommune."""
        found: dict[str, list[LineRow]] = {}
        for row in self.present:
            found.setdefault(str(row.municipality.short_name), []).append(row)
        return list(found.items())


def board(allocation: Allocation, user: Any) -> Board:
    """``allocation`` for ``user``, in a number of queries that hangs on nothing."""
    visible = Application.objects.visible_to(user).filter(cycle=allocation.cycle_id)
    seen = frozenset(visible.values_list("pk", flat=True))
    lines = list(
        AllocationLine.objects.filter(allocation=allocation)
        .select_related("application__person", "application__municipality", "erased_house")
        .order_by(
            Coalesce("application__municipality__sort_key", "erased_house__sort_key"),
            "rank",
            "application__person__sort_key",
        )
    )
    shown = frozenset(
        AllocationLine.objects.visible_to(user)
        .filter(allocation=allocation)
        .values_list("pk", flat=True)
    )
    own = [line for line in lines if line.pk in shown]
    # Whose consent was withdrawn is gone for everybody, which is no conflict of this reader.
    hidden = [
        line
        for line in lines
        if line.pk not in shown
        and (line.application is None or line.application.nominated_at is not None)
    ]
    hidden_ties = {line.tie for line in hidden} - {None}
    numbers = stands(line for line in own if _waits(allocation, line))
    rows = [LineRow(line, numbers.get(line.pk), line.tie in hidden_ties) for line in own]
    newcomers = list(
        visible.filter(nominated_at__isnull=False)
        .exclude(pk__in=[line.application_id for line in lines if line.application_id])
        .exclude(state__in=(ApplicationState.WITHDRAWN, ApplicationState.NOT_NOMINATED))
        .select_related("person", "municipality")
        .order_by("municipality__sort_key", "rank", "person__sort_key")
    )
    later = list(
        LaterDecision.objects.filter(allocation=allocation, application__in=seen).select_related(
            "application__person", "application__municipality"
        )
    )
    return Board(
        allocation,
        rows,
        len(hidden),
        _ties(allocation, rows),
        len(hidden_ties),
        voices_of(allocation),
        newcomers,
        later,
    )


def nominations(cycle: Cycle, user: Any) -> list[Application]:
    """What ``user`` sees of the nominations before there is a proposal."""
    return list(
        Application.objects.visible_to(user)
        .filter(cycle=cycle, state=ApplicationState.NOMINATED)
        .select_related("person", "municipality")
        .order_by("municipality__sort_key", "rank", "person__sort_key")
    )


def voices_of(allocation: Allocation) -> list[VoiceRow]:
    """A row for each Kommune that takes part, by name."""
    known = {voice.participation_id: voice for voice in Voice.objects.filter(allocation=allocation)}
    taking_part = (
        Participation.objects.filter(cycle=allocation.cycle_id, state=ParticipationState.CONFIRMED)
        .select_related("municipality")
        .order_by("municipality__sort_key")
    )
    return [
        VoiceRow(part, known.get(part.pk), _outdated(allocation, known.get(part.pk)))
        for part in taking_part
    ]


def _outdated(allocation: Allocation, voice: Voice | None) -> bool:
    return allocation.is_open and voice is not None and voice.recorded_at < allocation.changed_at


def _waits(allocation: Allocation, line: AllocationLine) -> bool:
    """Whether the line stands on the waiting list now."""
    if line.application is None:
        return False
    if allocation.is_open:
        return line.application.state == ApplicationState.NOMINATED
    return line.application.state == ApplicationState.WAITING


def _ties(allocation: Allocation, rows: Iterable[LineRow]) -> list[TieRow]:
    found: dict[int, list[LineRow]] = {}
    for row in rows:
        if row.line.tie is not None and not row.tie_hidden:
            found.setdefault(row.line.tie, []).append(row)
    return [
        TieRow(
            number,
            allocation.ties[number - 1]["places"],
            tied,
            _pool_words(allocation.ties[number - 1]["pools"], tied),
        )
        for number, tied in sorted(found.items())
        if number <= len(allocation.ties)
    ]


def _pool_words(pools: list[Any], rows: list[LineRow]) -> list[str]:
    """What the rule leaves a Kommune with several of equal rank, in words."""
    names = {row.line.application_id: str(row.municipality.short_name) for row in rows}
    words = []
    for candidates, least, most in pools:
        if len(candidates) > 1:
            number = str(most) if least == most else f"{least} bis {most}"
            known = [names[one] for one in candidates if one in names]
            if known:
                words.append(f"{known[0]}: {number} von {len(candidates)} mit gleichem Rang")
    return words
