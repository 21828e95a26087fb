"""The tasks of the ground. Messages carry nothing: each task asks the database."""

from celery import shared_task
from django.conf import settings

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.slots import Slots
from mentoring.jobs.sweep import run_sweep
from mentoring.jobs.waking import send

_slots = Slots(settings.JOBS_AT_ONCE)


@shared_task(name="mentoring.jobs.tasks.sweep")
def sweep() -> None:
    """Sent by beat every few seconds (``settings.SWEEP_SECONDS``)."""
    run_sweep()


@shared_task(name="mentoring.jobs.tasks.run_jobs")
def run_jobs() -> None:
    """Run one waiting job, then call for the next, so that others get their turn between."""
    with _slots.take() as free:
        claimed = claim_next() if free else None
        if claimed is not None:
            run_claimed(*claimed)
    if claimed is not None:
        send("mentoring.jobs.tasks.run_jobs")
