"""The three mentors who go best with a mentee, of those the reader sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tandems.applications.models import Application
from tandems.matching.board import Wall
from tandems.matching.domain.ideas import SOUGHT
from tandems.matching.models import Mark, MatchIdea
from tandems.mentors.models import Mentor
from tandems.pairs.hindrances import Hindrance
from tandems.suggestions.basis import stored_frame, weights_of
from tandems.suggestions.engine import Reason, Scores, bar, best_of, in_words
from tandems.suggestions.facts_of import mentee_facts, mentor_facts

THREE = 3


@dataclass(frozen=True)
class Fit:
    """A pair as it is suggested: in words, with a bar, reasons and warnings; never per cent."""

    application: Application
    mentor: Mentor
    words: str
    bar: int
    reasons: list[Reason]
    warnings: list[Hindrance]
    idea: MatchIdea | None = None
    places_left: int = 1

    @property
    def steps(self) -> range:
        """The steps of the bar."""
        return range(1, 6)

    @property
    def bar_words(self) -> str:
        """What the bar shows, for who does not see it."""
        return f"{self.words}, {self.bar} von 5 Balken"

    @property
    def reason_text(self) -> str:
        """The reasons as the reason of an idea."""
        return " ".join(reason.sentence for reason in self.reasons)


@dataclass(frozen=True)
class Best:
    """A mentee and who goes best with them; nobody where a rule keeps all away."""

    application: Application
    fits: list[Fit]


def best_for(wall: Wall, applications: Sequence[Application]) -> list[Best]:
    """The best three for each of visible ``applications``.

    Compared are the mentors the reader sees: what they must not know of neither helps nor
    hinders. Places taken count as far as the reader knows of them, and a pair the Beirat has
    ruled out is none. The number of queries hangs on nothing.
    """
    mentees = list(applications)
    mentors = list(wall.mentors().filter(state__in=SOUGHT))
    in_cycle(wall, mentees, mentors)
    if not mentees or not mentors:
        return [Best(one, []) for one in mentees]
    scores = Scores(
        [mentee_facts(one) for one in mentees],
        [mentor_facts(one, places_left(wall, one)) for one in mentors],
        weights_of(stored_frame(wall.cycle)),
    )
    ideas = ideas_of(wall, mentees)
    chosen = best_of(scores, _forbidden(wall, mentees, mentors, ideas), THREE)
    pairs = [(row, column) for row, found in enumerate(chosen) for column in found]
    reasons = dict(zip(pairs, scores.reasons_of(pairs), strict=True))
    return [
        Best(
            mentees[row],
            [
                _fit(wall, scores, mentees[row], mentors[column], (row, column), reasons, ideas)
                for column in found
            ],
        )
        for row, found in enumerate(chosen)
    ]


def _fit(
    wall: Wall,
    scores: Scores,
    application: Application,
    mentor: Mentor,
    at: tuple[int, int],
    reasons: dict[tuple[int, int], list[Reason]],
    ideas: dict[tuple[int, int], MatchIdea],
) -> Fit:
    score = float(scores.total[at])
    return Fit(
        application,
        mentor,
        in_words(score, float(scores.known[at])),
        bar(score),
        reasons[at],
        wall.speaking_against(application, mentor),
        ideas.get((application.pk, mentor.pk)),
        places_left(wall, mentor),
    )


def in_cycle(wall: Wall, *halves: Iterable[Application | Mentor]) -> None:
    """Give all the one cycle object, which reads its sheets once."""
    for half in halves:
        for one in half:
            one.cycle = wall.cycle


def places_left(wall: Wall, mentor: Mentor) -> int:
    """How many places of ``mentor`` are free, as far as the reader knows."""
    return max(mentor.capacity - wall.taken[mentor.pk], 0)


def ideas_of(wall: Wall, mentees: Sequence[Application]) -> dict[tuple[int, int], MatchIdea]:
    """The ideas of visible ``mentees`` that the reader sees, by mentee and mentor."""
    rows = MatchIdea.objects.visible_to(wall.user).filter(application__in=mentees)
    return {(one.application_id, one.mentor_id): one for one in rows}


def _forbidden(
    wall: Wall,
    mentees: Sequence[Application],
    mentors: Sequence[Mentor],
    ideas: dict[tuple[int, int], MatchIdea],
) -> np.ndarray:
    """Where a rule refuses, nobody has a place left, or the Beirat has ruled a pair out."""
    rows = {one.pk: row for row, one in enumerate(mentees)}
    columns = {one.pk: column for column, one in enumerate(mentors)}
    found = np.zeros((len(mentees), len(mentors)), dtype=np.bool_)
    found |= np.array([not places_left(wall, one) for one in mentors], dtype=np.bool_)
    for tandem in wall.tandems.values():
        # Their own place is not taken from them.
        if tandem.application_id in rows and tandem.mentor_id in columns:
            found[rows[tandem.application_id], columns[tandem.mentor_id]] = False
    found |= wall.hindrances.refused(mentees, mentors)
    for (application, mentor), idea in ideas.items():
        if idea.mark == Mark.BANNED and mentor in columns:
            found[rows[application], columns[mentor]] = True
    return found
