"""The booklet of all Steckbriefe, made in the background."""

from collections.abc import Sequence
from typing import Any

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext
from mentoring.log.domain import record_accesses
from mentoring.ui.errors import Refused
from mentoring.ui.exports import CONTENT_TYPES
from programmes.cycles.models import Cycle
from tandems.applications.models import Application
from tandems.selection.contents import with_photo_consent
from tandems.selection.forms import BookletForm
from tandems.selection.pdf import booklet_pdf
from tandems.selection.permissions import with_council

KIND = "selection.booklet"
CHANGED = (
    "Inzwischen hat sich geändert, welche Bewerbungen Sie sehen. Bitte erstellen Sie das Heft neu."
)


def applications_for(user: Any, cycle: Cycle, order: str) -> list[Application]:
    """What stands in the booklet of ``user``, in its order."""
    rows = with_council(user, cycle).select_related("person", "municipality", "photo")
    found = list(rows.order_by(*BookletForm.ORDERS[order]))
    for application in found:
        application.cycle = cycle  # one object, which reads its sheet once
    return found


def params(cycle: Cycle, order: str, applications: Sequence[Application]) -> dict[str, Any]:
    """What the job needs, as JSON: whose Steckbriefe, and which of them with a photo."""
    return {
        "cycle": cycle.pk,
        "order": order,
        "applications": sorted(found.pk for found in applications),
        "photos": sorted(with_photo_consent(applications)),
    }


def file_name(cycle: Cycle) -> str:
    """The name of the file."""
    return f"steckbriefe-durchgang-{cycle.number}.pdf"


def run(context: JobContext) -> StoredFile:
    """Make the booklet with the rights the user has now.

    Raises ``Refused`` if they are not those it was asked for with.
    """
    cycle = _cycle(context.params)
    if cycle is None or not context.by.is_active:
        raise Refused(CHANGED)
    applications = applications_for(context.by, cycle, context.params["order"])
    wanted = set(context.params["applications"])
    applications = [found for found in applications if found.pk in wanted]
    photos = with_photo_consent(applications)
    if len(applications) < len(wanted) or not photos.issuperset(context.params["photos"]):
        raise Refused(CHANGED)
    total = len(applications) * 2  # half of the time is the layout, which reports nothing
    data = booklet_pdf(
        cycle,
        applications,
        photos=photos.intersection(context.params["photos"]),
        progress=lambda done: context.progress(done, total),
    )
    context.progress(total, total)
    record_accesses(Application.objects.filter(pk__in=wanted), by=context.by)
    return context.store(data, name=file_name(cycle), content_type=CONTENT_TYPES["pdf"])


def readable(user: Any, params: dict[str, Any]) -> bool:
    """Whether ``user`` may still see everybody in the booklet, and each photo in it."""
    cycle = _cycle(params)
    if cycle is None:
        return False
    seen = list(with_council(user, cycle).filter(pk__in=params["applications"]))
    return len(seen) == len(params["applications"]) and with_photo_consent(seen).issuperset(
        params["photos"]
    )


def _cycle(params: dict[str, Any]) -> Cycle | None:
    found: Cycle | None = (
        Cycle.objects.filter(pk=params["cycle"]).select_related("programme").first()
    )
    return found
