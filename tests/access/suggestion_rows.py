"""The access matrix: the suggestions."""

from typing import Any

from tests.access.grammar import row
from tests.access.pair_rows import (
    BASE,
    BEIRAT,
    LEAD,
    OUTSIDE,
    acts,
    matching,
    of_subordinate,
    pair,
    with_member_sought,
)
from tests.conftest import Cast, Stage

# What somebody must not know of does not exist for them; who may open no such page reads that.
HIDDEN = f"404: lead {OUTSIDE.removeprefix('404: ')} | ok: member | 403: *"
CONCERNED = f"200: lead | 403: * | {OUTSIDE}"
TAKE = f"{BASE}vorschlaege/<int:application_pk>/<int:mentor_pk>/"


def concerned(world):
    return {"cycle_pk": with_member_sought(world)["cycle_pk"]}


def to_compute(world):
    """A cycle with somebody to match."""
    return {"cycle_pk": pair(world)["cycle_pk"]}


ROWS: list[Any] = [
    row(f"{BASE}vorschlaege/", matching, get=BEIRAT),
    row(f"{BASE}vorschlaege/", concerned, get=CONCERNED, label="member sought"),
    row(
        f"{BASE}vorschlaege/",
        lambda w: {"cycle_pk": w.stage.cycle.pk},
        get=f"{OUTSIDE} | 403: *",
        label="too early",
    ),
    row(
        f"{BASE}vorschlaege/",
        lambda w: {"cycle_pk": w.foreign_cycle.pk},
        get="404: *",
        label="foreign",
    ),
    row(f"{BASE}vorschlaege/berechnen/", to_compute, get=BEIRAT, post=acts(BEIRAT)),
    row(f"{BASE}vorschlaege/beste/", matching, get=BEIRAT),
    row(TAKE, pair, get=BEIRAT, post=acts(BEIRAT)),
    row(TAKE, of_subordinate, get=HIDDEN, post=HIDDEN, label="of subordinate"),
    row(f"{BASE}gewichte/", matching, get=BEIRAT, post=LEAD),
    row(f"{BASE}gewichte/", concerned, get=CONCERNED, post=CONCERNED, label="member sought"),
    row(f"{BASE}gewichte/standard/", matching, get=LEAD, post=acts(LEAD)),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at."""
    return {}
