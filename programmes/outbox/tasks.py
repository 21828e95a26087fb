"""The outbox's one task; it asks the database what is due."""

from celery import shared_task

from mentoring.jobs.waking import send as wake_now
from programmes.outbox.domain import SEND_TASK
from programmes.outbox.sender import drain, due


@shared_task(name=SEND_TASK)
def send() -> None:
    """Send for a while, and call for the next turn if something was sent and more is due."""
    if drain() and due().exists():
        wake_now(SEND_TASK)
