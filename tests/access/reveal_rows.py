"""The access matrix: the reveal."""

from typing import Any

from tandems.pairs.domain import frame_of
from tandems.pairs.models import EndReason, TandemState
from tests.access.grammar import row
from tests.access.pair_rows import (
    BASE,
    LEAD,
    OUTSIDE,
    foreign_pair,
    hidden_from_lead,
    matching,
    tandem_in,
)
from tests.conftest import Cast, Stage
from tests.tandems.pairs.makers import make_mentee, make_mentor, make_tandem

REVEAL = f"{BASE}bekanntgabe/"


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at."""
    return {}


def sealed(world):
    return {"cycle_pk": tandem_in(TandemState.SEALED)(world)["cycle_pk"]}


def mentors_first(world):
    kwargs = sealed(world)
    frame = frame_of(world.stage.cycle)
    frame.mentors_first = True
    frame.save(update_fields=["mentors_first"])
    return kwargs


def anew(world, **fields):
    """A match anew; made with the request, undone with it."""
    kwargs, cycle = matching(world), world.stage.cycle
    mentee = make_mentee(cycle, world.stage.own, **fields)
    ended = make_tandem(
        mentee,
        make_mentor(cycle, world.stage.other),
        TandemState.ENDED_EARLY,
        end_reason=EndReason.TIME,
    )
    mentor = make_mentor(cycle, world.stage.other)
    tandem = make_tandem(mentee, mentor, TandemState.SEALED, after=ended)
    return {**kwargs, "pk": tandem.pk}


def lead_is_sought(world):
    kwargs = sealed(world)
    make_mentor(world.stage.cycle, world.stage.other, person=world.cast.lead)
    return kwargs


ROWS: list[Any] = [
    row(REVEAL, sealed, get=LEAD, post=LEAD),
    row(REVEAL, lead_is_sought, get=f"{OUTSIDE} | 403: *", label="not by who is sought"),
    row(
        REVEAL,
        lambda w: {"cycle_pk": foreign_pair(w)["cycle_pk"]},
        get="404: *",
        label="foreign",
    ),
    row(
        f"{REVEAL}mentorinnen/",
        mentors_first,
        get=LEAD,
        post=LEAD,
    ),
    row(
        f"{REVEAL}mentorinnen/",
        sealed,
        get=f"404: lead | {OUTSIDE} | 403: *",
        label="not chosen",
    ),
    row(f"{REVEAL}reihenfolge/", sealed, get=LEAD, post=LEAD),
    row(f"{REVEAL}<int:pk>/", anew, get=LEAD, post=LEAD),
    row(
        f"{REVEAL}<int:pk>/",
        tandem_in(TandemState.SEALED),
        get=f"404: lead | {OUTSIDE} | 403: *",
        label="not anew",
    ),
    row(
        f"{REVEAL}<int:pk>/",
        hidden_from_lead,
        get=f"404: lead | {OUTSIDE} | 403: *",
        label="hidden from the lead",
    ),
]
