"""What takes long is made in the background: the same file, a little later.

Rights are asked when it is made and again whenever it is downloaded: what is remembered is who
stands in the file, not how many, for somebody else may have come for who is no longer seen.
"""

from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.http import Http404

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext, JobKind
from mentoring.ui.errors import Refused
from mentoring.ui.exports import CONTENT_TYPES
from mentoring.ui.list_exports import filename
from programmes.cycles.models import Cycle
from programmes.events.models import Event
from programmes.sheets import workshop
from programmes.sheets.chosen import Choice, cycle_to_print
from programmes.sheets.contents import Options, keys, read, still_seen
from programmes.sheets.pdf import sheet_pdf
from programmes.sheets.tables import SHEETS

KIND, CHOICE, WORKSHOP = "sheets.sheet", "sheets.choice", "sheets.workshop"
CHANGED = (
    "Inzwischen hat sich geändert, wer in der Datei steht. Bitte erstellen Sie sie noch einmal."
)
NO_MORE = "Sie dürfen diesen Durchgang nicht mehr einsehen."


def params(event: Event, user: Any, sheet: str, options: Options) -> dict[str, Any]:
    """What the job needs, as JSON, with whom ``user`` sees now."""
    return {
        "event": event.pk,
        "sheet": sheet,
        "who": options.who,
        "roles": options.roles,
        "role": options.role,
        "house": options.house,
        "keys": keys(event, user, options),
    }


def run(context: JobContext) -> StoredFile:
    """Make the PDF with the rights the user has now.

    Raises ``Refused`` if the user may not see the event any more, or others than were asked for.
    """
    event = _event_of(context.by, context.params)
    if event is None or not context.by.is_active:
        raise Refused("Sie dürfen diese Veranstaltung nicht mehr einsehen.")
    key, options = context.params["sheet"], _options(context.params)
    unchanged(context, params(event, context.by, key, options))
    content = read(event, context.by, options)
    unchanged(context, params(event, context.by, key, options))
    context.progress(0, len(content.guests))
    sheet, data = SHEETS[key], sheet_pdf(key, content)
    context.progress(len(content.guests), len(content.guests))
    name = filename(f"{sheet.label} {event.title}"[:80], "pdf")
    return context.store(data, name=name, content_type=CONTENT_TYPES["pdf"])


def readable(user: Any, params: dict[str, Any]) -> bool:
    """Whether the user still sees everybody on a finished sheet."""
    event = _event_of(user, params)
    return event is not None and still_seen(params, keys(event, user, _options(params)))


def unchanged(context: JobContext, now: dict[str, Any]) -> None:
    """Raises ``Refused`` unless the parameters ``now`` are those the job was started with.

    Asked before and after reading: then the file has nobody who was not remembered.
    """
    if now != context.params:
        raise Refused(CHANGED)


def _options(params: dict[str, Any]) -> Options:
    return Options(params["who"], params["roles"], params["role"], params["house"])


def _event_of(user: Any, params: dict[str, Any]) -> Event | None:
    found: Event | None = (
        Event.objects.visible_to(user)
        .filter(pk=params["event"])
        .select_related("cycle__programme__logistics_partner")
        .first()
    )
    if found is None or not rules.test_rule("events.change", user, found.cycle):
        return None
    return found


# --- Labels and badges of a choice ------------------------------------------------------
def choice_params(kind: str, cycle: Cycle, choice: Choice) -> dict[str, Any]:
    """What the job needs, as JSON."""
    return {
        "kind": kind,
        "cycle": cycle.pk,
        "query": choice.query,
        "keys": choice.keys,
    }


def run_choice(context: JobContext) -> StoredFile:
    """Make the PDF with the rights the user has now.

    Raises ``Refused`` if the user may not see the cycle any more, or others than were asked for.
    """
    choice = _choice_to_make(context)
    paper = choice.paper
    _choice_to_make(context)
    context.progress(0, paper.number)
    data = paper.pdf()
    context.progress(paper.number, paper.number)
    return context.store(
        data, name=filename(choice.kind.title, "pdf"), content_type=CONTENT_TYPES["pdf"]
    )


def choice_readable(user: Any, params: dict[str, Any]) -> bool:
    """Whether the user still sees everybody in the file."""
    choice = _choice_of(user, params)
    return choice is not None and still_seen(params, choice.keys)


def _choice_to_make(context: JobContext) -> Choice:
    made = context.params
    choice = _choice_of(context.by, made) if context.by.is_active else None
    if choice is None:
        raise Refused(NO_MORE)
    unchanged(context, choice_params(made["kind"], choice.selection.cycle, choice))
    return choice


def _choice_of(user: Any, params: dict[str, Any]) -> Choice | None:
    cycle = cycle_to_print(user, params["cycle"])
    if cycle is None:
        return None
    try:
        choice = Choice(params["kind"], user, cycle, params["query"])
    except (PermissionDenied, Http404):
        return None
    # A Kommune that nobody is from any more is no longer offered as a filter.
    return choice if choice.is_valid else None


# --- Everything for the Startworkshop ---------------------------------------------------
def run_workshop(context: JobContext) -> StoredFile:
    """Make the ZIP with the rights the user has now.

    Raises ``Refused`` if the user may not see the event or one of the lists any more, or others
    than were asked for.
    """
    made, by = context.params, context.by
    event = workshop.event_of(by, made["event"], made["cycle"]) if by.is_active else None
    if event is None:
        raise Refused("Sie dürfen diese Veranstaltung nicht mehr einsehen, oder sie ist abgesagt.")
    options = Options(made["who"])
    try:
        unchanged(context, workshop.params(event, by, options))
        data = workshop.package(event, by, options, progress=context.progress)
        unchanged(context, workshop.params(event, by, options))
    except (PermissionDenied, Http404):
        raise Refused(NO_MORE) from None
    return context.store(
        data,
        name=filename(f"Startworkshop Durchgang {event.cycle.number}", "zip"),
        content_type="application/zip",
        until=workshop.kept_until(event),
    )


KINDS: dict[str, JobKind] = {
    KIND: JobKind("Blatt einer Veranstaltung", run, readable),
    CHOICE: JobKind("Etiketten oder Namensschilder", run_choice, choice_readable),
    WORKSHOP: JobKind("Alles für den Startworkshop", run_workshop, workshop.still_readable),
}
