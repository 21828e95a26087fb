"""The reveal by the clock, only where a cycle chose so, and never against the day."""

from datetime import timedelta

import pytest
import time_machine

from mentoring.jobs.sweep import run_sweep
from programmes.cycles.models import Cycle, CycleState
from programmes.roadmap.models import Milestone
from tandems.mentors import domain as mentors
from tandems.mentors.models import MentorState
from tandems.pairs.models import EndReason, Tandem, TandemState
from tandems.reveal import domain
from tests.tandems.pairs.makers import make_mentee, make_mentor, make_tandem
from tests.tandems.reveal.makers import MORNING, fresh, is_known, on_the_day, sealed, workshop

AT = MORNING + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT + timedelta(minutes=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def cycle(stage):
    return on_the_day(stage, reveal_at=AT)


def test_at_its_time_the_sweep_reveals(cycle, stage, clock):
    tandem = sealed(stage)
    clock.move_to(AT - timedelta(seconds=1))
    assert domain.reveal_due() == 0
    clock.move_to(AT)
    run_sweep()
    assert is_known(tandem)
    first = fresh(tandem).revealed_at
    clock.shift(timedelta(minutes=5))
    assert domain.reveal_due() == 0
    assert fresh(tandem).revealed_at == first


def test_without_a_chosen_time_no_clock_ever_does(stage, clock):
    cycle = on_the_day(stage)
    tandem = sealed(stage)
    for _ in range(3):
        assert domain.reveal_due() == 0
        clock.shift(timedelta(days=1))
    assert cycle.reveal_at is None
    assert not is_known(tandem)


def test_the_workshop_cancelled_that_morning(cycle, stage):
    tandem = sealed(stage)
    workshop(cycle, state="cancelled", cancel_reason="Schnee")
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


def test_cancelled_and_planned_anew_for_another_day(cycle, stage):
    tandem = sealed(stage)
    workshop(cycle, state="cancelled", cancel_reason="Schnee")
    later = workshop(cycle)
    later.starts_at += timedelta(days=14)
    later.ends_at += timedelta(days=14)
    later.save()
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


def test_the_milestone_dropped(cycle, stage):
    tandem = sealed(stage)
    day = MORNING.date()
    Milestone.objects.create(
        cycle=cycle,
        key="start",
        title="Startworkshop",
        starts_on=day,
        ends_on=day,
        state="dropped",
        drop_reason="Entfällt",
    )
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


@pytest.mark.parametrize("day", [None, MORNING.date() + timedelta(days=1)])
def test_no_day_or_a_later_one(cycle, stage, day):
    tandem = sealed(stage)
    cycle.start_workshop_on = day
    cycle.save()
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


@pytest.mark.parametrize(
    "change",
    [
        {"reveal_at": AT + timedelta(days=1)},
        {"reveal_at": None},
        {"state": CycleState.CANCELLED, "cancel_reason": "Keine Mittel"},
    ],
)
def test_the_time_is_moved_while_the_task_runs(cycle, stage, monkeypatch, change):
    """Between finding what is due and holding the cycle somebody changes it."""
    tandem = sealed(stage)
    hold = domain.held_row

    def held_after_the_change(row):
        Cycle.objects.filter(pk=row.pk).update(**change)
        return hold(row)

    monkeypatch.setattr(domain, "held_row", held_after_the_change)
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


def test_a_day_later_it_is_for_a_lead(cycle, stage, clock):
    """The worker was down all day: nobody finds at breakfast what was not said in the room."""
    tandem = sealed(stage)
    clock.move_to(AT + timedelta(days=1))
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


def test_what_is_broken_is_held_back_and_stays_so_when_mended(cycle, stage, cast, clock):
    fine, broken = sealed(stage), sealed(stage)
    lead = cast.user("lead")
    mentors.end(broken.mentor, by=lead)
    assert domain.reveal_due() == 1
    assert (is_known(fine), is_known(broken)) == (True, False)
    mentor = broken.mentor
    mentor.refresh_from_db()
    mentor.state, mentor.agreed_on = MentorState.AGREED, MORNING.date()
    mentor.save()
    clock.shift(timedelta(minutes=1))
    assert domain.reveal_due() == 0
    assert not is_known(broken)


def test_what_is_sealed_after_the_time_is_for_a_lead(cycle, stage):
    tandem = sealed(stage, sealed_at=AT + timedelta(seconds=30))
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


def test_a_match_anew_is_never_revealed_by_the_clock(cycle, stage):
    mentee = make_mentee(cycle, stage.own)
    ended = make_tandem(
        mentee,
        make_mentor(cycle, stage.other),
        TandemState.ENDED_EARLY,
        end_reason=EndReason.FIT,
        revealed_at=AT - timedelta(days=60),
    )
    tandem = make_tandem(
        mentee,
        make_mentor(cycle, stage.other),
        TandemState.SEALED,
        after=ended,
        sealed_at=AT - timedelta(days=1),
    )
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


def test_what_is_not_sealed_stays_secret(cycle, stage):
    tandem = make_tandem(
        make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), TandemState.AGREED
    )
    assert domain.reveal_due() == 0
    assert not is_known(tandem)


def test_one_cycle_that_fails_holds_up_no_other(cycle, stage, monkeypatch):
    tandem = sealed(stage)
    real = domain._reveal_by_clock
    due = [cycle.pk + 1000, cycle.pk]

    class Due:
        def __getattr__(self, name):
            return lambda *args, **kwargs: self

        def __iter__(self):
            return iter(due)

    monkeypatch.setattr(domain.Tandem.objects, "filter", lambda **kwargs: Due())
    called = []

    def one(pk):
        called.append(pk)
        if pk != cycle.pk:
            raise RuntimeError("broken")
        monkeypatch.undo()
        return real(pk)

    monkeypatch.setattr(domain, "_reveal_by_clock", one)
    assert domain.reveal_due() == 1
    assert called == due
    assert Tandem.objects.get(pk=tandem.pk).revealed_at is not None
