"""A real worker, killed in the middle of jobs: each is run again and ends exactly once."""

import random
from pathlib import Path
from typing import Any

import pytest

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import start_job, stop_job
from mentoring.jobs.models import Job, JobState, Turn
from mentoring.jobs.sweep import worker_seen
from tests import factories as make
from tests import slow_jobs
from tests.stack import Stack
from tests.waiting import pass_time, wait_until

pytestmark = pytest.mark.kill


@pytest.fixture
def stack(transactional_db: None, settings: Any, tmp_path: Path) -> Any:
    """Worker processes on this test's own database and broker, quick to notice a death."""
    settings.MEDIA_ROOT = tmp_path / "data" / "files"
    env = {"SWEEP_SECONDS": "0.5", "JOB_LOST_SECONDS": "2", "JOBS_AT_ONCE": "2"}
    stack = Stack.on_test_database(tmp_path / "data", env=env)
    yield stack
    stack.close()


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.smoke), 2])
def test_jobs_of_a_killed_worker_are_run_again(stack: Stack, seed: int) -> None:
    slow_jobs.register()
    chance = random.Random(seed)
    user = make.make_user()
    jobs = [start_job("slow", by=user, params={"number": number}) for number in range(4)]
    worker = stack.start_worker(include="tests.slow_jobs")
    for _ in range(2):
        running = Job.objects.filter(state=JobState.RUNNING, done__gt=0)
        wait_until(running.exists, 90, "a job is under way")
        pass_time(chance.uniform(0, 1.5))
        stack.kill(worker)
        Turn.objects.all().delete()
        worker = stack.start_worker(include="tests.slow_jobs")
    # The jobs may have ended before the last worker was up to be told to stop.
    wait_until(worker_seen, 90, "the last worker is up")

    def ended() -> bool:
        return not Job.objects.filter(state__in=("queued", "running")).exists()

    wait_until(ended, 90, "all jobs have ended")
    for job in jobs:
        job.refresh_from_db()
        assert (job.state, job.message) == (JobState.DONE, "")
        assert 1 <= job.attempts <= 3
        assert job.result is not None
        text = job.result.content.read().decode()
        job.result.content.close()
        assert text == f"{job.params['number']} attempt {job.attempts}"
    # A file of a lost attempt may remain until it expires; none is without an end.
    assert not StoredFile.objects.filter(expires_at=None).exists()
    assert stack.stop(worker) == 0


def test_a_job_is_stopped_in_a_real_worker(stack: Stack) -> None:
    slow_jobs.register()
    user = make.make_user()
    job = start_job("slow", by=user, params={"number": 1})
    worker = stack.start_worker(include="tests.slow_jobs")
    wait_until(lambda: Job.objects.filter(state=JobState.RUNNING).exists(), 90)
    stop_job(job, by=user)
    wait_until(lambda: Job.objects.filter(state=JobState.STOPPED).exists(), 10)
    job.refresh_from_db()
    assert job.result is None
    stack.stop(worker)
