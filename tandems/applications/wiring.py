"""What this room adds to earlier ones."""

from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.permissions import hidden_participants
from programmes.people.retention import erasure
from tandems.applications.models import Application
from tandems.applications.permissions import conflicting_applicants
from tandems.applications.retention import SHARE
from tandems.applications.start import due, navigation_items

track(
    Application,
    cycle_of=lambda application: application.cycle_id,
    confidential=True,
    keep_days=365,
    m2m=("excluded",),
)
start_items.add("applications", due)
navigation.add("applications", navigation_items, order=25)
erasure.add("applications", SHARE)
hidden_participants.add("conflict of interest", conflicting_applicants)
