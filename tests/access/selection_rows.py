"""The access matrix: Steckbriefe, notes and comparison, for the Beirat."""

from typing import Any

from tandems.applications.models import ApplicationState
from tests import factories as make
from tests.access.grammar import row
from tests.conftest import Cast, Stage

CYCLE = "durchgaenge/<int:cycle_pk>/"
ONE = f"{CYCLE}bewerbungen/<int:pk>/"
OUTSIDE = "404: mentee mentor stranger operator former"
COUNCIL = f"{OUTSIDE} | 200: lead member | 403: *"
ABOUT_ONE = "200: lead member | 403: hr | 404: *"
HOUSE_TOO = "200: lead member hr | 404: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def foreign(world):
    return {"cycle_pk": world.foreign_cycle.pk}


def of(name):
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "pk": getattr(world, name).pk,
    }


def elsewhere(world):
    """An application under the address of another cycle."""
    return {"cycle_pk": world.planned_cycle.pk, "pk": world.candidate.pk}


def of_cycle(name, *, post="", data=None):
    return [
        row(f"{CYCLE}bewerbungen/{name}", cycle, get=COUNCIL, post=post, data=data),
        row(f"{CYCLE}bewerbungen/{name}", foreign, get="404: *", label="foreign"),
    ]


def of_one(name, *, get=ABOUT_ONE, post="", data=None, undecided="403: hr | 404: *"):
    return [
        row(f"{ONE}{name}", of("candidate"), get=get, post=post, data=data, label="nominated"),
        row(f"{ONE}{name}", of("undecided"), get=undecided, label="submitted"),
        row(
            f"{ONE}{name}",
            of("delicate"),
            get=get.replace("lead ", ""),
            post=post.replace("lead ", ""),
            data=data,
            label="conflict",
        ),
        row(f"{ONE}{name}", of("foreign_application"), get="404: *", label="foreign"),
        row(f"{ONE}{name}", elsewhere, get="404: *", label="elsewhere"),
    ]


ROWS = [
    *of_cycle("vergleich/"),
    *of_cycle("vergleich/auswahl/", post=f"{OUTSIDE} | 405: lead member | 403: *"),
    *of_cycle("heft/", post=COUNCIL, data=lambda w: {"order": "house"}),
    *of_cycle("notizen/"),
    *of_one("steckbrief.pdf", get=HOUSE_TOO, undecided="200: hr | 404: *"),
    *of_one(
        "anonym/",
        post=ABOUT_ONE,
        data=lambda w: {"code": "B", "take-target_group": "on"},
    ),
    *of_one(
        "notiz/",
        post=ABOUT_ONE.replace("200", "ok"),
        data=lambda w: {"text": "Eindruck"},
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    nominated = ApplicationState.NOMINATED
    return {
        "candidate": make.make_application(stage.cycle, stage.own, nominated),
        "undecided": make.make_application(stage.cycle, stage.own, ApplicationState.SUBMITTED),
        # Its superior leads the Beirat and must not know of it.
        "delicate": make.make_application(stage.cycle, stage.own, nominated, superior=cast.lead),
    }
