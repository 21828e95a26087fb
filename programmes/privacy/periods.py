"""Classes of data that belong to a cycle: how long each is kept, and how it is deleted.

Later rooms describe their classes here; the same entry stands in
``people.retention.data_periods``, whose daily task deletes what is due.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Flag, auto

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.registry import Registry
from programmes.cycles.models import Cycle
from programmes.people.retention import DataPeriod, data_periods
from programmes.privacy.models import CyclePeriod

BATCH = 100
"""So many records go in one transaction: a process that is killed loses no more work."""

ANNOUNCED = timedelta(days=7)
"""So long before a deletion it is announced."""

Found = Iterable[tuple[int, date]]
"""Primary keys of records and the day from which the period of each counts."""


class Concerns(Flag):
    """Whom a class of data concerns: who reads its period. Nothing of `tandems` ever
    concerns the Logistikpartner."""

    COUNCIL = auto()
    HOUSES = auto()
    BOTH = COUNCIL | HOUSES


@dataclass(frozen=True)
class DataOfCycle:
    """One class of data of a cycle.

    ``label``, ``counts_from``, ``why`` and ``effect`` are German; ``days`` is the shipped
    period, ``least`` and ``most`` bound a cycle's own. ``found`` lists the records whose
    period counts already. ``remove`` deletes those with these keys, inside a transaction
    that holds the cycle, with files, log entries and people on whom nothing else hangs.

    ``counted`` says how many of them a user may be told of; ``None`` where even the number
    would give somebody away (design, rule 2). Then ``begins``, a day of the cycle, is what
    the period counts from, and the deletion is announced whether or not there is anything.
    A class without either is housekeeping: it is deleted day by day and not announced.
    """

    label: str
    counts_from: str
    days: int
    least: int
    most: int
    found: Callable[[Cycle], Found]
    remove: Callable[[Cycle, Collection[int]], None]
    why: str
    effect: str
    counted: Callable[[Cycle, User, Collection[int]], int | None] | None = None
    begins: Callable[[Cycle], date | None] | None = None
    concerns: Concerns = Concerns.BOTH

    @property
    def announced(self) -> bool:
        """Whether the leads are told a week before."""
        return self.counted is not None or self.begins is not None


cycle_data: Registry[DataOfCycle] = Registry("classes of data of a cycle")


def keep(key: str, data: DataOfCycle, *, order: int = 100) -> None:
    """Have ``data`` deleted daily and shown on the page of every cycle."""
    cycle_data.add(key, data, order=order)
    data_periods.add(
        key,
        DataPeriod(
            data.label,
            data.counts_from,
            data.days,
            lambda: delete_everywhere(key),
            lambda cycle: days_of(cycle, key),
        ),
        order=order,
    )


def days_of(cycle: int, key: str) -> int:
    """How many days the cycle with this primary key keeps the class called ``key``."""
    own = CyclePeriod.objects.filter(cycle=cycle, key=key).values_list("days", flat=True).first()
    return own if own is not None else cycle_data.get(key).days


def all_days_of(cycle: Cycle) -> dict[str, int]:
    """The period of each class in ``cycle``."""
    own = dict(CyclePeriod.objects.filter(cycle=cycle).values_list("key", "days"))
    return {key: own.get(key, cycle_data.get(key).days) for key in cycle_data.names()}


def ended_day(cycle: Cycle) -> date | None:
    """When ``cycle`` ended, ``None`` while it is open.

    Cycles that ended before that day was kept count from the last day of their last year.
    """
    if cycle.is_open:
        return None
    return cycle.ended_on or date(cycle.end_year, 12, 31)


def matching_day(cycle: Cycle) -> date | None:
    """When the application phase ended: the matching began, or the cycle ended before."""
    return cycle.matching_on or cycle.running_on or ended_day(cycle)


def running_day(cycle: Cycle) -> date | None:
    """When the Tandemphase began, or the cycle ended before."""
    return cycle.running_on or ended_day(cycle)


@dataclass(frozen=True)
class Pending:
    """The next deletion of a class: its day, and the keys of the records that go by then."""

    due_on: date
    keys: tuple[int, ...]


def pending(cycle: Cycle, key: str, days: int | None = None) -> Pending | None:
    """What of the class ``key`` goes next in ``cycle``; ``None`` if nothing counts yet.

    ``days`` asks what a period would do that is not set yet.
    """
    data = cycle_data.get(key)
    after = timedelta(days=days_of(cycle.pk, key) if days is None else days)
    found = sorted((day + after, pk) for pk, day in data.found(cycle))
    if data.begins is not None:
        begun = data.begins(cycle)
        if begun is None:
            return None
        due_on = begun + after
        # The day stands whether or not there is anything: that must not be seen from it.
        if due_on <= timezone.localdate() and not found:
            return None
        return Pending(due_on, tuple(pk for day, pk in found if day <= due_on))
    if not found:
        return None
    due_on = found[0][0]
    return Pending(due_on, tuple(pk for day, pk in found if day == due_on))


def due_keys(cycle: Cycle, key: str, today: date, days: int | None = None) -> list[int]:
    """The records of the class ``key`` whose period has passed by ``today``."""
    after = timedelta(days=days_of(cycle.pk, key) if days is None else days)
    return sorted(pk for pk, day in cycle_data.get(key).found(cycle) if day + after <= today)


def delete_everywhere(key: str) -> int:
    """Delete what is due of the class ``key`` in every cycle; returns how many records.

    In batches, each in one transaction that holds the cycle and asks anew what is due, so
    it bears being killed, run again, and run twice at once.
    """
    return sum(delete_due_of(cycle, key) for cycle in Cycle.objects.order_by("pk"))


def delete_due_of(cycle: Cycle, key: str) -> int:
    """As ``delete_everywhere``, for one cycle. Raises ``RuntimeError`` if a record stays."""
    data, count = cycle_data.get(key), 0
    while due_keys(cycle, key, timezone.localdate()):
        with transaction.atomic():
            held = Cycle.objects.select_for_update().get(pk=cycle.pk)
            keys = due_keys(held, key, timezone.localdate())[:BATCH]
            data.remove(held, keys)
            if set(keys) & {pk for pk, _ in data.found(held)}:
                raise RuntimeError(f"records of {key!r} were not deleted")
        count += len(keys)
    return count
