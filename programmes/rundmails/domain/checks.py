"""What stands in the way of a release."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.outbox.messages import check_address
from programmes.people.models import Person
from programmes.rundmails.domain.audience import Resolution, resolve_audience
from programmes.rundmails.domain.content import (
    Unreadable,
    attachments_to_freeze,
    missing_files,
    unfrozen,
)
from programmes.rundmails.domain.timing import planned_send_at
from programmes.rundmails.models import Rundmail
from programmes.rundmails.permissions import hidden_in, may_release
from programmes.rundmails.placeholders import (
    Use,
    doubled_in,
    missing_in,
    problem_of,
    problem_of_doubled,
    uses_in,
    uses_of,
    values_of,
)

NAMES = 10
RELEASED_BY_LEADS = (
    "Diese Rundmail ist vertraulich. Freigeben kann sie nur eine Treiberin oder ein Treiber."
)
NOT_RELEASED_BY_YOU = "Sie dürfen diese Rundmail nicht freigeben."

PERSONAL_IN_SUBJECT = (
    "{written} ist nur für die Empfängerin oder den Empfänger bestimmt; einen Betreff lesen auch "
    "andere. Schreiben Sie den Platzhalter in den Text."
)


@dataclass(frozen=True)
class Problem:
    """Something that must be mended before release.

    ``field`` is that of the form ("subject", "body", "audience", "reply_to", "attachments",
    "event", "send_at" or "release"). ``names`` are at most ten of those concerned, ``more``
    how many there are besides.
    """

    field: str
    text: str
    names: tuple[str, ...] = ()
    more: int = 0

    def __str__(self) -> str:
        if not self.names:
            return self.text
        rest = f" und {self.more} weitere" if self.more else ""
        return f"{self.text} Es fehlt bei: {', '.join(self.names)}{rest}."


def check(
    mail: Rundmail, user: Any, *, resolution: Resolution | None = None, on_time: bool = True
) -> list[Problem]:
    """Everything that keeps ``user`` from releasing ``mail``; empty if nothing does.

    ``resolution`` spares finding the audience again; with ``on_time`` off a time that has
    passed is none, for a mail that was released in time.
    """
    if resolution is None:
        resolution = resolve_audience(mail, user)
    problems = [*_of_form(mail), *_of_placeholders(mail, user)]
    if not resolution.people:
        problems.append(
            Problem("audience", "Der Empfängerkreis ist leer: Diese Rundmail bekäme niemand.")
        )
    if not problems:
        problems += missing_values(mail, resolution.people)
    send_at = planned_send_at(mail)
    if on_time and send_at is not None and send_at < timezone.now():
        problems.append(
            Problem(
                "send_at",
                f"Der Zeitpunkt des Versands ({timezone.localtime(send_at):%d.%m.%Y, %H:%M} Uhr) "
                "ist vorbei. Wählen Sie einen späteren oder „sofort“.",
            )
        )
    if not may_release(user, mail):
        text = RELEASED_BY_LEADS if mail.confidential else NOT_RELEASED_BY_YOU
        problems.append(Problem("release", text))
    return problems


def _of_form(mail: Rundmail) -> Iterator[Problem]:
    if not mail.subject.strip():
        yield Problem("subject", "Der Betreff fehlt.")
    if not mail.body.strip():
        yield Problem("body", "Der Text fehlt.")
    if mail.reply_to:
        try:
            check_address(mail.reply_to)
        except ValidationError:
            yield Problem("reply_to", "Die Adresse für Antworten ist nicht gültig.")
    for name in missing_files(mail):
        yield Problem(
            "attachments",
            f"Der Anhang „{name}“ ist nicht mehr vorhanden. Nehmen Sie ihn heraus und hängen Sie "
            "die Datei neu an.",
        )
    if mail.attach_calendar and mail.event is None:
        yield Problem(
            "event", "Für den Kalendereintrag fehlt die Veranstaltung. Wählen Sie eine aus."
        )


def _of_placeholders(mail: Rundmail, user: Any) -> Iterator[Problem]:
    in_subject = set(uses_in(mail.subject))
    for use in uses_of(mail):
        if text := problem_of(use, mail, user):
            yield Problem(_field(use, in_subject), text)
        elif use in in_subject and use.placeholder is not None and use.placeholder.conceal:
            yield Problem("subject", PERSONAL_IN_SUBJECT.format(written=use.written))
    # Other systems write placeholders in double braces; here these stand for braces themselves.
    for field, source in (("subject", mail.subject), ("body", mail.body)):
        for use in doubled_in(source):
            if text := problem_of_doubled(use, mail, user):
                yield Problem(field, text)


def _field(use: Use, in_subject: set[Use]) -> str:
    return "subject" if use in in_subject else "body"


def missing_values(
    mail: Rundmail, people: Sequence[Person], *, unnamed: Collection[int] = ()
) -> list[Problem]:
    """For each placeholder that says nothing to some of ``people``, who they are.

    Those in ``unnamed`` (primary keys) are neither named nor counted.
    """
    in_subject = set(uses_in(mail.subject))
    problems = []
    for use, concerned in missing_in(values_of(mail, people, uses_of(mail)), people).items():
        names = [str(person) for person in concerned if person.pk not in unnamed]
        problems.append(
            Problem(
                _field(use, in_subject),
                f"Für {use.written} gibt es nicht bei allen einen Wert.",
                tuple(names[:NAMES]),
                max(0, len(names) - NAMES),
            )
        )
    return problems


def lost_content(mail: Rundmail, user: Any) -> list[Problem]:
    """What a released mail lacks by now of what its messages are to be made of.

    Names nobody whom ``user`` must not know of.
    """
    rows = unfrozen(mail).select_related("person__municipality")
    problems = missing_values(
        mail,
        [row.person for row in rows if row.person is not None],
        unnamed=hidden_in(mail.cycle_id, user),
    )
    try:
        attachments_to_freeze(mail)
    except Unreadable as fault:
        problems.append(Problem("attachments", f"Der Anhang „{fault}“ ist nicht mehr vorhanden."))
    return problems
