"""The access matrix: the documents of a Durchgang."""

from typing import Any

from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.programmes.documents.makers import make_document

BASE = "durchgaenge/<int:cycle_pk>/unterlagen/"
OUTSIDE = "404: mentee mentor stranger operator former"
KEEPERS = f"{OUTSIDE} | 403: permanent hr other_hr | 200: *"
BEIRAT = "200: lead member | 404: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def of(name):
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "pk": getattr(world, name).pk,
    }


def kept(name, *, acts=False, data=None):
    """The pages that change a document: for the Beirat, and the partner with its own."""
    logistics = "200: lead member logistics | 403: hr other_hr | 404: *"
    return [
        row(
            f"{BASE}<int:pk>/{name}/",
            of("shared_document"),
            get=logistics,
            post=logistics.replace("200", "ok") if acts else logistics,
            data=data,
            label="for all",
        ),
        row(
            f"{BASE}<int:pk>/{name}/",
            of("council_document"),
            get=BEIRAT,
            post=BEIRAT.replace("200", "ok") if acts else BEIRAT,
            data=data,
            label="for the Beirat",
        ),
    ]


ROWS = [
    row(BASE, cycle, get=f"{OUTSIDE} | 403: permanent | 200: *"),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(f"{BASE}neu/", cycle, get=KEEPERS, post=KEEPERS),
    row(
        f"{BASE}<int:pk>/",
        of("shared_document"),
        get="200: lead member logistics hr other_hr | 404: *",
        label="for all",
    ),
    row(f"{BASE}<int:pk>/", of("council_document"), get=BEIRAT, label="for the Beirat"),
    row(
        f"{BASE}<int:pk>/",
        lambda w: {"cycle_pk": w.foreign_cycle.pk, "pk": w.shared_document.pk},
        get="404: *",
        label="foreign",
    ),
    *kept("bearbeiten"),
    *kept("neue-fassung"),
    *kept("loeschen", acts=True),
    row(
        "dateien/<int:pk>/",
        lambda w: {"pk": w.shared_document.newest.file_id},
        get="200: lead member logistics hr other_hr mentee mentor | 404: *",
        post="405: *",
        label="document for all",
    ),
    row(
        "dateien/<int:pk>/",
        lambda w: {"pk": w.council_document.newest.file_id},
        get=BEIRAT,
        post="405: *",
        label="document for the Beirat",
    ),
    row("unterlagen/", get="200: *"),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    everybody = dict.fromkeys(("for_hr", "for_logistics", "for_mentees", "for_mentors"), True)
    return {
        "shared_document": make_document(stage.cycle, "Zeitplan", **everybody),
        "council_document": make_document(stage.cycle, "Protokoll"),
    }
