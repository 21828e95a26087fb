"""Telling those who released a mail that it waits for them."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from mentoring.accounts.models import User
from programmes.cycles.models import CouncilSeat
from programmes.outbox.domain import queue_mail
from programmes.rundmails.models import Rundmail
from programmes.rundmails.permissions import may_release
from programmes.rundmails.subjects import shown_subject

PURPOSE = "rundmail.review"

_TEXT = """Guten Tag {name},

{what}

{why}

Sehen Sie hier nach und bestätigen Sie die Rundmail, wenn sie so hinausgehen soll:
{link}

{then}

Diese Nachricht hat {site} verschickt.
"""


def answerable(mail: Rundmail) -> list[User]:
    """Who is asked about ``mail``: whoever released it, else the leads of its cycle."""
    if mail.released_by is not None and may_release(mail.released_by, mail):
        return [mail.released_by]
    seats = CouncilSeat.objects.current().filter(participation__cycle=mail.cycle_id, lead=True)
    users = User.objects.filter(person__in=seats.values("person"), is_active=True)
    return [user for user in users if may_release(user, mail)]


def ask(mail: Rundmail, *, why: str, then: str, users: Iterable[User] | None = None) -> None:
    """Queue a mail to each of those answerable. It names nobody, and no confidential subject."""
    title = "" if mail.confidential else f" „{shown_subject(mail)}“"
    when = timezone.localtime(mail.send_at) if mail.send_at else timezone.localtime()
    what = f"die Rundmail{title} in {mail.cycle} ist für den {when:%d.%m.%Y, %H:%M} Uhr vorgesehen."
    for user in answerable(mail) if users is None else users:
        person = getattr(user, "person", None)
        queue_mail(
            to_email=user.email,
            to_name=str(person or ""),
            subject=f"Bitte ansehen: Rundmail in {mail.cycle}",
            text=_TEXT.format(
                name=person or user.email,
                what=what,
                why=why,
                link=f"{settings.BASE_URL}{mail.get_absolute_url()}",
                then=then,
                site=settings.SITE_NAME,
            ),
            purpose=PURPOSE,
            person=person,
            confidential=mail.confidential,
        )
