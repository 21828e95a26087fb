"""The sender against a real SMTP server: what arrives, what is tried again, what is not."""

import ssl
import subprocess
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from programmes.outbox import gate, sender
from programmes.outbox.domain import EXPIRED, fail_expired, queue_mail
from programmes.outbox.models import Delivery, DeliveryState, MessageContent, SendingGate
from tests.smtp import Mailbox, smtp_server

pytestmark = pytest.mark.django_db


def queue(number: int = 1, **changes: Any) -> Delivery:
    values = {
        "to_email": f"person{number}@stadt.example",
        "subject": "Startworkshop",
        "text": "Guten Tag\n.\nBis bald",
        "purpose": "test",
    }
    return queue_mail(**{**values, **changes})


def make_due() -> None:
    Delivery.objects.filter(state="queued").update(next_attempt_at=timezone.now())
    SendingGate.objects.update(paused_until=None)


def state_of(delivery: Delivery) -> str:
    delivery.refresh_from_db()
    return delivery.state


def test_what_is_sent_is_byte_for_byte_what_was_frozen(mailbox: Mailbox) -> None:
    deliveries = [queue(number) for number in range(60)]
    frozen = {d.to_email: bytes(d.content.raw) for d in deliveries}
    assert sender.drain() == 60
    assert dict(mailbox.taken) == frozen
    assert set(mailbox.copies.values()) == {1}
    assert mailbox.connections == 1
    assert {state_of(d) for d in deliveries} == {DeliveryState.SENT}
    assert all(d.sent_at and d.claim is None and d.attempts == 1 for d in deliveries)
    assert sender.drain() == 0


def test_nothing_is_sent_before_its_time(mailbox: Mailbox) -> None:
    later = queue(not_before=timezone.now() + timedelta(hours=1))
    assert sender.drain() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert sender.drain() == 1
    assert state_of(later) == DeliveryState.SENT


def test_a_permanent_refusal_fails_at_once_and_holds_up_nobody(mailbox: Mailbox) -> None:
    mailbox.at_recipient = lambda address: (
        f"550 5.1.1 <{address}> unbekannt" if "person1@" in address else None
    )
    refused, fine = queue(1), queue(2)
    assert sender.drain() == 1
    assert state_of(refused) == DeliveryState.FAILED
    assert state_of(fine) == DeliveryState.SENT
    assert refused.error == "Der Mailserver hat die Adresse abgelehnt (550 5.1.1)."


def test_a_temporary_refusal_is_tried_again_with_growing_pauses_until_it_fails(
    mailbox: Mailbox,
) -> None:
    mailbox.at_data = lambda address: "451 4.3.0 gerade nicht"
    delivery = queue()
    pauses = []
    moment = timezone.now()
    while True:
        with time_machine.travel(moment, tick=False):
            sender.drain()
        if state_of(delivery) == DeliveryState.FAILED:
            break
        assert delivery.next_attempt_at is not None
        pauses.append(delivery.next_attempt_at - moment)
        moment = delivery.next_attempt_at + timedelta(seconds=1)
    assert pauses == [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440)]
    assert delivery.error.startswith("Aufgegeben nach 8 Versuchen.")
    assert mailbox.taken == []


def test_a_drop_before_the_message_was_complete_is_tried_again(mailbox: Mailbox) -> None:
    answers = iter(["drop", None])
    mailbox.at_recipient = lambda address: next(answers)
    delivery = queue()
    assert sender.drain() == 0
    assert state_of(delivery) == DeliveryState.QUEUED
    make_due()
    assert sender.drain() == 1
    assert set(mailbox.copies.values()) == {1}


@pytest.mark.parametrize("answer", ["drop", "take and drop"])
def test_a_drop_after_the_message_was_complete_is_unclear_and_never_sent_again(
    mailbox: Mailbox, answer: str
) -> None:
    mailbox.at_data = lambda address: answer if "person1@" in address else None
    unclear, fine = queue(1), queue(2)
    assert sender.drain() == 1
    assert state_of(unclear) == DeliveryState.UNCLEAR
    assert "nicht bestätigt" in unclear.error
    assert state_of(fine) == DeliveryState.SENT
    make_due()
    assert sender.drain() == 0


def test_a_server_that_answers_too_slowly_leaves_it_unclear(
    mailbox: Mailbox, settings: Any
) -> None:
    settings.SMTP_TIMEOUT = 0.3
    mailbox.seconds = 1.5
    delivery = queue()
    assert sender.drain() == 0
    assert state_of(delivery) == DeliveryState.UNCLEAR


def test_a_server_that_ends_a_used_connection_gets_a_new_one(mailbox: Mailbox) -> None:
    seen: list[str] = []

    def after_two(address: str) -> str | None:
        seen.append(address)
        return "421 4.7.0 genug" if len(seen) == 3 else None

    mailbox.at_recipient = after_two
    deliveries = [queue(number) for number in range(5)]
    assert sender.drain() == 5
    assert mailbox.connections == 2
    assert {state_of(d) for d in deliveries} == {DeliveryState.SENT}


def test_no_server_pauses_all_senders_and_is_told(settings: Any, mailbox: Mailbox) -> None:
    good = mailbox.config
    settings.SMTP = {**good, "EMAIL_PORT": 1}
    first = queue(1)
    assert sender.drain() == 0
    assert state_of(first) == DeliveryState.QUEUED
    assert first.attempts == 1
    assert first.error == gate.trouble() == "Der Mailserver ist nicht erreichbar."
    second = queue(2)
    assert sender.drain() == 0
    second.refresh_from_db()
    assert second.attempts == 0, "paused: nobody knocks at a closed door"
    settings.SMTP = good
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert sender.drain() == 2
    assert gate.trouble() == ""


@pytest.mark.parametrize("trusted", [False, True])
def test_the_servers_certificate_is_verified(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", str(key), "-out", str(cert), "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with smtp_server(Mailbox(), tls=context) as box:
        settings.SMTP = {**box.config, "EMAIL_USE_TLS": True}
        delivery = queue()
        assert sender.drain() == int(trusted)
        assert len(box.taken) == int(trusted)
    delivery.refresh_from_db()
    if not trusted:
        assert delivery.error == "Das Zertifikat des Mailservers ist nicht gültig."


def test_a_server_without_encryption_gets_nothing_if_we_want_it(
    settings: Any, mailbox: Mailbox
) -> None:
    settings.SMTP = {**mailbox.config, "EMAIL_USE_TLS": True}
    delivery = queue()
    assert sender.drain() == 0
    delivery.refresh_from_db()
    assert "Verschlüsselung" in delivery.error


def test_without_a_server_mails_are_written_to_the_folder(settings: Any, tmp_path: Path) -> None:
    settings.SMTP, settings.DATA_DIR, settings.MAIL_PER_MINUTE = None, tmp_path, 0
    delivery = queue()
    raw = bytes(delivery.content.raw)
    assert sender.drain() == 1
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert file.read_bytes() == raw
    assert state_of(delivery) == DeliveryState.SENT


def test_a_code_is_wiped_when_sent_and_not_sent_when_stale(mailbox: Mailbox) -> None:
    now = timezone.now()
    fresh = queue(1, ephemeral_until=now + timedelta(minutes=3))
    stale = queue(2, ephemeral_until=now + timedelta(minutes=3))
    kept = queue(3)
    Delivery.objects.filter(pk=stale.pk).update(next_attempt_at=now + timedelta(minutes=5))
    assert sender.drain() == 2
    assert set(MessageContent.objects.values_list("delivery", flat=True)) == {stale.pk, kept.pk}
    with time_machine.travel(now + timedelta(minutes=6)):
        assert sender.drain() == 0
        assert state_of(stale) == DeliveryState.FAILED
        assert stale.error == EXPIRED
        assert fail_expired() == 0
    assert state_of(fresh) == DeliveryState.SENT
    assert not MessageContent.objects.filter(delivery=stale).exists()


def test_a_code_goes_before_the_rundmail(mailbox: Mailbox, settings: Any) -> None:
    for number in range(30):
        queue(number, batch=uuid.uuid4())
    queue(98)
    queue(99, ephemeral_until=timezone.now() + timedelta(minutes=3))
    sender.drain()
    first = [address for address, _ in mailbox.taken[:2]]
    assert first == ["person99@stadt.example", "person98@stadt.example"]


def test_never_more_a_minute_than_the_server_may_get(mailbox: Mailbox, settings: Any) -> None:
    settings.MAIL_PER_MINUTE = 24
    for number in range(120):
        queue(number)
    start = timezone.now()
    at: list[float] = []
    for step in range(0, 180):
        with time_machine.travel(start + timedelta(seconds=step), tick=False):
            at += [step] * sender.drain()
    for moment in at:
        assert sum(moment <= other < moment + 60 for other in at) <= 24
    assert len(at) > 60


def test_a_killed_sender_leaves_it_unclear_and_a_late_answer_still_counts(
    mailbox: Mailbox, settings: Any
) -> None:
    delivery = queue()
    claim = uuid.uuid4()
    (reserved,) = sender.reserve(claim)
    assert sender.begin(reserved, claim, readable=True)
    assert sender.mark_unclear() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=301)):
        assert sender.mark_unclear() == 1
        assert state_of(delivery) == DeliveryState.UNCLEAR
        sent = {"state": "sent", "sent_at": timezone.now(), "claim": None, "error": ""}
        assert sender.record(sender.Outcome(reserved, claim, sent))
        assert not sender.record(sender.Outcome(reserved, claim, sent))
    assert state_of(delivery) == DeliveryState.SENT


def test_reservations_of_a_killed_sender_lapse(mailbox: Mailbox) -> None:
    queue()
    assert len(sender.reserve(uuid.uuid4())) == 1
    assert sender.drain() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert sender.drain() == 1
