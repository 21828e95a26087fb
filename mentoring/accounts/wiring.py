"""What this room adds to earlier ones."""

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.accounts import kept, sessions
from mentoring.accounts.models import KeptForm, User
from mentoring.jobs.turns import daily
from mentoring.log.domain import track
from mentoring.ui.kept import FormKeeper, form_keepers
from mentoring.ui.navigation import NavItem, StartItem, navigation, start_items


def _navigation(request: HttpRequest) -> list[NavItem]:
    """Operators manage sign-ins."""
    if not rules.test_rule("accounts.manage_users", request.user):
        return []
    return [NavItem("Zugänge", reverse("users"), general=True)]


def _kept_forms(request: HttpRequest) -> list[StartItem]:
    """What was typed when the session ended and still waits to be sent."""
    count = KeptForm.objects.visible_to(request.user).count()
    if not count:
        return []
    return [
        StartItem(
            "Nicht gesendete Eingaben",
            "Ihre Sitzung endete, bevor Sie ein Formular gesendet hatten. Die Eingaben sind "
            "24 Stunden lang aufbewahrt.",
            reverse("kept_forms"),
            "fehlt",
            count=count,
        )
    ]


track(User)
navigation.add("sign-ins", _navigation, order=900)
start_items.add("kept forms", _kept_forms, order=10)
form_keepers.add(
    "accounts",
    FormKeeper(kept=kept.kept_data, token=kept.token_for, discard=kept.discard, rescue=kept.rescue),
)
daily.add("accounts.kept forms", kept.delete_expired)
daily.add("accounts.sessions", sessions.delete_expired)
