"""Taking turns: what runs at most every so often, or once a day, across all processes."""

import logging
from collections.abc import Callable
from datetime import time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.jobs.faults import Contained
from mentoring.jobs.models import Turn
from mentoring.registry import Registry

log = logging.getLogger(__name__)

daily: Registry[Callable[[], int]] = Registry("daily work")
"""Run once a day each, in the night's first sweep; must bear being run again."""

mornings: Registry[Callable[[], int]] = Registry("morning work")
"""As ``daily``, but not before ``MORNING``: what people find in their mailboxes."""

MORNING = time(6, 30)

RETRY_AFTER = timedelta(hours=1)


def take_turn(name: str, every: timedelta) -> bool:
    """Claim the turn called ``name``; true for exactly one caller per ``every``."""
    now = timezone.now()
    free = Turn.objects.filter(Q(taken_at__isnull=True) | Q(taken_at__lte=now - every), name=name)
    if free.update(taken_at=now):
        return True
    return _create(name)


def run_daily() -> int:
    """Run what has not run today; returns how many ran.

    Each is claimed for an hour: one that fails, or whose process is killed, is tried again
    after that, and what succeeded waits for tomorrow.
    """
    ran = _run_once_a_day("daily", daily)
    if timezone.localtime().time() >= MORNING:
        ran += _run_once_a_day("morning", mornings)
    return ran


def _run_once_a_day(kind: str, registry: Registry[Callable[[], int]]) -> int:
    today = timezone.localdate()
    ran = 0
    for name in registry.names():
        turn = f"{kind}.{name}"
        if Turn.objects.filter(name=turn, last_run_on__gte=today).exists():
            continue
        if not take_turn(turn, RETRY_AFTER):
            continue
        if isolated(turn, registry.get(name)):
            Turn.objects.filter(name=turn).update(last_run_on=today)
            ran += 1
    return ran


def isolated(name: str, work: Callable[[], int]) -> bool:
    """Run ``work`` so that its failure stops nothing else; false if it failed.

    A task broken off by the database's timeout or a closed connection is such a failure too.
    """
    contained = Contained(name)
    with contained:
        if count := work():
            log.info("%s: %s", name, count)
    return not contained.failed


def _create(name: str) -> bool:
    """Create the row of a turn nobody took before; false if it exists."""
    if Turn.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Turn.objects.create(name=name, taken_at=timezone.now())
    except IntegrityError:
        return False
    return True
