"""What this room adds to the frame of every page, and to the participant list."""

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui.navigation import NavItem
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """All lists of the current cycle; in the first row for whoever works with them daily."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("sheets.lists", request.user, cycle):
        return []
    daily = cycle.pk in roles_of(request.user).logistics
    url = reverse("sheets:lists", args=[cycle.pk])
    return [NavItem("Listen und Blätter", url, general=not daily)]


def of_participants(user: User, cycle: Cycle) -> list[tuple[str, str]]:
    """Badges and labels for those who stand on the participant list."""
    if not rules.test_rule("sheets.print", user, cycle):
        return []
    return [
        ("Namensschilder", reverse("sheets:badges", args=[cycle.pk])),
        ("Adressetiketten", reverse("sheets:labels", args=[cycle.pk])),
    ]
