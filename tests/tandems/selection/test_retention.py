"""Notes serve the decision on places and tandems, and go when both are made."""

from datetime import date, timedelta

import pytest

from mentoring.log.models import LogEntry
from programmes.people.retention import known_about
from tandems.applications.models import ApplicationState
from tandems.selection.models import ApplicationNote
from tests import factories as make
from tests.programmes.privacy.makers import moved, night_of, own_period

RUNNING = date(2026, 6, 1)


@pytest.fixture
def note(stage, cast):
    placed = make.make_application(stage.cycle, stage.own, ApplicationState.PLACED)
    return ApplicationNote.objects.create(
        application=placed, author=cast.member, text="Eindruck", shared=True
    )


def test_kept_until_the_tandems_began_and_four_weeks_on(stage, note):
    night_of(date(2035, 1, 1))
    assert ApplicationNote.objects.exists()
    moved(stage.cycle, "running", running_on=RUNNING)
    night_of(RUNNING + timedelta(days=27))
    assert ApplicationNote.objects.exists()
    assert night_of(RUNNING + timedelta(days=28)) == 1
    assert not ApplicationNote.objects.exists()
    assert not LogEntry.objects.filter(object_repr__startswith="Notiz").exists()
    assert night_of(RUNNING + timedelta(days=28)) == 0


def test_the_cycles_own_period_holds(stage, note):
    own_period(stage.cycle, "notes", 3)
    moved(stage.cycle, "running", running_on=RUNNING)
    night_of(RUNNING + timedelta(days=3))
    assert not ApplicationNote.objects.exists()


def test_neither_side_reads_the_text(note, cast):
    assert "Eindruck" not in str(known_about(note.application.person))
    assert "Eindruck" not in str(known_about(cast.member))
    assert "1" in str(dict(known_about(cast.member))["Notizen"])
