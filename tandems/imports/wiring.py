"""What this room adds to earlier ones."""

from typing import Any

import rules
from django.urls import reverse

from mentoring.files.domain import readers
from mentoring.jobs.domain import JobKind, kinds
from mentoring.log.domain import track
from mentoring.ui.views import Action
from programmes.people.retention import erasure
from programmes.privacy.periods import keep
from tandems.applications.registries import list_actions
from tandems.imports import jobs
from tandems.imports.domain import CHECK_KIND, PURPOSE, WRITE_KIND
from tandems.imports.models import ApplicantImport
from tandems.imports.retention import IMPORTS, SHARE


def _way_here(user: Any, cycle: Any) -> Action | None:
    """The button of the list of applications."""
    if not rules.test_rule("applications.add", user, cycle):
        return None
    return Action("Bewerbungen importieren", reverse("imports:upload", args=[cycle.pk]), icon="add")


track(
    ApplicantImport,
    cycle_of=lambda run: run.cycle_id,
    confidential=True,
    keep_days=365,
    exclude=("ignored", "absent"),
)
kinds.add(CHECK_KIND, JobKind("Prüfung einer Tabelle mit Bewerbungen", jobs.check))
kinds.add(WRITE_KIND, JobKind("Übernahme von Bewerbungen", jobs.write))
# An uploaded table is read by the check alone, and gone with its end.
readers.add(PURPOSE, lambda user, stored: False)
erasure.add("imports", SHARE)
keep("imports", IMPORTS, order=85)
# Before the ranking: first they are all there.
list_actions.add("imports", _way_here, order=5)
