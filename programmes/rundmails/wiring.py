"""What this room adds to earlier ones."""

from typing import Any

from mentoring.files.domain import readers
from mentoring.files.models import StoredFile
from mentoring.jobs.sweep import sweepers
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.registries import must_be_finished, programme_actions
from programmes.events.registries import event_sections
from programmes.people.retention import data_periods, erasure
from programmes.people.sections import person_sections
from programmes.roadmap.registries import (
    milestone_blockers,
    milestone_followers,
    milestone_sections,
)
from programmes.rundmails import (
    audiences,  # noqa: F401  # registers as it loads
    fillings,  # noqa: F401  # likewise
)
from programmes.rundmails.domain import PURPOSE, start_due
from programmes.rundmails.domain.sending import finish_sent
from programmes.rundmails.follower import FOLLOWER, hanging
from programmes.rundmails.frame import due, navigation_items, template_button
from programmes.rundmails.models import (
    AudienceChoice,
    Rundmail,
    RundmailAttachment,
    RundmailTemplate,
)
from programmes.rundmails.retention import PERIOD, SHARE
from programmes.rundmails.sections import event_section, milestone_section, person_section
from programmes.rundmails.sweeps import review, unfinished, wake_freezing


def _reads_attachment(user: Any, stored: StoredFile) -> bool:
    """Whoever may open a mail reads what goes with it."""
    return RundmailAttachment.objects.visible_to(user).filter(file=stored).exists()


readers.add(PURPOSE, _reads_attachment)

# Before the outbox wakes its senders, so that one sweep does both.
sweepers.add("rundmails.due", start_due, order=60)
sweepers.add("rundmails.freeze", wake_freezing, order=61)
sweepers.add("rundmails.finished", finish_sent, order=62)
sweepers.add("rundmails.review", review, order=63)

milestone_followers.add("rundmails", FOLLOWER)
milestone_blockers.add("rundmails", hanging)
must_be_finished.add("rundmails", unfinished)

navigation.add("rundmails", navigation_items, order=50)
programme_actions.add("usual Rundmails", template_button)
start_items.add("rundmails", due)
milestone_sections.add("rundmails", milestone_section, order=50)
event_sections.add("rundmails", event_section, order=50)
person_sections.add("rundmails", person_section, order=50)

erasure.add("rundmails", SHARE)
data_periods.add("rundmails", PERIOD)

# Confidential, all of them: a mail may have been so once, and its old text must not be read
# in the log by those who see what has become of it.
track(Rundmail, cycle_of=lambda mail: mail.cycle_id, confidential=True)
track(AudienceChoice, cycle_of=lambda choice: choice.rundmail.cycle_id, confidential=True)
track(RundmailAttachment, cycle_of=lambda row: row.rundmail.cycle_id, confidential=True)
track(RundmailTemplate)
