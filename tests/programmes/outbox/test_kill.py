"""A real worker, killed while it sends: every mail arrives once, or is listed as unclear."""

import random
from functools import partial

import pytest
from django.db import transaction

from programmes.outbox.domain import queue_mail
from programmes.outbox.models import Delivery, DeliveryState
from tests.smtp import Mailbox
from tests.stack import Stack
from tests.waiting import pass_time, wait_until

pytestmark = pytest.mark.kill

MAILS = 150
KILLS = 3


def queue_all(number: int) -> None:
    with transaction.atomic():
        for n in range(number):
            queue_mail(
                to_email=f"person{n}@stadt.example",
                subject="Startworkshop",
                text="Guten Tag",
                purpose="test",
            )


def ended() -> bool:
    return not Delivery.objects.filter(state__in=("queued", "sending")).exists()


def more_or_ended(mailbox: Mailbox, before: int) -> bool:
    return len(mailbox.taken) > before or ended()


def check(mailbox: Mailbox) -> int:
    """None lost, none twice; returns how many are unclear."""
    copies = mailbox.copies
    assert max(copies.values(), default=0) <= 1
    states = dict(Delivery.objects.values_list("message_id", "state"))
    assert set(copies) <= set(states)
    for message_id, state in states.items():
        if state == DeliveryState.SENT:
            assert copies[message_id] == 1
        else:
            assert state == DeliveryState.UNCLEAR
    return sum(state == DeliveryState.UNCLEAR for state in states.values())


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.smoke), 2])
def test_no_mail_is_lost_or_sent_twice_however_often_the_worker_is_killed(
    stack: Stack, slow_mailbox: Mailbox, seed: int
) -> None:
    chance = random.Random(seed)
    queue_all(MAILS)
    for _ in range(KILLS):
        before = len(slow_mailbox.taken)
        worker = stack.start_worker()
        wait_until(partial(more_or_ended, slow_mailbox, before), 90, "mail goes out")
        pass_time(chance.uniform(0, 0.4))
        stack.kill(worker)
    worker = stack.start_worker()
    wait_until(ended, 90, "nothing waits any more")
    # At most the one mail that each of the worker's processes had in hand.
    assert check(slow_mailbox) <= KILLS * 4
    stack.stop(worker)


def test_two_workers_share_the_work_and_send_nothing_twice(
    stack: Stack, slow_mailbox: Mailbox
) -> None:
    queue_all(MAILS)
    workers = [stack.start_worker(), stack.start_worker()]
    wait_until(ended, 90, "nothing waits any more")
    assert check(slow_mailbox) == 0
    assert len(slow_mailbox.taken) == MAILS
    for worker in workers:
        stack.stop(worker)
