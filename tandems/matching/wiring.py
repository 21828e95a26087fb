"""What this room adds to earlier ones."""

from mentoring.jobs.domain import JobKind, kinds
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.people.retention import erasure
from programmes.privacy.periods import keep
from programmes.privacy.release import loose
from tandems.applications.retention import before_deletion
from tandems.matching import cards_jobs, cards_views, dissolved, moderated, pair_part, retention
from tandems.matching.models import Bias, DroppedIdea, IdeaComment, IdeaVoice, MatchIdea
from tandems.matching.registries import wall_actions
from tandems.matching.start import due, lost_with, navigation_items
from tandems.mentors import registries as mentors
from tandems.pairs import registries as pairs

for pair in (MatchIdea, DroppedIdea):
    track(pair, cycle_of=lambda row: row.mentor.cycle_id, confidential=True, keep_days=365)
for part in (IdeaVoice, IdeaComment):
    track(part, cycle_of=lambda row: row.idea.mentor.cycle_id, confidential=True, keep_days=365)
track(
    Bias,
    cycle_of=lambda row: (row.application or row.mentor).cycle_id,
    confidential=True,
    keep_days=365,
)

navigation.add("matching", navigation_items, order=58)
start_items.add("matching", due)
kinds.add(cards_jobs.KIND, JobKind("Karten zum Matching", cards_jobs.run, cards_jobs.readable))
wall_actions.add("matching.moderated", moderated.wall_button, order=10)
wall_actions.add("matching.cards", cards_views.wall_button, order=40)

pairs.dissolved.add("matching", dissolved.keep_reason)
pairs.pair_actions.add("matching", pair_part.idea_button)
before_deletion.add("matching", retention.before_applications)
mentors.goes_with.add("matching", lost_with)
mentors.before_deletion.add("matching", retention.before_mentors)
loose.add("tandems.bias", (Bias, "member"))
erasure.add("matching", retention.SHARE)
keep("match_ideas", retention.IDEAS, order=51)
keep("dropped_ideas", retention.DROPPED, order=51)
keep("biases", retention.BIASES, order=51)
