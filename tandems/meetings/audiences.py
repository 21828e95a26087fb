"""Silent tandems, and single ones, as audiences of a confidential Rundmail."""

from typing import Any

from django.db.models import Q, QuerySet

from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.rundmails.audiences import key_of
from programmes.rundmails.registries import Audience
from tandems.meetings.counts import silent, with_counts
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import council_tandems

WEEKS = (4, 6, 8, 10, 12, 16, 20, 26)
"""So long without a meeting, to choose from."""

SILENT, SINGLE = "silent_tandems", "tandem"


def running(cycle: Cycle, user: Any) -> QuerySet[Tandem]:
    """The revealed tandems of ``cycle`` whose year runs, as far as ``user`` follows them."""
    found: QuerySet[Tandem] = Tandem.objects.filter(
        council_tandems(user), cycle=cycle, state__in=TandemState.running()
    )
    return found


def label_of(tandem: Tandem) -> str:
    """How a tandem is called in a choice of the Beirat."""
    return f"{tandem.mentee_person.full_name} und {tandem.mentor_person.full_name}"


def _people(tandems: QuerySet[Tandem]) -> QuerySet[Person]:
    found: QuerySet[Person] = Person.objects.filter(
        Q(pk__in=tandems.values("mentee_person")) | Q(pk__in=tandems.values("mentor_person"))
    )
    return found


def _silent_choices(cycle: Cycle, user: Any) -> list[tuple[str, str]]:
    return [
        (
            str(weeks),
            f"Mentees und Mentor/innen stiller Tandems (ohne Treffen seit {weeks} Wochen)",
        )
        for weeks in WEEKS
    ]


def _silent(cycle: Cycle, value: str, user: Any) -> QuerySet[Person]:
    weeks = key_of(value)
    if weeks not in WEEKS:
        return Person.objects.none()
    keys = silent(with_counts(running(cycle, user)), weeks).values("pk")
    return _people(Tandem.objects.filter(pk__in=keys))


def _single_choices(cycle: Cycle, user: Any) -> list[tuple[str, str]]:
    rows = running(cycle, user).select_related("mentee_person", "mentor_person")
    return [
        (str(tandem.pk), label_of(tandem)) for tandem in rows.order_by("mentee_person__sort_key")
    ]


def _single(cycle: Cycle, value: str, user: Any) -> QuerySet[Person]:
    return _people(running(cycle, user).filter(pk=key_of(value)))


AUDIENCES = {
    SILENT: Audience("stille Tandems", _silent_choices, _silent, confidential=True),
    SINGLE: Audience("einzelne Tandems", _single_choices, _single, confidential=True),
}
