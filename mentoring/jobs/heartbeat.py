"""A running job's sign of life, beside the work itself.

Some work cannot report for minutes (a long PDF is one call), so a thread beats for it. It
stops beating after ``MAX_SECONDS``: a job that hangs is then taken back like one whose
worker was killed.
"""

import logging
import threading
import time
import uuid
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from mentoring.jobs.models import Job, JobState

log = logging.getLogger(__name__)

MAX_SECONDS = 30 * 60


class Heartbeat:
    """Context manager that renews ``heartbeat_at`` while its body runs.

    It beats four times per ``settings.JOB_LOST_SECONDS`` and ends when the job is no longer
    held by ``claim``.
    """

    def __init__(self, pk: int, claim: uuid.UUID) -> None:
        self._pk = pk
        self._claim = claim
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"job-{pk}", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        ends_at = time.monotonic() + MAX_SECONDS
        own = Job.objects.filter(pk=self._pk, state=JobState.RUNNING, claim=self._claim)
        try:
            while not self._over.wait(settings.JOB_LOST_SECONDS / 4):
                if time.monotonic() > ends_at:
                    return
                try:
                    if not own.update(heartbeat_at=timezone.now()):
                        return
                except DatabaseError as error:
                    # A locked or restarting database may answer the next beat.
                    log.warning("job %s: no heartbeat, %s", self._pk, type(error).__name__)
                    connection.close()
        finally:
            connection.close()
