"""Mails are personal data: those that have ended are not kept for ever."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from programmes.outbox.models import Delivery, DeliveryState, MessageContent
from programmes.outbox.retention import KEPT_FOR, delete_old
from tests.programmes.outbox.test_domain import queue, set_state

pytestmark = pytest.mark.django_db


def ended(state: str, *, age: timedelta, batch: uuid.UUID | None = None) -> int:
    delivery = queue(batch=batch)
    set_state(delivery, state)
    moment = timezone.now() - age
    times = {"sent_at": moment} if state == DeliveryState.SENT else {"ended_at": moment}
    Delivery.objects.filter(pk=delivery.pk).update(**times)
    return delivery.pk


def test_only_old_single_mails_that_have_ended_go() -> None:
    old, young = KEPT_FOR + timedelta(days=1), KEPT_FOR - timedelta(days=1)
    gone = {ended("sent", age=old), ended("failed", age=old)}
    kept = {
        ended("sent", age=young),
        ended("failed", age=young),
        ended("unclear", age=old),
        ended("sent", age=old, batch=uuid.uuid4()),
        queue().pk,
    }
    assert delete_old() == len(gone)
    assert set(Delivery.objects.values_list("pk", flat=True)) == kept
    assert not MessageContent.objects.filter(delivery__in=gone).exists()
