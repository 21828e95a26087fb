"""What this room adds to earlier ones."""

from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.registries import house_leaves, must_be_finished, tandem_counts
from programmes.people.retention import erasure
from programmes.privacy.periods import keep
from programmes.privacy.release import loose
from programmes.rundmails.registries import audiences
from tandems.meetings import retention
from tandems.meetings.audiences import AUDIENCES
from tandems.meetings.domain.leaving import LEAVING
from tandems.meetings.models import HelpCall, TandemMeeting
from tandems.meetings.start import counted, due, navigation_items, unfinished
from tandems.pairs.retention import before_deletion

track(TandemMeeting, cycle_of=lambda row: row.tandem.cycle_id, confidential=True, keep_days=365)
track(HelpCall, cycle_of=lambda row: row.tandem.cycle_id, confidential=True, keep_days=365)

before_deletion.add("meetings", retention.before_deletion)
for _field in ("asked_by", "contact"):
    loose.add(f"tandems.helpcall.{_field}", (HelpCall, _field))
erasure.add("meetings", retention.SHARE)
keep("help_calls", retention.CALLS, order=39)

navigation.add("meetings", navigation_items, order=59)
start_items.add("meetings", due)
must_be_finished.add("meetings", unfinished)
tandem_counts.add("meetings", counted)
# Before mentors and applications leave: then there is nobody left to tell them by.
house_leaves.add("meetings", LEAVING, order=50)
for _position, (_name, _audience) in enumerate(AUDIENCES.items()):
    audiences.add(_name, _audience, order=37 + _position)
