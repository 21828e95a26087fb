"""The sweep, the daily work, and waking a worker whose broker may be down."""

import socket
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from mentoring.celery import app
from mentoring.jobs import sweep, turns, waking
from mentoring.jobs.models import Turn
from mentoring.jobs.sweep import run_sweep, worker_seen
from mentoring.jobs.turns import run_daily, take_turn
from mentoring.registry import Registry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Registries of this test alone; what ran is listed."""
    done: list[str] = []

    def work(name: str) -> Any:
        def run() -> int:
            done.append(name)
            if name.startswith("bad"):
                raise ValueError("Erika Mustermann")
            return 1

        return run

    for module, attribute, names in (
        (sweep, "sweepers", ("good", "bad", "zuletzt")),
        (turns, "daily", ("bad.daily", "good.daily")),
        (turns, "mornings", ()),
    ):
        registry: Registry[Any] = Registry(attribute)
        for name in names:
            registry.add(name, work(name))
        monkeypatch.setattr(module, attribute, registry)
    return done


def test_one_that_fails_stops_none_of_the_others(
    ran: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    run_sweep()
    assert ran == ["bad", "good", "zuletzt", "bad.daily", "good.daily"]
    assert "ValueError" in caplog.text
    assert "Erika" not in caplog.text
    assert worker_seen()


def test_two_sweeps_at_once_do_the_work_once(ran: list[str]) -> None:
    run_sweep()
    del ran[:]
    run_sweep()
    assert ran == []


def test_daily_work_runs_once_a_day_and_a_failed_one_again_after_an_hour(ran: list[str]) -> None:
    noon = timezone.localtime().replace(hour=12)
    with time_machine.travel(noon):
        assert run_daily() == 1
        assert run_daily() == 0
    assert ran == ["bad.daily", "good.daily"]
    with time_machine.travel(noon + timedelta(hours=1, minutes=1)):
        run_daily()
    assert ran[2:] == ["bad.daily"]
    with time_machine.travel(noon + timedelta(hours=13)):
        assert run_daily() == 1
    assert ran[3:] == ["bad.daily", "good.daily"]


def test_morning_work_waits_for_the_morning_in_berlin(ran: list[str]) -> None:
    turns.mornings.add("mail", lambda: ran.append("mail") or 1)  # type: ignore[func-returns-value]  # append gives None
    winter = timezone.make_aware(datetime(2026, 1, 12, 6, 29))
    summer = timezone.make_aware(datetime(2026, 7, 13, 6, 29))
    for early in (winter, summer):
        del ran[:]
        with time_machine.travel(early, tick=False):
            run_daily()
        assert "mail" not in ran
        for minutes in (1, 2, 600):
            with time_machine.travel(early + timedelta(minutes=minutes), tick=False):
                run_daily()
        assert ran.count("mail") == 1


def test_a_turn_is_taken_by_one(ran: list[str]) -> None:
    every = timedelta(minutes=1)
    assert take_turn("x", every)
    assert not take_turn("x", every)
    with time_machine.travel(timezone.now() + every):
        assert take_turn("x", every)


def test_the_workers_sign_is_old_after_two_minutes(ran: list[str]) -> None:
    assert not worker_seen()
    run_sweep()
    with time_machine.travel(timezone.now() + timedelta(minutes=2, seconds=1)):
        assert not worker_seen()
    assert Turn.objects.filter(name="worker").count() == 1


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks that would have been sent."""
    tasks: list[str] = []
    monkeypatch.setattr(waking, "send", tasks.append)
    waking._call.cache_clear()
    return tasks


def test_waking_waits_for_the_commit_and_happens_once(sent: list[str]) -> None:
    with transaction.atomic():
        waking.wake("a")
        with transaction.atomic():
            waking.wake("a")
            waking.wake("b")
        assert sent == []
    assert sent == ["a", "b"]


def test_what_is_rolled_back_wakes_nobody(sent: list[str]) -> None:
    with transaction.atomic():
        with transaction.atomic():
            waking.wake("a")
            transaction.set_rollback(True)
        waking.wake("b")
    assert sent == ["b"]
    assert connection.run_on_commit == []


@pytest.mark.parametrize("silent", [False, True])
def test_a_broker_that_is_down_costs_two_seconds_once_and_never_an_error(
    monkeypatch: pytest.MonkeyPatch, silent: bool
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if silent:
            listener.listen()
        port = listener.getsockname()[1]
        options = {
            "socket_connect_timeout": 1,
            "socket_timeout": 2,
            "max_retries": 1,
            "interval_start": 0,
            "connect_retries_timeout": 1,
        }
        broken = app.__class__("broken", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
        broken.conf.update(broker_transport_options=options, task_publish_retry=False)
        monkeypatch.setattr(waking, "current_app", broken)
        monkeypatch.setattr(waking, "_silent_until", 0.0)
        start = time.monotonic()
        assert not waking.send("mentoring.jobs.tasks.sweep")
        assert time.monotonic() - start < 4
        start = time.monotonic()
        assert not waking.send("mentoring.jobs.tasks.sweep")
        assert time.monotonic() - start < 0.1
        broken.close()
