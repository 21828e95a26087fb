"""The kept assignment as one reader sees it.

A pair with a half the reader must not know of is left out, and so is whatever would say with
whom it is: a better mentor, a rival, a taken place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from tandems.applications.models import Application
from tandems.matching.board import Wall
from tandems.matching.domain.ideas import SOUGHT
from tandems.matching.models import Mark
from tandems.mentors.models import Mentor
from tandems.pairs.models import PairRule, Tandem
from tandems.pairs.settings import RULES, Severity
from tandems.suggestions.basis import digest_of, stored_frame, weights_of
from tandems.suggestions.best import Fit, ideas_of, in_cycle, places_left
from tandems.suggestions.engine import (
    Blocking,
    MentorFacts,
    Scores,
    Unmatched,
    bar,
    in_words,
    why_unmatched,
)
from tandems.suggestions.facts_of import mentee_facts, mentor_facts
from tandems.suggestions.models import Suggestion

PAIRS, LEFT_OVER = 30, 20
"""So many pairs, and so many mentees without one, stand on a page."""

LITTLE, SOME = 0.05, 0.15
"""Up to such differences of scores a mentee gives up little, something."""

FAULTS = {
    "forbidden": "Eine Regel verhindert dieses Paar inzwischen.",
    "no_place": "Die Mentorin oder der Mentor hat keinen Platz mehr frei.",
    "twice": "Für diese Person sind mehrere Paare gesetzt.",
}


@dataclass(frozen=True)
class PairRow:
    """A pair of the assignment, and what this mentee gives up for the others."""

    fit: Fit
    pinned: bool
    gives_up: str
    best: Mentor | None
    tandem: Tandem | None


@dataclass(frozen=True)
class LeftOver:
    """A mentee for whom nobody is left, and why."""

    application: Application
    why: list[str]
    tandem: Tandem | None = None


@dataclass(frozen=True)
class RefusedRow:
    """A pinned pair that could not be kept."""

    application: Application
    mentor: Mentor
    why: str


def gives_up_words(gives_up: float, best: str) -> str:
    """What a mentee gives up against their own best, in words; ``best`` may be nobody's name."""
    if gives_up <= 0:
        return "Gibt nichts auf: niemand würde zu dieser Person besser passen."
    who = best or "jemand anderes"
    if gives_up < LITTLE:
        return f"Gibt wenig auf: {who} würde kaum besser passen."
    if gives_up < SOME:
        return f"Gibt etwas auf, damit es für alle reicht: {who} würde besser passen."
    return f"Gibt viel auf, damit es für alle reicht: {who} würde deutlich besser passen."


@dataclass
class Reading:
    """What ``wall.user`` sees of the assignment kept in ``suggestion``; each part read once."""

    wall: Wall
    suggestion: Suggestion
    page: str | None = None
    left_page: str | None = None

    @cached_property
    def mentees(self) -> frozenset[int]:
        """The mentees the reader sees."""
        return frozenset(self.wall.mentee_keys)

    @cached_property
    def mentors(self) -> frozenset[int]:
        """The mentors the reader sees."""
        return frozenset(self.wall.capacities)

    @cached_property
    def is_stale(self) -> bool:
        """Whether anything it was worked out from has changed."""
        return digest_of(self.wall.cycle) != self.suggestion.basis

    @cached_property
    def seen(self) -> list[dict[str, Any]]:
        """The pairs both halves of which the reader sees, by Kommune and name of the mentee."""
        pairs = {
            pair["mentee"]: pair
            for pair in self._kept("pairs")
            if pair["mentee"] in self.mentees and pair["mentor"] in self.mentors
        }
        return [pairs[key] for key in self._order if key in pairs]

    @cached_property
    def _order(self) -> list[int]:
        rows = self.wall.mentees().order_by("municipality__sort_key", "person__sort_key", "pk")
        return list(rows.values_list("pk", flat=True))

    def _kept(self, part: str) -> list[dict[str, Any]]:
        found = self.suggestion.result.get(part, [])
        return found if isinstance(found, list) else []

    @cached_property
    def pages(self) -> Page:
        """The page of pairs."""
        return Paginator(self.seen, PAIRS).get_page(self.page)

    @cached_property
    def left(self) -> list[dict[str, Any]]:
        """The mentees without a mentor whom the reader sees."""
        found = {one["mentee"]: one for one in self._kept("unmatched")}
        return [found[key] for key in self._order if key in found]

    @cached_property
    def left_pages(self) -> Page:
        """The page of mentees without a mentor."""
        return Paginator(self.left, LEFT_OVER).get_page(self.left_page)

    @cached_property
    def rows(self) -> list[PairRow]:
        """The pairs of the page, with reasons and warnings."""
        kept = list(self.pages.object_list)
        mentees = self.wall.mentees().in_bulk([pair["mentee"] for pair in kept])
        keys = {pair["mentor"] for pair in kept} | {pair["best"] for pair in kept}
        mentors = self.wall.mentors().in_bulk(sorted(keys & self.mentors))
        in_cycle(self.wall, mentees.values(), mentors.values())
        kept = [pair for pair in kept if pair["mentee"] in mentees and pair["mentor"] in mentors]
        if not kept:
            return []
        ideas = ideas_of(self.wall, list(mentees.values()))
        reasons = self._reasons(kept, mentees, mentors)
        rows = []
        for pair, why in zip(kept, reasons, strict=True):
            application, mentor = mentees[pair["mentee"]], mentors[pair["mentor"]]
            best = mentors.get(pair["best"])
            fit = Fit(
                application,
                mentor,
                in_words(pair["score"], pair["known"]),
                bar(pair["score"]),
                why,
                self.wall.speaking_against(application, mentor),
                ideas.get((application.pk, mentor.pk)),
                places_left(self.wall, mentor),
            )
            rows.append(
                PairRow(
                    fit,
                    pair["pinned"],
                    gives_up_words(pair["gives_up"], best.called if best else ""),
                    best,
                    self.wall.tandems.get(application.pk),
                )
            )
        return rows

    def _reasons(
        self,
        kept: Sequence[dict[str, Any]],
        mentees: dict[int, Application],
        mentors: dict[int, Mentor],
    ) -> list[Any]:
        scores = Scores(
            [mentee_facts(one) for one in mentees.values()],
            [mentor_facts(one) for one in mentors.values()],
            weights_of(stored_frame(self.wall.cycle)),
        )
        rows = {key: row for row, key in enumerate(mentees)}
        columns = {key: column for column, key in enumerate(mentors)}
        return scores.reasons_of([(rows[one["mentee"]], columns[one["mentor"]]) for one in kept])

    @cached_property
    def refused(self) -> list[RefusedRow]:
        """Pinned pairs that could not be kept."""
        kept = [
            pin
            for pin in self._kept("refused")
            if pin["mentee"] in self.mentees and pin["mentor"] in self.mentors
        ]
        mentees = self.wall.mentees().in_bulk([pin["mentee"] for pin in kept]) if kept else {}
        mentors = self.wall.mentors().in_bulk([pin["mentor"] for pin in kept]) if kept else {}
        return [
            RefusedRow(mentees[pin["mentee"]], mentors[pin["mentor"]], FAULTS[pin["fault"]])
            for pin in kept
        ]

    # --- Who is left over ---------------------------------------------------------------
    @cached_property
    def left_over(self) -> list[LeftOver]:
        """The mentees of the page for whom nobody is left, and what stands in the way.

        Rules are asked anew, of the mentors the reader sees: a number that counts others too
        would tell of them.
        """
        kept = list(self.left_pages.object_list)
        if not kept:
            return []
        found = self.wall.mentees().in_bulk([one["mentee"] for one in kept])
        mentees = [found[one["mentee"]] for one in kept if one["mentee"] in found]
        mentors = list(self.wall.mentors().filter(state__in=SOUGHT))
        in_cycle(self.wall, mentees, mentors)
        masks = {
            rule.value: mask
            for rule, mask in self.wall.hindrances.masks(mentees, mentors).items()
            if rule != PairRule.CAPACITY and self.wall.hindrances.settings[rule] == Severity.REFUSE
        }
        ideas = ideas_of(self.wall, mentees)
        labels = {rule.value: known.title for rule, known in RULES.items()}
        facts = [self._facts(one) for one in mentors]
        columns = {one.pk: column for column, one in enumerate(mentors)}
        stored = {one["mentee"]: one for one in kept}
        lines = []
        for row, application in enumerate(mentees):
            banned = {
                columns[mentor]
                for (mentee, mentor), idea in ideas.items()
                if mentee == application.pk and mentor in columns and idea.mark == Mark.BANNED
            }
            blocking = self._blocking(row, stored[application.pk], masks, banned, mentors, columns)
            lines.append(
                LeftOver(
                    application,
                    why_unmatched(Unmatched(row, blocking), labels, facts),
                    self.wall.tandems.get(application.pk),
                )
            )
        return lines

    def _blocking(
        self,
        row: int,
        kept: dict[str, Any],
        masks: dict[str, np.ndarray],
        banned: set[int],
        mentors: Sequence[Mentor],
        columns: dict[int, int],
    ) -> Blocking:
        number = len(mentors)
        kept_away = np.zeros(number, dtype=np.int64)
        for mask in masks.values():
            kept_away += mask[row]
        rules = {key: int(mask[row].sum()) for key, mask in masks.items()}
        only = {key: int((mask[row] & (kept_away == 1)).sum()) for key, mask in masks.items()}
        free = [column for column in range(number) if not kept_away[column]]
        closed = tuple(
            column
            for column in free
            if column not in banned and not places_left(self.wall, mentors[column])
        )
        taken = tuple(columns[key] for key in kept.get("taken", ()) if key in columns)
        reached = tuple(columns[key] for key in kept.get("reached", ()) if key in columns)
        return Blocking(
            mentors=number,
            rules=_by_number(rules),
            only=_by_number(only),
            banned=len(banned & set(free)),
            closed=closed,
            taken=tuple(column for column in taken if column not in closed),
            reached=reached,
        )

    def _facts(self, mentor: Mentor) -> MentorFacts:
        """Without the name where it would say that the places go to somebody not to be known."""
        found = mentor_facts(mentor, places_left(self.wall, mentor))
        return found if self._all_seen(mentor.pk) else replace(found, name="")

    def _all_seen(self, mentor: int) -> bool:
        """Whether the reader sees every mentee to whom a mentor's places go."""
        return self._given.get(mentor, frozenset()) <= self.mentees

    @cached_property
    def _given(self) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = {}
        for pair in self._kept("pairs"):
            found.setdefault(pair["mentor"], set()).add(pair["mentee"])
        return {mentor: frozenset(mentees) for mentor, mentees in found.items()}


def _by_number(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(
        sorted(((key, n) for key, n in counts.items() if n), key=lambda one: (-one[1], one[0]))
    )
