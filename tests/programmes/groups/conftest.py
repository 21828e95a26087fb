import pytest

from programmes.cycles.models import ParticipantRole
from tests.programmes.groups.makers import (
    make_houses,
    make_meeting,
    make_mentees,
)


@pytest.fixture
def meeting(stage, cast):
    # The cast has a mentee of its own; these tests count.
    stage.cycle.participants.filter(role=ParticipantRole.MENTEE).delete()
    return make_meeting(stage.cycle)


@pytest.fixture
def mentees(stage, meeting):
    return make_mentees(stage.cycle, make_houses())


@pytest.fixture
def lead(cast):
    return cast.user("lead")
