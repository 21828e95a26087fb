"""The access matrix: the wall."""

from typing import Any

from tandems.applications.models import Application, ApplicationState
from tandems.matching.models import Bias, IdeaComment, MatchIdea
from tandems.mentors.models import MentorState
from tests.access.grammar import row
from tests.access.pair_rows import matching
from tests.conftest import Cast, Stage
from tests.tandems.pairs.makers import make_mentee, make_mentor

BASE = "durchgaenge/<int:cycle_pk>/matching/"
OUTSIDE = "404: mentee mentor stranger operator former"
BEIRAT = f"200: lead member | {OUTSIDE} | 403: *"
LEAD = f"200: lead | {OUTSIDE} | 403: *"
# Of what one member said themselves the others do not learn that it can be changed.
OWN = f"200: member | {OUTSIDE} lead | 403: *"
# What somebody must not know of does not exist for them; who may open no such page reads that.
HIDDEN = f"404: lead {OUTSIDE.removeprefix('404: ')} | 200: member | 403: *"
CONCERNED = f"200: lead | 403: * | {OUTSIDE}"


def acts(line: str) -> str:
    return line.replace("200:", "ok:")


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at."""
    return {}


def at_mentee(world, **fields):
    """A mentee, made with the request and undone with it."""
    kwargs = matching(world)
    return {**kwargs, "pk": make_mentee(world.stage.cycle, world.stage.own, **fields).pk}


def at_mentor(world):
    kwargs = matching(world)
    return {**kwargs, "pk": make_mentor(world.stage.cycle, world.stage.other).pk}


def at_subordinate(world):
    return at_mentee(world, superior=world.cast.lead)


def with_member_sought(world):
    """The member is asked to be a mentor, so that the matching goes on without them."""
    kwargs = matching(world)
    make_mentor(
        world.stage.cycle, world.stage.own, person=world.cast.member, state=MentorState.APPROACHED
    )
    return kwargs


def idea(world, **fields):
    kwargs = matching(world)
    return kwargs, MatchIdea.objects.create(
        application=make_mentee(world.stage.cycle, world.stage.own, **fields),
        mentor=make_mentor(world.stage.cycle, world.stage.other),
        had_by=world.cast.member,
        reason="Passt",
    )


def at_idea(world, **fields):
    """An idea the member had."""
    kwargs, found = idea(world, **fields)
    return {**kwargs, "pk": found.pk}


def at_hidden_idea(world):
    return at_idea(world, superior=world.cast.lead)


def at_comment(world):
    """What the member said."""
    kwargs, found = idea(world)
    said = IdeaComment.objects.create(idea=found, author=world.cast.member, text="Ja")
    return {**kwargs, "pk": said.pk}


def at_bias(world):
    """What the member declared."""
    kwargs = at_mentee(world)
    said = Bias.objects.create(application_id=kwargs["pk"], member=world.cast.member)
    return {**kwargs, "pk": said.pk}


def voice(world):
    part = world.stage.cycle.participations.get(municipality=world.stage.own)
    return {"participation": part.pk, "stance": "support"}


ROWS: list[Any] = [
    row(BASE, matching, get=BEIRAT),
    row(BASE, with_member_sought, get=CONCERNED, label="member sought"),
    row(
        BASE, lambda w: {"cycle_pk": w.stage.cycle.pk}, get=f"{OUTSIDE} | 403: *", label="too early"
    ),
    row(BASE, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(f"{BASE}stand/", matching, get=acts(BEIRAT)),
    row(f"{BASE}mentees/<int:pk>/", at_mentee, get=BEIRAT, post=BEIRAT),
    row(
        f"{BASE}mentees/<int:pk>/", at_subordinate, get=HIDDEN, post=HIDDEN, label="of subordinate"
    ),
    row(f"{BASE}mentees/<int:pk>/befangen/", at_mentee, get=BEIRAT, post=acts(BEIRAT)),
    row(f"{BASE}mentorinnen/<int:pk>/", at_mentor, get=BEIRAT, post=BEIRAT),
    row(f"{BASE}mentorinnen/<int:pk>/befangen/", at_mentor, get=BEIRAT, post=acts(BEIRAT)),
    row(f"{BASE}befangen/<int:pk>/", at_bias, get=OWN, post=acts(OWN)),
    row(f"{BASE}ideen/<int:pk>/", at_idea, get=BEIRAT, post=BEIRAT),
    row(f"{BASE}ideen/<int:pk>/", at_hidden_idea, get=HIDDEN, post=HIDDEN, label="of subordinate"),
    row(f"{BASE}ideen/<int:pk>/stimme/", at_idea, get=BEIRAT, post=acts(BEIRAT), data=voice),
    row(f"{BASE}ideen/<int:pk>/begruendung/", at_idea, get=BEIRAT, post=BEIRAT),
    row(f"{BASE}ideen/<int:pk>/beschluss/", at_idea, get=LEAD, post=LEAD),
    row(
        f"{BASE}ideen/<int:pk>/loeschen/",
        at_idea,
        get=BEIRAT,
        post=acts(BEIRAT),
        data=lambda w: {"reason": "Zu weit"},
    ),
    row(f"{BASE}bemerkungen/<int:pk>/", at_comment, get=OWN, post=OWN),
    row(f"{BASE}bemerkungen/<int:pk>/loeschen/", at_comment, get=OWN, post=acts(OWN)),
]


# --- Cards and the moderated mode -----------------------------------------------------------
def moderated(world, **fields):
    kwargs = at_mentee(world, **fields)
    return {"cycle_pk": kwargs["cycle_pk"], "application_pk": kwargs["pk"]}


def moderated_subordinate(world):
    return moderated(world, superior=world.cast.lead)


def moderated_voice(world):
    """The own voice for the idea that stands there; there is one mentee with one."""
    found = MatchIdea.objects.create(
        application=Application.objects.filter(
            cycle=world.stage.cycle, state=ApplicationState.PLACED
        ).latest("pk"),
        mentor=make_mentor(world.stage.cycle, world.stage.other),
    )
    return {**voice(world), "idea": found.pk}


ROWS += [
    row(f"{BASE}karten/", matching, get=BEIRAT, post=BEIRAT),
    row(
        f"{BASE}karten/",
        with_member_sought,
        get=CONCERNED,
        post=CONCERNED,
        label="member sought",
    ),
    row(
        f"{BASE}karten/", lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"
    ),
    row(f"{BASE}moderiert/", matching, get=acts(BEIRAT)),
    row(
        f"{BASE}moderiert/<int:application_pk>/",
        moderated,
        get=BEIRAT,
        post=acts(BEIRAT),
        data=moderated_voice,
    ),
    row(
        f"{BASE}moderiert/<int:application_pk>/",
        moderated_subordinate,
        get=HIDDEN,
        post=HIDDEN,
        label="of subordinate",
    ),
]
