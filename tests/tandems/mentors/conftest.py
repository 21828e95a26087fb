"""What the tests of this room share."""

from typing import Any

import pytest

from tandems.mentors import domain
from tandems.mentors.models import Mentor
from tests.conftest import Cast, Stage


@pytest.fixture
def named() -> domain.Named:
    return domain.Named("Käthe", "Öztürk", email="kaethe@uebelheim.example", phone="0251 1")


@pytest.fixture
def idea(stage: Stage, cast: Cast) -> Mentor:
    """An idea of the member for the other Kommune."""
    return domain.add_idea(
        cycle=stage.cycle,
        municipality=stage.other,
        position="Leitung Jugendamt",
        department="Jugend",
        topics=["leadership"],
        by=cast.user("member"),
    )


@pytest.fixture
def approached(idea: Mentor, named: domain.Named, cast: Cast) -> Mentor:
    """The same, claimed by the member for somebody new."""
    domain.claim(idea, named=named, by=cast.user("member"))
    idea.refresh_from_db()
    return idea


@pytest.fixture
def door(cast: Cast) -> Any:
    """The user of a member of the cast, as the doors want it."""
    return cast.user
