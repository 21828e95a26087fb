"""Writing a mail: a draft saves without being complete, and only a draft changes."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import Sum

from mentoring.accounts.models import User
from mentoring.files.domain import store_upload
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.rundmails.domain.audience import Choice, choices_of, may_choose
from programmes.rundmails.domain.locks import check_state, held
from programmes.rundmails.domain.timing import is_hung, planned_send_at
from programmes.rundmails.models import (
    AudienceChoice,
    Rundmail,
    RundmailAttachment,
    RundmailState,
)
from programmes.rundmails.placeholders import uses_of
from programmes.rundmails.registries import audiences

PURPOSE = "rundmail"
"""Of the stored files of attachments, and of the deliveries."""

MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024
"""All attachments of a mail together; many mail servers take no more."""

NO_CHOICE = "Diese Auswahl gibt es nicht (mehr). Wählen Sie den Empfängerkreis neu aus."
BOTH = "Eine Gruppe kann nicht zugleich im Empfängerkreis und davon ausgenommen sein."
COUNCIL_ONLY = "Den Platzhalter {written} kann nur der Beirat verwenden. Nehmen Sie ihn heraus."
ELSEWHERE = "Meilenstein und Veranstaltung müssen zu diesem Durchgang gehören."


def create(mail: Rundmail, *, choices: Sequence[Choice] = (), by: User) -> Rundmail:
    """Store a new draft: ``mail`` is unsaved, with its cycle and what was typed.

    Raises ``Refused`` if a choice is unknown, or confidential and ``by`` is not of the Beirat.
    """
    with transaction.atomic(), acting(by):
        mail.cycle = held_open(mail.cycle)
        mail.state = RundmailState.DRAFT
        mail.created_by = by
        _save(mail, list(choices), set(), by)
    return mail


def save_draft(mail: Rundmail, *, choices: Sequence[Choice] | None = None, by: User) -> Rundmail:
    """Store what was typed into a draft; ``choices`` replace the stored ones unless ``None``.

    Raises ``Refused`` if it is a draft no longer and ``EditConflict`` if somebody else was
    faster.
    """
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.DRAFT)
        if stored.version != mail.version:
            raise EditConflict(stored)
        kept = choices_of(stored)
        _save(mail, kept if choices is None else list(choices), set(kept), by)
    return mail


def _save(mail: Rundmail, choices: list[Choice], kept: set[Choice], by: User) -> None:
    _check_choices(mail.cycle, choices, kept, by)
    for related in (mail.event, mail.milestone):
        if related is not None and related.cycle_id != mail.cycle_id:
            raise Refused(ELSEWHERE)
    mail.confidential = is_confidential(mail, choices)
    if mail.confidential and mail.cycle_id not in roles_of(by).inside:
        _refuse_confidential(mail)
    if is_hung(mail):
        mail.send_at = planned_send_at(mail)
    mail.save()
    _write_choices(mail, choices)


def is_confidential(mail: Rundmail, choices: Sequence[Choice]) -> bool:
    """Whether anything from the confidential part is in it (design, rule 3)."""
    return any(
        audiences.get(choice.audience).confidential
        for choice in choices
        if choice.audience in audiences
    ) or any(use.placeholder is not None and use.placeholder.confidential for use in uses_of(mail))


def _refuse_confidential(mail: Rundmail) -> None:
    for use in uses_of(mail):
        if use.placeholder is not None and use.placeholder.confidential:
            raise Refused(COUNCIL_ONLY.format(written=use.written))
    raise Refused(NO_CHOICE)


def _check_choices(cycle: Cycle, choices: list[Choice], kept: set[Choice], by: User) -> None:
    """Raise ``Refused`` for what was not offered; what is stored already may have lapsed."""
    if len({(choice.audience, choice.value) for choice in choices}) < len(choices):
        raise Refused(BOTH)
    stored = {(choice.audience, choice.value) for choice in kept}
    offered: dict[str, set[str]] = {}
    for choice in choices:
        name = choice.audience
        if (name, choice.value) in stored:
            continue
        if name not in audiences or not may_choose(audiences.get(name), cycle, by):
            raise Refused(NO_CHOICE)
        if name not in offered:
            offered[name] = {value for value, _ in audiences.get(name).choices(cycle, by)}
        if choice.value not in offered[name]:
            raise Refused(NO_CHOICE)


def _write_choices(mail: Rundmail, choices: list[Choice]) -> None:
    """Write only what differs, so that the log tells what was changed."""
    stored = {(row.audience, row.value): row for row in mail.choices.all()}
    for choice in choices:
        row = stored.pop((choice.audience, choice.value), None)
        if row is None:
            AudienceChoice.objects.create(
                rundmail=mail, audience=choice.audience, value=choice.value, minus=choice.minus
            )
        elif row.minus != choice.minus:
            row.minus = choice.minus
            row.save()
    for row in stored.values():
        row.delete()


def delete_draft(mail: Rundmail, *, by: User) -> None:
    """Delete a draft with its attachments; raises ``Refused`` for anything else."""
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.DRAFT)
        delete_with_files(stored)


def delete_with_files(mail: Rundmail) -> None:
    """Delete a mail's row, and the files that went with it alone."""
    files = [row.file for row in mail.attachments.select_related("file")]
    mail.delete()
    for file in files:
        file.delete()


def add_attachment(mail: Rundmail, upload: "File[bytes]", *, by: User) -> RundmailAttachment:
    """Check and attach a file to a draft; raises ``ValidationError`` or ``Refused``.

    ``mail`` gets the version that the stored one has afterwards: an approval given before
    counts no longer.
    """
    with transaction.atomic(), acting(by):
        stored = held(mail)
        check_state(stored, RundmailState.DRAFT)
        file = store_upload(upload, purpose=PURPOSE, by=by)
        row = RundmailAttachment.objects.create(rundmail=stored, file=file)
        size = stored.attachments.aggregate(size=Sum("file__size"))["size"]
        if size > MAX_ATTACHMENT_BYTES:
            file.content.storage.delete(file.content.name or "")
            raise ValidationError(
                "Alle Anhänge zusammen dürfen höchstens "
                f"{MAX_ATTACHMENT_BYTES // 1024 // 1024} MB groß sein; viele Postfächer nehmen "
                "mehr nicht an. Legen Sie große Dateien bei den Unterlagen ab."
            )
        stored.save()
        mail.version = stored.version
    return row


def remove_attachment(attachment: RundmailAttachment, *, by: User) -> None:
    """Take an attachment off a draft; raises ``Refused`` if it is one no longer."""
    with transaction.atomic(), acting(by):
        stored = held(attachment.rundmail)
        check_state(stored, RundmailState.DRAFT)
        file = attachment.file
        attachment.delete()
        file.delete()
        stored.save()
