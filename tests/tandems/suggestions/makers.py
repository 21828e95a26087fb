"""Mentees and mentors whose sheets say what the suggestions compare."""

from typing import Any

from django.urls import reverse

from tandems.applications.models import Application
from tandems.mentors.models import Mentor
from tests import factories as make
from tests.tandems.pairs.makers import make_mentee, make_mentor


def mentee(stage: Any, name: str, house: Any = None, **fields: Any) -> Application:
    """A mentee of Ahausen called Erika with this last name."""
    house = house or stage.own
    person = make.make_person("Erika", name, municipality=house)
    fields.setdefault("topics", ["leadership"])
    return make_mentee(stage.cycle, house, person=person, **fields)


def mentor(stage: Any, name: str, house: Any = None, **fields: Any) -> Mentor:
    """A mentor of Übelheim called Martin with this last name."""
    house = house or stage.other
    person = make.make_person("Martin", name, municipality=house)
    fields.setdefault("topics", ["leadership"])
    return make_mentor(stage.cycle, house, person=person, **fields)


def url(stage: Any, name: str, *args: Any) -> str:
    """The address of a page of this room."""
    return reverse(f"suggestions:{name}", args=[stage.cycle.pk, *args])


def text_of(response: Any) -> str:
    """The page as text."""
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())
