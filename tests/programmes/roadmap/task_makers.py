"""Makers of Aufgaben, and whom the outbox wrote to."""

import email
import email.policy
from datetime import date
from itertools import count
from typing import Any

from programmes.cycles.models import Cycle
from programmes.outbox.models import Delivery
from programmes.people.models import Person
from programmes.roadmap.models import Task

_number = count(1)


def make_task(cycle: Cycle, due_on: date | None = None, **fields: Any) -> Task:
    """A task of the Beirat; with ``days_from_milestone`` due by its milestone."""
    fields.setdefault("title", f"Aufgabe {next(_number)}")
    days = fields.get("days_from_milestone")
    if days is not None and due_on is None:
        due_on = date.fromordinal(fields["milestone"].starts_on.toordinal() + days)
    return Task.objects.create(cycle=cycle, due_on=due_on, **fields)


def mails_to(person: Person) -> list[str]:
    """The texts of the reminders queued for ``person``, oldest first."""
    rows = Delivery.objects.filter(person=person, purpose="roadmap.reminder").order_by("pk")
    return [text_of(row) for row in rows.select_related("content")]


def text_of(delivery: Delivery) -> str:
    """The text of one queued message."""
    message = email.message_from_bytes(bytes(delivery.content.raw), policy=email.policy.default)
    body = message.get_body()
    assert body is not None
    return str(body.get_content())
