"""What an assignment is worked out from, and a digest that differs once any of it has changed."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q

from programmes.cycles.models import Cycle
from tandems.applications.models import Application, ApplicationState
from tandems.matching.domain.ideas import SOUGHT
from tandems.matching.models import Mark, MatchIdea
from tandems.mentors.models import Mentor
from tandems.pairs.hindrances import Hindrances
from tandems.pairs.models import MatchingFrame, PairRule, Tandem, TandemState
from tandems.pairs.settings import Severity
from tandems.profiles.models import CycleProfile, Exclusion
from tandems.suggestions.engine import CRITERIA, default_weights

Mask = np.ndarray


def weights_of(frame: MatchingFrame | None) -> dict[str, int]:
    """The weight of each criterion; what is not stored, or no weight at all, is as shipped."""
    stored = frame.weights if frame is not None and isinstance(frame.weights, dict) else {}
    found = default_weights()
    for criterion in CRITERIA:
        weight = stored.get(criterion.key)
        if isinstance(weight, int) and not isinstance(weight, bool) and 0 <= weight <= 5:
            found[criterion.key] = weight
    return found


def stored_frame(cycle: Cycle) -> MatchingFrame | None:
    """The frame of ``cycle`` if there is one: reading makes none."""
    found: MatchingFrame | None = MatchingFrame.objects.filter(cycle=cycle).first()
    return found


@dataclass(frozen=True)
class Ground:
    """All of a cycle that an assignment is worked out from, whoever may see it."""

    mentees: list[Application]
    mentors: list[Mentor]
    weights: dict[str, int]
    places: list[int]
    masks: dict[str, Mask]
    """Of the rules that refuse, but for want of a place."""
    pinned: list[tuple[int, int]]
    """Rows and columns."""
    banned: list[tuple[int, int]]

    @property
    def forbidden(self) -> Mask:
        """Where a rule refuses, or the Beirat has ruled a pair out."""
        found = np.zeros((len(self.mentees), len(self.mentors)), dtype=np.bool_)
        for mask in self.masks.values():
            found |= mask
        for row, column in self.banned:
            found[row, column] = True
        return found


def size_of(cycle: Cycle) -> int:
    """How many pairs there are to compare."""
    return _mentees(cycle).count() * _mentors(cycle).count()


def _mentees(cycle: Cycle) -> Any:
    """Who still seeks: a place, and no tandem yet."""
    taken = Tandem.objects.filter(cycle=cycle, state__in=TandemState.live())
    return Application.objects.filter(cycle=cycle, state=ApplicationState.PLACED).exclude(
        pk__in=taken.values("application")
    )


def _mentors(cycle: Cycle) -> Any:
    return Mentor.objects.filter(cycle=cycle, state__in=SOUGHT)


def read_ground(cycle: Cycle) -> Ground:
    """Read it, in a number of queries that does not grow with the cycle."""
    mentees = list(_mentees(cycle).select_related("person", "municipality").order_by("pk"))
    mentors = list(_mentors(cycle).select_related("person", "municipality").order_by("pk"))
    for one in (*mentees, *mentors):
        one.cycle = cycle
    hindrances = Hindrances(cycle)
    rows = {one.pk: row for row, one in enumerate(mentees)}
    columns = {one.pk: column for column, one in enumerate(mentors)}
    marked: dict[str, list[tuple[int, int]]] = {Mark.PINNED: [], Mark.BANNED: []}
    for mark, application, mentor in _marks(cycle):
        if application in rows and mentor in columns:
            marked[mark].append((rows[application], columns[mentor]))
    return Ground(
        mentees,
        mentors,
        weights_of(stored_frame(cycle)),
        [hindrances.places_left(one) for one in mentors],
        {
            rule.value: mask
            for rule, mask in hindrances.masks(mentees, mentors).items()
            if rule != PairRule.CAPACITY and hindrances.settings[rule] == Severity.REFUSE
        },
        marked[Mark.PINNED],
        marked[Mark.BANNED],
    )


def _marks(cycle: Cycle) -> list[tuple[str, int, int]]:
    found = MatchIdea.objects.filter(mentor__cycle=cycle, mark__in=(Mark.PINNED, Mark.BANNED))
    return list(found.order_by("pk").values_list("mark", "application", "mentor"))


def digest_of(cycle: Cycle) -> str:
    """What differs as soon as anything an assignment hangs on has changed.

    It reads keys and versions instead of answers: a page asks for it each time it is opened.
    """
    frame = stored_frame(cycle)
    mentees = _mentees(cycle).order_by("pk")
    mentors = _mentors(cycle).order_by("pk")
    half = (
        "pk",
        "version",
        "person",
        "person__version",
        "municipality",
        "municipality__kind",
        "municipality__latitude",
        "municipality__longitude",
    )
    tandems = Tandem.objects.filter(cycle__programme=cycle.programme_id).filter(
        Q(cycle=cycle, state__in=TandemState.live()) | Q(state__in=TandemState.known())
    )
    # Whose outcome was told: a mentor who is a mentee too is not in the target group.
    told = Application.objects.filter(
        cycle=cycle, state=ApplicationState.PLACED, informed_on__isnull=False
    )
    parts: tuple[Any, ...] = (
        [(one.key, one.question) for one in CRITERIA],
        weights_of(frame),
        frame.rules if frame is not None else {},
        list(CycleProfile.objects.filter(cycle=cycle).values_list("profile", "version")),
        list(mentees.values_list(*half)),
        list(mentors.values_list(*half)),
        sorted(told.values_list("person", flat=True)),
        list(tandems.order_by("pk").values_list("cycle", "application", "mentor", "state")),
        list(Exclusion.objects.filter(cycle=cycle).order_by("pk").values_list("pk", flat=True)),
        _marks(cycle),
    )
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
