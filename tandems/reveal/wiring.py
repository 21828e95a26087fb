"""What this room adds to earlier ones."""

from mentoring.jobs.sweep import sweepers
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.registries import must_be_finished, step_warnings
from tandems.reveal.domain import reveal_due
from tandems.reveal.start import before_running, due, navigation_items, unfinished

sweepers.add("reveal.due", reveal_due)
start_items.add("reveal", due)
navigation.add("reveal", navigation_items, order=59)
step_warnings.add("reveal", before_running)
must_be_finished.add("reveal", unfinished)
