"""What this room adds to earlier ones."""

from mentoring.jobs.turns import daily
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.people.retention import DataPeriod, data_periods
from programmes.people.sections import person_sections
from programmes.privacy.announce import announce
from programmes.privacy.domain import ERASURE_DAYS, delete_old_erasures
from programmes.privacy.frame import navigation_items, person_section, start_items_of
from programmes.privacy.log_entries import LOG
from programmes.privacy.models import CyclePeriod, Erasure
from programmes.privacy.periods import keep

keep("log", LOG, order=900)
data_periods.add(
    "erasures",
    DataPeriod(
        "Nachweise über Löschungen auf Antrag", "Löschung", ERASURE_DAYS, delete_old_erasures
    ),
)
navigation.add("privacy", navigation_items, order=75)
start_items.add("privacy", start_items_of)
person_sections.add("privacy", person_section, order=900)
# After the name, so before the deletions of the night: what is announced is still there.
daily.add("people.announcements", announce)
track(CyclePeriod, cycle_of=lambda period: period.cycle_id)
track(Erasure)
