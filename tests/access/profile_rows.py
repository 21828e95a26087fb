"""The access matrix: the Profilbogen of a programme and the choice of a cycle."""

from typing import Any

from django.utils import timezone

from tandems.profiles.models import ProfileVersion
from tests.access.grammar import row
from tests.conftest import Cast, Stage

BASE = "programme/<int:pk>/profilbogen/"
ONE = f"{BASE}<int:number>/"
OUTSIDE = "404: mentee mentor stranger"
READ = f"{OUTSIDE} | 403: former logistics operator | 200: *"
EDIT = f"{OUTSIDE} | 200: lead permanent | 403: *"
DRAFT = "200: lead permanent | 404: *"
DRAFT_ACT = "ok: lead permanent | 404: *"


def programme(world: Any) -> dict[str, Any]:
    return {"pk": world.stage.programme.pk}


def version(number: int) -> Any:
    return lambda world: {**programme(world), "number": number}


def question(world: Any) -> dict[str, Any]:
    return {**programme(world), "number": 2, "kind": "applicant", "key": "own_1"}


ROWS: list[Any] = [
    row(BASE, programme, get=READ),
    row(
        BASE,
        lambda w: {"pk": w.foreign_programme.pk},
        get="403: operator | 404: *",
        label="foreign",
    ),
    # The draft of the records stands in the way of another one.
    row(f"{BASE}neu/", programme, get=EDIT, post=EDIT),
    row(ONE, version(0), get=READ, label="shipped"),
    row(
        ONE,
        version(1),
        get="404: mentee mentor stranger former logistics operator | 200: *",
        label="published",
    ),
    row(ONE, version(2), get=DRAFT, label="draft"),
    row(ONE, version(9), get="404: *", label="missing"),
    row(f"{ONE}bearbeiten/", version(2), get=DRAFT, post=DRAFT),
    row(f"{ONE}frage/", version(2), get=DRAFT, post=DRAFT),
    row(f"{ONE}frage/<str:kind>/<str:key>/bearbeiten/", question, get=DRAFT, post=DRAFT),
    row(f"{ONE}frage/<str:kind>/<str:key>/loeschen/", question, get=DRAFT, post=DRAFT_ACT),
    row(f"{ONE}veroeffentlichen/", version(2), get=DRAFT, post=DRAFT_ACT),
    row(
        f"{ONE}veroeffentlichen/",
        version(1),
        get="200: lead permanent | 403: member hr other_hr | 404: *",
        post="200: lead permanent | 403: member hr other_hr | 404: *",
        label="published",
    ),
    row(f"{ONE}loeschen/", version(2), get=DRAFT, post=DRAFT_ACT),
    row(
        "durchgaenge/<int:cycle_pk>/profilbogen/",
        lambda w: {"cycle_pk": w.stage.cycle.pk},
        get="404: mentee mentor stranger operator former | 403: permanent logistics | 200: *",
        post="404: mentee mentor stranger operator former | 200: lead | 403: *",
        data=lambda w: {"version": "1"},
    ),
    row(
        "durchgaenge/<int:cycle_pk>/profilbogen/",
        lambda w: {"cycle_pk": w.foreign_cycle.pk},
        get="404: *",
        post="404: *",
        label="foreign",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """A published version and a draft with a question of its own."""
    ProfileVersion.objects.create(
        programme=stage.programme, number=1, note="Erste", published_at=timezone.now()
    )
    own = {"key": "own_1", "label": "Eigene Frage", "kind": "text", "choices": []}
    draft = ProfileVersion.objects.create(
        programme=stage.programme, number=2, note="Zweite", changes={"applicant": {"own": [own]}}
    )
    return {"profile_draft": draft}
