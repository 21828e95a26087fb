"""The access matrix: Platzvergabe, and telling its outcome."""

from typing import Any

from django.utils import timezone

from tandems.applications.models import Application, ApplicationState
from tandems.places import domain
from tandems.places.models import Allocation, AllocationLine, AllocationState, OutcomeText
from tests import factories as make
from tests.access.grammar import row
from tests.conftest import Cast, Stage

BASE = "durchgaenge/<int:cycle_pk>/platzvergabe/"
TOLD = "durchgaenge/<int:cycle_pk>/ergebnisse/"
OUTSIDE = "404: mentee mentor stranger operator former"
BEIRAT = f"200: lead member | {OUTSIDE} | 403: *"
LEAD = f"200: lead | {OUTSIDE} | 403: *"
HR = f"200: hr other_hr | {OUTSIDE} | 403: *"
OWN_HR = f"200: hr | {OUTSIDE} other_hr | 403: *"
# Whoever takes no part in an allocation does not learn that there is one.
BEGUN = "200: lead member | 404: *"
BEGUN_LEAD = "200: lead | 403: member | 404: *"


def acts(line: str) -> str:
    return line.replace("200:", "ok:")


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def begun(world):
    """An allocation whose last tie is one of Neuort; made with the request, undone with it."""
    found = world.stage.cycle
    house = make.make_municipality("Neuort")
    make.make_participation(found, house)
    for _ in range(2):
        make.make_application(found, house, ApplicationState.NOMINATED)
    nominated = Application.objects.filter(cycle=found, state=ApplicationState.NOMINATED)
    found.refresh_from_db()
    found.places = nominated.values("municipality").distinct().count()
    found.save()
    domain.start_allocation(found, rule="rounds", by=make.make_user())
    return cycle(world)


def at_tie(world):
    kwargs = begun(world)
    line = AllocationLine.objects.filter(application__municipality__short_name="Neuort").first()
    return {**kwargs, "number": line.tie}


def at_line(world):
    kwargs = begun(world)
    line = AllocationLine.objects.filter(application__municipality=world.stage.own).first()
    return {**kwargs, "pk": line.pk}


def closed(world):
    Allocation.objects.create(
        cycle=world.stage.cycle,
        places=3,
        state=AllocationState.CLOSED,
        closed_at=timezone.now(),
    )
    waiting = make.make_application(world.stage.cycle, world.stage.own, ApplicationState.WAITING)
    return {**cycle(world), "pk": waiting.pk}


def outcome(world):
    return {**cycle(world), "pk": world.places_outcome.pk}


def text(world):
    return {**cycle(world), "outcome": "declined"}


def house_text(world):
    return {**cycle(world), "house_pk": world.stage.own.pk, "outcome": "declined"}


def adapted(world):
    OutcomeText.objects.create(cycle=world.stage.cycle, outcome="declined", text="Leider")
    return text(world)


def house_adapted(world):
    OutcomeText.objects.create(
        cycle=world.stage.cycle, municipality=world.stage.own, outcome="declined", text="Leider"
    )
    return house_text(world)


def house(world):
    return {**cycle(world), "house_pk": world.stage.own.pk}


ROWS: list[Any] = [
    row(BASE, cycle, get=BEIRAT),
    row(BASE, begun, get=BEIRAT, label="begun"),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(
        f"{BASE}beginnen/",
        cycle,
        get=BEIRAT,
        post=acts(BEIRAT),
        data=lambda w: {"rule": "rounds"},
    ),
    row(f"{BASE}vorschlag/", begun, get=BEGUN, post=acts(BEGUN)),
    row(f"{BASE}vorschlag/", cycle, get="404: *", label="not begun"),
    row(f"{BASE}plaetze/", begun, get=BEGUN_LEAD, post=BEGUN_LEAD),
    row(f"{BASE}sitzung/", begun, get=BEGUN, post=BEGUN),
    row(f"{BASE}zeilen/<int:pk>/", at_line, get=BEGUN, post=BEGUN),
    row(
        f"{BASE}zeilen/<int:pk>/",
        lambda w: {**at_line(w), "cycle_pk": w.planned_cycle.pk},
        get="404: *",
        post="404: *",
        label="of another cycle",
    ),
    row(
        f"{BASE}gleichstand/<int:number>/",
        at_tie,
        get=BEGUN,
        post=BEGUN,
    ),
    row(f"{BASE}stimmen/", begun, get=BEGUN, post=BEGUN),
    row(
        f"{BASE}beschliessen/",
        begun,
        get=BEGUN_LEAD,
        post=BEGUN_LEAD,
    ),
    row(
        f"{BASE}spaeter/<int:pk>/",
        closed,
        get=BEGUN_LEAD,
        post=acts(BEGUN_LEAD),
        data=lambda w: {"expected": "waiting", "outcome": "declined", "reason": "Verzicht"},
    ),
    row(f"{BASE}protokoll.pdf", begun, get=BEGUN),
    row(f"{BASE}texte/", cycle, get=BEIRAT),
    row(f"{BASE}texte/<slug:outcome>/", text, get=BEIRAT, post=BEIRAT),
    row(f"{BASE}texte/<slug:outcome>/zuruecksetzen/", adapted, get=BEIRAT, post=acts(BEIRAT)),
    row(TOLD, cycle, get=HR),
    row(f"{TOLD}briefe/<int:house_pk>/", house, get=OWN_HR, post=OWN_HR),
    row(
        f"{TOLD}<int:pk>/mitgeteilt/",
        outcome,
        get=OWN_HR,
        post=acts(OWN_HR),
        data=lambda w: {
            "informed_on": timezone.localdate().isoformat(),
            "expected": "placed",
        },
    ),
    row(f"{TOLD}<int:pk>/brief.pdf", outcome, get=OWN_HR),
    row(f"{TOLD}texte/<int:house_pk>/<slug:outcome>/", house_text, get=OWN_HR, post=OWN_HR),
    row(
        f"{TOLD}texte/<int:house_pk>/<slug:outcome>/zuruecksetzen/",
        house_adapted,
        get=OWN_HR,
        post=acts(OWN_HR),
    ),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    return {
        "places_outcome": make.make_application(
            stage.cycle, stage.own, ApplicationState.PLACED, informed_on=None
        ),
    }
