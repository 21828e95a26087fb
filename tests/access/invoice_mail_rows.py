"""The access matrix: mails with invoices."""

from typing import Any

from django.db.models import QuerySet

from programmes.cycles.models import Cycle
from programmes.invoice_mails.models import InvoiceLetter
from programmes.outbox.models import Delivery
from tests import factories as make
from tests.access.grammar import Row, row
from tests.conftest import Cast, Stage
from tests.programmes.billing.makers import make_issuer
from tests.programmes.invoice_mails.makers import make_mailing, make_sendable, release

BASE = "durchgaenge/<int:cycle_pk>/rechnungen/versand/"
OUTSIDE = "404: mentee mentor stranger operator former"
# The list is refused, a mailing is not there for who may not see it.
READ_LIST = f"{OUTSIDE} | 200: lead logistics | 403: *"
SEND_LIST = f"{OUTSIDE} | 200: logistics | 403: *"
READ = "200: lead logistics | 404: *"
SEND = "200: logistics | 403: lead | 404: *"
DONE = SEND.replace("200", "ok")


def cycle(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.stage.cycle.pk}


def draft(world: Any) -> dict[str, Any]:
    return {**cycle(world), "pk": world.mailing.pk}


def released(world: Any) -> dict[str, Any]:
    return {**cycle(world), "pk": world.released_mailing.pk}


def letter(name: str) -> Any:
    return lambda world: {**released(world), "letter_pk": getattr(world, name).pk}


def foreign(world: Any) -> dict[str, Any]:
    return {"cycle_pk": world.foreign_mailing.cycle_id, "pk": world.foreign_mailing.pk}


def through_own(world: Any) -> dict[str, Any]:
    return {**cycle(world), "pk": world.foreign_mailing.pk}


ROWS: list[Row] = [
    row(BASE, cycle, get=READ_LIST),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(f"{BASE}neu/", cycle, get=SEND_LIST, post=SEND_LIST.replace("200", "ok")),
    row(f"{BASE}<int:pk>/", draft, get=READ),
    row(f"{BASE}<int:pk>/", released, get=READ, label="released"),
    row(f"{BASE}<int:pk>/", foreign, get="404: *", label="foreign"),
    row(f"{BASE}<int:pk>/", through_own, get="404: *", label="foreign through the own cycle"),
    row(f"{BASE}<int:pk>/bearbeiten/", draft, get=SEND, post=DONE),
    row(f"{BASE}<int:pk>/vorschau/", draft, get=READ),
    row(f"{BASE}<int:pk>/freigeben/", draft, get=SEND, post=DONE),
    row(f"{BASE}<int:pk>/loeschen/", draft, get=SEND, post=DONE),
    row(f"{BASE}<int:pk>/brief/<int:letter_pk>/", letter("unclear_letter"), get=READ),
    row(
        f"{BASE}<int:pk>/brief/<int:letter_pk>/",
        lambda w: {**draft(w), "letter_pk": w.unclear_letter.pk},
        get="404: *",
        label="of another mailing",
    ),
    row(
        f"{BASE}<int:pk>/brief/<int:letter_pk>/erneut/",
        letter("failed_letter"),
        get=SEND,
        post=DONE,
    ),
    row(
        f"{BASE}<int:pk>/brief/<int:letter_pk>/entscheiden/",
        letter("unclear_letter"),
        get=SEND,
        post=DONE,
        data=lambda world: {"fate": "arrived"},
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """A draft, a released mailing with letters in trouble, and a foreign draft."""
    by = cast.user("logistics")
    assert by is not None
    released_one = _released(stage.cycle, by)
    failed, unclear = released_one.letters.order_by("pk")
    foreign_cycle = make.make_cycle()
    make_issuer(foreign_cycle)
    return {
        "mailing": make_mailing(stage.cycle, make_sendable(stage.cycle), by=by),
        "released_mailing": released_one,
        "failed_letter": _in_state(failed, "failed"),
        "unclear_letter": _in_state(unclear, "unclear"),
        "foreign_mailing": make_mailing(foreign_cycle, make_sendable(foreign_cycle), by=by),
    }


def _released(cycle: Cycle, by: Any) -> Any:
    invoices = [make_sendable(cycle) for _ in range(2)]
    return release(make_mailing(cycle, *invoices, by=by), by)


def _in_state(one: InvoiceLetter, state: str) -> InvoiceLetter:
    """As if it had been sent, and what the outbox says of it."""
    one.delivery = Delivery.objects.create(
        purpose="invoice",
        batch=one.mailing.batch,
        to_email=one.email,
        subject="Rechnung",
        message_id=f"<{one.pk}@letter.example>",
        state=state,
        error="keine Antwort",
    )
    QuerySet(InvoiceLetter).filter(pk=one.pk).update(delivery=one.delivery, sent_out=True)
    return one
