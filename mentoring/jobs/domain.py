"""Starting, claiming, running, stopping and finishing jobs."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from mentoring.files.domain import readers, store_bytes
from mentoring.files.models import StoredFile
from mentoring.jobs.faults import Contained
from mentoring.jobs.heartbeat import Heartbeat
from mentoring.jobs.models import FINISHED, Job, JobState
from mentoring.jobs.waking import wake
from mentoring.registry import Registry
from mentoring.ui.errors import Refused

log = logging.getLogger(__name__)

RESULT_PURPOSE = "jobs.result"
RESULT_DAYS = 7
KEEP_DAYS = 30
MAX_ATTEMPTS = 3
MAX_OPEN_PER_USER = 20
PROGRESS_SECONDS = 1.0
LOST_MESSAGE = "Der Auftrag wurde mehrfach unterbrochen. Bitte starten Sie ihn noch einmal."
FAULT_MESSAGE = (
    "Bei der Bearbeitung ist ein Fehler aufgetreten. Bitte versuchen Sie es noch einmal; "
    "bleibt der Fehler, wenden Sie sich an die Betreuung des Systems."
)


class Stopped(Exception):
    """The job's owner asked it to end."""


class Lost(Exception):
    """The job was taken from this attempt, which must not write anything any more."""


@dataclass(frozen=True)
class JobKind:
    """A kind of long work.

    ``run`` returns the result or ``None``; it may raise ``Refused`` with a German sentence
    that the owner reads. It must bear being run again from the start. ``readable`` says
    whether the owner, with the rights of now, may still read the result of a job with these
    parameters.
    """

    label: str
    run: Callable[["JobContext"], StoredFile | None]
    readable: Callable[[Any, dict[str, Any]], bool] = lambda user, params: True


kinds: Registry[JobKind] = Registry("kinds of jobs")


class JobContext:
    """What a running job sees: its parameters and owner, and the way to report."""

    def __init__(self, job: Job, claim: uuid.UUID) -> None:
        self.job = job
        self.by = job.created_by
        self.params: dict[str, Any] = job.params
        self._claim = claim
        self._reported_at: datetime | None = None

    def progress(self, done: int, total: int) -> None:
        """Report ``done`` of ``total`` steps; writes at most once a second.

        Raises ``Stopped`` when the owner asked for an end and ``Lost`` when another attempt
        has taken over.
        """
        now = timezone.now()
        if self._reported_at and now - self._reported_at < timedelta(seconds=PROGRESS_SECONDS):
            return
        self._reported_at = now
        own = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, claim=self._claim)
        if not own.update(heartbeat_at=now, done=min(done, total), total=total):
            raise Lost
        if own.filter(stop_requested=True).exists():
            raise Stopped

    def store(
        self, data: bytes, *, name: str, content_type: str, until: datetime | None = None
    ) -> StoredFile:
        """Store the result, readable by the job's owner for ``RESULT_DAYS`` days.

        ``until`` ends that earlier: when what the file tells of is itself deleted.
        """
        kept = timezone.now() + timedelta(days=RESULT_DAYS)
        return store_bytes(
            data,
            name=name,
            content_type=content_type,
            purpose=RESULT_PURPOSE,
            by=self.by,
            expires_at=kept if until is None else min(kept, until),
        )


def start_job(kind: str, *, by: Any, params: dict[str, Any], title: str = "") -> Job:
    """Queue a job of ``kind`` for ``by``; it starts after the transaction's commit.

    ``params`` must be JSON. Raises ``LookupError`` for an unknown kind and ``Refused`` when
    too many of the user's jobs are still open.
    """
    label = kinds.get(kind).label
    open_jobs = Job.objects.filter(created_by=by, state__in=(JobState.QUEUED, JobState.RUNNING))
    if open_jobs.count() >= MAX_OPEN_PER_USER:
        raise Refused(
            "Es laufen schon zu viele Ihrer Aufträge. Bitte warten Sie, bis einige fertig sind."
        )
    job = Job.objects.create(kind=kind, title=(title or label)[:200], params=params, created_by=by)
    wake("mentoring.jobs.tasks.run_jobs")
    return job


def stop_job(job: Job, *, by: Any) -> None:
    """Ask ``job`` to end: a waiting one ends at once, a running one at its next report.

    Raises ``Refused`` when it has ended already or is not ``by``'s own.
    """
    if job.created_by_id != by.pk:
        raise Refused("Nur eigene Aufträge lassen sich stoppen.")
    same = Job.objects.filter(pk=job.pk)
    waiting = same.filter(state=JobState.QUEUED)
    if waiting.update(
        state=JobState.STOPPED, finished_at=timezone.now(), stop_requested=True
    ) or same.filter(state=JobState.RUNNING).update(stop_requested=True):
        job.refresh_from_db()
        return
    raise Refused("Der Auftrag ist schon beendet.")


def claim_next() -> tuple[Job, uuid.UUID] | None:
    """Claim the oldest waiting job, or ``None`` if there is none."""
    while True:
        waiting = Job.objects.filter(state=JobState.QUEUED).order_by("created_at", "pk")
        pk = waiting.values_list("pk", flat=True).first()
        if pk is None:
            return None
        claim, now = uuid.uuid4(), timezone.now()
        if Job.objects.filter(pk=pk, state=JobState.QUEUED).update(
            state=JobState.RUNNING,
            claim=claim,
            heartbeat_at=now,
            started_at=now,
            attempts=F("attempts") + 1,
            done=0,
            total=0,
        ):
            return Job.objects.select_related("created_by").get(pk=pk), claim


def run_claimed(job: Job, claim: uuid.UUID) -> None:
    """Run a claimed job to its end; a fault becomes a German message, details the log."""
    context = JobContext(job, claim)
    contained = Contained(f"job {job.pk} ({job.kind})")
    with contained:
        _run(context, job, claim)
    if contained.failed:
        _finish(job, claim, JobState.FAILED, message=FAULT_MESSAGE)


def _run(context: JobContext, job: Job, claim: uuid.UUID) -> None:
    try:
        with Heartbeat(job.pk, claim):
            result = kinds.get(job.kind).run(context)
    except Stopped:
        _finish(job, claim, JobState.STOPPED)
    except Lost:
        log.warning("job %s (%s): attempt %s was taken over", job.pk, job.kind, job.attempts)
    except Refused as refused:
        _finish(job, claim, JobState.FAILED, message=str(refused)[:500])
    else:
        if not _finish(job, claim, JobState.DONE, result=result) and result is not None:
            result.delete()


def _finish(
    job: Job,
    claim: uuid.UUID,
    state: JobState,
    *,
    message: str = "",
    result: StoredFile | None = None,
) -> bool:
    """End the attempt that holds ``claim``; false if it has lost the job meanwhile."""
    own = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, claim=claim)
    values: dict[str, Any] = {"done": F("total")} if state == JobState.DONE else {}
    return bool(
        own.update(
            state=state,
            claim=None,
            finished_at=timezone.now(),
            message=message,
            result=result,
            **values,
        )
    )


def take_back_lost() -> int:
    """Queue again the running jobs without a sign of life; returns how many were taken back.

    Lost is a job whose heartbeat is older than ``settings.JOB_LOST_SECONDS``. One that was
    lost ``MAX_ATTEMPTS`` times has failed, one that was to stop has stopped.
    """
    now = timezone.now()
    lost = Job.objects.filter(
        state=JobState.RUNNING,
        heartbeat_at__lt=now - timedelta(seconds=settings.JOB_LOST_SECONDS),
    )
    ended = {"claim": None, "finished_at": now}
    stopped = lost.filter(stop_requested=True).update(state=JobState.STOPPED, **ended)
    failed = lost.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, message=LOST_MESSAGE, **ended
    )
    queued = lost.update(state=JobState.QUEUED, claim=None)
    return stopped + failed + queued


def delete_old() -> int:
    """Delete jobs that ended more than ``KEEP_DAYS`` days ago; returns how many."""
    before = timezone.now() - timedelta(days=KEEP_DAYS)
    old = Job.objects.filter(Q(state__in=FINISHED) & Q(finished_at__lt=before))
    with transaction.atomic():
        return old.delete()[0]


def owns_result(user: Any, stored: StoredFile) -> bool:
    """Whether ``stored`` is the result of one of ``user``'s own jobs, and still theirs to read."""
    job = Job.objects.visible_to(user).filter(result=stored).first()
    if job is None or job.kind not in kinds:
        return False
    return kinds.get(job.kind).readable(user, job.params)


readers.add(RESULT_PURPOSE, owns_result)
