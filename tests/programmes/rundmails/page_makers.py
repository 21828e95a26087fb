"""Mails in any state, for the tests of pages."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from programmes.cycles.models import Cycle
from programmes.outbox.models import Delivery
from programmes.people.models import Person
from programmes.rundmails.models import AudienceChoice, Recipient, Rundmail

BERLIN = ZoneInfo("Europe/Berlin")
OUT_AT = datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN)
SECRET = "Ergebnis der Platzvergabe"


def make_mail(cycle: Cycle, *audience: str | tuple[str, str], **fields: Any) -> Rundmail:
    """A mail with the times its state needs, to the audiences named."""
    fields.setdefault("subject", "Einladung zum Startworkshop")
    fields.setdefault("body", "{anrede},\n\nwir laden Sie **herzlich** ein.")
    state = fields.get("state", "draft")
    if state != "draft":
        fields.setdefault("released_at", OUT_AT)
        fields.setdefault("send_at", OUT_AT)
    if state in ("sending", "sent"):
        fields.setdefault("started_at", OUT_AT)
    if state == "sent":
        fields.setdefault("ended_at", OUT_AT)
    mail = Rundmail.objects.create(cycle=cycle, **fields)
    for part in audience:
        name, value = (part, "") if isinstance(part, str) else part
        AudienceChoice.objects.create(rundmail=mail, audience=name, value=value)
    return mail


def make_recipient(mail: Rundmail, person: Person, outcome: str = "", **fields: Any) -> Recipient:
    """Somebody on the list; ``outcome`` is the state of their delivery, "" for none."""
    delivery = make_delivery(mail, person, outcome) if outcome else None
    return Recipient.objects.create(
        rundmail=mail,
        person=person,
        name=person.full_name,
        email=person.email,
        sort_key=person.sort_key,
        search_key=person.search_key,
        delivery=delivery,
        **fields,
    )


def make_delivery(mail: Rundmail, person: Person, state: str) -> Delivery:
    """A delivery of the mail's batch, with what its state needs."""
    needs: dict[str, Any] = {
        "queued": {"next_attempt_at": OUT_AT},
        "sending": {"sending_since": OUT_AT, "claim": uuid4()},
        "sent": {"sent_at": OUT_AT, "ended_at": OUT_AT},
        "failed": {"error": "550 Postfach unbekannt", "ended_at": OUT_AT},
        "unclear": {"error": "keine Antwort", "ended_at": OUT_AT},
    }[state]
    return Delivery.objects.create(
        purpose="rundmail",
        batch=mail.batch,
        person=person,
        to_email=person.email,
        to_name=person.full_name,
        subject=mail.subject,
        confidential=mail.confidential,
        message_id=f"<{uuid4()}@test.example>",
        state=state,
        **needs,
    )
