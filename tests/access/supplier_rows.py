"""The access matrix: Referent/innen, Aufträge and their invoices."""

from typing import Any

from programmes.suppliers.models import CommissionState, SupplierInvoiceState
from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage
from tests.programmes.suppliers.makers import make_commission, make_invoice, make_speaker

CYCLE = "durchgaenge/<int:cycle_pk>/"
NOT_IN = "404: mentee mentor stranger operator former"
LIST = f"{NOT_IN} | 403: permanent hr other_hr | 200: *"
# On a page of one object nobody else learns that there is such an object.
SEE = "200: lead member logistics | 404: *"
# Ständige Mitglieder know the programme's Referent/innen from the cycle they start themselves.
SPEAKER = "200: lead member logistics | 403: permanent | 404: *"
LEAD = "200: lead | 403: member logistics | 404: *"
PARTNER = "200: logistics | 403: member lead | 404: *"


def done(line: str) -> str:
    """The same for a POST that succeeds."""
    return line.replace("200:", "ok:")


def cycle(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk}


def of(name: str) -> Any:
    return lambda world: {"cycle_pk": world.stage.cycle.pk, "pk": getattr(world, name).pk}


def foreign(name: str) -> Any:
    return lambda world: {"cycle_pk": world.foreign_cycle.pk, "pk": getattr(world, name).pk}


def seen(name: str, **more: str) -> Any:
    return lambda world: {"seen": getattr(world, name).version, **more}


def step(name: str, record: str, line: str, *, label: str, **more: str) -> Row:
    """A step of an invoice."""
    return row(
        f"{CYCLE}lieferantenrechnungen/<int:pk>/{name}/",
        of(record),
        get=line,
        post=done(line),
        data=seen(record, **more),
        label=label,
    )


WHY = {"reason": "Falscher Betrag"}

ROWS: list[Row] = [
    row(f"{CYCLE}referenten/", cycle, get=LIST),
    row(f"{CYCLE}referenten/", lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *"),
    row(
        f"{CYCLE}referenten/neu/", cycle, get=LIST, post=done(LIST), data=lambda w: {"name": "Ada"}
    ),
    row(f"{CYCLE}referenten/<int:pk>/", of("speaker"), get=SPEAKER),
    row(f"{CYCLE}referenten/<int:pk>/", foreign("speaker"), get="404: *", label="foreign"),
    row(f"{CYCLE}referenten/<int:pk>/bearbeiten/", of("speaker"), get=SPEAKER, post=SPEAKER),
    row(f"{CYCLE}referenten/<int:pk>/loeschen/", of("speaker"), get=SPEAKER, post=done(SPEAKER)),
    row(f"{CYCLE}auftraege/", cycle, get=LIST),
    row(
        f"{CYCLE}auftraege/",
        lambda w: {"cycle_pk": w.closed_cycle.pk},
        get="200: logistics | 404: mentee mentor stranger operator | 403: *",
        label="closed",
    ),
    row(f"{CYCLE}auftraege/neu/", cycle, get=LIST, post=LIST),
    row(f"{CYCLE}auftraege/<int:pk>/", of("commission"), get=SEE),
    row(f"{CYCLE}auftraege/<int:pk>/", foreign("commission"), get="404: *", label="foreign"),
    row(f"{CYCLE}auftraege/<int:pk>/bearbeiten/", of("commission"), get=SEE, post=SEE),
    row(f"{CYCLE}auftraege/<int:pk>/zusagen/", of("commission"), get=SEE, post=done(SEE)),
    row(f"{CYCLE}auftraege/<int:pk>/absagen/", of("commission"), get=SEE, post=done(SEE)),
    row(f"{CYCLE}auftraege/<int:pk>/loeschen/", of("commission"), get=SEE, post=done(SEE)),
    row(f"{CYCLE}lieferantenrechnungen/", cycle, get=LIST),
    row(
        f"{CYCLE}lieferantenrechnungen/",
        lambda w: {"cycle_pk": w.closed_cycle.pk},
        get="200: logistics | 404: mentee mentor stranger operator | 403: *",
        label="closed",
    ),
    row(f"{CYCLE}lieferantenrechnungen/neu/", cycle, get=LIST, post=LIST),
    row(f"{CYCLE}lieferantenrechnungen/neu/ohne-datei/", cycle, get=LIST, post=LIST),
    row(
        f"{CYCLE}lieferantenrechnungen/neu/<int:file_pk>/",
        lambda w: {"cycle_pk": w.stage.cycle.pk, "file_pk": w.uploaded.pk},
        get="200: member | 404: *",
        post="200: member | 404: *",
    ),
    row(f"{CYCLE}lieferantenrechnungen/<int:pk>/", of("received"), get=SEE),
    row(f"{CYCLE}lieferantenrechnungen/<int:pk>/", foreign("received"), get="404: *"),
    row(f"{CYCLE}lieferantenrechnungen/<int:pk>/e-rechnung/", of("received"), get=SEE),
    row(f"{CYCLE}lieferantenrechnungen/<int:pk>/bearbeiten/", of("received"), get=SEE, post=SEE),
    step("pruefen", "received", SEE, label="received"),
    step("freigeben", "checked", LEAD, label="checked"),
    step("bezahlen", "approved", PARTNER, label="approved", paid_on="2026-02-01"),
    step("zurueckweisen", "received", SEE, label="received", **WHY),
    step(
        "zurueckweisen",
        "approved",
        "200: lead logistics | 403: member | 404: *",
        label="approved",
        **WHY,
    ),
    step("zuruecknehmen", "checked", SEE, label="checked", **WHY),
    step("zuruecknehmen", "approved", LEAD, label="approved", **WHY),
    step("zuruecknehmen", "paid", PARTNER, label="paid", **WHY),
    row(
        "dateien/<int:pk>/",
        lambda w: {"pk": w.received.file_id},
        get=SEE,
        post="405: *",
    ),
    row(
        "dateien/<int:pk>/",
        lambda w: {"pk": w.uploaded.pk},
        get="200: member | 404: *",
        post="405: *",
        label="uploaded",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    from mentoring.files.domain import store_bytes
    from programmes.suppliers.domain.invoices import UPLOADED

    state = SupplierInvoiceState
    return {
        "speaker": make_speaker(stage.programme),
        "commission": make_commission(stage.cycle, state=CommissionState.ASKED),
        "received": make_invoice(stage.cycle, data=b"%PDF-1.7"),
        **{
            name: make_invoice(stage.cycle, state=name)
            for name in (state.CHECKED.value, state.APPROVED.value, state.PAID.value)
        },
        "uploaded": store_bytes(
            b"%PDF-1.7 neu",
            name="neu.pdf",
            content_type="application/pdf",
            purpose=UPLOADED,
            by=cast.user("member"),
        ),
    }
