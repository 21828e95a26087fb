"""A wall with something on it."""

from typing import Any

import pytest

from programmes.cycles.models import Participation
from tandems.applications.models import Application
from tandems.matching import domain
from tandems.matching.models import MatchIdea
from tandems.mentors.models import Mentor
from tests import factories as make
from tests.tandems.pairs.makers import in_matching, make_mentee, make_mentor

__all__ = ["Scene", "house_of", "idea", "in_matching", "make_mentee", "make_mentor", "scene"]


class Scene:
    """A mentee of Ahausen, a mentor of Übelheim, an idea the member had."""

    def __init__(self, stage: Any, cast: Any) -> None:
        self.stage, self.cast = stage, cast
        self.cycle = in_matching(stage.cycle)
        person = make.make_person("Mina", "Mentee", municipality=stage.own)
        self.mentee: Application = make_mentee(stage.cycle, stage.own, person=person)
        other = make.make_person("Tara", "Mentorin", municipality=stage.other)
        self.mentor: Mentor = make_mentor(stage.cycle, stage.other, person=other)
        self.lead, self.member = cast.user("lead"), cast.user("member")

    def idea(self, **fields: Any) -> MatchIdea:
        """The pair on the wall."""
        return idea(self.mentee, self.mentor, by=fields.pop("by", self.member), **fields)


def idea(application: Application, mentor: Mentor, *, by: Any, **fields: Any) -> MatchIdea:
    """A pair put on the wall as a member would."""
    fields.setdefault("reason", "Beide bauen gerade ein Amt um.")
    return domain.add_idea(application, mentor, by=by, **fields)


def house_of(cycle: Any, municipality: Any) -> Participation:
    """The Kommune as it takes part."""
    found: Participation = cycle.participations.select_related("municipality").get(
        municipality=municipality
    )
    return found


@pytest.fixture
def scene(stage: Any, cast: Any) -> Scene:
    return Scene(stage, cast)
