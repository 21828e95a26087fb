"""A tandem of the cast's mentee and mentor in the running year."""

from datetime import UTC, date, datetime
from typing import Any

from programmes.cycles.models import CycleState
from tandems.meetings.models import MeetingForm, TandemMeeting
from tandems.pairs.models import Tandem, TandemState
from tests.conftest import Cast, Stage
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

REVEALED_AT = datetime(2026, 3, 6, 10, 0, tzinfo=UTC)


def in_year(stage: Stage) -> None:
    """The cycle of the stage in its Tandemphase."""
    in_matching(stage.cycle, CycleState.RUNNING)


def running_tandem(
    stage: Stage, cast: Cast, state: TandemState = TandemState.REVEALED, **fields: Any
) -> Tandem:
    """Mentee and mentor of the cast as a tandem that is known (or secret, by ``state``)."""
    in_year(stage)
    mentee = make_mentee(stage.cycle, stage.own, person=cast.mentee)
    mentor = make_mentor(stage.cycle, stage.other, person=cast.mentor)
    return make_pair(mentee, mentor, state, **fields)


def make_pair(
    mentee: Any, mentor: Any, state: TandemState = TandemState.REVEALED, **fields: Any
) -> Tandem:
    """A tandem revealed at the Startworkshop, unless it is secret."""
    if state in TandemState.known():
        fields.setdefault("revealed_at", REVEALED_AT)
    return make_tandem(mentee, mentor, state, **fields)


def make_meeting(tandem: Tandem, on: date, **fields: Any) -> TandemMeeting:
    """A meeting in presence, of an hour."""
    fields.setdefault("form", MeetingForm.PRESENCE)
    fields.setdefault("minutes", 60)
    return TandemMeeting.objects.create(tandem=tandem, met_on=on, **fields)
