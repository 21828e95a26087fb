"""What this room adds to earlier ones."""

from mentoring.log.domain import track
from mentoring.ui.navigation import start_items
from programmes.cycles.registries import house_leaves
from programmes.people.retention import erasure
from programmes.privacy.periods import keep
from tandems.applications import retention as applications
from tandems.mentors import registries as mentors
from tandems.pairs import leaving, retention, start
from tandems.pairs.models import MatchingFrame, Overrule, Tandem, TandemVoice
from tandems.profiles.registry import consent_withdrawn

track(MatchingFrame, cycle_of=lambda frame: frame.cycle_id, confidential=True, keep_days=365)
track(Tandem, cycle_of=lambda tandem: tandem.cycle_id, confidential=True, keep_days=365)
track(TandemVoice, cycle_of=lambda voice: voice.tandem.cycle_id, confidential=True, keep_days=365)
track(Overrule, cycle_of=lambda row: row.mentor.cycle_id, confidential=True, keep_days=365)

applications.kept_to_the_end.add("pairs", retention.begun)
applications.before_deletion.add("pairs", retention.before_applications, order=110)
mentors.before_deletion.add("pairs", retention.before_mentors, order=110)
# Before its halves: afterwards there would be no tandem left to ask about.
erasure.add("pairs", retention.SHARE, order=90)
keep("tandems", retention.TANDEMS, order=38)
keep("secret_pairs", retention.SECRET, order=52)
keep("tandem_grounds", retention.GROUNDS, order=53)
keep("overrules", retention.OVERRULES, order=54)

start_items.add("pairs", start.due)
mentors.mentees_of.add("tandems", leaving.mentees_known)
# Before its halves leave: what hangs on an idea would go with it unsaid.
house_leaves.add("pairs", leaving.LEAVING, order=5)
consent_withdrawn.add("pairs", leaving.follow_withdrawn_consent)
