"""The cast that every test of rights speaks of, and the stage it stands on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from auditlog.context import disable_auditlog
from django.db import connection
from django.test import Client

from mentoring.accounts.models import User
from programmes.cycles.models import Cycle, ParticipantRole, Programme
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.people.models import Person
from tests import factories as make
from tests import template

CONFIGURED = str(connection.settings_dict["NAME"])
"""The database outside of tests."""

Building = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Stage:
    """One programme with an open cycle in the application phase and two Kommunen in it."""

    programme: Programme
    cycle: Cycle
    own: Municipality
    other: Municipality
    partner: LogisticsPartner


@dataclass(frozen=True)
class Cast:
    """One person per role of the design's table. ``stranger`` has a sign-in and no role."""

    lead: Person
    member: Person
    permanent: Person
    former: Person
    hr: Person
    other_hr: Person
    logistics: Person
    mentee: Person
    mentor: Person
    stranger: Person
    operator: User

    def user(self, name: str) -> User | None:
        """The sign-in of a member of the cast; ``None`` for "anonymous"."""
        if name == "anonymous":
            return None
        if name == "operator":
            return self.operator
        person: Person = getattr(self, name)
        assert person.user is not None
        return person.user


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_use_migrations: bool, django_db_blocker: Any
) -> Iterator[None]:
    """The database of this process; as migrated it is kept for products of their own."""
    if not django_db_use_migrations:
        yield
        return
    keeping = template.kept(configured=CONFIGURED)
    with django_db_blocker.unblock(), keeping, django_db_blocker.block():
        yield


@pytest.fixture
def building() -> Building:
    """Around the making of stage and cast: nobody logs it, which takes a quarter of the time.

    Tests of the log itself put another one in its place.
    """
    return disable_auditlog


@pytest.fixture
def stage(db: None, building: Building) -> Stage:
    with building():
        return _make_stage()


def _make_stage() -> Stage:
    partner = make.make_partner(name="Studieninstitut Musterland")
    programme = make.make_programme(name="Mentoring im Musterland", logistics_partner=partner)
    cycle = make.make_cycle(programme, number=11)
    own = make.make_municipality("Ahausen")
    other = make.make_municipality("Übelheim")
    make.make_participation(cycle, own)
    make.make_participation(cycle, other)
    return Stage(programme, cycle, own, other, partner)


@pytest.fixture
def cast(stage: Stage, building: Building) -> Cast:
    with building():
        return _make_cast(stage)


def _make_cast(stage: Stage) -> Cast:
    own, other = stage.cycle.participations.order_by("municipality__sort_key")
    old_cycle = make.make_cycle(stage.programme, number=10, state="closed")
    old_seat = make.make_participation(old_cycle, stage.own)
    mentee = make.make_participant(stage.cycle, stage.own, ParticipantRole.MENTEE, sign_in=True)
    mentor = make.make_participant(stage.cycle, stage.other, ParticipantRole.MENTOR, sign_in=True)
    return Cast(
        lead=make.make_seat(other, lead=True),
        member=make.make_seat(own),
        permanent=make.make_permanent_member(stage.programme),
        former=make.make_seat(old_seat),
        hr=make.make_hr(stage.own),
        other_hr=make.make_hr(stage.other),
        logistics=make.make_logistics(stage.partner),
        mentee=mentee.person,
        mentor=mentor.person,
        stranger=make.make_person(sign_in=True),
        operator=make.make_user("betrieb@institut.example", is_staff=True, is_superuser=True),
    )


@pytest.fixture
def client_of(cast: Cast):
    """A function from a name of the cast to a browser in which that person is signed in."""

    def client(name: str) -> Client:
        browser = Client()
        user = cast.user(name)
        if user is not None:
            browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return client
