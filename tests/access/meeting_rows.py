"""The access matrix: the tandems' year, as the Beirat follows it.

Of it the Personalstelle sees nothing, not even how often two of its own have met (rule 7).
"""

from typing import Any

from django.utils import timezone

from programmes.cycles.models import Cycle, CycleState
from tandems.meetings.models import HelpCall
from tandems.pairs.models import TandemState
from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.tandems.meetings.makers import make_pair
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor

BASE = "durchgaenge/<int:cycle_pk>/tandems/"
OUTSIDE = "404: mentee mentor stranger operator former"
BEIRAT = f"200: lead member | {OUTSIDE} | 403: *"
LEAD = f"200: lead | {OUTSIDE} | 403: *"
UNSEEN = f"404: lead member | {OUTSIDE} | 403: *"


def acts(line: str) -> str:
    return line.replace("200:", "ok:")


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at."""
    return {}


def year(world):
    # A fresh one each time: what the last request did to it was undone.
    cycle = Cycle.objects.get(pk=world.stage.cycle.pk)
    return {"cycle_pk": in_matching(cycle, CycleState.RUNNING).pk}


def _tandem(world, state: TandemState, **fields: Any):
    cycle = Cycle.objects.get(pk=year(world)["cycle_pk"])
    mentee = make_mentee(cycle, world.stage.own, **fields.pop("mentee", {}))
    mentor = make_mentor(cycle, world.stage.other, **fields.pop("mentor", {}))
    return make_pair(mentee, mentor, state, **fields)


def at(tandem) -> dict[str, Any]:
    return {"cycle_pk": tandem.cycle_id, "pk": tandem.pk}


def known(world):
    return at(_tandem(world, TandemState.REVEALED))


def accompanied(world):
    return at(_tandem(world, TandemState.REVEALED, accompanied_by=world.cast.lead))


def secret(world):
    return at(_tandem(world, TandemState.SEALED))


def of_the_cast(world):
    halves = {"mentee": {"person": world.cast.mentee}, "mentor": {"person": world.cast.mentor}}
    return at(_tandem(world, TandemState.REVEALED, **halves))


def of_subordinate(world):
    """The lead is the mentee's superior (rule 2)."""
    return at(_tandem(world, TandemState.REVEALED, mentee={"superior": world.cast.lead}))


def called(world):
    tandem = _tandem(world, TandemState.REVEALED)
    call = HelpCall.objects.create(
        tandem=tandem, asked_by=tandem.mentee_person, contact=world.cast.member
    )
    return {**at(tandem), "call_pk": call.pk}


def today(world):
    return {"on": timezone.localdate().isoformat()}


def early(world):
    return {**today(world), "reason": "time"}


CALLED = f"200: member | 404: lead | {OUTSIDE} | 403: *"

ROWS: list[Any] = [
    row(BASE, year, get=BEIRAT),
    row(BASE, of_the_cast, get=BEIRAT, label="of the cast"),
    row(BASE, lambda w: {"cycle_pk": w.stage.cycle.pk}, get=f"{OUTSIDE} | 403: *", label="early"),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(f"{BASE}anstoss/", known, get=BEIRAT, post=BEIRAT),
    row(f"{BASE}abschliessen/", known, get=LEAD, post=acts(LEAD), data=today),
    row(f"{BASE}<int:pk>/", known, get=BEIRAT),
    row(f"{BASE}<int:pk>/", of_the_cast, get=BEIRAT, label="of the cast"),
    row(f"{BASE}<int:pk>/", secret, get=UNSEEN, label="secret"),
    row(
        f"{BASE}<int:pk>/",
        of_subordinate,
        get=f"200: member | 404: lead | {OUTSIDE} | 403: *",
        label="of a subordinate",
    ),
    row(f"{BASE}<int:pk>/ich-begleite/", known, get=BEIRAT, post=acts(BEIRAT)),
    row(f"{BASE}<int:pk>/ich-begleite/", secret, get=UNSEEN, post=UNSEEN, label="secret"),
    row(
        f"{BASE}<int:pk>/begleitung-abgeben/",
        accompanied,
        get=BEIRAT,
        # Whoever is not the one gets the page again, with the reason.
        post=f"302: lead | 200: member | {OUTSIDE} | 403: *",
    ),
    row(f"{BASE}<int:pk>/begleitung/", known, get=LEAD, post=LEAD),
    row(f"{BASE}<int:pk>/begleitung/", secret, get=UNSEEN, post=UNSEEN, label="secret"),
    row(f"{BASE}<int:pk>/abschliessen/", known, get=LEAD, post=acts(LEAD), data=today),
    row(f"{BASE}<int:pk>/beenden/", known, get=LEAD, post=acts(LEAD), data=early),
    row(f"{BASE}<int:pk>/beenden/", secret, get=UNSEEN, post=UNSEEN, label="secret"),
    row(f"{BASE}<int:pk>/hilfe/<int:call_pk>/", called, get=CALLED, post=acts(CALLED)),
]
