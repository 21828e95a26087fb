"""The access matrix: Veranstaltungen and personal links; the parts of the room stand beside."""

from typing import Any

from django.utils import timezone

from programmes.events.links import rsvp_token
from tests import factories as make
from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.programmes.events.makers import make_attendee, make_event

LIST = "durchgaenge/<int:cycle_pk>/veranstaltungen/"
EVENT = f"{LIST}<int:pk>/"
UNSEEN = "404: mentee mentor stranger operator former"
INSIDE = f"{UNSEEN} | 403: permanent hr other_hr | 200: *"
# Personalstellen know the cycle, but an event only if they are invited, and then as their own.
ABOUT = f"{UNSEEN} permanent other_hr | 403: hr | 200: *"
ACTS = ABOUT.replace("200", "ok")
# Nor the invitations of others.
INVITED = f"{UNSEEN} permanent hr other_hr | 200: *"
ANSWERS = INVITED.replace("200", "ok")
COUNCIL = f"{UNSEEN} permanent other_hr | 403: hr logistics | 200: *"


def cycle(world):
    return {"cycle_pk": world.stage.cycle.pk}


def event(world):
    return {**cycle(world), "pk": world.event.pk}


def attendee(world):
    return {**event(world), "attendee_pk": world.attendee.pk}


def own(world):
    return {"pk": world.hr_attendee.pk}


def link(world):
    return {"token": rsvp_token(world.attendee)}


ROWS = [
    row(LIST, cycle, get=INSIDE),
    row(LIST, lambda w: {"cycle_pk": w.foreign_cycle.pk}, get="404: *", label="foreign"),
    row(f"{LIST}neu/", cycle, get=INSIDE, post=INSIDE),
    row(EVENT, event, get=ABOUT),
    row(
        EVENT,
        lambda w: {**cycle(w), "pk": w.foreign_event.pk},
        get="404: *",
        label="foreign",
    ),
    row(f"{EVENT}bearbeiten/", event, get=ABOUT, post=ABOUT),
    row(f"{EVENT}absagen/", event, get=ABOUT, post=ACTS, data=lambda w: {"reason": "Schnee"}),
    row(
        f"{EVENT}absagen/",
        lambda w: {**cycle(w), "pk": w.foreign_event.pk},
        get="404: *",
        post="404: *",
        label="foreign",
    ),
    row(f"{EVENT}tagesordnung/", event, get=ABOUT, post=ABOUT),
    row(f"{EVENT}unterlagen/", event, get=ABOUT, post=ACTS),
    row(f"{EVENT}protokoll/", event, get=COUNCIL, post=COUNCIL),
    row(f"{EVENT}termin.ics", event, get=ABOUT),
    row(f"{EVENT}einladen/", event, get=ABOUT, post=ACTS),
    row(
        f"{EVENT}einladen/person/",
        event,
        get=ABOUT,
        post=ACTS,
        data=lambda w: {"person": w.cast.mentor.pk},
    ),
    row(
        f"{EVENT}versand/<slug:notice>/",
        lambda w: {**event(w), "notice": "einladung"},
        get=ABOUT,
        post=ABOUT,
    ),
    row(f"{EVENT}eingeladene/", event, get=ABOUT, post=ABOUT.replace("200", "405")),
    row(
        f"{EVENT}eingeladene/<int:attendee_pk>/antwort/",
        attendee,
        get=INVITED,
        post=ANSWERS,
        data=lambda w: {"answer": "yes"},
    ),
    row(
        f"{EVENT}eingeladene/<int:attendee_pk>/antwort/",
        lambda w: {**event(w), "attendee_pk": w.foreign_attendee.pk},
        get="404: *",
        post="404: *",
        label="foreign",
    ),
    row(
        f"{EVENT}eingeladene/<int:attendee_pk>/zuruecknehmen/",
        attendee,
        get=INVITED,
        post=ANSWERS,
    ),
    row(f"{EVENT}anwesenheit/", event, get=ABOUT),
    row(f"{EVENT}anwesenheit/liste/", event, get=ABOUT, post=ACTS),
    row(
        f"{EVENT}anwesenheit/person/",
        event,
        get=ABOUT,
        post=ACTS,
        data=lambda w: {"person": w.cast.mentor.pk},
    ),
    row(
        f"{EVENT}anwesenheit/<int:attendee_pk>/",
        attendee,
        get=INVITED.replace("200", "405"),
        post=ANSWERS,
        data=lambda w: {"attended": "1"},
    ),
    row("termine/", get="200: *"),
    row("termine/<int:pk>/", own, get="200: hr | 404: *", post="200: hr | 404: *"),
    row("termine/<int:pk>/termin.ics", own, get="200: hr | 404: *"),
    row("antwort/<str:token>/", link, get="200: *", post="200: *", public=True),
    row(
        "antwort/<str:token>/",
        lambda w: {"token": "falsch"},
        get="404: *",
        post="404: *",
        public=True,
        label="no token",
    ),
    row("antwort/<str:token>/termin.ics", link, get="200: *", public=True),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at, by the name they use."""
    event = make_event(stage.cycle, timezone.now().replace(microsecond=0))
    foreign = make_event(make.make_cycle(), timezone.now())
    return {
        "event": event,
        "attendee": make_attendee(event, make.make_participant(stage.cycle, stage.own).person),
        "hr_attendee": make_attendee(event, cast.hr),
        "foreign_event": foreign,
        "foreign_attendee": make_attendee(foreign),
    }
