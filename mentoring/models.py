"""All models of the ground, for Django's one `migrations/` per app."""

from mentoring.accounts.models import KeptForm, User
from mentoring.log.models import LogEntry

__all__ = ["KeptForm", "LogEntry", "User"]
