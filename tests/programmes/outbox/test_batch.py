"""Many messages at once: the same attachments kept once, stopped together, bounced one by one."""

import email
import email.policy
import uuid
from email.message import EmailMessage
from typing import Any, cast

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.outbox import sender
from programmes.outbox.domain import note_bounce, queue_batch, retry_all_failed, stop_batch
from programmes.outbox.messages import Attachment, Outgoing
from programmes.outbox.models import (
    STOPPED,
    Delivery,
    DeliveryState,
    MessageContent,
    MessageTail,
)
from programmes.outbox.retention import delete_old
from tests import factories as make
from tests.smtp import Mailbox

pytestmark = pytest.mark.django_db
PDF: Attachment = ("Übersicht.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, "application/pdf")
ICS: Attachment = ("termin.ics", "SUMMARY:Größe\r\n".encode(), "text/calendar")


def outgoing(number: int, **changes: Any) -> Outgoing:
    values = {
        "to_email": f"person{number}@stadt.example",
        "to_name": f"Jürgen Müller-{number}",
        "subject": f"Einladung für Nr. {number} – herzlich",
        "text": f"Guten Tag Nr. {number},\n\n.\nGrüße",
        "html": f"<p>Guten Tag Nr. {number}</p>",
    }
    return Outgoing(**{**values, **changes})


def queue(messages: list[Outgoing], batch: uuid.UUID | None = None, **more: Any) -> list[Delivery]:
    return queue_batch(
        messages,
        batch=batch or uuid.uuid4(),
        purpose="rundmail",
        confidential=False,
        by=None,
        **more,
    )


def parsed(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default))


def test_each_gets_the_own_text_and_the_attachments_are_kept_once(mailbox: Mailbox) -> None:
    batch = uuid.uuid4()
    first = queue([outgoing(n) for n in range(3)], batch, attachments=[PDF, ICS])
    more = queue([outgoing(3)], batch, attachments=[PDF, ICS], reply_to="antwort@institut.example")
    assert MessageTail.objects.count() == 1
    heads = [len(bytes(content.raw)) for content in MessageContent.objects.all()]
    assert max(heads) < 3000 < len(bytes(MessageTail.objects.get().raw))

    assert sender.drain() == 4
    got = {address: parsed(raw) for address, raw in mailbox.taken}
    assert len(got) == 4
    for number, delivery in enumerate([*first, *more]):
        mail = got[f"person{number}@stadt.example"]
        assert mail["Message-ID"] == delivery.message_id
        assert mail["Subject"] == f"Einladung für Nr. {number} – herzlich"
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert f"Nr. {number}" in plain.get_content()
        pdf, ics = mail.iter_attachments()
        assert (pdf.get_filename(), pdf.get_content()) == (PDF[0], PDF[1])
        assert ics.get_filename() == "termin.ics"
        assert not mail.defects
    assert got["person3@stadt.example"]["Reply-To"] == "antwort@institut.example"


def test_the_bytes_stay_those_of_the_first_call(mailbox: Mailbox) -> None:
    """A batch that is gone on with after a crash carries what its first messages carried."""
    batch = uuid.uuid4()
    queue([outgoing(1)], batch, attachments=[PDF])
    queue([outgoing(2)], batch, attachments=[])
    sender.drain()
    tails = {raw.partition(b"application/pdf")[2] for _, raw in mailbox.taken}
    assert len(tails) == 1


def test_nothing_is_queued_when_one_address_is_none() -> None:
    with pytest.raises(ValidationError):
        queue([outgoing(1), outgoing(2, to_email="keine adresse")], attachments=[PDF])
    assert not Delivery.objects.exists()
    assert not MessageTail.objects.exists()


def test_names_and_subjects_smuggle_no_header_in(mailbox: Mailbox) -> None:
    evil = {"to_name": "Erika\r\nBcc: alle@welt.example", "subject": "Hallo\nX-Evil: ja"}
    queue([outgoing(1, **evil)], attachments=[ICS])
    queue([outgoing(2, **evil)])
    sender.drain()
    assert len(mailbox.taken) == 2
    for _, raw in mailbox.taken:
        mail = parsed(raw)
        assert mail["Bcc"] is None
        assert mail["X-Evil"] is None


def test_a_batch_is_stopped_and_what_is_out_stays_out(mailbox: Mailbox) -> None:
    batch = uuid.uuid4()
    out, *waiting = queue([outgoing(n) for n in range(4)], batch)
    (other,) = queue([outgoing(9)])
    Delivery.objects.filter(pk=out.pk).update(state=DeliveryState.SENT, sent_at=timezone.now())
    assert stop_batch(batch, by=None) == 3
    assert stop_batch(batch, by=None) == 0
    stopped = Delivery.objects.filter(pk__in=[one.pk for one in waiting])
    assert set(stopped.values_list("state", "error")) == {(DeliveryState.FAILED, STOPPED)}
    operator = make.make_user(is_superuser=True)
    assert not Delivery.objects.visible_to(operator).exists()
    assert sender.drain() == 1
    assert [address for address, _ in mailbox.taken] == [other.to_email]


def test_what_is_reserved_when_the_batch_is_stopped_is_not_sent(mailbox: Mailbox) -> None:
    batch, claim = uuid.uuid4(), uuid.uuid4()
    queue([outgoing(1)], batch)
    (reserved,) = sender.reserve(claim)
    stop_batch(batch, by=None)
    assert not sender.begin(reserved, claim, readable=True)


def test_a_bounce_is_noted_on_its_message() -> None:
    (delivery,) = queue([outgoing(1)])
    assert note_bounce(delivery.message_id, "Postfach\nvoll")
    assert not note_bounce("<fremd@woanders.example>", "unbekannt")
    delivery.refresh_from_db()
    assert delivery.bounce == "Postfach voll"
    assert delivery.bounced_at is not None


def test_an_end_that_no_message_needs_any_more_is_deleted() -> None:
    queue([outgoing(1)], attachments=[PDF])
    gone = uuid.uuid4()
    queue([outgoing(2)], gone, attachments=[PDF])
    Delivery.objects.filter(batch=gone).delete()
    delete_old()
    assert MessageTail.objects.exclude(batch=gone).count() == MessageTail.objects.count() == 1


def test_all_that_failed_is_sent_again_at_once_and_nothing_else(
    mailbox: Mailbox, django_assert_max_num_queries: Any
) -> None:
    operator = make.make_user(is_superuser=True)
    failed = queue([outgoing(n) for n in range(5)])
    sent, wiped = queue([outgoing(7), outgoing(8)])
    keys = [delivery.pk for delivery in (*failed, wiped)]
    Delivery.objects.filter(pk__in=keys).update(state=DeliveryState.FAILED, error="weil")
    Delivery.objects.filter(pk=sent.pk).update(state=DeliveryState.SENT, sent_at=timezone.now())
    MessageContent.objects.filter(delivery=wiped).delete()
    with django_assert_max_num_queries(6):
        assert retry_all_failed(Delivery.objects.all(), by=operator) == 5
    assert retry_all_failed(Delivery.objects.all(), by=operator) == 0
    assert sender.drain() == 5
