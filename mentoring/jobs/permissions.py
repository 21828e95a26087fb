"""What may be done with a job, beyond seeing it."""

from typing import Any

import rules

from mentoring.jobs.models import Job


@rules.predicate
def is_own(user: Any, job: Job | None) -> bool:
    """The job is the user's own."""
    return job is not None and user.is_authenticated and job.created_by_id == user.pk


rules.add_rule("jobs.stop", is_own)
