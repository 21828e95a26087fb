"""What this room adds to earlier ones."""

from mentoring.jobs.turns import daily
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.registries import Leaving, house_leaves, must_be_finished
from programmes.people.permissions import person_editors, person_visibility
from programmes.people.retention import data_periods, erasure, hidden_cycles
from programmes.privacy.periods import keep
from tandems.links.registry import purposes
from tandems.mentors import domain, own_sheet, retention
from tandems.mentors.models import Approach, Mentor, PoolEntry
from tandems.mentors.permissions import contacts_kept, sought_people
from tandems.mentors.registries import mentor_sections
from tandems.mentors.start import due, navigation_items, unfinished
from tandems.profiles.registry import consent_withdrawn
from tandems.profiles.retention import has_sheet

track(Mentor, cycle_of=lambda mentor: mentor.cycle_id, confidential=True, keep_days=365)
track(Approach, cycle_of=lambda row: row.mentor.cycle_id, confidential=True, keep_days=365)
track(PoolEntry, confidential=True, keep_days=365)

person_visibility.add("mentors sought", sought_people)
person_editors.add("mentors without a sign-in", contacts_kept)

navigation.add("mentors", navigation_items, order=57)
start_items.add("mentors", due)
must_be_finished.add("mentors", unfinished)
house_leaves.add("mentors", Leaving(domain.consequences_of_leaving, domain.house_leaves))
consent_withdrawn.add("mentor pool", domain.consent_withdrawn)
daily.add("mentors.pool", domain.take_over_consents)
erasure.add("mentors", retention.SHARE)
hidden_cycles.add("mentors", retention.hidden)
has_sheet.add("mentors", retention.people_with_mentor_sheets)
keep("mentors", retention.AGREED, order=40)
keep("refused", retention.REFUSED, order=42)
keep("ideas", retention.FORGOTTEN, order=44)
# Before the consents: who is still in the pool by then keeps theirs.
data_periods.add("pool", retention.POOL, order=65)

purposes.add(own_sheet.PURPOSE, own_sheet.FILLED_IN)
mentor_sections.add("own sheet", own_sheet.section, order=10)
