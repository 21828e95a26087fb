"""What the tests of the Platzvergabe share."""

from typing import Any

from programmes.cycles.models import Cycle, ParticipantRole
from programmes.organisations.models import Municipality
from tandems.applications.models import Application, ApplicationState
from tandems.places import domain
from tandems.places.domain import VoiceEntry
from tandems.places.models import Allocation, AllocationLine, Stance, Voice
from tests import factories as make


def nominate(cycle: Cycle, house: Municipality, rank: int = 1, **fields: Any) -> Application:
    """A nominated application with the participant its nomination made."""
    application = make.make_application(
        cycle, house, ApplicationState.NOMINATED, rank=rank, **fields
    )
    make.make_participant(cycle, house, ParticipantRole.APPLICANT, person=application.person)
    return application


def start(cycle: Cycle, by: Any, places: int | None = None, rule: str = "rounds") -> Allocation:
    """The first proposal."""
    if places is not None:
        cycle.places = places
        cycle.save()
    return domain.start_allocation(cycle, rule=rule, by=by)


def line(application: Application) -> AllocationLine:
    """Its line, read now."""
    return AllocationLine.objects.select_related("allocation").get(application=application)


def agree(allocation: Allocation, by: Any) -> None:
    """Every Kommune that takes part agrees."""
    entries = []
    for part in allocation.cycle.participations.filter(state="confirmed"):
        voice = Voice.objects.filter(allocation=allocation, participation=part).first()
        entries.append(VoiceEntry(part, Stance.AGREE, "", voice.version if voice else 0))
    domain.record_voices(allocation, entries, by=by)


def closed(cycle: Cycle, by: Any, places: int | None = None) -> Allocation:
    """A Platzvergabe everybody agreed to, without ties, closed."""
    allocation = start(cycle, by, places)
    agree(allocation, by)
    return domain.close(allocation, by=by)
