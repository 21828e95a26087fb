"""What this room adds to earlier ones."""

from typing import Any

import rules
from django.urls import reverse

from mentoring.log.domain import track
from mentoring.ui.views import Action
from programmes.cycles.models import Programme
from programmes.cycles.registries import Copier, copied_on_new_cycle, programme_actions
from programmes.people.retention import erasure
from programmes.privacy.periods import keep
from programmes.privacy.release import evidence, loose
from tandems.profiles.domain import copy_choice
from tandems.profiles.models import Consent, CycleProfile, Exclusion, ProfileVersion
from tandems.profiles.retention import CONSENTS, EXCLUSIONS, SHARE

track(ProfileVersion, confidential=True, exclude=("changes",))
track(CycleProfile, cycle_of=lambda chosen: chosen.cycle_id, confidential=True)
for model in (Consent, Exclusion):
    track(model, cycle_of=lambda row: row.cycle_id, confidential=True, keep_days=365)

# After the applications: whom somebody excluded decides who sees what is left of them.
erasure.add("profiles", SHARE, order=400)
evidence.add("consents", (Consent, "person"))
loose.add("named in exclusions", (Exclusion, "person"))
# After the sheets, which both outlive.
keep("exclusions", EXCLUSIONS, order=60)
keep("consents", CONSENTS, order=70)


def versions_button(user: Any, programme: Programme) -> Action | None:
    """The way to the Profilbogen, from the programme's page."""
    if not rules.test_rule("profiles.read_versions", user, programme):
        return None
    return Action("Profilbogen", reverse("profiles:versions", args=[programme.pk]))


programme_actions.add("versions of the Profilbogen", versions_button)
copied_on_new_cycle.add(
    "profiles",
    Copier(
        "Fassung des Profilbogens",
        copy_choice,
        "Der neue Durchgang fragt mit derselben Fassung; bis zur ersten eingereichten Bewerbung "
        "können Sie eine andere wählen.",
    ),
)
