"""Two people who may be a tandem, each with a browser of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from programmes.cycles.models import CycleState, ParticipantRole
from programmes.people.models import Person
from tandems.applications.models import Application
from tandems.mentors.models import Mentor
from tandems.pairs.models import Tandem, TandemState
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor, make_tandem

SECRET = "Geheimrat"
"""The last name of the mentor in the tests of secrecy."""


def browser_of(person: Person) -> Client:
    """A browser in which ``person`` is signed in."""
    browser = Client()
    assert person.user is not None
    browser.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@dataclass
class Two:
    """A mentee of Ahausen and a mentor of Übelheim, and the tandem if one was made."""

    application: Application
    mentor: Mentor
    tandem: Tandem | None = None

    @property
    def mentee_person(self) -> Person:
        return self.application.person

    @property
    def mentor_person(self) -> Person:
        assert self.mentor.person is not None
        return self.mentor.person

    @property
    def as_mentee(self) -> Client:
        return browser_of(self.mentee_person)

    @property
    def as_mentor(self) -> Client:
        return browser_of(self.mentor_person)


@pytest.fixture
def pair(stage: Stage, cast: Cast) -> Callable[..., Two]:
    """Makes two people of the running cycle, and with a state their tandem."""

    def make_pair(state: str = "", *, mentor: Mentor | None = None, **fields: Any) -> Two:
        in_matching(stage.cycle, CycleState.RUNNING)
        mentee_person = make.make_person(
            "Mia", "Mentee", municipality=stage.own, sign_in=True, phone="02561 11"
        )
        application = make_mentee(stage.cycle, stage.own, person=mentee_person)
        if mentor is None:
            mentor_person = make.make_person(
                "Max", SECRET, municipality=stage.other, sign_in=True, phone="02561 22"
            )
            mentor = make_mentor(
                stage.cycle, stage.other, person=mentor_person, position="Leitung Tiefbau"
            )
            make.make_participant(
                stage.cycle, stage.other, ParticipantRole.MENTOR, person=mentor_person
            )
        make.make_participant(stage.cycle, stage.own, ParticipantRole.MENTEE, person=mentee_person)
        two = Two(application, mentor)
        if state:
            two.tandem = make_tandem(application, mentor, TandemState(state), **fields)
        return two

    return make_pair
