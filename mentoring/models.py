"""All models of the ground, for Django's one `migrations/` per app."""

from mentoring.accounts.models import KeptForm, User
from mentoring.files.models import StoredFile
from mentoring.jobs.models import Job, Turn
from mentoring.log.models import LogEntry
from mentoring.ui.models import SubmittedForm

__all__ = ["Job", "KeptForm", "LogEntry", "StoredFile", "SubmittedForm", "Turn", "User"]
