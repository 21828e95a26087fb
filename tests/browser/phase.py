"""What the stories of the application phase play on: applicants, and somebody of the pool.

As ``stage`` it runs inside the product that is tried.
"""

from django.utils import timezone

from programmes.cycles.models import Cycle, ParticipantRole, Programme
from programmes.organisations.models import Municipality
from tandems.applications.models import ApplicationState
from tandems.mentors.models import PoolEntry
from tests.browser.names import AWAITED, AWARE, KNOWN, LATECOMER, RANKED, STRANGER, names
from tests.factories import make_application, make_participant, make_person

STORIES = ("applicants", "paper", "places", "mentors")


def play(story: str, cycle: Cycle, houses: tuple[Municipality, Municipality]) -> None:
    """Put the people of ``story`` into ``cycle``."""
    if story == "applicants":
        _drafts(cycle, *houses)
    if story == "places":
        _nominations(cycle, *houses)
    if story == "mentors":
        _pool(cycle.programme, houses[1])


def _drafts(cycle: Cycle, first: Municipality, second: Municipality) -> None:
    """One to be filled in by its applicant, and one each Kommune has handed in."""
    make_application(
        cycle,
        first,
        person=make_person(municipality=first, **names(*AWAITED)),
        answers={"time_commitment": False},
    )
    for house, name in ((first, KNOWN), (second, STRANGER)):
        make_application(
            cycle,
            house,
            ApplicationState.SUBMITTED,
            person=make_person(municipality=house, **names(*name)),
            consent_on=timezone.localdate(),
            department="Ordnungsamt",
            topics=["leadership"],
        )


def _nominations(cycle: Cycle, *houses: Municipality) -> None:
    """Three of each Kommune for three places; one of them has a sign-in.

    Each Kommune gets a place for its first, and the second ranks are a tie.
    """
    cycle.places = 3
    cycle.save()
    for house, people in zip(houses, RANKED, strict=True):
        for rank, name in enumerate(people, start=1):
            person = make_person(municipality=house, sign_in=name == AWARE, **names(*name))
            make_application(cycle, house, ApplicationState.NOMINATED, person=person, rank=rank)
            make_participant(cycle, house, ParticipantRole.APPLICANT, person=person)


def _pool(programme: Programme, house: Municipality) -> None:
    """A former mentee who agreed to be asked."""
    PoolEntry.objects.create(
        programme=programme,
        person=make_person(municipality=house, **names(*LATECOMER)),
        consent_on=timezone.localdate(),
        consent_text="Ich darf wieder gefragt werden.",
    )
