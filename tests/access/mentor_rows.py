"""The access matrix: mentors and the pool."""

from typing import Any

from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.tandems.mentors.makers import make_entry, make_idea, make_mentor

BASE = "durchgaenge/<int:cycle_pk>/mentoren/"
OUTSIDE = "404: mentee mentor stranger operator former"
LISTS = f"{OUTSIDE} | 403: permanent logistics | 200: *"
BEIRAT = f"{OUTSIDE} | 403: permanent logistics hr other_hr | 200: *"
# Of the own Kommune the entries are those of HR staff, too.
SEEN = "200: lead member hr | 404: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def foreign(world):
    return {"cycle_pk": world.foreign_cycle.pk}


def of(name):
    return lambda world: {"cycle_pk": world.stage.cycle.pk, "pk": getattr(world, name).pk}


def step(name, record, who, *, acts=True, data=None):
    """A page of somebody of the own Kommune, for ``who``; others who see them get a 403."""
    no = " ".join(name for name in ("lead", "member", "hr") if name not in who.split())
    get = f"200: {who} | {f'403: {no} | ' if no else ''}404: *"
    post = get.replace("200", "ok") if acts else get
    return row(f"{BASE}<int:pk>/{name}/", of(record), get=get, post=post, data=data)


ENTRY = "200: lead member | 404: *"

ROWS: list[Any] = [
    row(BASE, cycle, get=LISTS),
    row(BASE, foreign, get="404: *", label="foreign"),
    row(f"{BASE}neu/", cycle, get=LISTS, post=LISTS),
    row(f"{BASE}anfragen/", cycle, get=LISTS),
    row(f"{BASE}kommunen/", cycle, get=BEIRAT),
    row(f"{BASE}anfragetext/", cycle, get=BEIRAT),
    row(f"{BASE}anfragetext.pdf", cycle, get=BEIRAT),
    row(f"{BASE}pool/", cycle, get=BEIRAT),
    row(f"{BASE}pool/", foreign, get="404: *", label="foreign"),
    row(f"{BASE}pool/neu/", cycle, get=BEIRAT, post=BEIRAT),
    row(f"{BASE}pool/uebernehmen/", cycle, get=BEIRAT, post=BEIRAT.replace("200", "ok")),
    row(f"{BASE}pool/<int:pk>/", of("pool_entry"), get=ENTRY, post=ENTRY),
    row(
        f"{BASE}pool/<int:pk>/vorsehen/",
        of("pool_entry"),
        get=ENTRY,
        post=ENTRY.replace("200", "ok"),
    ),
    row(
        f"{BASE}pool/<int:pk>/pause/",
        of("pool_entry"),
        get=ENTRY,
        post=ENTRY.replace("200", "ok"),
    ),
    row(
        f"{BASE}pool/<int:pk>/herausnehmen/",
        of("pool_entry"),
        get=ENTRY,
        post=ENTRY.replace("200", "ok"),
    ),
    row(f"{BASE}<int:pk>/", of("mentor_idea"), get=SEEN, label="own Kommune"),
    row(
        f"{BASE}<int:pk>/",
        of("other_mentor"),
        get="200: lead member other_hr | 404: *",
        label="another Kommune",
    ),
    row(
        f"{BASE}<int:pk>/", of("lead_as_mentor"), get="200: member other_hr | 404: *", label="self"
    ),
    row(
        f"{BASE}<int:pk>/",
        lambda world: {"cycle_pk": world.foreign_cycle.pk, "pk": world.mentor_idea.pk},
        get="404: *",
        label="foreign",
    ),
    step("bearbeiten", "mentor_idea", "lead hr", acts=False),
    step("loeschen", "mentor_idea", "lead hr"),
    step(
        "anfragen",
        "mentor_idea",
        "lead member",
        data=lambda w: {"first_name": "Jo", "last_name": "Neuling"},
    ),
    step("zurueckgeben", "mentor_asked", "lead member"),
    step("zusage", "mentor_asked", "lead member", acts=False),
    step("absage", "mentor_asked", "lead member", acts=False),
    step("ein-andermal", "mentor_asked", "lead member", acts=False),
    step("wieder-oeffnen", "mentor_refused", "lead"),
    step("zahl-der-mentees", "mentor_agreed", "lead", data=lambda w: {"capacity": "2"}),
    step("kommune", "mentor_agreed", "lead", data=lambda w: {"municipality": w.stage.other.pk}),
    step("ausscheiden", "mentor_agreed", "lead"),
    step("profilbogen", "mentor_agreed", "lead member hr", acts=False),
    row(f"{BASE}<int:pk>/bogen.pdf", of("mentor_agreed"), get=SEEN),
    row(f"{BASE}<int:pk>/steckbrief.pdf", of("mentor_agreed"), get=SEEN),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    by = cast.member
    return {
        "mentor_idea": make_idea(stage.cycle, stage.own),
        "mentor_asked": make_mentor(stage.cycle, stage.own, "approached", by=by),
        "mentor_agreed": make_mentor(stage.cycle, stage.own, by=by),
        "mentor_refused": make_mentor(stage.cycle, stage.own, "refused", by=by),
        "other_mentor": make_mentor(stage.cycle, stage.other, by=by),
        "lead_as_mentor": make_mentor(
            stage.cycle, stage.other, "approached", by=by, person=cast.lead
        ),
        "pool_entry": make_entry(stage.cycle, stage.own),
    }
