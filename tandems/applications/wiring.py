"""What this room adds to earlier ones."""

from mentoring.log.domain import track
from tandems.applications.models import Application

track(
    Application,
    cycle_of=lambda application: application.cycle_id,
    confidential=True,
    keep_days=365,
    m2m=("excluded",),
)
