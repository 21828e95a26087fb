"""When a mail goes out."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from programmes.rundmails.models import Rundmail


def is_hung(mail: Rundmail) -> bool:
    """Whether the time of sending follows from a milestone."""
    return mail.milestone_id is not None and mail.days_from_milestone is not None


def hung_send_at(starts_on: date, days: int, at: time) -> datetime:
    """``at`` by the clock on the wall, ``days`` after ``starts_on``.

    In the hour that is skipped in March it becomes the hour after; of the hour that comes
    twice in October it is the first.
    """
    local = datetime.combine(
        starts_on + timedelta(days=days), at, tzinfo=timezone.get_default_timezone()
    )
    return local.astimezone(UTC)


def planned_send_at(mail: Rundmail) -> datetime | None:
    """When ``mail`` would go out: hung on its milestone, at its time, or ``None`` for at once."""
    if mail.milestone is None or mail.days_from_milestone is None or mail.send_time is None:
        return mail.send_at
    return hung_send_at(mail.milestone.starts_on, mail.days_from_milestone, mail.send_time)
