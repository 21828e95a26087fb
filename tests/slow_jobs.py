"""A kind of job for tests that a worker process loads by ``--include``: it takes its time."""

import threading

from mentoring.files.models import StoredFile
from mentoring.jobs.domain import JobContext, JobKind, kinds

STEPS = 40


def run(context: JobContext) -> StoredFile:
    """Forty steps of 50 ms, each reported; the result names the attempt."""
    for step in range(STEPS):
        context.progress(step, STEPS)
        threading.Event().wait(0.05)
    text = f"{context.params['number']} attempt {context.job.attempts}"
    return context.store(text.encode(), name="ergebnis.txt", content_type="text/plain")


def register() -> None:
    """Make the kind known, once a process."""
    if "slow" not in kinds:
        kinds.add("slow", JobKind("Langsames", run))


register()
