"""The access matrix: Aufgaben, how they are shared out, and the own reminders."""

from datetime import date
from typing import Any

from programmes.roadmap.models import Responsible, Task, TaskState
from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage
from tests.factories import SOME_TIME

BASE = "durchgaenge/<int:cycle_pk>/aufgaben/"
COUNCIL = "200: lead member"
COUNCIL_ACTS = "ok: lead member"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def of(name):
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "pk": getattr(world, name).pk,
    }


def typed(world):
    return {"title": "Presse einladen", "due_on": "2026-09-01", "responsible": "council"}


def action(name, record, *, get, post, data=None):
    return row(f"{BASE}<int:pk>/{name}/", of(record), get=get, post=post, data=data, label=record)


OUTSIDE = "404: mentee mentor stranger operator former"
TEAM = f"{OUTSIDE} | 403: permanent | 200: *"

ROWS: list[Row] = [
    row(BASE, cycle, get=TEAM),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(
        BASE,
        lambda w: {"cycle_pk": w.closed_cycle.pk},
        get="403: lead member permanent former hr other_hr logistics | 404: *",
        label="closed",
    ),
    row(
        f"{BASE}neu/",
        cycle,
        get=f"{OUTSIDE} | {COUNCIL} | 403: *",
        post=f"{OUTSIDE} | {COUNCIL_ACTS} | 403: *",
        data=typed,
    ),
    row(f"{BASE}verteilung/", cycle, get=f"{OUTSIDE} | {COUNCIL} | 403: *"),
    row(f"{BASE}<int:pk>/", of("council_task"), get=f"{COUNCIL} | 404: *", label="council"),
    row(f"{BASE}<int:pk>/", of("house_task"), get="200: lead member hr | 404: *", label="house"),
    row(
        f"{BASE}<int:pk>/",
        of("logistics_task"),
        get="200: lead member logistics | 404: *",
        label="logistics",
    ),
    row(
        f"{BASE}<int:pk>/",
        of("personal_task"),
        get="200: lead member logistics | 404: *",
        label="own name on it",
    ),
    action(
        "bearbeiten",
        "house_task",
        get="200: lead member | 403: hr | 404: *",
        post="200: lead member | 403: hr | 404: *",
    ),
    action(
        "loeschen",
        "house_task",
        get="200: lead member | 403: hr | 404: *",
        post="ok: lead member | 403: hr | 404: *",
    ),
    action(
        "erledigt",
        "house_task",
        get="200: lead member hr | 404: *",
        post="ok: lead member hr | 404: *",
    ),
    action(
        "erledigt",
        "council_task",
        get=f"{COUNCIL} | 404: *",
        post=f"{COUNCIL_ACTS} | 404: *",
    ),
    action(
        "wieder-oeffnen",
        "done_task",
        get="200: lead member logistics | 404: *",
        post="ok: lead member logistics | 404: *",
    ),
    action(
        "uebernehmen",
        "house_task",
        get="200: lead member hr | 404: *",
        post="ok: lead member hr | 404: *",
    ),
    action(
        "uebernehmen",
        "personal_task",
        get="200: lead member | 403: logistics | 404: *",
        post="ok: lead member | 403: logistics | 404: *",
    ),
    row("konto/erinnerungen/", get="200: *", post="ok: *"),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""

    def task(title: str, **fields: Any) -> Task:
        return Task.objects.create(
            cycle=stage.cycle, title=title, due_on=date(2026, 8, 1), **fields
        )

    return {
        "council_task": task("Presse"),
        "house_task": task("Personalrat", responsible=Responsible.HOUSES, municipality=stage.own),
        "logistics_task": task("Räume", responsible=Responsible.LOGISTICS),
        "personal_task": task("Referentin anfragen", person=cast.logistics),
        "done_task": task(
            "Catering",
            responsible=Responsible.LOGISTICS,
            state=TaskState.DONE,
            done_at=SOME_TIME,
        ),
    }
