"""The room's one task; it asks the database whose files are to be made."""

from time import monotonic

from celery import shared_task

from mentoring.jobs.slots import Slots
from mentoring.jobs.waking import send
from programmes.billing.domain.files import due, make_next
from programmes.billing.domain.issuing import FILES_TASK

TURN_SECONDS = 5.0
"""Short, so that the sweep gets its turn in a worker all of whose processes are busy."""

# One process a worker, so that mails and jobs have the others; more workers make more.
_slots = Slots(1)


@shared_task(name=FILES_TASK)
def make_files() -> None:
    """Make files for a while, then call for the next turn if more are due."""
    ends_at = monotonic() + TURN_SECONDS
    with _slots.take() as free:
        while free and make_next():
            if monotonic() > ends_at:
                break
        more = free and due().exists()
    if more:
        send(FILES_TASK)
