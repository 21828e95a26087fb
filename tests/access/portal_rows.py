"""The access matrix: the pages of mentee and mentor."""

from typing import Any

from django.utils import timezone

from tandems.applications.models import Application, ApplicationState
from tandems.meetings.models import TandemMeeting
from tandems.mentors.models import Mentor
from tandems.pairs.models import Tandem
from tests import factories as make
from tests.access.grammar import row
from tests.conftest import Cast, Stage
from tests.tandems.pairs.makers import make_mentor, make_tandem

OWN = "mein-tandem/"
ONE = f"{OWN}<int:pk>/"
MEETING = f"{ONE}treffen/<int:meeting_pk>/"
TWO = "200: mentee mentor | 404: *"
TWO_ACT = "ok: mentee mentor | 404: *"
NOT_NOW = "403: mentee mentor | 404: *"
TOLD = "200: mentor | 404: *"
NOBODY = "404: *"


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """What the rows point at: each row makes its own, so that no other room meets it."""
    return {}


def tandem_of(world: Any, state: str = "active", **fields: Any) -> Tandem:
    """The tandem of the cast's mentee and mentor, made with the request and undone with it."""
    stage, cast = world.stage, world.cast
    application = Application.objects.filter(cycle=stage.cycle, person=cast.mentee).first()
    if application is None:
        application = make.make_application(
            stage.cycle, stage.own, ApplicationState.PLACED, person=cast.mentee
        )
    mentor = Mentor.objects.filter(cycle=stage.cycle, person=cast.mentor).first()
    if mentor is None:
        mentor = make_mentor(stage.cycle, stage.other, person=cast.mentor)
    return make_tandem(application, mentor, state, **fields)


def running(world: Any) -> dict[str, Any]:
    return {"pk": tandem_of(world).pk}


def ended(world: Any) -> dict[str, Any]:
    return {"pk": tandem_of(world, "ended_early").pk}


def secret(world: Any) -> dict[str, Any]:
    return {"pk": tandem_of(world, "sealed").pk}


def told(world: Any) -> dict[str, Any]:
    return {"pk": tandem_of(world, "sealed", mentor_told_at=timezone.now()).pk}


def _met(tandem: Tandem) -> dict[str, Any]:
    meeting = TandemMeeting.objects.create(
        tandem=tandem, met_on=timezone.localdate(), form="online", minutes=60
    )
    return {"pk": tandem.pk, "meeting_pk": meeting.pk}


def met(world: Any) -> dict[str, Any]:
    return _met(tandem_of(world))


def met_and_ended(world: Any) -> dict[str, Any]:
    return _met(tandem_of(world, "ended_early"))


def meeting_values(world: Any) -> dict[str, Any]:
    return {"met_on": timezone.localdate().isoformat(), "form": "online", "minutes": "60"}


ROWS: list[Any] = [
    row(OWN, get="200: *"),
    row(ONE, running, get=TWO),
    row(ONE, ended, get=TWO, label="ended"),
    row(ONE, secret, get=NOBODY, label="secret"),
    row(ONE, told, get=TOLD, label="told first"),
    row(f"{ONE}treffen/neu/", running, get=TWO, post=TWO_ACT, data=meeting_values),
    row(f"{ONE}treffen/neu/", ended, get=NOT_NOW, post=NOT_NOW, label="ended"),
    row(f"{ONE}treffen/neu/", secret, get=NOBODY, post=NOBODY, label="secret"),
    row(MEETING, met, get=TWO, post=TWO, data=meeting_values),
    row(MEETING, met_and_ended, get=NOT_NOW, post=NOT_NOW, label="ended"),
    row(f"{MEETING}loeschen/", met, get=TWO, post=TWO_ACT),
    row(f"{MEETING}loeschen/", met_and_ended, get=NOT_NOW, post=NOT_NOW, label="ended"),
    row(f"{ONE}vereinbarung.pdf", running, get=TWO),
    row(f"{ONE}vereinbarung.pdf", secret, get=NOBODY, label="secret"),
    row(f"{ONE}vereinbarung.pdf", told, get="403: mentor | 404: *", label="told first"),
    row(f"{ONE}vereinbarung/", running, get=TWO, post=TWO),
    row(f"{ONE}vereinbarung/", secret, get=NOBODY, post=NOBODY, label="secret"),
    row(f"{ONE}hilfe/", running, get=TWO, post=TWO_ACT, data=lambda w: {"words": "Bitte"}),
    row(f"{ONE}hilfe/", ended, get=NOT_NOW, post=NOT_NOW, label="ended"),
    row(f"{ONE}hilfe/", secret, get=NOBODY, post=NOBODY, label="secret"),
]
