"""What is frozen into the messages: for whom it has not been yet, and the files that go along."""

from hashlib import sha256

from django.db.models import QuerySet

from programmes.events.calendar import event_file, event_file_name
from programmes.outbox.messages import Attachment
from programmes.outbox.models import MessageTail
from programmes.rundmails.models import Recipient, RecipientState, Rundmail, RundmailAttachment


class Unreadable(Exception):
    """A file that should go with a mail cannot be read, or is not what was attached."""


def unfrozen(mail: Rundmail) -> QuerySet[Recipient]:
    """Who gets the mail and has no message yet, in the order in which they get one."""
    found: QuerySet[Recipient] = Recipient.objects.filter(
        rundmail=mail, state=RecipientState.FIXED, delivery=None
    ).order_by("pk")
    return found


def attached(mail: Rundmail) -> list[RundmailAttachment]:
    """The attachments of a mail with their files."""
    return list(mail.attachments.select_related("file"))


def missing_files(mail: Rundmail) -> list[str]:
    """Names of attachments that lie on the disk no longer."""
    return [
        row.file.name
        for row in attached(mail)
        if not row.file.content.storage.exists(row.file.content.name or "")
    ]


def read_attachments(mail: Rundmail) -> list[Attachment]:
    """What goes with every message, the calendar file last. Raises ``Unreadable``."""
    found: list[Attachment] = []
    for row in attached(mail):
        stored = row.file
        try:
            with stored.content.open("rb") as file:
                content: bytes = file.read()
        except OSError as error:
            raise Unreadable(stored.name) from error
        if sha256(content).hexdigest() != stored.sha256:
            raise Unreadable(stored.name)
        found.append((stored.name, content, stored.content_type))
    if mail.attach_calendar:
        if mail.event is None:
            raise Unreadable(event_file_name())
        found.append((event_file_name(), event_file(mail.event), "text/calendar"))
    return found


def attachments_to_freeze(mail: Rundmail) -> list[Attachment]:
    """As ``read_attachments``; none once the first messages are frozen, which hold them for all."""
    return [] if MessageTail.objects.filter(batch=mail.batch).exists() else read_attachments(mail)
