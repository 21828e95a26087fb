"""The access matrix: the Fahrplan, its milestones, moves and template."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from programmes.roadmap.domain import shipped_template
from programmes.roadmap.models import Milestone, Move, TemplateMilestone, TemplateTask
from tests import factories as make
from tests.access import roadmap_tasks_rows, roadmap_views_rows
from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage
from tests.programmes.roadmap.makers import make_milestone, make_start

CYCLE = "durchgaenge/<int:cycle_pk>/fahrplan/"
ONE = f"{CYCLE}<int:pk>/"
TEMPLATE = "programme/<int:pk>/fahrplan/"
UNSEEN = "404: mentee mentor stranger operator former"
READS = f"{UNSEEN} | 403: permanent | 200: *"
COUNCIL = f"{UNSEEN} | 200: lead member | 403: *"
COUNCIL_ACTS = f"{UNSEEN} | ok: lead member | 403: *"
# A milestone of a cycle with a Beirat is none of the ständige Mitglieder's.
READS_ONE = f"{UNSEEN} permanent | 200: *"
COUNCIL_ONE = f"{UNSEEN} permanent | 200: lead member | 403: *"
COUNCIL_ACTS_ONE = f"{UNSEEN} permanent | ok: lead member | 403: *"
LEAD = f"{UNSEEN} | 200: lead | 403: *"
PERMANENT = "404: mentee mentor stranger | 200: permanent | 403: *"
PERMANENT_ACTS = "404: mentee mentor stranger | ok: permanent | 403: *"


def cycle(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk}


def of(name: str) -> Any:
    """A record of the stage's cycle."""
    return lambda world: {**cycle(world), "pk": getattr(world, name).pk}


def programme(world: Any) -> dict[str, Any]:
    return {"pk": world.stage.programme.pk}


def entry(name: str) -> Any:
    """An entry of the programme's template."""
    return lambda world: {**programme(world), "entry_pk": getattr(world, name).pk}


OWN: list[Row] = [
    row(f"{CYCLE}tabelle/", cycle, get=READS),
    row(
        f"{CYCLE}tabelle/",
        lambda w: {"cycle_pk": w.foreign_cycle.pk},
        get="404: *",
        label="foreign",
    ),
    row(
        f"{CYCLE}tabelle/",
        lambda w: {"cycle_pk": w.closed_cycle.pk},
        get="404: mentee mentor stranger operator | 403: *",
        label="closed",
    ),
    row(f"{CYCLE}anlegen/", cycle, get=LEAD, post=LEAD),
    row(
        f"{CYCLE}anlegen/",
        lambda w: {"cycle_pk": w.planned_cycle.pk},
        get="200: permanent | refused: *",
        post="ok: permanent | refused: *",
        data=lambda w: {"start_on": "2030-10-04"},
        label="planning",
    ),
    row(f"{CYCLE}neu/", cycle, get=COUNCIL, post=COUNCIL),
    row(f"{CYCLE}verschiebungen/", cycle, get=READS),
    row(
        f"{CYCLE}verschiebungen/<int:pk>/zuruecknehmen/",
        of("roadmap_move"),
        get=COUNCIL_ONE,
        post=COUNCIL_ACTS_ONE,
    ),
    row(ONE, of("milestone"), get=READS_ONE),
    row(ONE, of("foreign_milestone"), get="404: *", label="foreign milestone"),
    row(f"{ONE}bearbeiten/", of("milestone"), get=COUNCIL_ONE, post=COUNCIL_ONE),
    row(
        f"{ONE}bearbeiten/",
        of("foreign_milestone"),
        get="404: *",
        post="404: *",
        label="foreign milestone",
    ),
    row(
        f"{ONE}verschieben/",
        of("milestone"),
        get=COUNCIL_ONE,
        post=COUNCIL_ONE,
    ),
    row(f"{ONE}erledigt/", of("milestone"), get=COUNCIL_ONE, post=COUNCIL_ACTS_ONE),
    row(
        f"{ONE}entfaellt/",
        of("milestone"),
        get=COUNCIL_ONE,
        post=COUNCIL_ACTS_ONE,
        data=lambda w: {"reason": "fällt aus"},
    ),
    row(f"{ONE}wieder-oeffnen/", of("done_milestone"), get=COUNCIL_ONE, post=COUNCIL_ACTS_ONE),
    row(TEMPLATE, programme, get=PERMANENT),
    row(
        TEMPLATE,
        lambda w: {"pk": w.foreign_programme.pk},
        get="403: operator | 404: *",
        label="foreign",
    ),
    row(f"{TEMPLATE}zuruecksetzen/", programme, get=PERMANENT, post=PERMANENT_ACTS),
    row(f"{TEMPLATE}meilensteine/neu/", programme, get=PERMANENT, post=PERMANENT),
    row(
        f"{TEMPLATE}meilensteine/<int:entry_pk>/",
        entry("template_milestone"),
        get=PERMANENT,
        post=PERMANENT,
    ),
    row(
        f"{TEMPLATE}meilensteine/<int:entry_pk>/loeschen/",
        entry("template_milestone"),
        get=PERMANENT,
        post=PERMANENT_ACTS,
    ),
    row(f"{TEMPLATE}aufgaben/neu/", programme, get=PERMANENT, post=PERMANENT),
    row(
        f"{TEMPLATE}aufgaben/<int:entry_pk>/",
        entry("template_task"),
        get=PERMANENT,
        post=PERMANENT,
    ),
    row(
        f"{TEMPLATE}aufgaben/<int:entry_pk>/loeschen/",
        entry("template_task"),
        get=PERMANENT,
        post=PERMANENT_ACTS,
    ),
]
ROWS: list[Row] = [*OWN, *roadmap_views_rows.ROWS, *roadmap_tasks_rows.ROWS]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    today = timezone.localdate()
    start = make_start(stage.cycle, today + timedelta(weeks=30))
    milestone = make_milestone(stage.cycle, today + timedelta(weeks=20), anchor=start)
    shipped_template(stage.programme)
    entries = TemplateMilestone.objects.filter(programme=stage.programme)
    elsewhere = make.make_cycle(make.make_programme(), number=3)
    return {
        "milestone": milestone,
        "done_milestone": make_milestone(stage.cycle, today, state="done"),
        "foreign_milestone": make_milestone(elsewhere, today),
        "roadmap_move": Move.objects.create(
            cycle=stage.cycle,
            milestone=milestone,
            title=milestone.title,
            from_on=today + timedelta(weeks=19),
            to_on=milestone.starts_on,
            changes=[_moved(milestone)],
        ),
        "template_milestone": entries.get(key="info"),
        "template_task": TemplateTask.objects.get(programme=stage.programme, key="bericht"),
        **roadmap_views_rows.records(stage, cast),
        **roadmap_tasks_rows.records(stage, cast),
    }


def _moved(milestone: Milestone) -> dict[str, Any]:
    day = milestone.starts_on
    before = (day - timedelta(weeks=1)).isoformat()
    pair = [before, day.isoformat()]
    return {"what": "milestone", "pk": milestone.pk, "starts_on": pair, "ends_on": pair}
