"""How long the log of a cycle speaks of its confidential records."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from mentoring.log.models import DataClass, LogEntry
from programmes.cycles.models import Cycle
from programmes.privacy.periods import DataOfCycle

YEAR = 365
"""As long as ``track(keep_days=…)`` of the confidential models keeps an entry at most."""


def found(cycle: Cycle) -> list[tuple[int, date]]:
    """The confidential entries of ``cycle`` and the day each was made."""
    entries = LogEntry.objects.filter(cycle_id=cycle.pk, data_class=DataClass.CONFIDENTIAL)
    return [
        (pk, timezone.localtime(made).date())
        for pk, made in entries.order_by().values_list("pk", "timestamp")
    ]


def remove(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete these entries."""
    LogEntry.objects.filter(pk__in=keys).delete()


LOG = DataOfCycle(
    label="Protokolleinträge zu vertraulichen Daten",
    counts_from="Tag des Eintrags",
    days=YEAR,
    least=90,
    most=YEAR,
    found=found,
    remove=remove,
    why="So lange lässt sich nachvollziehen, wer was getan oder gelesen hat.",
    effect="Einträge über einen Datensatz verschwinden schon mit ihm; hier geht es um die übrigen.",
)
