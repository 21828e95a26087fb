"""The outbox's one task; it asks the database what is due."""

from celery import shared_task

from mentoring.jobs.slots import Slots
from mentoring.jobs.waking import send as wake_now
from programmes.outbox.domain import SEND_TASK
from programmes.outbox.sender import drain, due

# One connection a worker; more workers send more.
_slots = Slots(1)


@shared_task(name=SEND_TASK)
def send() -> None:
    """Send for a while, unless another process of this worker does.

    Calls for the next turn if something was sent and more is due.
    """
    with _slots.take() as free:
        more = free and drain() > 0 and due().exists()
    if more:
        wake_now(SEND_TASK)
