"""What somebody got: the mails of a person, and the very text that went out."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import nh3
from django.db.models import QuerySet

from programmes.cycles.models import Cycle
from programmes.outbox.models import Delivery, MessageContent
from programmes.people.models import Person
from programmes.rundmails.models import Recipient, RundmailState
from programmes.rundmails.placeholders import without_personal


@dataclass(frozen=True)
class SentMessage:
    """A frozen message, read for a page; ``html`` is safe to show.

    What was for the recipient alone, such as a personal link, is made useless in it;
    ``concealed`` says that there was something.
    """

    subject: str
    sender: str
    reply_to: str
    to: str
    text: str
    html: str
    attachments: tuple[str, ...]
    concealed: bool


def received_by(person: Person, cycle: Cycle, user: Any) -> QuerySet[Recipient]:
    """The mails ``person`` was sent in ``cycle``, as far as ``user`` may know of them."""
    found: QuerySet[Recipient] = (
        Recipient.objects.visible_to(user)
        .filter(person=person, rundmail__cycle=cycle)
        .exclude(rundmail__state=RundmailState.RELEASED)
    )
    return found


def sent_message(delivery: Delivery | None) -> SentMessage | None:
    """The message of ``delivery`` as it was frozen; ``None`` if it is kept no longer.

    Whoever may read the archive may not do what the recipient may with their own link.
    """
    content = (
        MessageContent.objects.filter(delivery=delivery).select_related("tail").first()
        if delivery is not None
        else None
    )
    if content is None:
        return None
    raw = bytes(content.raw) + (bytes(content.tail.raw) if content.tail else b"")
    parsed = message_from_bytes(raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    text, html = _body(parsed, "plain"), _body(parsed, "html")
    shown_text, shown_html = without_personal(text), without_personal(html)
    return SentMessage(
        subject=without_personal(_header(parsed, "Subject")),
        sender=_header(parsed, "From"),
        reply_to=_header(parsed, "Reply-To"),
        to=_header(parsed, "To"),
        text=shown_text,
        html=_inner(shown_html),
        attachments=tuple(part.get_filename() or "Anhang" for part in parsed.iter_attachments()),
        concealed=(shown_text, shown_html) != (text, html),
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name, ""))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""


def _inner(page: str) -> str:
    """The inner part of a mail's page, cleaned once more: it goes into a page of ours."""
    _, _, after = page.partition("<body")
    inner = after.partition(">")[2].partition("</body>")[0]
    return nh3.clean(inner, clean_content_tags={"script", "style"})
