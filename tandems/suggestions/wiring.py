"""What this room adds to earlier ones."""

from mentoring.jobs.domain import JobKind, kinds
from mentoring.log.domain import track
from programmes.privacy.periods import keep
from tandems.applications.retention import before_deletion
from tandems.matching.registries import mentee_sections, wall_actions
from tandems.mentors import registries as mentors
from tandems.suggestions import jobs, retention
from tandems.suggestions.models import Suggestion
from tandems.suggestions.start import best_section, wall_button

track(Suggestion, cycle_of=lambda found: found.cycle_id, confidential=True, keep_days=365)

kinds.add(jobs.KIND, JobKind("Zuteilung berechnen", jobs.run))
mentee_sections.add("suggestions.best", best_section)
wall_actions.add("suggestions", wall_button, order=30)

before_deletion.add("suggestions", retention.before_applications)
mentors.before_deletion.add("suggestions", retention.before_mentors)
keep("suggestions", retention.SUGGESTIONS, order=52)
