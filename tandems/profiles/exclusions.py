"""Whether two people are excluded from each other, without saying who said so.

Rows name a person the programme knows, or type a name, a Kommune or an Amt. A typed name
is compared by ``name_key``: in any order, without title, umlauts as people write them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Q

from mentoring.text import search_key
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.people.permissions import posts_of
from tandems.profiles.models import Exclusion, name_key

_FIRST_NAMES = 3


@dataclass(frozen=True)
class Party:
    """One half of a possible pair, as far as it can be named.

    ``names`` are the keys of the last name, alone and with each choice of several first
    names. A last name of one word is only ever typed with its Kommune; of two words it may
    stand alone, and then it means whoever bears it: rather one too many than the one missed.
    """

    person: int | None
    municipality: int | None
    department: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, person: Person, department: str = "") -> "Party":
        """Somebody the programme knows, in the Kommune they work for today."""
        first = search_key(person.first_name).split()[:_FIRST_NAMES]
        names = {
            name_key(" ".join([*chosen, person.last_name]))
            for size in range(len(first) + 1)
            for chosen in combinations(first, size)
        }
        return cls(person.pk, person.municipality_id, _words(department), frozenset(names - {""}))

    @classmethod
    def idea(cls, municipality: int, department: str = "") -> "Party":
        """Somebody of whom only Kommune and Amt are known yet."""
        return cls(None, municipality, _words(department))


def names(row: Exclusion, party: Party) -> bool:
    """Whether ``row`` means ``party``."""
    if row.person_id is not None:
        return row.person_id == party.person
    if row.municipality_id is not None and row.municipality_id != party.municipality:
        return False
    if row.name_key:
        return row.name_key in party.names
    if row.department:
        typed = _words(row.department)
        return bool(party.department) and (typed <= party.department or party.department <= typed)
    return row.municipality_id is not None


class Exclusions:
    """All exclusions of a cycle, read once: for lists and for the matching."""

    def __init__(self, cycle: Cycle) -> None:
        self._named_by: dict[int, list[Exclusion]] = defaultdict(list)
        for row in Exclusion.objects.filter(cycle=cycle):
            self._named_by[row.subject_id].append(row)

    def rows_of(self, subject: int | None) -> Sequence[Exclusion]:
        """What a person named, for comparing with many at once; never to be shown."""
        return self._named_by.get(subject, ()) if subject is not None else ()

    def between(self, one: Party, other: Party) -> bool:
        """Whether either named the other."""
        return self._named(one, other) or self._named(other, one)

    def _named(self, subject: Party, other: Party) -> bool:
        if subject.person is None:
            return False
        return any(names(row, other) for row in self._named_by.get(subject.person, ()))


def is_excluded(
    cycle: Cycle,
    subject: Person,
    other_person: Person,
    other_department: str = "",
    *,
    subject_department: str = "",
) -> bool:
    """Whether the two are excluded from each other in ``cycle``, whoever of them said so."""
    one, other = Party.of(subject, subject_department), Party.of(other_person, other_department)
    rows = Exclusion.objects.filter(cycle=cycle, subject__in=[subject.pk, other_person.pk])
    return any(names(row, other if row.subject_id == subject.pk else one) for row in rows)


def naming_user(user: Any) -> Q | None:
    """The rows that name ``user`` as a person, over ``Exclusion``; ``None`` for nobody.

    A whole Kommune or Amt is not meant here: its seats go on reading.
    """
    party = _own_party(user)
    if party is None:
        return None
    here = Q(municipality=party.municipality) if party.municipality else Q(pk__in=[])
    typed = Q(name_key__in=sorted(party.names)) & (Q(municipality=None) | here)
    return Q(person=party.person) | (Q(person=None) & typed)


def _own_party(user: Any) -> Party | None:
    pk = posts_of(user).person
    if pk is None:
        return None
    found: Party | None = getattr(user, "_own_party", None)
    if found is None:
        found = Party.of(Person.objects.get(pk=pk))
        user._own_party = found
    return found


def subjects_excluding(user: Any) -> Q:
    """Over a model with ``cycle`` and ``person``: whose sheet names ``user``."""
    rows = naming_user(user)
    if rows is None:
        return Q(pk__in=[])
    pairs = Exclusion.objects.filter(rows).values_list("cycle", "subject").distinct()
    found = Q(pk__in=[])
    for cycle, subject in pairs:
        found |= Q(cycle=cycle, person=subject)
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(search_key(text).split())
