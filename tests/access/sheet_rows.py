"""The access matrix: the sheets of an event, the lists and sheets of a Durchgang."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programmes.events.models import Event, EventKind
from tests.access.grammar import row
from tests.conftest import Cast, Stage

SHEETS = "durchgaenge/<int:cycle_pk>/veranstaltungen/<int:pk>/blaetter/"
RUNS_IT = (
    "404: mentee mentor stranger operator former permanent hr other_hr | "
    "200: lead member logistics | 403: *"
)


def event(world):
    return {"cycle_pk": world.sheet_event.cycle_id, "pk": world.sheet_event.pk}


def sheet(name, form):
    return lambda world: {**event(world), "sheet": name, "form": form}


LISTS = "durchgaenge/<int:cycle_pk>/listen/"
OUTSIDE = "404: mentee mentor stranger operator former"
EVERY_HOUSE = f"{OUTSIDE} | 403: permanent | 200: *"
PRINTS = f"{OUTSIDE} | 403: permanent hr other_hr | 200: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def foreign(world):
    return {"cycle_pk": world.foreign_cycle.pk}


def in_form(of, form):
    return lambda world: {**of(world), "form": form}


def of_choice(name):
    """The page where a choice is made, and its files."""
    form = f"{LISTS}{name}/<slug:form>/"
    return [
        row(f"{LISTS}{name}/", cycle, get=PRINTS),
        row(f"{LISTS}{name}/", foreign, get="404: *", label="foreign"),
        row(form, in_form(cycle, "xlsx"), get=PRINTS, post=PRINTS.replace("200", "302")),
        row(form, in_form(foreign, "pdf"), get="404: *", post="404: *", label="foreign"),
        row(form, in_form(cycle, "docx"), get="404: *", post="404: *", label="no such form"),
    ]


def workshop(world):
    return {"event": world.sheet_event.pk, "wer": "zugesagt"}


# A list takes a POST only to start a long export.
A_LIST = {"post": EVERY_HOUSE.replace("200", "405")}
PRINTED_LIST = {"post": PRINTS.replace("200", "405")}

ROWS = [
    row(LISTS, cycle, get=EVERY_HOUSE),
    row(LISTS, foreign, get="404: *", label="foreign"),
    row(f"{LISTS}kontakte/", cycle, get=EVERY_HOUSE, **A_LIST),
    row(f"{LISTS}kontakte/", foreign, get="404: *", label="foreign"),
    row(f"{LISTS}anwesenheit/", cycle, get=PRINTS, **PRINTED_LIST),
    row(f"{LISTS}anwesenheit/", foreign, get="404: *", label="foreign"),
    row(f"{LISTS}catering/", cycle, get=PRINTS, **PRINTED_LIST),
    row(f"{LISTS}catering/", foreign, get="404: *", label="foreign"),
    *of_choice("etiketten"),
    *of_choice("namensschilder"),
    row(
        f"{LISTS}startworkshop/",
        cycle,
        get=PRINTS,
        post=PRINTS.replace("200", "302"),
        data=workshop,
    ),
    row(f"{LISTS}startworkshop/", foreign, get="404: *", post="404: *", label="foreign"),
    row(SHEETS, event, get=RUNS_IT),
    row(
        f"{SHEETS}<slug:sheet>/<slug:form>/",
        sheet("catering", "xlsx"),
        get=RUNS_IT,
        post=RUNS_IT.replace("200", "302"),
        label="own",
    ),
    row(
        f"{SHEETS}<slug:sheet>/<slug:form>/",
        sheet("tandems", "xlsx"),
        get="404: *",
        post="404: *",
        label="no such sheet",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """An event."""
    starts = timezone.now() + timedelta(days=30)
    return {
        "sheet_event": Event.objects.create(
            cycle=stage.cycle,
            kind=EventKind.START,
            title="Startworkshop",
            starts_at=starts,
            ends_at=starts + timedelta(hours=6),
        ),
    }
