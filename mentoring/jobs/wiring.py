"""What this room adds to earlier ones, and its own share of its registries."""

from mentoring.files.domain import delete_expired as delete_expired_files
from mentoring.files.domain import delete_orphans
from mentoring.jobs import exports
from mentoring.jobs.domain import JobKind, delete_old, kinds, take_back_lost
from mentoring.jobs.models import Job, JobState
from mentoring.jobs.sweep import sweepers, worker_seen
from mentoring.jobs.turns import daily
from mentoring.jobs.waking import send
from mentoring.log.domain import delete_expired as delete_expired_log
from mentoring.ui.background import background_export
from mentoring.ui.health import readiness
from mentoring.ui.submissions import delete_old_submissions


def wake_for_jobs() -> int:
    """Wake somebody for waiting jobs; nothing is changed here."""
    if Job.objects.filter(state=JobState.QUEUED).exists():
        send("mentoring.jobs.tasks.run_jobs")
    return 0


def worker_ready() -> tuple[bool, str]:
    """For ``/readyz``: whether somebody works on what is waiting."""
    if worker_seen():
        return True, "Ein Worker war in den letzten zwei Minuten tätig."
    return False, "Seit über zwei Minuten war kein Worker tätig. Aufträge und Mails warten."


kinds.add(exports.KIND, JobKind("Export einer Liste", exports.run, exports.readable))
background_export.add("jobs", exports.start)
readiness.add("worker", worker_ready, order=30)

sweepers.add("jobs.lost", take_back_lost, order=50)
sweepers.add("jobs.waiting", wake_for_jobs)
sweepers.add("files.expired", delete_expired_files)

daily.add("files.orphans", delete_orphans)
daily.add("jobs.old", delete_old)
daily.add("log.expired", delete_expired_log)
daily.add("ui.submissions", delete_old_submissions)
