"""The date of the Startworkshop as the cycle keeps it: a mirror of its milestone."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle


def reveal_after(cycle: Cycle, start_on: date) -> datetime | None:
    """When the matching becomes known by itself if the Startworkshop is on ``start_on``.

    A time still ahead goes along with the Startworkshop, at the same hour of the day.
    """
    old, planned = cycle.reveal_at, cycle.start_workshop_on
    if old is None or planned is None or old <= timezone.now():
        return old
    local = timezone.localtime(old)
    moved = local.replace(tzinfo=None) + timedelta(days=(start_on - planned).days)
    return timezone.make_aware(moved).astimezone(UTC)


def check_year_of_workshop(cycle: Cycle, start_on: date) -> None:
    """Raise ``Refused`` if the Startworkshop would lie far outside the years of ``cycle``.

    A year before is well possible; whatever is further away is a slip, and all milestones
    and tasks would follow it. Only what is typed is checked: what stands there may stay.
    """
    if not cycle.start_year - 1 <= start_on.year <= cycle.end_year:
        raise Refused(
            f"Der {start_on:%d.%m.}{start_on.year} liegt weit außerhalb des Durchgangs "
            f"({cycle.start_year} bis {cycle.end_year}). Bitte prüfen Sie die Jahreszahl."
        )


def mirror_workshop(cycle: Cycle, start_on: date) -> None:
    """Write ``start_on`` into a cycle that is held, and move what hangs on it there."""
    if cycle.start_workshop_on == start_on:
        return
    cycle.reveal_at = reveal_after(cycle, start_on)
    cycle.start_workshop_on = start_on
    cycle.save(update_fields=["start_workshop_on", "reveal_at"])
