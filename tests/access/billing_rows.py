"""The access matrix: the invoices of a Durchgang, from draft to Storno."""

from typing import Any

from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage
from tests.programmes.billing.makers import make_draft, make_issued, make_storno

BASE = "durchgaenge/<int:cycle_pk>/rechnungen/"
ONE = f"{BASE}<int:pk>/"
DRAFT_SEEN = "200: logistics lead | 404: *"
NUMBERED_SEEN = "200: logistics lead hr member | 404: *"
WRITES_DRAFT = "200: logistics | 403: lead | 404: *"
ACTS = "ok: logistics | 403: lead | 404: *"
WRITES = "200: logistics | 403: lead hr member | 404: *"


def cycle(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk}


def of(name: str) -> Any:
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "pk": getattr(world, name).pk,
    }


def _foreign(name: str) -> Any:
    return lambda world: {"cycle_pk": world.foreign_cycle.pk, "pk": getattr(world, name).pk}


ROWS: list[Row] = [
    row(
        f"{BASE}neu/",
        cycle,
        get="200: logistics | 403: lead member permanent hr other_hr | 404: *",
        post="200: logistics | 403: lead member permanent hr other_hr | 404: *",
    ),
    row(
        f"{BASE}zip/",
        cycle,
        get="200: logistics lead member hr other_hr | 403: permanent | 404: *",
        post="200: logistics lead member hr other_hr | 403: permanent | 404: *",
    ),
    row(ONE, of("draft_invoice"), get=DRAFT_SEEN, label="draft"),
    row(ONE, of("issued_invoice"), get=NUMBERED_SEEN, label="issued"),
    row(ONE, _foreign("issued_invoice"), get="404: *", label="foreign"),
    row(
        f"{ONE}vorschau.pdf",
        of("draft_invoice"),
        get="200: logistics lead | 404: *",
        label="draft",
    ),
    *(
        row(f"{ONE}{name}/", of("draft_invoice"), get=WRITES_DRAFT, post=WRITES_DRAFT)
        for name in ("bearbeiten", "zeilen", "extern")
    ),
    row(f"{ONE}loeschen/", of("spare_draft"), get=WRITES_DRAFT, post=ACTS),
    row(f"{ONE}ausstellen/", of("draft_invoice"), get=WRITES_DRAFT, post=ACTS),
    row(f"{ONE}storno/", of("issued_invoice"), get=WRITES, post=WRITES),
    row(
        f"{ONE}neu/",
        of("cancelled_invoice"),
        get=WRITES,
        post="ok: logistics | 403: lead hr member | 404: *",
    ),
    row(
        "dateien/<int:pk>/",
        lambda world: {"pk": world.issued_invoice.pdf_id},
        get=NUMBERED_SEEN,
        post="405: *",
        label="invoice",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use: all of the Kommune of ``cast.hr``."""
    cancelled = make_issued(stage.cycle, stage.own)
    make_storno(cancelled)
    return {
        "draft_invoice": make_draft(stage.cycle, stage.own),
        "spare_draft": make_draft(stage.cycle, stage.own),
        "issued_invoice": make_issued(stage.cycle, stage.own),
        "cancelled_invoice": cancelled,
    }
