from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from tests.programmes.roadmap.makers import START_ON, make_milestone, make_start
from tests.programmes.roadmap.task_makers import make_task


@pytest.fixture
def in_january(time_machine):
    time_machine.move_to(datetime(2026, 1, 15, 10, 0, tzinfo=UTC))


@pytest.fixture
def start(stage):
    return make_start(stage.cycle)


@pytest.fixture
def user(cast):
    return cast.lead.user


@pytest.fixture
def milestone(stage):
    return make_milestone(stage.cycle, START_ON, title="Vorstellungstermin")


@pytest.fixture
def task(stage):
    return make_task(stage.cycle, date(2026, 10, 2), title="Presse einladen")


@pytest.fixture
def page(stage):
    """The address of a page of the Aufgaben."""

    def address(name, *args):
        return reverse(f"roadmap:{name}", args=[stage.cycle.pk, *args])

    return address
