"""What this room adds to earlier ones."""

from mentoring.jobs.domain import JobKind, kinds
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.registries import must_be_finished, step_warnings
from programmes.people.retention import erasure
from tandems.applications.registries import ranks_fixed
from tandems.applications.retention import before_deletion
from tandems.places import letters, retention
from tandems.places.domain.closing import follow_withdrawn_consent
from tandems.places.models import Allocation, AllocationLine, LaterDecision, OutcomeText, Voice
from tandems.places.start import before_matching, due, has_begun, navigation_items, unfinished
from tandems.profiles.registry import consent_withdrawn

track(Allocation, cycle_of=lambda found: found.cycle_id, confidential=True, keep_days=365)
track(
    AllocationLine,
    cycle_of=lambda line: line.allocation.cycle_id,
    confidential=True,
    keep_days=365,
)
track(Voice, cycle_of=lambda voice: voice.allocation.cycle_id, confidential=True, keep_days=365)
track(
    LaterDecision,
    cycle_of=lambda decision: decision.allocation.cycle_id,
    confidential=True,
    keep_days=365,
)
track(OutcomeText, cycle_of=lambda text: text.cycle_id, confidential=True, keep_days=365)

kinds.add(letters.KIND, JobKind("Briefe zur Platzvergabe", letters.run, letters.readable))
consent_withdrawn.add("places", follow_withdrawn_consent)
start_items.add("places", due)
navigation.add("places", navigation_items, order=56)
must_be_finished.add("places", unfinished)
step_warnings.add("places", before_matching)
ranks_fixed.add("places", has_begun)
erasure.add("places", retention.SHARE)
before_deletion.add("places", retention.before_deletion)
