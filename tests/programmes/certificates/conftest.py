import pytest

from programmes.cycles.models import ParticipantRole
from programmes.events.models import EventKind
from tests import factories as make
from tests.programmes.certificates.makers import make_held, make_presence


@pytest.fixture
def year(stage, cast):
    """Four events: the mentee of the cast was at two, Anna at all, Boris (a mentor) at none.

    What came before a place was given, and a session of the Beirat, count for nobody.
    """
    events = [make_held(stage.cycle, f"{number}. Treffen aller") for number in (1, 2, 3)]
    events.append(make_held(stage.cycle, "Startworkshop", EventKind.START))
    anna = make.make_person("Anna", "Ärmel", municipality=stage.own, salutation="ms", title="Dr.")
    boris = make.make_person("Boris", "Berg", municipality=stage.other)
    make.make_participant(stage.cycle, stage.own, ParticipantRole.MENTEE, person=anna)
    make.make_participant(stage.cycle, stage.other, ParticipantRole.MENTOR, person=boris)
    for event in events:
        make_presence(event, anna)
    make_presence(events[0], boris, attended=False)
    make_presence(events[0], cast.mentee)
    make_presence(events[1], cast.mentee)
    make_presence(events[2], cast.mentee, attended=None)
    for kind in (EventKind.COUNCIL, EventKind.INTRODUCTION):
        before = make_held(stage.cycle, f"Vorher {kind}", kind)
        make_presence(before, boris)
        make_presence(before, anna)
    return {"anna": anna, "boris": boris}
