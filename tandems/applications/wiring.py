"""What this room adds to earlier ones."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from mentoring.files.domain import readers
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.permissions import hidden_participants
from programmes.cycles.registries import house_leaves
from programmes.people.retention import erasure, hidden_cycles
from programmes.privacy.periods import keep
from programmes.rundmails.registries import audiences
from tandems.applications import consents, deadline, own_sheet, papers, papers_views
from tandems.applications.leaving import LEAVING
from tandems.applications.models import Application
from tandems.applications.moving import move_action
from tandems.applications.own import own_items
from tandems.applications.own_domain import FILLED_IN, PURPOSE
from tandems.applications.permissions import conflicting_applicants
from tandems.applications.ranking_views import ranking_action
from tandems.applications.registries import (
    application_actions,
    application_sections,
    list_actions,
)
from tandems.applications.retention import (
    DECLINED,
    PLACED,
    SHARE,
    UNFINISHED,
    hidden,
    people_with_applications,
)
from tandems.applications.rundmails import BY_STATE
from tandems.applications.start import due, navigation_items
from tandems.applications.version_use import any_submitted, sheet_action
from tandems.links.domain import forget_links
from tandems.links.registry import purposes
from tandems.profiles.registry import consent_withdrawn, version_fixed
from tandems.profiles.retention import has_sheet

track(
    Application,
    cycle_of=lambda application: application.cycle_id,
    confidential=True,
    keep_days=365,
)
start_items.add("applications", due)
navigation.add("applications", navigation_items, order=55)
erasure.add("applications", SHARE)
hidden_cycles.add("applications", hidden)
has_sheet.add("applications", people_with_applications)
keep("unfinished", UNFINISHED, order=10)
keep("declined", DECLINED, order=20)
keep("placed", PLACED, order=30)
hidden_participants.add("conflict of interest", conflicting_applicants)
audiences.add("applications", BY_STATE, order=35)

purposes.add(PURPOSE, FILLED_IN)
house_leaves.add("applications", LEAVING, order=10)
start_items.add("deadline of nominations", deadline.due)
application_actions.add("change of Kommune", move_action, order=90)
list_actions.add("ranking", ranking_action, order=10)

start_items.add("own applications", own_items, order=130)
application_sections.add("own sheet", own_sheet.section, order=10)
application_sections.add("papers", papers_views.section, order=20)
readers.add(papers.PHOTO, papers.reads_photo)
readers.add(papers.SIGNED_SHEET, papers.reads_signed_sheet)
version_fixed.add("applications", any_submitted)
list_actions.add("profile", sheet_action, order=90)
consent_withdrawn.add("applications", consents.follow_withdrawn_consent)
consent_withdrawn.add("application photos", papers.follow_withdrawn_consent)


@receiver(post_delete, sender=Application, dispatch_uid="tandems.applications.forget")
def forget_what_hangs_on_it(
    sender: type[Application], instance: Application, **kwargs: Any
) -> None:
    """Links and files go with their application, whichever way it is deleted."""
    forget_links(PURPOSE, instance.pk)
    papers.drop_papers(instance)
