"""Claiming, reporting, stopping, losing and finishing jobs, without a worker."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.files.domain import may_read
from mentoring.files.models import StoredFile
from mentoring.jobs import domain
from mentoring.jobs.domain import (
    FAULT_MESSAGE,
    LOST_MESSAGE,
    JobContext,
    JobKind,
    claim_next,
    delete_old,
    kinds,
    run_claimed,
    start_job,
    stop_job,
    take_back_lost,
)
from mentoring.jobs.models import Job, JobState
from mentoring.ui.errors import Refused
from tests import factories as make
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def user() -> User:
    return make.make_user()


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A kind whose work the test sets: ``kind(function)``."""

    def set_work(work: Any) -> None:
        monkeypatch.setitem(kinds._entries, "test", (100, JobKind("Versuch", work)))

    set_work(lambda context: context.store(b"fertig", name="x.txt", content_type="text/plain"))
    return set_work


def run_next() -> Job:
    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)
    claimed[0].refresh_from_db()
    return claimed[0]


def later(seconds: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(seconds=seconds))


def test_a_job_runs_once_and_its_result_is_its_owners(user: User, kind: Any) -> None:
    start_job("test", by=user, params={})
    job = run_next()
    assert (job.state, job.claim, job.attempts) == (JobState.DONE, None, 1)
    assert job.result is not None
    assert may_read(user, job.result)
    assert not may_read(make.make_user(), job.result)
    assert claim_next() is None
    with later(8 * 24 * 3600):
        assert not may_read(user, job.result)


def test_a_job_is_seen_by_its_owner_only(user: User, kind: Any) -> None:
    start_job("test", by=user, params={})
    assert Job.objects.visible_to(user).count() == 1
    assert not Job.objects.visible_to(make.make_user(is_superuser=True)).exists()


def test_a_fault_is_told_in_german_and_its_text_is_not_logged(
    user: User, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def work(context: JobContext) -> None:
        raise ValueError("Erika Mustermann")

    kind(work)
    start_job("test", by=user, params={})
    job = run_next()
    assert (job.state, job.message) == (JobState.FAILED, FAULT_MESSAGE)
    assert "ValueError" in caplog.text
    assert "Erika" not in caplog.text


def test_a_refusal_is_told_as_it_stands(user: User, kind: Any) -> None:
    def work(context: JobContext) -> None:
        raise Refused("Das geht nicht.")

    kind(work)
    start_job("test", by=user, params={})
    assert run_next().message == "Das geht nicht."


def test_progress_is_written_at_most_once_a_second(user: User, kind: Any) -> None:
    seen = []

    def work(context: JobContext) -> None:
        for step in range(1, 101):
            context.progress(step, 100)
            seen.append(Job.objects.get(pk=context.job.pk).done)

    kind(work)
    start_job("test", by=user, params={})
    job = run_next()
    assert len(set(seen)) <= 3
    assert (job.done, job.total, job.percent) == (100, 100, 100)


def test_a_waiting_job_stops_at_once_a_running_one_at_its_next_report(
    user: User, kind: Any
) -> None:
    waiting = start_job("test", by=user, params={})
    stop_job(waiting, by=user)
    assert waiting.state == JobState.STOPPED

    def work(context: JobContext) -> None:
        stop_job(context.job, by=user)
        context.progress(1, 2)
        raise AssertionError("must not be reached")

    kind(work)
    running = start_job("test", by=user, params={})
    assert run_next().state == JobState.STOPPED
    with pytest.raises(Refused, match="schon beendet"):
        stop_job(running, by=user)
    with pytest.raises(Refused):
        stop_job(running, by=make.make_user())


def test_a_lost_job_is_run_again_three_times_at_most(user: User, kind: Any) -> None:
    job = start_job("test", by=user, params={})
    for attempt in (1, 2, 3):
        assert claim_next() is not None
        assert take_back_lost() == 0
        with later(61):
            assert take_back_lost() == 1
        job.refresh_from_db()
        assert job.attempts == attempt
    assert (job.state, job.message) == (JobState.FAILED, LOST_MESSAGE)


def test_a_lost_job_that_was_to_stop_has_stopped(user: User, kind: Any) -> None:
    job = start_job("test", by=user, params={})
    assert claim_next() is not None
    stop_job(job, by=user)
    with later(61):
        assert take_back_lost() == 1
    job.refresh_from_db()
    assert job.state == JobState.STOPPED


def test_the_result_of_a_lost_attempt_does_not_count(user: User, kind: Any) -> None:
    job = start_job("test", by=user, params={})
    first = claim_next()
    assert first is not None
    with later(61):
        take_back_lost()
    second = claim_next()
    assert second is not None
    run_claimed(*first)
    job.refresh_from_db()
    assert (job.state, job.claim) == (JobState.RUNNING, second[1])
    assert not StoredFile.objects.exists()
    run_claimed(*second)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_lost_attempt_learns_it_at_its_next_report(user: User) -> None:
    job = Job.objects.create(kind="test", title="x", created_by=user)
    with pytest.raises(domain.Lost):
        JobContext(job, uuid.uuid4()).progress(1, 2)


def test_a_thread_beats_for_work_that_cannot_report(user: User, kind: Any, settings: Any) -> None:
    settings.JOB_LOST_SECONDS = 0.4

    def work(context: JobContext) -> None:
        first = context.job.heartbeat_at
        beaten = Job.objects.filter(pk=context.job.pk, heartbeat_at__gt=first)
        wait_until(beaten.exists, 10)

    kind(work)
    start_job("test", by=user, params={})
    assert run_next().state == JobState.DONE


def test_nobody_has_more_than_so_many_open(
    user: User, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "MAX_OPEN_PER_USER", 1)
    start_job("test", by=user, params={})
    with pytest.raises(Refused, match="zu viele"):
        start_job("test", by=user, params={})


def test_old_jobs_go(user: User, kind: Any) -> None:
    start_job("test", by=user, params={})
    run_next()
    start_job("test", by=user, params={})
    assert delete_old() == 0
    with later(31 * 24 * 3600):
        assert delete_old() == 1
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"state": "running"},
        {"state": "done"},
        {"state": "failed", "finished_at": timezone.now()},
        {"state": "queued", "finished_at": timezone.now()},
        {"state": "queued", "claim": uuid.uuid4()},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_impossible_states(user: User, values: dict[str, Any]) -> None:
    job = Job.objects.create(kind="test", title="x", created_by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**values)
