"""The tasks of this room; they ask the database what there is to do."""

from celery import shared_task

from programmes.invoice_mails.domain.release import SEND_TASK
from programmes.invoice_mails.domain.sending import send_waiting


@shared_task(name=SEND_TASK)
def send() -> None:
    """Hand released letters to the outbox."""
    send_waiting()
