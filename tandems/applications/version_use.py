"""What the applications of a cycle mean for the version of its Profilbogen."""

import rules
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui.views import Action
from programmes.cycles.models import Cycle
from tandems.applications.models import Application


def any_submitted(cycle: Cycle) -> bool:
    """Whether an application of the cycle was ever submitted, whoever may see it."""
    rows = Application.objects.filter(cycle=cycle)
    return rows.filter(submitted_at__isnull=False).exists()


def sheet_action(user: User, cycle: Cycle) -> Action | None:
    """The way to the questions of the cycle, from the list of its applications."""
    if not rules.test_rule("profiles.read_choice", user, cycle):
        return None
    return Action("Profilbogen", reverse("profiles:cycle", args=[cycle.pk]), "tertiary")
