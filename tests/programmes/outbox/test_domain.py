"""Queueing, deciding, and what the database itself forbids."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.outbox.domain import queue_mail, resolve_unclear, retry_failed
from programmes.outbox.models import Delivery, DeliveryState, MessageContent
from tests import factories as make

pytestmark = pytest.mark.django_db
BACKEND = "programmes.outbox.backend.OutboxBackend"


def queue(**changes: Any) -> Delivery:
    values = {
        "to_email": "erika@stadt.example",
        "subject": "Einladung",
        "text": "Hallo",
        "purpose": "test",
    }
    return queue_mail(**{**values, **changes})


def set_state(delivery: Delivery, state: str) -> None:
    extra: dict[str, dict[str, Any]] = {
        "failed": {"error": "weil"},
        "unclear": {"error": "weil"},
        "sent": {"sent_at": timezone.now()},
    }
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **extra[state])


def test_a_mail_belongs_to_the_transaction_it_was_queued_in() -> None:
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    assert not MessageContent.objects.exists()


def test_unclear_is_decided_once() -> None:
    operator = make.make_user(is_superuser=True)
    arrived, again = queue(), queue()
    for delivery in (arrived, again):
        set_state(delivery, "unclear")
    resolve_unclear(arrived, by=operator, sent=True)
    assert arrived.state == DeliveryState.SENT
    assert arrived.decided_by == operator
    resolve_unclear(again, by=operator, sent=False)
    assert (again.state, again.attempts) == (DeliveryState.QUEUED, 0)
    for delivery in (arrived, again):
        with pytest.raises(Refused):
            resolve_unclear(delivery, by=operator, sent=False)


def test_only_what_failed_is_retried_and_only_while_there_is_a_message() -> None:
    operator = make.make_user(is_superuser=True)
    delivery = queue()
    with pytest.raises(Refused):
        retry_failed(delivery, by=operator)
    set_state(delivery, "failed")
    retry_failed(delivery, by=operator)
    assert delivery.state == DeliveryState.QUEUED
    set_state(delivery, "failed")
    MessageContent.objects.all().delete()
    with pytest.raises(Refused, match="Inhalt"):
        retry_failed(delivery, by=operator)
    code = queue(ephemeral_until=timezone.now() - timedelta(minutes=1))
    set_state(code, "failed")
    with pytest.raises(Refused, match="nur kurze Zeit"):
        retry_failed(code, by=operator)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "sent"},
        {"state": "queued", "sent_at": timezone.now()},
        {"state": "sending"},
        {"state": "failed"},
        {"state": "unclear"},
        {"state": "lost"},
        {"state": "queued", "next_attempt_at": None},
    ],
)
def test_the_database_refuses_impossible_states(values: dict[str, Any]) -> None:
    delivery = queue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(**values)


def test_libraries_send_into_the_outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = BACKEND
    sent = send_mail("Kennwort", "Text", None, ["Erika <erika@stadt.example>", "b@stadt.example"])
    assert sent == 1
    assert mail.outbox == []
    deliveries = Delivery.objects.order_by("pk")
    assert [d.to_email for d in deliveries] == ["erika@stadt.example", "b@stadt.example"]
    assert len({d.message_id for d in deliveries}) == 2
    assert b"b@stadt.example" not in bytes(deliveries[0].content.raw)


def test_a_header_makes_it_ephemeral_and_stays_in_the_house(settings: Any) -> None:
    settings.EMAIL_BACKEND = BACKEND
    until = timezone.now().replace(microsecond=0) + timedelta(minutes=3)
    message = EmailMultiAlternatives(
        "Ihr Anmeldecode",
        "ABC-DEF",
        to=["erika@stadt.example"],
        headers={"X-Ephemeral-Until": until.isoformat()},
    )
    assert message.send() == 1
    delivery = Delivery.objects.get()
    assert delivery.ephemeral_until == until
    assert b"Ephemeral" not in bytes(delivery.content.raw)


def test_a_header_that_is_no_time_is_an_error(settings: Any) -> None:
    settings.EMAIL_BACKEND = BACKEND
    message = EmailMultiAlternatives(
        "x", "y", to=["erika@stadt.example"], headers={"X-Ephemeral-Until": "morgen"}
    )
    with pytest.raises(ValueError, match="ISO 8601"):
        message.send()
    message.connection = None
    assert message.send(fail_silently=True) == 0


def test_a_bad_address_from_a_library_queues_nothing(settings: Any) -> None:
    settings.EMAIL_BACKEND = BACKEND
    with pytest.raises(ValidationError):
        send_mail("x", "y", None, ["erika@stadt.example", "kein-at"])
    assert not Delivery.objects.exists()
