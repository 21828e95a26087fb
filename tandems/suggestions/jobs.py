"""The assignment of a large cycle, worked out in the background."""

from typing import Any

from django.db.models import QuerySet

from mentoring.jobs.domain import JobContext
from mentoring.jobs.models import Job, JobState
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from tandems.suggestions import domain
from tandems.suggestions.domain.computing import NOT_YOURS, STEPS

KIND = "suggestions.assign"
DIRECT_PAIRS = 10_000
"""Up to so many pairs (100 mentees, 100 mentors) are compared while the user waits."""


def params(cycle: Cycle) -> dict[str, Any]:
    """What the job needs, as JSON."""
    return {"cycle": cycle.pk}


def run(context: JobContext) -> None:
    """Work it out with the rights the user has now; run again, it finds the same.

    Raises ``Refused`` if they have ended, or there is nobody to match.
    """
    cycle = Cycle.objects.filter(pk=context.params["cycle"]).select_related("programme").first()
    if cycle is None:
        raise Refused(NOT_YOURS)
    domain.compute(cycle, by=context.by, progress=lambda done: context.progress(done, STEPS))


def open_jobs(user: Any, cycle: Cycle) -> QuerySet[Job]:
    """The user's own jobs of this kind that have not ended."""
    return Job.objects.visible_to(user).filter(
        kind=KIND, params=params(cycle), state__in=(JobState.QUEUED, JobState.RUNNING)
    )
