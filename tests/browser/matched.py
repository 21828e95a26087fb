"""What the stories of the matching and of the tandems' year play on.

As ``stage`` it runs inside the product that is tried.
"""

from datetime import date, timedelta

from django.utils import timezone

from programmes.cycles.models import Cycle, CycleState, ParticipantRole
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.applications.models import Application
from tandems.meetings.models import MeetingForm, TandemMeeting
from tandems.mentors.models import Mentor
from tandems.pairs.models import Tandem, TandemState
from tests.browser.names import (
    GONE,
    GUIDES,
    JANA,
    JOERG,
    LIVELY,
    PLACED,
    SPARE,
    STILL,
    names,
)
from tests.factories import make_participant, make_person
from tests.tandems.pairs import makers

STORIES = {"matching": CycleState.MATCHING, "year": CycleState.RUNNING}
TOPICS = ["leadership"]


def first_day() -> date:
    """When the tandems of the story of the year began: so long ago that eight meetings fit."""
    return timezone.localdate() - timedelta(weeks=40)


def play(story: str, cycle: Cycle, houses: tuple[Municipality, Municipality, Municipality]) -> None:
    """Put the people of ``story`` into ``cycle``; the houses are Ahausen, Übelheim, Cehausen."""
    if story == "matching":
        _before_the_reveal(cycle, *houses)
    if story == "year":
        _in_their_year(cycle, *houses)


def _before_the_reveal(
    cycle: Cycle, ahausen: Municipality, uebelheim: Municipality, cehausen: Municipality
) -> None:
    """Three placed mentees and three agreed mentors on the day of the Startworkshop."""
    cycle.start_workshop_on = timezone.localdate()
    cycle.save()
    for house, name in zip((ahausen, uebelheim, cehausen), PLACED, strict=True):
        _mentee(cycle, house, name, sign_in=name == PLACED[0])
    for house, name in zip((uebelheim, ahausen, cehausen), GUIDES, strict=True):
        _mentor(cycle, house, name, sign_in=name == GUIDES[0])


def _in_their_year(
    cycle: Cycle, ahausen: Municipality, uebelheim: Municipality, cehausen: Municipality
) -> None:
    """Tandems that were revealed: one about to meet, one silent, one that met last week."""
    cycle.start_workshop_on = first_day()
    cycle.save()
    _tandem(
        _mentee(cycle, ahausen, JANA, sign_in=True), _mentor(cycle, uebelheim, JOERG, sign_in=True)
    )
    silent = _tandem(_mentee(cycle, uebelheim, STILL, sign_in=True), _mentor(cycle, ahausen, GONE))
    lively = _tandem(_mentee(cycle, cehausen, LIVELY[0]), _mentor(cycle, ahausen, LIVELY[1]))
    for tandem, weeks in ((silent, 30), (silent, 20), (lively, 1)):
        TandemMeeting.objects.create(
            tandem=tandem,
            met_on=timezone.localdate() - timedelta(weeks=weeks),
            form=MeetingForm.PHONE,
            minutes=77,
            entered_by=tandem.mentee_person,
        )
    _mentor(cycle, ahausen, SPARE)


def _mentee(
    cycle: Cycle, house: Municipality, name: tuple[str, str], *, sign_in: bool = False
) -> Application:
    """Placed and told so; one of the participants."""
    person = _person(cycle, house, name, ParticipantRole.MENTEE, sign_in=sign_in)
    return makers.make_mentee(cycle, house, person=person, topics=TOPICS)


def _mentor(
    cycle: Cycle, house: Municipality, name: tuple[str, str], *, sign_in: bool = False
) -> Mentor:
    """Agreed; one of the participants."""
    person = _person(cycle, house, name, ParticipantRole.MENTOR, sign_in=sign_in)
    return makers.make_mentor(cycle, house, person=person, topics=TOPICS)


def _person(
    cycle: Cycle,
    house: Municipality,
    name: tuple[str, str],
    role: ParticipantRole,
    *,
    sign_in: bool,
) -> Person:
    person = make_person(municipality=house, sign_in=sign_in, **names(*name))
    make_participant(cycle, house, role, person=person)
    return person


def _tandem(application: Application, mentor: Mentor) -> Tandem:
    """Revealed on the first day of the year."""
    revealed_at = timezone.now() - (timezone.localdate() - first_day())
    return makers.make_tandem(application, mentor, TandemState.REVEALED, revealed_at=revealed_at)
