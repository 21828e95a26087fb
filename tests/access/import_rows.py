"""The access matrix: import."""

from typing import Any

from tandems.imports.models import ApplicantImport, ImportLine
from tests.access.grammar import row
from tests.conftest import Cast, Stage

BASE = "durchgaenge/<int:cycle_pk>/bewerbungen/importieren/"
OUTSIDE = "404: mentee mentor stranger operator former"
HR = f"{OUTSIDE} | 200: hr other_hr | 403: *"
OWN = "200: hr | 404: *"
ACTS = "ok: hr | 404: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def of(name):
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "pk": getattr(world, name).pk,
    }


def elsewhere(world):
    return {"cycle_pk": world.foreign_cycle.pk, "pk": world.own_import.pk}


ROWS: list[Any] = [
    row(BASE, cycle, get=HR, post=HR),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(f"{BASE}vorlage.xlsx", cycle, get=HR),
    row(f"{BASE}vorlage.csv", cycle, get=HR),
    row(f"{BASE}<int:pk>/", of("own_import"), get=OWN, post=ACTS),
    row(f"{BASE}<int:pk>/", elsewhere, get="404: *", post="404: *", label="other cycle"),
    row(
        f"{BASE}<int:pk>/",
        of("colleagues_import"),
        get="404: *",
        post="404: *",
        label="a colleague's",
    ),
    row(f"{BASE}<int:pk>/uebernehmen/", of("own_import"), get=OWN, post=ACTS),
    row(
        f"{BASE}<int:pk>/uebernehmen/",
        of("colleagues_import"),
        get="404: *",
        post="404: *",
        label="a colleague's",
    ),
    row(f"{BASE}<int:pk>/verwerfen/", of("own_import"), get=OWN, post=ACTS),
    row(
        f"{BASE}<int:pk>/verwerfen/",
        of("colleagues_import"),
        get="404: *",
        post="404: *",
        label="a colleague's",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    return {
        "own_import": _checked(stage, cast.user("hr")),
        "colleagues_import": _checked(stage, None),
    }


def _checked(stage: Stage, user: Any) -> ApplicantImport:
    """A checked table of the own Kommune with one line that is right."""
    run = ApplicantImport.objects.create(
        cycle=stage.cycle,
        municipality=stage.own,
        file_name="bewerbungen.xlsx",
        state="checked",
        created_by=user,
    )
    answers = {"first_name": "Ida", "last_name": "Tabelle"}
    ImportLine.objects.create(
        run=run, number=2, name="Tabelle, Ida", answers=answers, decision="new"
    )
    return run
