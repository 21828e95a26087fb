"""Stopping: at any moment, and what is out stays counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.outbox.models import Delivery
from programmes.outbox.sender import drain
from programmes.rundmails import domain
from programmes.rundmails.domain import sending
from programmes.rundmails.domain.sending import finish_sent, freeze_waiting
from programmes.rundmails.models import Recipient, Rundmail
from tests.conftest import Cast, Stage
from tests.programmes.outbox.conftest import mailbox  # noqa: F401 - the fixture
from tests.programmes.rundmails import makers
from tests.smtp import Mailbox


@pytest.fixture
def released(stage: Stage, cast: Cast) -> Rundmail:
    makers.make_mentees(stage.cycle, stage.own, 5)
    return makers.release(makers.make_draft(stage.cycle, cast.lead.user), cast.lead.user)


def test_before_it_begins(released: Rundmail, cast: Cast) -> None:
    stopped = domain.stop(released, by=cast.member.user)
    assert (stopped.state, stopped.stopped_by) == ("stopped", cast.member.user)
    assert domain.start_due() == 0
    assert domain.progress(stopped).stopped == 6


def test_while_it_is_being_frozen(
    released: Rundmail, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CHUNK", 2)
    domain.start_due()
    mail = Rundmail.objects.get()
    letter = sending.Letter(mail)
    assert sending._freeze_chunk(mail, letter, []) == 2
    domain.stop(mail, by=cast.lead.user)
    assert sending._freeze_chunk(mail, letter, []) == 0
    assert freeze_waiting() == 0
    found = domain.progress(Rundmail.objects.get())
    assert (found.total, found.stopped, found.waiting, found.queued) == (6, 6, 0, 0)


def test_while_it_is_being_sent_what_is_out_stays_counted(
    released: Rundmail,
    cast: Cast,
    mailbox: Mailbox,  # noqa: F811
) -> None:
    domain.start_due()
    freeze_waiting()
    Delivery.objects.filter(pk__in=[row.pk for row in Delivery.objects.order_by("pk")[2:]]).update(
        next_attempt_at=timezone.now() + timedelta(hours=1)
    )
    drain()
    mail = domain.stop(Rundmail.objects.get(), by=cast.lead.user)
    found = domain.progress(mail)
    assert (found.total, found.sent, found.stopped) == (6, 2, 4)
    Delivery.objects.update(next_attempt_at=timezone.now())
    drain()
    assert len(mailbox.taken) == 2
    # It stays stopped.
    assert finish_sent() == 0
    with pytest.raises(Refused, match="angehalten"):
        domain.stop(mail, by=cast.lead.user)
    with pytest.raises(Refused, match="angehalten"):
        domain.retry_all_failed(mail, by=cast.lead.user)
    with pytest.raises(Refused, match="angehalten"):
        domain.retry(Recipient.objects.order_by("pk").last(), by=cast.lead.user)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="angehalten"):
        domain.send_added(mail, by=cast.lead.user)


def test_a_draft_and_a_sent_mail_cannot_be_stopped(stage: Stage, cast: Cast) -> None:
    draft = makers.make_draft(stage.cycle, cast.lead.user)
    with pytest.raises(Refused, match="Entwurf"):
        domain.stop(draft, by=cast.lead.user)
    makers.release(draft, cast.lead.user)
    domain.start_due()
    freeze_waiting()
    Delivery.objects.update(state="unclear", error="?")
    finish_sent()
    with pytest.raises(Refused, match="schon versandt"):
        domain.stop(draft, by=cast.lead.user)
