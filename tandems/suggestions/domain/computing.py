"""Working out who could go with whom in a whole cycle."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from tandems.applications.models import Application
from tandems.matching.domain import add_idea
from tandems.matching.models import MatchIdea
from tandems.mentors.models import Mentor
from tandems.pairs.domain.locks import held_cycle
from tandems.pairs.permissions import matching_cycles, matching_is_due
from tandems.suggestions.basis import Ground, digest_of, read_ground
from tandems.suggestions.engine import Assignment, Scores, assign
from tandems.suggestions.facts_of import mentee_facts, mentor_facts
from tandems.suggestions.models import Suggestion

NOT_YOURS = (
    "Am Matching dieses Durchgangs wirken Sie nicht (mehr) mit. Bitte lassen Sie ein anderes "
    "Mitglied des Beirats rechnen."
)
EMPTY = (
    "Es gibt noch nichts zu vergleichen: es braucht Mentees ohne Tandem und Mentor/innen, die "
    "gesucht oder gefunden sind."
)
STEPS = 4
REASON_LENGTH = 1000


def compute(
    cycle: Cycle, *, by: User, progress: Callable[[int], None] = lambda done: None
) -> Suggestion:
    """Work out the assignment of ``cycle`` anew and keep it in the place of the last one.

    All of the cycle goes in, whatever ``by`` may see of it: what comes out is cut for each
    reader. ``progress`` is told how many of ``STEPS`` are done, and may raise to stop: nothing
    is written before the last. Raises ``Refused`` to whoever does not match in ``cycle`` and
    where there is nobody to match.
    """
    _check(cycle, by)
    progress(0)
    basis = digest_of(cycle)  # before the answers: what changes in between is seen as a change
    ground = read_ground(cycle)
    if not ground.mentees or not ground.mentors:
        raise Refused(EMPTY)
    progress(1)
    scores = scores_of(ground)
    progress(2)
    found = assign(
        scores.total,
        forbidden=ground.forbidden,
        places=ground.places,
        mentee_keys=scores.mentee_keys,
        mentor_keys=scores.mentor_keys,
        pinned=ground.pinned,
        rule_masks=ground.masks,
    )
    progress(3)
    result = result_of(scores, found)
    with transaction.atomic(), acting(by):
        held = held_cycle(cycle)
        _check(held, by)
        made, _ = Suggestion.objects.update_or_create(
            cycle=held,
            defaults={
                "basis": basis,
                "result": result,
                "made_at": timezone.now(),
                "made_by": by,
            },
        )
    progress(STEPS)
    return made


def scores_of(ground: Ground) -> Scores:
    """How well each mentee goes with each mentor."""
    return Scores(
        [mentee_facts(one) for one in ground.mentees],
        [
            mentor_facts(one, places)
            for one, places in zip(ground.mentors, ground.places, strict=True)
        ],
        ground.weights,
    )


def result_of(scores: Scores, found: Assignment) -> dict[str, Any]:
    """The assignment as it is kept: keys of applications and mentors, and numbers."""
    mentees, mentors = scores.mentee_keys, scores.mentor_keys
    return {
        "pairs": [
            {
                "mentee": mentees[pair.mentee],
                "mentor": mentors[pair.mentor],
                "score": round(float(pair.score), 6),
                "known": round(float(scores.known[pair.mentee, pair.mentor]), 6),
                "best": mentors[pair.best],
                "gives_up": round(float(pair.gives_up), 6),
                "pinned": pair.pinned,
            }
            for pair in found.pairs
        ],
        "unmatched": [
            {
                "mentee": mentees[one.mentee],
                "taken": [mentors[column] for column in one.blocking.taken],
                "reached": [mentors[column] for column in one.blocking.reached],
            }
            for one in found.unmatched
        ],
        "refused": [
            {
                "mentee": mentees[pin.mentee],
                "mentor": mentors[pin.mentor],
                "fault": str(pin.fault),
            }
            for pin in found.refused
        ],
    }


def put_on_wall(
    application: Application, mentor: Mentor, *, reason: str = "", by: User
) -> MatchIdea:
    """Take a suggestion up as an idea, under the name of ``by``.

    Raises ``Refused`` as ``tandems.matching.domain.add_idea`` does.
    """
    return add_idea(application, mentor, reason=reason[:REASON_LENGTH], by=by)


def _check(cycle: Cycle, by: User) -> None:
    if cycle.pk not in matching_cycles(by) or not matching_is_due(cycle):
        raise Refused(NOT_YOURS)
