"""The access matrix: the tandems while they are decided, and how a cycle matches."""

from typing import Any

from django.core import signing

from programmes.cycles.models import Cycle
from tandems.applications.models import Application
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.deciding_forms import SealForm
from tandems.pairs.models import Overrule, PairRule, TandemState
from tests import factories as make
from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

BASE = "durchgaenge/<int:cycle_pk>/matching/"
OUTSIDE = "404: mentee mentor stranger operator former"
BEIRAT = f"200: lead member | {OUTSIDE} | 403: *"
LEAD = f"200: lead | {OUTSIDE} | 403: *"


def acts(line: str) -> str:
    return line.replace("200:", "ok:")


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at."""
    return {}


# --- A pair, what speaks against it, and the rules ------------------------------------------
PAIR = f"{BASE}paar/<int:application_pk>/<int:mentor_pk>/"


def matching(world):
    """The stage's cycle at the time of the matching, in which lead and member both match."""
    # Of the mentors the world holds one is the lead, who is kept out of it by that.
    Mentor.objects.filter(cycle=world.stage.cycle, person=world.cast.lead).delete()
    # A fresh one each time: what the last request did to it was undone.
    return {"cycle_pk": in_matching(Cycle.objects.get(pk=world.stage.cycle.pk)).pk}


def pair(world):
    """A mentee and a mentor, who is busy on the day; made with the request, undone with it."""
    kwargs = matching(world)
    mentor = make_mentor(world.stage.cycle, world.stage.other, answers={"free_at_start": "no"})
    mentee = make_mentee(world.stage.cycle, world.stage.own)
    return {**kwargs, "application_pk": mentee.pk, "mentor_pk": mentor.pk}


def warned(world):
    return {**pair(world), "rule": PairRule.NOT_FREE.value}


def overruled(world):
    kwargs = warned(world)
    Overrule.objects.create(
        application_id=kwargs["application_pk"],
        mentor_id=kwargs["mentor_pk"],
        rule=kwargs["rule"],
        reason="Kommt nach.",
    )
    return kwargs


def of_subordinate(world):
    """The lead is the mentee's superior."""
    kwargs = matching(world)
    mentee = make_mentee(world.stage.cycle, world.stage.own, superior=world.cast.lead)
    mentor = make_mentor(world.stage.cycle, world.stage.other)
    return {**kwargs, "application_pk": mentee.pk, "mentor_pk": mentor.pk}


def with_member_sought(world):
    """The member is asked to be a mentor, so that the matching goes on without them."""
    kwargs = pair(world)
    make_mentor(
        world.stage.cycle, world.stage.own, person=world.cast.member, state=MentorState.APPROACHED
    )
    return kwargs


def foreign_pair(world):
    in_matching(Cycle.objects.get(pk=world.foreign_cycle.pk))
    mentee = make_mentee(world.foreign_cycle, make.make_municipality())
    mentor = make_mentor(world.foreign_cycle, make.make_municipality())
    return {
        "cycle_pk": world.foreign_cycle.pk,
        "application_pk": mentee.pk,
        "mentor_pk": mentor.pk,
    }


HINDRANCES: list[Any] = [
    row(PAIR, pair, get=BEIRAT),
    row(
        PAIR,
        of_subordinate,
        get=f"200: member | 404: lead | {OUTSIDE} | 403: *",
        label="hidden from the lead",
    ),
    row(
        PAIR,
        with_member_sought,
        get=f"200: lead | {OUTSIDE} | 403: *",
        label="without who is sought",
    ),
    row(PAIR, foreign_pair, get="404: *", label="foreign"),
    row(
        PAIR,
        lambda w: {**foreign_pair(w), "cycle_pk": matching(w)["cycle_pk"]},
        get=f"404: lead member | {OUTSIDE} | 403: *",
        label="of another cycle",
    ),
    row(
        f"{PAIR}<slug:rule>/",
        warned,
        get=LEAD,
        post=acts(LEAD),
        data=lambda w: {"reason": "Kommt nach."},
    ),
    row(f"{PAIR}<slug:rule>/zuruecknehmen/", overruled, get=LEAD, post=acts(LEAD)),
    row(f"{BASE}regeln/", matching, get=BEIRAT, post=LEAD),
]

# --- A tandem while it is decided, the whole set, and its seal -------------------------------
TANDEM = f"{BASE}tandems/<int:pk>/"


def free_pair(world):
    kwargs = matching(world)
    mentee = make_mentee(world.stage.cycle, world.stage.own)
    mentor = make_mentor(world.stage.cycle, world.stage.other)
    return {**kwargs, "application_pk": mentee.pk, "mentor_pk": mentor.pk}


def tandem_in(state, **fields):
    """A secret tandem; made with the request, undone with it."""

    def made(world):
        kwargs = matching(world)
        mentee = make_mentee(world.stage.cycle, world.stage.own, **fields)
        mentor = make_mentor(world.stage.cycle, world.stage.other)
        return {**kwargs, "pk": make_tandem(mentee, mentor, state).pk}

    return made


proposed = tandem_in(TandemState.PROPOSED)


def with_member_concerned(world):
    """The member is the mentor of another tandem: the matching goes on without them."""
    kwargs = proposed(world)
    make_mentor(world.stage.cycle, world.stage.own, person=world.cast.member)
    return kwargs


def hidden_from_lead(world):
    return tandem_in(TandemState.PROPOSED, superior=world.cast.lead)(world)


def of_another_cycle(world):
    kwargs = foreign_pair(world)
    foreign = Application.objects.get(pk=kwargs["application_pk"])
    tandem = make_tandem(foreign, Mentor.objects.get(pk=kwargs["mentor_pk"]))
    return {"cycle_pk": matching(world)["cycle_pk"], "pk": tandem.pk}


DECIDING: list[Any] = [
    row(
        f"{PAIR}vorschlagen/",
        free_pair,
        get=BEIRAT,
        post=acts(BEIRAT),
        data=lambda w: {"reason": "Passt."},
    ),
    row(f"{PAIR}vorschlagen/", foreign_pair, get="404: *", label="foreign"),
    row(TANDEM, proposed, get=BEIRAT),
    row(TANDEM, tandem_in(TandemState.SEALED), get=BEIRAT, label="sealed"),
    row(
        TANDEM,
        hidden_from_lead,
        get=f"200: member | 404: lead | {OUTSIDE} | 403: *",
        label="hidden from the lead",
    ),
    row(
        TANDEM,
        with_member_concerned,
        get=f"200: lead | {OUTSIDE} | 403: *",
        label="without who is concerned",
    ),
    row(
        TANDEM,
        of_another_cycle,
        get=f"404: lead member | {OUTSIDE} | 403: *",
        label="of another cycle",
    ),
    row(f"{TANDEM}stimmen/", proposed, get=BEIRAT, post=BEIRAT),
    row(f"{TANDEM}beschliessen/", proposed, get=LEAD, post=LEAD),
    row(
        f"{TANDEM}oeffnen/",
        tandem_in(TandemState.SEALED),
        get=LEAD,
        post=acts(LEAD),
        data=lambda w: {"reason": "Nachfrage"},
    ),
    row(
        f"{TANDEM}aufloesen/",
        proposed,
        get=BEIRAT,
        # Whoever neither leads nor proposed it is told so on the page.
        post=f"ok: lead member | {OUTSIDE} | 403: *",
        data=lambda w: {"reason": "Anders entschieden"},
    ),
    row(f"{BASE}pruefen/", matching, get=BEIRAT),
    row(
        f"{BASE}pruefen/",
        lambda w: {"cycle_pk": with_member_concerned(w)["cycle_pk"]},
        get=f"200: lead | {OUTSIDE} | 403: *",
        label="without who is concerned",
    ),
    row(
        f"{BASE}pruefen/",
        lambda w: {"cycle_pk": foreign_pair(w)["cycle_pk"]},
        get="404: *",
        label="foreign",
    ),
    row(
        f"{BASE}versiegeln/",
        lambda w: {"cycle_pk": tandem_in(TandemState.AGREED)(w)["cycle_pk"]},
        get=LEAD,
        post=acts(LEAD),
        data=lambda w: {"seen": signing.dumps([1], salt=SealForm.SALT)},
    ),
]

ROWS: list[Any] = [*HINDRANCES, *DECIDING]
