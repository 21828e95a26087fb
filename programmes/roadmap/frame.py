"""What this room adds to the frame of every page, and to a programme's."""

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui.navigation import NavItem
from mentoring.ui.views import Action
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import Programme


def roadmap_navigation(request: HttpRequest) -> list[NavItem]:
    """The Fahrplan of the current cycle."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("roadmap.view", request.user, cycle):
        return []
    return [NavItem("Fahrplan", reverse("roadmap:timeline", args=[cycle.pk]))]


def task_navigation(request: HttpRequest) -> list[NavItem]:
    """The tasks of the current cycle, for whoever has some to see."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("roadmap.view_tasks", request.user, cycle):
        return []
    return [NavItem("Aufgaben", reverse("roadmap:tasks", args=[cycle.pk]))]


def template_button(user: User, programme: Programme) -> Action | None:
    """The way to the template of the Fahrplan, for ständige Mitglieder."""
    if not rules.test_rule("roadmap.change_template", user, programme):
        return None
    return Action("Fahrplan-Vorlage", reverse("roadmap:template", args=[programme.pk]))
