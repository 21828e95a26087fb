"""What speaks against a pair, each with a sentence that says why.

``Hindrances.of`` says it of one pair, ``Hindrances.masks`` of every pair of a cycle at once;
a test holds that the two never differ.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from programmes.cycles.models import Cycle
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs import sentences
from tandems.pairs.models import MatchingFrame, Overrule, PairRule, Tandem, TandemState
from tandems.pairs.permissions import decided_tandems
from tandems.pairs.settings import Severity, settings_of
from tandems.profiles.exclusions import Exclusions, Party, names
from tandems.profiles.models import Exclusion, TargetGroup, name_key

__all__ = ["Hindrance", "Hindrances", "Severity"]

Mask = NDArray[np.bool_]
Keys = NDArray[np.int64]

# Two keys that are missing are not the same key.
_NO_MENTEE_KEY, _NO_MENTOR_KEY = -1, -2


@dataclass(frozen=True)
class Hindrance:
    """A rule that speaks against a pair.

    ``overrule`` is a lead's word about it; it counts only while the rule warns.
    """

    rule: PairRule
    severity: Severity
    sentence: str
    overrule: Overrule | None = None

    @property
    def stands(self) -> bool:
        """Whether it is still in the way of the pair."""
        return self.severity == Severity.REFUSE or self.overrule is None

    @property
    def refuses(self) -> bool:
        """Whether nobody may overrule it."""
        return self.severity == Severity.REFUSE

    @property
    def blocks_proposal(self) -> bool:
        """Whether the pair cannot be proposed before it is mended or overruled.

        Somebody may be proposed while they are still being asked; closing waits for the
        answer.
        """
        return self.refuses or (self.stands and self.rule != PairRule.NOT_AGREED)


class Hindrances:
    """All that speaks against pairs of a cycle, read once in a constant number of queries.

    It asks whether a pair is possible, not who may know of the pair: hand it only what the
    user may see. What is shown to a ``user`` counts a place as taken only by a tandem they
    may know of: a mentor without a free place would tell a superior whom a subordinate goes
    with. Doors ask without one. Applications and mentors come with
    ``select_related("person", "municipality", "cycle")``.
    """

    def __init__(self, cycle: Cycle, user: Any = None) -> None:
        self.cycle = cycle
        self._user = user
        self.settings = settings_of(MatchingFrame.objects.filter(cycle=cycle).first())
        self._exclusions = Exclusions(cycle)
        overrules = Overrule.objects.filter(application__cycle=cycle, mentor__cycle=cycle)
        self._overrules = {
            (row.application_id, row.mentor_id, row.rule): row
            for row in overrules.select_related("overruled_by__person")
        }
        self._live: set[tuple[int, int]] = set()
        self._earlier: set[frozenset[int]] = set()
        self._read_tandems()
        self._taken = Counter(mentor for _, mentor in self._live)
        # Only who was told: before that the outcome is not everybody's to know.
        self._mentees = frozenset(
            Application.objects.filter(
                cycle=cycle, state=ApplicationState.PLACED, informed_on__isnull=False
            ).values_list("person", flat=True)
        )
        self._parties: dict[tuple[type, int], tuple[Party, ...]] = {}
        self._tests: dict[PairRule, Callable[[Application, Mentor], bool]] = {
            PairRule.SAME_EMPLOYER: self._same_employer,
            PairRule.REPORTING_LINE: self._reporting_line,
            PairRule.EXCLUDED: self._excluded,
            PairRule.EARLIER_PAIR: self._earlier_pair,
            PairRule.CAPACITY: self._full,
            PairRule.NOT_AGREED: lambda _, mentor: _is_not_agreed(mentor),
            PairRule.TARGET_GROUP: self._off_target,
            PairRule.NOT_FREE: lambda _, mentor: _is_not_free(mentor),
        }

    def _read_tandems(self) -> None:
        ended = (TandemState.COMPLETED, TandemState.ENDED_EARLY)
        # Another cycle's tandem counts once it was revealed there, never before (rule 1).
        tandems = Tandem.objects.filter(
            cycle__programme=self.cycle.programme_id,
            state__in=(*TandemState.live(), *TandemState.known()),
        )
        known = None
        if self._user is not None:
            seen = Tandem.objects.filter(decided_tandems(self._user), cycle=self.cycle)
            known = frozenset(seen.values_list("pk", flat=True))
        columns = ("cycle", "application", "mentor", "mentee_person", "mentor_person", "state")
        for (
            pk,
            cycle,
            application,
            mentor,
            mentee_person,
            mentor_person,
            state,
        ) in tandems.values_list("pk", *columns):
            here = cycle == self.cycle.pk
            if here and state in TandemState.live() and (known is None or pk in known):
                self._live.add((application, mentor))
            if state in ended or (not here and state in TandemState.known()):
                self._earlier.add(frozenset((mentee_person, mentor_person)))

    def of(self, application: Application, mentor: Mentor) -> list[Hindrance]:
        """What speaks against this pair, in the order of the rules; nothing is off."""
        return [
            Hindrance(
                rule,
                severity,
                sentences.sentence(rule, application, mentor),
                self._overrules.get((application.pk, mentor.pk, rule)),
            )
            for rule, severity in self.settings.items()
            if severity is not None and self._tests[rule](application, mentor)
        ]

    def masks(
        self, applications: Sequence[Application], mentors: Sequence[Mentor]
    ) -> dict[PairRule, Mask]:
        """For each rule that is not off: where it speaks against a pair.

        One row per application, one column per mentor, in the order given. A warning that a
        lead overruled is still there.
        """
        made: dict[PairRule, Callable[[], Mask]] = {
            PairRule.SAME_EMPLOYER: lambda: _employer_mask(applications, mentors),
            PairRule.REPORTING_LINE: lambda: self._reporting_mask(applications, mentors),
            PairRule.EXCLUDED: lambda: self._exclusion_mask(applications, mentors),
            PairRule.EARLIER_PAIR: lambda: self._earlier_mask(applications, mentors),
            PairRule.CAPACITY: lambda: self._capacity_mask(applications, mentors),
            PairRule.NOT_AGREED: lambda: _of_mentors(applications, map(_is_not_agreed, mentors)),
            PairRule.TARGET_GROUP: lambda: self._target_mask(applications, mentors),
            PairRule.NOT_FREE: lambda: _of_mentors(applications, map(_is_not_free, mentors)),
        }
        return {
            rule: made[rule]() for rule, severity in self.settings.items() if severity is not None
        }

    def refused(self, applications: Sequence[Application], mentors: Sequence[Mentor]) -> Mask:
        """Where any rule that refuses does, other than for want of a free place."""
        found = np.zeros((len(applications), len(mentors)), dtype=np.bool_)
        for rule, mask in self.masks(applications, mentors).items():
            if rule != PairRule.CAPACITY and self.settings[rule] == Severity.REFUSE:
                found |= mask
        return found

    def places_left(self, mentor: Mentor) -> int:
        """How many mentees more the mentor takes, beside the live tandems."""
        return max(mentor.capacity - self._taken[mentor.pk], 0)

    # One pair.

    def _same_employer(self, application: Application, mentor: Mentor) -> bool:
        return bool(_employers(application) & _employers(mentor))

    def _reporting_line(self, application: Application, mentor: Mentor) -> bool:
        if mentor.person_id is None:
            return False
        if application.superior_id == mentor.person_id:
            return True
        typed = _superior_key(application)
        if not typed:
            return False
        if typed in self._full_names(mentor):
            return True
        # "Frau Meier" is the Meier of the own Kommune, not of every other one.
        return typed == _last_name(mentor) and self._same_employer(application, mentor)

    def _excluded(self, application: Application, mentor: Mentor) -> bool:
        if application.person_id == mentor.person_id:
            return True
        return any(
            self._exclusions.between(one, other)
            for one in self._parties_of(application)
            for other in self._parties_of(mentor)
        )

    def _earlier_pair(self, application: Application, mentor: Mentor) -> bool:
        return (
            mentor.person_id is not None
            and frozenset((application.person_id, mentor.person_id)) in self._earlier
        )

    def _full(self, application: Application, mentor: Mentor) -> bool:
        own = (application.pk, mentor.pk) in self._live
        return self._taken[mentor.pk] - own >= mentor.capacity

    def _off_target(self, application: Application, mentor: Mentor) -> bool:
        return _has_no_target_group(application) or mentor.person_id in self._mentees

    # Every pair.

    def _reporting_mask(
        self, applications: Sequence[Application], mentors: Sequence[Mentor]
    ) -> Mask:
        superiors = _keys((one.superior_id for one in applications), _NO_MENTEE_KEY)
        people = _keys((one.person_id for one in mentors), _NO_MENTOR_KEY)
        found: Mask = superiors[:, None] == people[None, :]
        full: dict[str, list[int]] = defaultdict(list)
        last: dict[str, list[int]] = defaultdict(list)
        for column, mentor in enumerate(mentors):
            if mentor.person_id is not None:
                last[_last_name(mentor)].append(column)
                for key in self._full_names(mentor):
                    full[key].append(column)
        for row, application in enumerate(applications):
            typed = _superior_key(application)
            if not typed:
                continue
            found[row, full.get(typed, [])] = True
            for column in last.get(typed, ()):
                if self._same_employer(application, mentors[column]):
                    found[row, column] = True
        return found

    def _exclusion_mask(
        self, applications: Sequence[Application], mentors: Sequence[Mentor]
    ) -> Mask:
        own = _keys((one.person_id for one in applications), _NO_MENTEE_KEY)
        people = _keys((one.person_id for one in mentors), _NO_MENTOR_KEY)
        found: Mask = own[:, None] == people[None, :]
        of_mentees = [self._parties_of(one) for one in applications]
        of_mentors = [self._parties_of(one) for one in mentors]
        meant_mentors, meant_mentees = _Meant(of_mentors), _Meant(of_mentees)
        for row, parties in enumerate(of_mentees):
            for exclusion in self._exclusions.rows_of(parties[0].person):
                found[row, meant_mentors.by(exclusion)] = True
        for column, parties in enumerate(of_mentors):
            for exclusion in self._exclusions.rows_of(parties[0].person):
                found[meant_mentees.by(exclusion), column] = True
        return found

    def _earlier_mask(self, applications: Sequence[Application], mentors: Sequence[Mentor]) -> Mask:
        found = np.zeros((len(applications), len(mentors)), dtype=np.bool_)
        rows, columns = defaultdict(list), defaultdict(list)
        for row, application in enumerate(applications):
            rows[application.person_id].append(row)
        for column, mentor in enumerate(mentors):
            if mentor.person_id is not None:
                columns[mentor.person_id].append(column)
        for pair in self._earlier:
            one, other = pair
            for mentee, mentor_person in ((one, other), (other, one)):
                if mentee in rows and mentor_person in columns:
                    found[np.ix_(rows[mentee], columns[mentor_person])] = True
        return found

    def _capacity_mask(
        self, applications: Sequence[Application], mentors: Sequence[Mentor]
    ) -> Mask:
        found = _of_mentors(applications, (self._taken[m.pk] >= m.capacity for m in mentors))
        rows = {application.pk: row for row, application in enumerate(applications)}
        columns = {mentor.pk: column for column, mentor in enumerate(mentors)}
        for application_pk, mentor_pk in self._live:
            if application_pk in rows and mentor_pk in columns:
                row, column = rows[application_pk], columns[mentor_pk]
                found[row, column] = self._full(applications[row], mentors[column])
        return found

    def _target_mask(self, applications: Sequence[Application], mentors: Sequence[Mentor]) -> Mask:
        off = np.fromiter(map(_has_no_target_group, applications), np.bool_, len(applications))
        busy = np.fromiter((m.person_id in self._mentees for m in mentors), np.bool_, len(mentors))
        found: Mask = off[:, None] | busy[None, :]
        return found

    # What is compared.

    def _parties_of(self, half: Application | Mentor) -> tuple[Party, ...]:
        """The half as it is named, in the Kommune it stands for and in that of today."""
        key = (type(half), half.pk)
        if key not in self._parties:
            if half.person is None:
                found: tuple[Party, ...] = (Party.idea(half.municipality_id, half.department),)
            else:
                today = Party.of(half.person, half.department)
                then = replace(today, municipality=half.municipality_id)
                found = (today,) if today == then else (today, then)
            self._parties[key] = found
        return self._parties[key]

    def _full_names(self, mentor: Mentor) -> frozenset[str]:
        """The keys of the name with any of the first names; none for an idea."""
        return self._parties_of(mentor)[0].names - {_last_name(mentor)}


class _Meant:
    """Which of several halves an exclusion means, without asking each of them."""

    def __init__(self, halves: Sequence[tuple[Party, ...]]) -> None:
        self._halves = halves
        self._by_person: dict[int | None, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)
        self._by_house: dict[int | None, list[int]] = defaultdict(list)
        self._found: dict[Hashable, list[int]] = {}
        for index, parties in enumerate(halves):
            self._by_person[parties[0].person].append(index)
            for name in parties[0].names:
                self._by_name[name].append(index)
            for house in {party.municipality for party in parties}:
                self._by_house[house].append(index)

    def by(self, row: Exclusion) -> list[int]:
        """The positions of the halves that ``row`` names."""
        key = (row.person_id, row.name_key, row.municipality_id, row.department)
        if key not in self._found:
            self._found[key] = [
                index
                for index in self._candidates(row)
                if any(names(row, party) for party in self._halves[index])
            ]
        return self._found[key]

    def _candidates(self, row: Exclusion) -> Iterable[int]:
        if row.person_id is not None:
            return self._by_person.get(row.person_id, ())
        if row.name_key:
            return self._by_name.get(row.name_key, ())
        if row.municipality_id is not None:
            return self._by_house.get(row.municipality_id, ())
        return range(len(self._halves))


def _employers(half: Application | Mentor) -> frozenset[int]:
    """The Kommune a half stands for, and the one the person works for today."""
    today = half.person.municipality_id if half.person is not None else None
    return frozenset((half.municipality_id,) if today is None else (half.municipality_id, today))


def _employer_mask(applications: Sequence[Application], mentors: Sequence[Mentor]) -> Mask:
    found = np.zeros((len(applications), len(mentors)), dtype=np.bool_)
    for one in _houses(applications, _NO_MENTEE_KEY):
        for other in _houses(mentors, _NO_MENTOR_KEY):
            found |= one[:, None] == other[None, :]
    return found


def _houses(halves: Sequence[Application] | Sequence[Mentor], missing: int) -> tuple[Keys, Keys]:
    today = (half.person.municipality_id if half.person is not None else None for half in halves)
    return _keys((half.municipality_id for half in halves), missing), _keys(today, missing)


def _keys(keys: Iterable[int | None], missing: int) -> Keys:
    return np.array([missing if key is None else key for key in keys], dtype=np.int64)


def _of_mentors(applications: Sequence[Application], said: Iterable[bool]) -> Mask:
    """A mask of what is said of the mentors alone."""
    column = np.array(list(said), dtype=np.bool_)
    return np.tile(column, (len(applications), 1))


def _superior_key(application: Application) -> str:
    typed = application.answers.get("superior_agreed", "")
    return name_key(typed) if isinstance(typed, str) else ""


def _last_name(mentor: Mentor) -> str:
    return name_key(mentor.person.last_name) if mentor.person is not None else ""


def _is_not_agreed(mentor: Mentor) -> bool:
    return mentor.state != MentorState.AGREED


def _is_not_free(mentor: Mentor) -> bool:
    return mentor.answers.get("free_at_start") == "no"


def _has_no_target_group(application: Application) -> bool:
    return application.target_group not in TargetGroup.values
