"""What the tests of this room share: a complete sheet, and doors opened by a user."""

from datetime import date
from typing import Any

import pytest

from programmes.cycles.models import CouncilSeat
from programmes.people.models import Person
from tandems.applications import domain
from tandems.applications.models import Application
from tandems.profiles.domain import Named, Naming
from tests.conftest import Cast, Stage

MOTIVATION = "Unverwechselbare Motivation über Ämtergrenzen"


def complete(**values: Any) -> dict[str, Any]:
    """Answers that suffice for submission and nomination."""
    return {
        "first_name": "Käthe",
        "last_name": "Öztürk-O'Neill",
        "email": "kaethe@ahausen.example",
        "phone": "02501 12345",
        "title": "",
        "department": "Jugendamt",
        "position": "Sachgebietsleitung",
        "target_group": "leadership",
        "role_since": date(2025, 3, 1),
        "motivation": MOTIVATION,
        "topics": ["leadership", "conflict"],
        "goals": "Eigene Ziele",
        "expectations": "Offenheit",
        "career": "Studium, dann Jugendamt",
        "time_commitment": True,
        "superior": None,
        "excluded": [],
        "superior_agreed": "Frau Amtsleitung",
        "superior_agreed_on": date(2026, 1, 8),
        "hr_agreed": "Herr Entwicklung",
        "hr_agreed_on": date(2026, 1, 9),
        "statement": "Geheime Stellungnahme",
        "consent_forward": date(2026, 1, 10),
        **values,
    }


def answers(**values: Any) -> dict[str, Any]:
    """The same as the doors take it: people named as exclusions, not as posted."""
    found = complete(**values)
    return {**found, "excluded": Naming(tuple(Named(person=one) for one in found["excluded"]))}


def posted(**values: Any) -> dict[str, Any]:
    """The same as a browser posts it."""
    data = complete(**values)
    for name, value in data.items():
        if isinstance(value, date):
            data[name] = value.isoformat()
    data["time_commitment"] = "on" if data["time_commitment"] else None
    return {key: "" if value is None else value for key, value in data.items()}


@pytest.fixture
def by_hr(stage: Stage, cast: Cast) -> Any:
    """A maker of applications by the HR staff of the own Kommune, in the state wanted."""

    def make(state: str = "draft", *, rank: int = 1, **values: Any) -> Application:
        user = cast.user("hr")
        application = domain.create_draft(
            cycle=stage.cycle, municipality=stage.own, values=answers(**values), by=user
        )
        if state == "draft":
            return application
        application = domain.submit(application, by=user)
        if state == "submitted":
            return application
        if state == "not_nominated":
            return domain.not_nominate(application, by=user)
        application = domain.nominate(application, rank=rank, by=user)
        if state == "withdrawn":
            return domain.withdraw(application, reason="Grund", by=user)
        return application

    return make


@pytest.fixture
def second_seat(stage: Stage, cast: Cast) -> Person:
    """The second seat of the other Kommune: somebody to name as superior or excluded."""
    from tests import factories as make

    participation = stage.cycle.participations.get(municipality=stage.other)
    assert CouncilSeat.objects.filter(participation=participation).count() == 1
    return make.make_seat(participation)
