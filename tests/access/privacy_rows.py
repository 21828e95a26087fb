"""The access matrix: privacy."""

from typing import Any

from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.factories import make_person

PERIODS = "durchgaenge/<int:cycle_pk>/loeschfristen/"
READERS = "200: lead member permanent hr other_hr logistics | 404: *"
OWN_HR = "200: hr | 403: lead member permanent other_hr logistics mentor former | 404: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def period(world):
    return {"cycle_pk": world.stage.cycle.pk, "key": "declined"}


def ended(world):
    return {"cycle_pk": world.closed_cycle.pk, "key": "placed"}


def foreign(world):
    return {"cycle_pk": world.foreign_cycle.pk}


def of(name, **more):
    return lambda world: {"pk": getattr(world, name).pk, **more}


SETTERS = "200: lead | 403: member permanent hr other_hr logistics | 404: *"
HOUSE = "200: hr | 404: *"
NOBODY = "404: *"

ROWS: list[Any] = [
    row(PERIODS, cycle, get=READERS),
    row(PERIODS, foreign, get="404: *", label="foreign"),
    row(f"{PERIODS}<str:key>/", period, get=SETTERS, post=SETTERS),
    row(
        f"{PERIODS}<str:key>/",
        ended,
        get="200: permanent | 403: lead member hr other_hr logistics former | 404: *",
        post="200: permanent | 403: lead member hr other_hr logistics former | 404: *",
        label="ended",
    ),
    row(
        f"{PERIODS}<str:key>/",
        lambda w: {"cycle_pk": w.foreign_cycle.pk, "key": "declined"},
        get="404: *",
        post="404: *",
        label="foreign",
    ),
    row("meine-daten/auskunft/", get="200: *"),
    row("meine-daten/auskunft/<str:form>/", lambda w: {"form": "json"}, get="200: *"),
    row("personen/<int:pk>/auskunft/", of("erasable"), get=HOUSE),
    row("personen/<int:pk>/auskunft/", of("foreign_person"), get=NOBODY, label="foreign"),
    row("personen/<int:pk>/auskunft/<str:form>/", of("erasable", form="json"), get=HOUSE),
    row(
        "personen/<int:pk>/auskunft/<str:form>/",
        of("foreign_person", form="json"),
        get=NOBODY,
        label="foreign",
    ),
    row(
        "personen/<int:pk>/loeschen/",
        of("erasable"),
        get=HOUSE,
        post="ok: hr | 404: *",
        data=lambda w: {"reference": "10-43/2026", "typed_name": w.erasable.full_name},
    ),
    row(
        "personen/<int:pk>/loeschen/",
        of("foreign_person"),
        get=NOBODY,
        post=NOBODY,
        label="foreign",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    return {"erasable": make_person("Ida", "Verlangt", municipality=stage.own)}
