"""The tasks of this room; they ask the database what there is to do."""

from celery import shared_task

from mentoring.jobs.slots import Slots
from mentoring.jobs.waking import send as wake_now
from programmes.rundmails.domain.release import FREEZE_TASK, START_TASK
from programmes.rundmails.domain.sending import freeze_waiting, start_due, to_freeze

# Freezing one mail is one process's work; the outbox's senders have the others.
_slots = Slots(1)


@shared_task(name=START_TASK)
def start() -> None:
    """Begin what is due, without waiting for the sweep."""
    start_due()


@shared_task(name=FREEZE_TASK)
def freeze() -> None:
    """Freeze messages for a while, unless another process of this worker does."""
    with _slots.take() as free:
        more = free and freeze_waiting() > 0 and to_freeze().exists()
    if more:
        wake_now(FREEZE_TASK)
