"""The access matrix: payments and bank statements."""

from typing import Any

from tests import factories as make
from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage
from tests.programmes.billing.makers import make_house, make_issued, make_issuer
from tests.programmes.payments.camt import credit
from tests.programmes.payments.makers import make_payment, make_statement

BASE = "durchgaenge/<int:cycle_pk>/rechnungen/"
OVERDUE = "404: mentee mentor stranger operator former | 200: lead logistics | 403: *"
# Who sees the invoice but does not keep the accounts: leads, HR and Beirat of the Kommune.
KEPT = "200: logistics | 403: lead hr member | 404: *"
ACTS = KEPT.replace("200", "ok")
ACCOUNTS = "200: logistics | 403: *"
OWN = "200: logistics | 404: *"


def cycle(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk}


def invoice(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk, "invoice_pk": world.billed.pk}


def payment(world: Any) -> dict[str, Any]:
    return {**invoice(world), "pk": world.payment.pk}


def of(name: str) -> Any:
    return lambda world: {"pk": getattr(world, name).pk}


def paid(world: Any) -> dict[str, Any]:
    return {"kind": "received", "received_on": "2026-01-02", "amount": "1,00"}


ROWS: list[Row] = [
    row(f"{BASE}offen/", cycle, get=OVERDUE),
    row(
        f"{BASE}offen/",
        lambda world: {"cycle_pk": world.foreign_cycle.pk},
        get="404: *",
        label="foreign",
    ),
    row(f"{BASE}<int:invoice_pk>/zahlung/", invoice, get=KEPT, post=ACTS, data=paid),
    row(
        f"{BASE}<int:invoice_pk>/zahlung/",
        lambda world: {
            "cycle_pk": world.foreign_cycle.pk,
            "invoice_pk": world.foreign_billed.pk,
        },
        get="404: *",
        label="foreign",
    ),
    row(f"{BASE}<int:invoice_pk>/zahlung/<int:pk>/loeschen/", payment, get=KEPT, post=ACTS),
    row(
        f"{BASE}<int:invoice_pk>/zahlung/<int:pk>/loeschen/",
        lambda world: {**invoice(world), "pk": world.other_payment.pk},
        get="404: *",
        label="payment of another invoice",
    ),
    row("kontoauszuege/", get=ACCOUNTS),
    row("kontoauszuege/neu/", get=ACCOUNTS, post=ACCOUNTS),
    row(
        "kontoauszuege/<int:pk>/",
        of("statement"),
        get=OWN,
        post=OWN.replace("200", "ok"),
    ),
    row("kontoauszuege/<int:pk>/", of("foreign_statement"), get="404: *", label="foreign"),
    row(
        "kontoauszuege/<int:pk>/uebrige/",
        of("statement"),
        get=OWN,
        post=OWN.replace("200", "ok"),
    ),
    row("kontoauszuege/<int:pk>/uebrige/", of("foreign_statement"), get="404: *", label="foreign"),
    row(
        "kontoauszuege/umsatz/<int:pk>/",
        of("entry"),
        get=OWN,
        post=OWN.replace("200", "ok"),
        data=lambda world: {"decision": "ignore"},
    ),
    row("kontoauszuege/umsatz/<int:pk>/", of("foreign_entry"), get="404: *", label="foreign"),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """An invoice of ``cast.hr``'s Kommune with a payment, and statements own and foreign."""
    issuer = make_issuer(stage.cycle)
    billed = make_issued(stage.cycle, stage.own)
    other = make_issued(stage.cycle, stage.other)
    foreign_cycle = make.make_cycle()
    foreign = make_issuer(foreign_cycle)
    statement = make_statement(issuer, credit("5.00", "Spende"))
    foreign_statement = make_statement(foreign, credit("6.00", "Spende"))
    return {
        "billed": billed,
        "payment": make_payment(billed),
        "other_payment": make_payment(other),
        "foreign_billed": make_issued(foreign_cycle, make_house()),
        "statement": statement,
        "entry": statement.entries.get(),
        "foreign_statement": foreign_statement,
        "foreign_entry": foreign_statement.entries.get(),
    }
