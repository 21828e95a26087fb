"""The access matrix: the billing run, the lists of invoices and what is set about them."""

from typing import Any

from programmes.cycles.models import Cycle, CycleState
from tests import factories as make
from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.programmes.billing.makers import make_issued

BASE = "durchgaenge/<int:cycle_pk>/rechnungen/"
OUTSIDE = "404: mentee mentor stranger operator former"
RUNS = f"{OUTSIDE} | 200: logistics | 403: *"
READS = f"{OUTSIDE} | 403: permanent | 200: *"
LEADS = f"{OUTSIDE} | 200: lead logistics | 403: *"
NO_ONE_INSIDE = "404: mentee mentor stranger"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def closed(world):
    return {"cycle_pk": world.closed_cycle.pk}


def foreign(world):
    return {"cycle_pk": world.foreign_cycle.pk}


def participation(name):
    def found(world):
        part = world.stage.cycle.participations.get(municipality=getattr(world.stage, name))
        return {**cycle(world), "participation_pk": part.pk}

    return found


ROWS = [
    row(BASE, cycle, get=READS),
    row(BASE, foreign, get="404: *", label="foreign"),
    # The books of a closed cycle are kept by its Logistikpartner; these Kommunen had no invoice.
    row(
        BASE,
        closed,
        get="404: mentee mentor stranger operator | 200: logistics | 403: *",
        label="closed",
    ),
    # Of a cancelled one also by the Personalstelle that had an invoice.
    row(
        BASE,
        lambda w: {"cycle_pk": w.cancelled_cycle.pk},
        get="200: logistics hr | 403: permanent | 404: *",
        label="cancelled",
    ),
    row(
        "durchgaenge/<int:cycle_pk>/",
        lambda w: {"cycle_pk": w.cancelled_cycle.pk},
        get="200: logistics hr permanent | 404: *",
        label="cancelled",
    ),
    *(
        row(
            f"durchgaenge/<int:cycle_pk>/{page}/",
            lambda w: {"cycle_pk": w.cancelled_cycle.pk},
            get="200: logistics | 403: hr permanent | 404: *",
            label="cancelled",
        )
        for page in ("rechnungen/journal", "rechnungen/offen", "lieferantenrechnungen")
    ),
    row(f"{BASE}journal/", cycle, get=LEADS),
    row(f"{BASE}journal/", foreign, get="404: *", label="foreign"),
    row(f"{BASE}lauf/", cycle, get=RUNS, post=RUNS),
    row(f"{BASE}lauf/", foreign, get="404: *", post="404: *", label="foreign"),
    row(
        f"{BASE}lauf/",
        closed,
        get="404: mentee mentor stranger operator | 403: *",
        post="404: mentee mentor stranger operator | 403: *",
        label="closed",
    ),
    row(f"{BASE}lauf/ausstellen/", cycle, get=RUNS, post=RUNS),
    row(f"{BASE}lauf/ausstellen/", foreign, get="404: *", post="404: *", label="foreign"),
    row(f"{BASE}kosten/", cycle, get=LEADS, post=LEADS),
    row(f"{BASE}kosten/", foreign, get="404: *", post="404: *", label="foreign"),
    row(
        f"{BASE}bestellnummer/<int:participation_pk>/",
        participation("own"),
        get=f"{OUTSIDE} | 200: hr logistics | 403: *",
        post=f"{OUTSIDE} | ok: hr logistics | 403: *",
    ),
    row(
        f"{BASE}bestellnummer/<int:participation_pk>/",
        participation("other"),
        get=f"{OUTSIDE} | 200: other_hr logistics | 403: *",
        post=f"{OUTSIDE} | ok: other_hr logistics | 403: *",
        label="other house",
    ),
    row(
        f"{BASE}bestellnummer/<int:participation_pk>/",
        lambda w: {**cycle(w), "participation_pk": w.foreign_participation.pk},
        get="404: *",
        post="404: *",
        label="foreign",
    ),
    row(
        "logistikpartner/<int:pk>/rechnungsstellung/",
        lambda w: {"pk": w.stage.partner.pk},
        get=f"{NO_ONE_INSIDE} | 200: logistics | 403: *",
        post=f"{NO_ONE_INSIDE} | 200: logistics | 403: *",
    ),
    row(
        "logistikpartner/<int:pk>/rechnungsstellung/",
        lambda w: {"pk": w.foreign_partner.pk},
        get=f"{NO_ONE_INSIDE} | 403: *",
        post=f"{NO_ONE_INSIDE} | 403: *",
        label="foreign",
    ),
    row(
        "kommunen/<int:pk>/rechnungsangaben/",
        lambda w: {"pk": w.stage.own.pk},
        get=f"{NO_ONE_INSIDE} | 200: hr logistics | 403: *",
        post=f"{NO_ONE_INSIDE} | ok: hr logistics | 403: *",
    ),
    row(
        "kommunen/<int:pk>/rechnungsangaben/",
        lambda w: {"pk": w.foreign_house.pk},
        get=f"{NO_ONE_INSIDE} | 403: *",
        post=f"{NO_ONE_INSIDE} | 403: *",
        label="foreign",
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    cancelled = make.make_cycle(stage.programme, number=13, state=CycleState.PLANNING)
    make_issued(cancelled, stage.own)
    Cycle.objects.filter(pk=cancelled.pk).update(
        state=CycleState.CANCELLED, cancel_reason="zu wenige Kommunen"
    )
    return {
        "foreign_partner": make.make_partner(name="Fremdes Institut"),
        "cancelled_cycle": cancelled,
    }
