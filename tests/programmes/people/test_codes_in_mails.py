"""A code stands in the text of a mail alone: the outbox wipes that, but keeps the subject."""

import pytest

from programmes.outbox.models import Delivery
from programmes.people.mails import send_digits


@pytest.mark.django_db
def test_the_subject_does_not_hold_the_code(settings):
    settings.EMAIL_BACKEND = "programmes.outbox.backend.OutboxBackend"
    send_digits("erika@stadt.example", "483920")
    delivery = Delivery.objects.get()
    assert "483920" not in delivery.subject
    assert b"483920" in bytes(delivery.content.raw)
