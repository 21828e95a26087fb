"""Real workers, killed at every step: each gets the mail once, or is listed as unclear."""

import random
from functools import partial

import pytest

from programmes.outbox.models import Delivery, DeliveryState
from programmes.rundmails import domain
from programmes.rundmails.models import Recipient, Rundmail
from tests.conftest import Cast, Stage
from tests.programmes.rundmails import makers
from tests.smtp import Mailbox
from tests.stack import Stack
from tests.waiting import pass_time, wait_until

pytestmark = [pytest.mark.kill, pytest.mark.django_db(transaction=True)]

PEOPLE = 300
"""More than one chunk, so that kills meet the freezing too."""

KILLS = 4


@pytest.fixture
def mail(stage: Stage, cast: Cast) -> Rundmail:
    makers.make_mentees(stage.cycle, stage.own, PEOPLE - 1)
    return makers.make_draft(stage.cycle, cast.lead.user, reply_to="beirat@stadt.example")


def frozen() -> int:
    return Delivery.objects.filter(purpose="rundmail").count()


def ended() -> bool:
    """Nothing is under way any more, and the page says so."""
    return not Rundmail.objects.filter(state__in=("released", "sending")).exists()


def more_or_ended(mailbox: Mailbox, before: tuple[int, int]) -> bool:
    return (frozen(), len(mailbox.taken)) != before or ended()


def check(mailbox: Mailbox) -> int:
    """Nobody lost, nobody twice; returns how many are unclear."""
    rows = Recipient.objects.select_related("delivery")
    assert all(row.delivery is not None and row.delivery.to_email == row.email for row in rows)
    assert frozen() == rows.count()
    copies, taken = mailbox.copies, [address for address, _ in mailbox.taken]
    assert max(copies.values(), default=0) <= 1
    assert len(set(taken)) == len(taken)
    unclear = 0
    for row in rows:
        assert row.delivery is not None
        if row.delivery.state == DeliveryState.SENT:
            assert copies[row.delivery.message_id] == 1
        else:
            assert row.delivery.state == DeliveryState.UNCLEAR
            unclear += 1
    return unclear


@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.smoke), 2])
def test_however_often_workers_are_killed_each_gets_it_once(
    stack: Stack, slow_mailbox: Mailbox, mail: Rundmail, cast: Cast, seed: int
) -> None:
    chance = random.Random(seed)
    makers.release(mail, cast.lead.user)
    for _ in range(KILLS):
        before = (frozen(), len(slow_mailbox.taken))
        worker = stack.start_worker()
        wait_until(partial(more_or_ended, slow_mailbox, before), 90, "something happens")
        pass_time(chance.uniform(0, 0.5))
        stack.kill(worker)
    worker = stack.start_worker()
    wait_until(ended, 120, "nothing waits any more")
    # At most the one mail that each of the worker's processes had in hand.
    assert check(slow_mailbox) <= KILLS * 4
    progress = domain.progress(Rundmail.objects.get())
    assert (progress.total, progress.done) == (PEOPLE, PEOPLE)
    stack.stop(worker)


def test_two_workers_freeze_and_send_nothing_twice(
    stack: Stack, slow_mailbox: Mailbox, mail: Rundmail, cast: Cast
) -> None:
    makers.release(mail, cast.lead.user)
    workers = [stack.start_worker(), stack.start_worker()]
    wait_until(ended, 120, "nothing waits any more")
    assert check(slow_mailbox) == 0
    assert len(slow_mailbox.taken) == PEOPLE
    for worker in workers:
        stack.stop(worker)


def test_stopped_while_workers_send_it_stays_stopped(
    stack: Stack, slow_mailbox: Mailbox, mail: Rundmail, cast: Cast
) -> None:
    makers.release(mail, cast.lead.user)
    worker = stack.start_worker()
    wait_until(lambda: len(slow_mailbox.taken) >= 20, 90, "mail goes out")
    stopped = domain.stop(mail, by=makers.fresh(cast.member.user))
    settled = DeliveryState.QUEUED, DeliveryState.SENDING
    wait_until(lambda: not Delivery.objects.filter(state__in=settled).exists(), 30, "it settles")
    stack.stop(worker)
    progress = domain.progress(stopped)
    assert progress.sent == len(slow_mailbox.taken) < PEOPLE
    assert progress.stopped == PEOPLE - progress.sent
