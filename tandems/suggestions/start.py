"""What this room adds to the wall and to a mentee's page there."""

from typing import Any

from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.ui.views import Action
from programmes.cycles.models import Cycle
from tandems.applications.models import Application, ApplicationState
from tandems.applications.registries import Section
from tandems.matching.board import Wall
from tandems.suggestions.best import best_for


def wall_button(user: User, cycle: Cycle) -> Action | None:
    """To the assignment, for everybody who matches."""
    return Action("Vorschläge", reverse("suggestions:suggestions", args=[cycle.pk]), "secondary")


def best_section(user: User, application: Application) -> Section | None:
    """The three who go best with a mentee, while they have no tandem."""
    if application.state != ApplicationState.PLACED:
        return None
    wall = Wall(user, application.cycle)
    if application.pk in wall.tandems:
        return None
    context: dict[str, Any] = {
        "cycle": application.cycle,
        "one": best_for(wall, [application])[0],
        "back": "mentee",
    }
    return Section("suggestions/section.html", context)
