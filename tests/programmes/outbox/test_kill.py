"""A real worker, killed while it sends: every mail arrives once, or is listed as unclear."""

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import transaction

from programmes.outbox.domain import queue_mail
from programmes.outbox.models import Delivery, DeliveryState
from tests.smtp import Mailbox, smtp_server
from tests.stack import Stack
from tests.waiting import pass_time, wait_until

pytestmark = pytest.mark.kill

MAILS = 150
KILLS = 3


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server(Mailbox(seconds=0.02)) as box:
        yield box


@pytest.fixture
def stack(transactional_db: None, tmp_path: Path, mailbox: Mailbox) -> Iterator[Stack]:
    """Worker processes on this test's own database and broker, sending to ``mailbox``."""
    env = {
        "SWEEP_SECONDS": "0.5",
        "MAIL_UNCLEAR_SECONDS": "3",
        "MAIL_PER_MINUTE": "0",
        "SMTP_URL": mailbox.url,
    }
    stack = Stack.on_test_database(tmp_path / "data", env=env)
    yield stack
    stack.close()


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
    stack: Stack, mailbox: Mailbox, seed: int
) -> None:
    chance = random.Random(seed)
    queue_all(MAILS)
    for _ in range(KILLS):
        before = len(mailbox.taken)
        worker = stack.start_worker()
        wait_until(partial(more_or_ended, mailbox, before), 90, "mail goes out")
        pass_time(chance.uniform(0, 0.4))
        stack.kill(worker)
    worker = stack.start_worker()
    wait_until(ended, 90, "nothing waits any more")
    # At most the one mail that each of the worker's processes had in hand.
    assert check(mailbox) <= KILLS * 4
    stack.stop(worker)


def test_two_workers_share_the_work_and_send_nothing_twice(stack: Stack, mailbox: Mailbox) -> None:
    queue_all(MAILS)
    workers = [stack.start_worker(), stack.start_worker()]
    wait_until(ended, 90, "nothing waits any more")
    assert check(mailbox) == 0
    assert len(mailbox.taken) == MAILS
    for worker in workers:
        stack.stop(worker)
