"""The usual mails: texts shipped with the product, kept per programme, offered in time."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from mentoring.log.domain import acting
from programmes.cycles.models import Programme
from programmes.rundmails.models import RundmailTemplate

DEFAULTS = Path(__file__).parent / "defaults"


@dataclass(frozen=True)
class Shipped:
    """A usual mail as it comes with the product: its head and its text."""

    key: str
    title: str
    subject: str
    body: str
    milestone_key: str
    days_from_milestone: int
    audiences: tuple[tuple[str, str], ...]

    def values(self) -> dict[str, Any]:
        """As the fields of a ``RundmailTemplate``."""
        return {
            "title": self.title,
            "subject": self.subject,
            "body": self.body,
            "milestone_key": self.milestone_key,
            "days_from_milestone": self.days_from_milestone,
            "audiences": [list(pair) for pair in self.audiences],
        }


@cache
def shipped() -> dict[str, Shipped]:
    """The shipped mails by key."""
    return {path.stem: _read(path) for path in sorted(DEFAULTS.glob("*.md"))}


def _read(path: Path) -> Shipped:
    """A file of ``defaults``: lines "name: value", an empty line, the text."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    said = dict(line.split(": ", 1) for line in head.splitlines())
    pairs = [name.strip().partition("=") for name in said["audiences"].split(",")]
    return Shipped(
        key=path.stem,
        title=said["title"],
        subject=said["subject"],
        body=body.strip(),
        milestone_key=said["milestone"],
        days_from_milestone=int(said["days"]),
        audiences=tuple((audience, value) for audience, _, value in pairs),
    )


def fill(programme: Programme) -> None:
    """Give ``programme`` the shipped mails it does not have yet.

    Two who come first at the same time both succeed: the second one's rows are left out.
    """
    present = set(programme.rundmail_templates.values_list("key", flat=True))
    missing = [
        RundmailTemplate(programme=programme, key=key, **mail.values())
        for key, mail in shipped().items()
        if key not in present
    ]
    if missing:
        RundmailTemplate.objects.bulk_create(missing, ignore_conflicts=True)


def usual_mails(programme: Programme) -> Any:
    """The usual mails of ``programme``, filled in at their first use."""
    fill(programme)
    return RundmailTemplate.objects.filter(programme=programme)


def reset(template: RundmailTemplate, *, by: Any) -> RundmailTemplate:
    """Give ``template`` its shipped text again."""
    with transaction.atomic(), acting(by):
        found = RundmailTemplate.objects.select_for_update().get(pk=template.pk)
        for name, value in shipped()[found.key].values().items():
            setattr(found, name, value)
        found.save()
    return found


def is_shipped(template: RundmailTemplate) -> bool:
    """Whether ``template`` still reads as it came."""
    mail = shipped().get(template.key)
    return mail is not None and all(
        getattr(template, name) == value for name, value in mail.values().items()
    )
