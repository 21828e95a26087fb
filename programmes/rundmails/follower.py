"""What a moved milestone does to the mails that hang on it.

Drafts move along. Released mails move too, and wait to be confirmed: the day they were
released for is another now. What is being sent already stays as it is.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.roadmap.models import Milestone
from programmes.roadmap.registries import Consequence, Follower, Shift
from programmes.rundmails.domain.timing import hung_send_at
from programmes.rundmails.models import ConfirmReason, Rundmail, RundmailState
from programmes.rundmails.subjects import shown_subject, with_subjects

WHAT = "Rundmail"
CONCEALED = "vertrauliche Rundmail"
CONFIRMED_FIRST = "wird nur versandt, wenn sie noch einmal bestätigt wird"
IN_THE_PAST = "Der Zeitpunkt läge in der Vergangenheit: Sie geht nicht von selbst hinaus."
CHANGED_SINCE = (
    "Eine Rundmail, die mitverschoben wurde, ist seitdem geändert oder bestätigt worden. Die "
    "Verschiebung lässt sich deshalb nicht zurücknehmen; verschieben Sie den Meilenstein neu."
)
WAITING = (RundmailState.DRAFT, RundmailState.RELEASED)
_FIELDS = ("send_at", "confirm_reason", "review_asked_at")


def _hung(cycle: Cycle, shifts: Sequence[Shift]) -> QuerySet[Rundmail]:
    moved = [shift.milestone.pk for shift in shifts if shift.days]
    found: QuerySet[Rundmail] = Rundmail.objects.filter(
        cycle=cycle,
        milestone__in=moved,
        state__in=WAITING,
        days_from_milestone__isnull=False,
        send_time__isnull=False,
    )
    return found.order_by("send_at", "pk")


def _new_time(mail: Rundmail, shifts: dict[int | None, Shift]) -> datetime:
    assert mail.days_from_milestone is not None
    assert mail.send_time is not None
    starts_on = shifts[mail.milestone_id].starts_on
    return hung_send_at(starts_on, mail.days_from_milestone, mail.send_time)


def _by_milestone(shifts: Sequence[Shift]) -> dict[int | None, Shift]:
    return {shift.milestone.pk: shift for shift in shifts}


def _shown(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y, %H:%M} Uhr" if moment is not None else ""


def preview(cycle: Cycle, shifts: Sequence[Shift], user: Any) -> list[Consequence]:
    """The mails that would go along; of those the user may not open, only that there is one."""
    wanted = _by_milestone(shifts)
    visible = set(
        Rundmail.objects.visible_to(user).filter(cycle=cycle).values_list("pk", flat=True)
    )
    rows = []
    for mail in with_subjects(_hung(cycle, shifts)):
        after = _new_time(mail, wanted)
        released = mail.state == RundmailState.RELEASED
        warnings = [CONFIRMED_FIRST] if released else []
        warnings += [IN_THE_PAST] if after < timezone.now() else []
        seen = mail.pk in visible
        rows.append(
            Consequence(
                WHAT,
                shown_subject(mail) if seen else CONCEALED,
                _shown(mail.send_at),
                _shown(after),
                mail.get_absolute_url() if seen else "",
                tuple(warnings),
            )
        )
    return rows


def apply(cycle: Cycle, shifts: Sequence[Shift], user: User) -> list[dict[str, Any]]:
    """Move the mails; returns what ``undo`` needs."""
    wanted = _by_milestone(shifts)
    # Held, so that none of them begins to be sent meanwhile.
    mails = list(_hung(cycle, shifts).select_for_update(of=("self",)))
    changes = []
    for mail in mails:
        before = _stored(mail)
        mail.send_at = _new_time(mail, wanted)
        if mail.state == RundmailState.RELEASED:
            mail.confirm_reason = ConfirmReason.MOVED
            mail.review_asked_at = None
        changes.append(
            {"pk": mail.pk, "state": mail.state, "before": before, "after": _stored(mail)}
        )
    if mails:
        Rundmail.objects.bulk_update(mails, _FIELDS)
    return changes


def undo(cycle: Cycle, changes: Any, user: User) -> None:
    """Put the mails back exactly; raises ``Refused`` if one was changed since.

    What began to be sent meanwhile, or was stopped or deleted, is left as it is.
    """
    wanted = {change["pk"]: change for change in changes}
    mails = list(
        Rundmail.objects.select_for_update(of=("self",)).filter(
            cycle=cycle, pk__in=wanted, state__in=WAITING
        )
    )
    for mail in mails:
        change = wanted[mail.pk]
        if mail.state != change["state"] or not _same(_stored(mail), change["after"]):
            raise Refused(CHANGED_SINCE)
        before = change["before"]
        mail.send_at = _moment(before["send_at"])
        mail.confirm_reason = before["confirm_reason"]
        mail.review_asked_at = _moment(before["review_asked_at"])
    if mails:
        Rundmail.objects.bulk_update(mails, _FIELDS)


def _same(stored: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether nobody has touched it; that somebody was asked meanwhile is no change."""
    return all(stored[name] == after[name] for name in ("send_at", "confirm_reason"))


def _stored(mail: Rundmail) -> dict[str, Any]:
    """The moved fields as JSON."""
    return {
        "send_at": _text(mail.send_at),
        "confirm_reason": str(mail.confirm_reason),
        "review_asked_at": _text(mail.review_asked_at),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def hanging(milestone: Milestone) -> list[str]:
    """How many mails hang on ``milestone``, before it is dropped or deleted."""
    number = Rundmail.objects.filter(
        milestone=milestone, state__in=WAITING, days_from_milestone__isnull=False
    ).count()
    if not number:
        return []
    mails = "hängt 1 Rundmail" if number == 1 else f"hängen {number} Rundmails"
    return [f"An diesem Meilenstein {mails}. Der Versand bleibt, wie er jetzt geplant ist."]


FOLLOWER = Follower(preview, apply, undo)
