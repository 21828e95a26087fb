"""How often a tandem has met, when last, and how long it has been silent."""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from programmes.cycles.models import Programme
from tandems.meetings.models import TandemMeeting
from tandems.pairs.models import Tandem, TandemState

NUDGED_AFTER = 8
"""Weeks without a meeting after which a tandem is worth a question."""


def with_counts(tandems: QuerySet[Tandem]) -> Any:
    """``tandems`` with ``met`` (so many meetings), ``last_met`` and ``silent_since``.

    Only meetings up to today count; one that is planned has not taken place.
    ``silent_since`` is the last one, or the reveal, and ``None`` once the tandem has ended.
    """
    # Looked up by the index on tandem and day, once for each row that is shown.
    past = (
        TandemMeeting.objects.filter(tandem=OuterRef("pk"), met_on__lte=timezone.localdate())
        .order_by()
        .values("tandem")
    )
    return tandems.annotate(
        met=Coalesce(
            Subquery(past.annotate(found=Count("pk")).values("found")),
            Value(0),
            output_field=IntegerField(),
        ),
        last_met=Subquery(past.annotate(found=Max("met_on")).values("found")),
    ).annotate(
        silent_since=Case(
            When(
                state__in=TandemState.running(),
                then=Coalesce("last_met", TruncDate("revealed_at")),
            ),
            default=None,
            output_field=DateField(),
        )
    )


def silent(tandems: Any, weeks: int) -> Any:
    """Those of ``tandems``, with counts, that run and have not met for ``weeks`` or longer."""
    return tandems.filter(silent_since__lte=timezone.localdate() - timedelta(weeks=weeks))


def weeks_silent(row: Any) -> int | None:
    """Whole weeks since a row with counts was last heard of; ``None`` once it has ended."""
    since: date | None = row.silent_since
    return None if since is None else max(0, (timezone.localdate() - since).days // 7)


def wanted_meetings(programme: Programme) -> str:
    """How many meetings the programme wants: "8 bis 10"."""
    least, most = programme.meetings_min, programme.meetings_max
    return str(least) if least == most else f"{least} bis {most}"
