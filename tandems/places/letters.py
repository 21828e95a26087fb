"""Letters that tell the outcome to a Kommune's own applicants: one, or all in one file."""

from collections.abc import Sequence
from typing import Any

import rules
from django.db.models import QuerySet
from django.utils import timezone

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext
from mentoring.log.domain import record_accesses
from mentoring.ui.errors import Refused
from mentoring.ui.exports import CONTENT_TYPES
from mentoring.ui.pdf import house_pdf
from programmes.cycles.models import Cycle
from programmes.people.permissions import posts_of
from tandems.applications.models import Application
from tandems.applications.outcomes import DECIDED
from tandems.places.texts import Texts

KIND = "places.letters"
DIRECT_LETTERS = 10
"""Up to so many letters are made while the user waits."""


def outcomes_of(user: Any, cycle: Cycle) -> QuerySet[Application]:
    """The decided applications of the Kommunen ``user`` does HR work for."""
    return (
        Application.objects.visible_to(user)
        .filter(cycle=cycle, municipality__in=posts_of(user).municipalities, state__in=DECIDED)
        .select_related("person", "municipality")
        .order_by("municipality__sort_key", "person__sort_key")
    )


def letters_pdf(applications: Sequence[Application], cycle: Cycle, user: Any) -> bytes:
    """A letter for each, in the words that hold for its Kommune, each on a page of its own."""
    texts = Texts(cycle, user)
    rows = [(found, texts.letter(found).split("\n\n")) for found in applications]
    context = {"letters": rows, "title": "Brief", "today": timezone.localdate()}
    return house_pdf("places/letter_pdf.html", context)


def file_name(cycle: Cycle) -> str:
    """The name of the file, which names nobody."""
    return f"briefe-platzvergabe-{cycle.number}.pdf"


def params(cycle: Cycle, applications: Sequence[Application]) -> dict[str, Any]:
    """What the job needs, as JSON: whose letters, and which outcome each tells."""
    return {
        "cycle": cycle.pk,
        "outcomes": [[found.pk, found.state] for found in applications],
    }


def run(context: JobContext) -> StoredFile:
    """Make the letters with the rights the user has now.

    Raises ``Refused`` if an outcome or the rights are not those it was asked for with.
    """
    cycle, found = _found(context.by, context.params)
    if cycle is None or not found or not context.by.is_active:
        raise Refused(
            "Inzwischen haben sich Ergebnisse geändert, oder Sie sehen sie nicht mehr. Bitte "
            "erstellen Sie die Briefe neu."
        )
    context.progress(0, len(found))
    data = letters_pdf(found, cycle, context.by)
    context.progress(len(found), len(found))
    record_accesses(Application.objects.filter(pk__in=[one.pk for one in found]), by=context.by)
    return context.store(data, name=file_name(cycle), content_type=CONTENT_TYPES["pdf"])


def readable(user: Any, params: dict[str, Any]) -> bool:
    """Whether ``user`` still sees everybody the letters are for, with the outcomes they tell."""
    return bool(_found(user, params)[1])


def _found(user: Any, params: dict[str, Any]) -> tuple[Cycle | None, list[Application]]:
    cycle = Cycle.objects.filter(pk=params["cycle"]).select_related("programme").first()
    if cycle is None or not rules.test_rule("places.tell", user, cycle):
        return None, []
    wanted = dict(params["outcomes"])
    found = list(outcomes_of(user, cycle).filter(pk__in=wanted))
    return cycle, found if {one.pk: one.state for one in found} == wanted else []
