"""The access matrix: timeline, calendar feed and PDF of the Fahrplan."""

from typing import Any

from programmes.people.codes import new_code
from programmes.roadmap.models import FeedToken
from tests import factories as make
from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage

UNSEEN = "404: mentee mentor stranger operator former"


def own(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk}


def foreign(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.foreign_cycle.pk}


def closed(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.closed_cycle.pk}


ROWS: list[Row] = [
    *[
        line
        for route in (
            "durchgaenge/<int:cycle_pk>/fahrplan/",
            "durchgaenge/<int:cycle_pk>/fahrplan/pdf/",
        )
        for line in (
            row(route, own, get=f"{UNSEEN} | 403: permanent | 200: *"),
            row(route, foreign, get="404: *", label="foreign"),
            row(
                route,
                closed,
                get="404: mentee mentor stranger operator | 403: *",
                label="closed",
            ),
        )
    ],
    row("konto/kalender/", get="200: *"),
    # To an operator, who is nobody in a programme, the form says so.
    row("konto/kalender/neu/", get="200: *", post="200: *"),
    row("konto/kalender/abschalten/", get="200: *", post="ok: *"),
    row(
        "kalender/<str:token>.ics",
        lambda w: {"token": w.feed_token},
        get="200: *",
        post="405: *",
        public=True,
    ),
    row(
        "kalender/<str:token>.ics",
        lambda w: {"token": new_code()[0]},
        get="404: *",
        post="405: *",
        public=True,
        label="unknown",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    token, token_hash = new_code()
    # Of somebody outside the cast: each of them makes and ends an own one.
    FeedToken.objects.create(user=make.make_user(), token_hash=token_hash)
    return {"feed_token": token}
