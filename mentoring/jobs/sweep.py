"""The sweep: finds what is due or was left behind, whatever became of the messages."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from mentoring.jobs.models import Turn
from mentoring.jobs.turns import isolated, run_daily, take_turn
from mentoring.registry import Registry

sweepers: Registry[Callable[[], int]] = Registry("sweepers")
"""Each is short, bears running twice at once, and returns how many rows it touched."""

WORKER = "worker"
SIGN_EVERY = timedelta(seconds=15)
SEEN_WITHIN = timedelta(minutes=2)


def run_sweep() -> None:
    """One sweep: the worker's sign of life, every sweeper, then what is due once a day.

    Two beats may be running by mistake, or a late message may meet the next one: only one
    sweep per half interval does the work, and the sweepers bear it if two do.
    """
    take_turn(WORKER, SIGN_EVERY)
    if not take_turn("sweep", timedelta(seconds=settings.SWEEP_SECONDS / 2)):
        return
    for name in sweepers.names():
        isolated(f"sweeper {name}", sweepers.get(name))
    run_daily()


def worker_seen() -> bool:
    """Whether a worker has swept within the last two minutes."""
    return Turn.objects.filter(name=WORKER, taken_at__gte=timezone.now() - SEEN_WITHIN).exists()
