"""How long a suggestion for a whole cycle is kept."""

from collections.abc import Collection

from django.utils import timezone

from mentoring.log.domain import forget
from programmes.cycles.models import Cycle
from programmes.privacy.periods import DataOfCycle, Found, running_day
from tandems.applications.models import Application
from tandems.mentors.models import Mentor
from tandems.suggestions.models import Suggestion


def found(cycle: Cycle) -> Found:
    """The suggestion, once the Tandemphase has begun; one made later from its own day on."""
    begun = running_day(cycle)
    if begun is None:
        return
    for pk, made_at in Suggestion.objects.filter(cycle=cycle).values_list("pk", "made_at"):
        yield pk, max(begun, timezone.localtime(made_at).date())


def remove(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete it; it can be worked out anew."""
    Suggestion.objects.filter(cycle=cycle, pk__in=keys).delete()
    forget(Suggestion, keys)


def before_applications(keys: list[int]) -> None:
    """What was worked out about somebody who goes is worked out anew without them."""
    _drop(set(Application.objects.filter(pk__in=keys).values_list("cycle", flat=True)))


def before_mentors(keys: list[int]) -> None:
    """As ``before_applications``, for mentors."""
    _drop(set(Mentor.objects.filter(pk__in=keys).values_list("cycle", flat=True)))


def _drop(cycles: set[int]) -> None:
    keys = list(Suggestion.objects.filter(cycle__in=cycles).values_list("pk", flat=True))
    Suggestion.objects.filter(pk__in=keys).delete()
    forget(Suggestion, keys)


SUGGESTIONS = DataOfCycle(
    label="Berechnete Vorschläge für das Matching",
    counts_from="Beginn der Tandemphase, bei späteren der Tag der Berechnung",
    days=28,
    least=1,
    most=180,
    found=found,
    remove=remove,
    why="Über die Tandems ist dann entschieden; neu berechnen lassen sie sich jederzeit.",
    effect="Welche Paare der Rechner vorgeschlagen hat, und wie gut sie gepasst hätten.",
)
