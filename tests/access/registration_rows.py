"""The access matrix: the public registration for an information event."""

from typing import Any

from programmes.registrations.links import confirm_token, withdraw_token
from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.programmes.registrations.makers import make_interest, make_public_event

LIST = "durchgaenge/<int:cycle_pk>/veranstaltungen/<int:pk>/anmeldungen/"
UNSEEN = "404: mentee mentor stranger operator former permanent hr other_hr"
RUNS_IT = f"{UNSEEN} | 200: lead member logistics"
LEADS = f"{UNSEEN} | 200: lead | 403: *"
ALL = "200: *"


def event(world):
    return {"cycle_pk": world.public_event.cycle_id, "pk": world.public_event.pk}


def public_event(world):
    return {"pk": world.public_event.pk}


ROWS = [
    row("anmeldung/<int:pk>/", public_event, get=ALL, post=ALL, public=True),
    row(
        "anmeldung/<int:pk>/",
        lambda w: {"pk": w.closed_event.pk},
        get="404: *",
        post="404: *",
        public=True,
        label="not public",
    ),
    row("anmeldung/<int:pk>/gesendet/", public_event, get=ALL, public=True),
    row(
        "anmeldung/bestaetigen/<str:token>/",
        lambda w: {"token": confirm_token(w.pending_interest)},
        get=ALL,
        post="ok: *",
        public=True,
    ),
    row(
        "anmeldung/abmelden/<str:token>/",
        lambda w: {"token": withdraw_token(w.interest)},
        get=ALL,
        post="ok: *",
        public=True,
    ),
    row(LIST, event, get=RUNS_IT),
    row(
        LIST,
        lambda w: {"cycle_pk": w.foreign_cycle.pk, "pk": w.public_event.pk},
        get="404: *",
        label="foreign",
    ),
    row(f"{LIST}mitteilen/", event, get=RUNS_IT, post=RUNS_IT.replace("200", "ok")),
    row(
        f"{LIST}<int:interest_pk>/einladen/",
        lambda w: {**event(w), "interest_pk": w.interest.pk},
        get=LEADS,
        post=LEADS.replace("200", "ok"),
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    public = make_public_event(stage.cycle)
    return {
        "public_event": public,
        "closed_event": make_public_event(stage.cycle, public_registration=False),
        "interest": make_interest(public, municipality="Ahausen"),
        "pending_interest": make_interest(public, "noch@offen.example", "pending"),
    }
