"""The access matrix: the Ausschreibung of a Durchgang."""

from typing import Any

from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.programmes.calls.makers import make_call, make_involvement

BASE = "durchgaenge/<int:cycle_pk>/ausschreibung/"
OUTSIDE = "404: mentee mentor stranger operator former"
READERS = f"{OUTSIDE} | 403: permanent | 200: *"
BEIRAT = f"{OUTSIDE} | 200: lead member | 403: *"
OF_OWN_HOUSE = "200: hr | 403: lead member | 404: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def foreign(world):
    return {"cycle_pk": world.foreign_cycle.pk}


def note(world):
    return {"cycle_pk": world.stage.cycle.pk, "pk": world.own_involvement.participation_id}


ROWS = [
    row(BASE, cycle, get=READERS),
    row(BASE, foreign, get="404: *", label="foreign"),
    row(f"{BASE}bearbeiten/", cycle, get=BEIRAT, post=BEIRAT),
    row(f"{BASE}bearbeiten/", foreign, get="404: *", post="404: *", label="foreign"),
    row(f"{BASE}ausschreibung.docx", cycle, get=READERS),
    row(f"{BASE}ausschreibung.docx", foreign, get="404: *", label="foreign"),
    row(f"{BASE}ausschreibung.pdf", cycle, get=READERS),
    row(f"{BASE}ausschreibung.pdf", foreign, get="404: *", label="foreign"),
    row(f"{BASE}beteiligung/", cycle, get=BEIRAT),
    row(f"{BASE}beteiligung/", foreign, get="404: *", label="foreign"),
    row(f"{BASE}beteiligung/<int:pk>/", note, get=OF_OWN_HOUSE, post=OF_OWN_HOUSE),
    row(
        f"{BASE}beteiligung/<int:pk>/",
        lambda w: {"cycle_pk": w.foreign_cycle.pk, "pk": w.foreign_participation.pk},
        get="404: *",
        post="404: *",
        label="foreign",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    return {
        "call": make_call(stage.cycle),
        "own_involvement": make_involvement(stage.cycle, stage.own),
    }
