"""The access matrix: the budget of a Durchgang."""

from decimal import Decimal
from typing import Any

from programmes.budget.models import BudgetLine
from programmes.suppliers.models import Category
from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage

BASE = "durchgaenge/<int:cycle_pk>/budget/"
NOT_IN = "404: mentee mentor stranger operator former"
PLAN = "200: lead logistics | 403: member | 404: *"


def cycle(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk}


def line(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk, "pk": world.budget_line.pk}


ROWS: list[Row] = [
    row(BASE, cycle, get=f"{NOT_IN} | 403: permanent hr other_hr | 200: *"),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(
        BASE,
        lambda w: {"cycle_pk": w.closed_cycle.pk},
        get="200: logistics | 404: mentee mentor stranger operator | 403: *",
        label="closed",
    ),
    row(
        f"{BASE}neu/",
        cycle,
        get=f"{NOT_IN} | 200: lead logistics | 403: *",
        post=f"{NOT_IN} | ok: lead logistics | 403: *",
        data=lambda w: {"label": "Mittagessen", "category": "catering", "planned": "1.500,00"},
    ),
    row(f"{BASE}<int:pk>/bearbeiten/", line, get=PLAN, post=PLAN),
    row(f"{BASE}<int:pk>/loeschen/", line, get=PLAN, post=PLAN.replace("200", "ok")),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    return {
        "budget_line": BudgetLine.objects.create(
            cycle=stage.cycle,
            category=Category.CATERING,
            label="Mittagessen",
            planned=Decimal("900.00"),
        )
    }
