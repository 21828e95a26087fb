"""What the pages of the Fahrplan have in common: a cycle above, a milestone in it."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ObjectMixin
from programmes.cycles.views.base import OfCycle, OfProgramme
from programmes.roadmap.models import Milestone, MilestoneState

BADGES: dict[str, str] = {
    MilestoneState.PLANNED: "info",
    MilestoneState.DONE: "success",
    MilestoneState.DROPPED: "warning",
}


def state_badge(milestone: Milestone) -> Badge:
    """The state as a badge."""
    return Badge(BADGES[milestone.state], milestone.get_state_display())


class InRoadmap(OfCycle):
    """A page of the Fahrplan below ``/durchgaenge/<cycle_pk>/fahrplan/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it

    def page(self, name: str, *args: int) -> str:
        """The address of a page of the Fahrplan in the same cycle."""
        return reverse(f"roadmap:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """Below the Fahrplan."""
        return [*super().breadcrumbs(), Crumb("Fahrplan", self.page("timeline"))]


class OnMilestone(InRoadmap, ObjectMixin):
    """A page about one milestone the user may see, of the cycle in the address."""

    model: ClassVar[type[models.Model]] = Milestone

    def get_queryset(self) -> Any:
        """The visible milestones of the cycle."""
        return (
            Milestone.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("cycle", "anchor", "municipality")
        )

    def get_rule_object(self) -> Any:
        """The rule is asked about the cycle; the milestone must be one of its."""
        return self.milestone.cycle

    @property
    def milestone(self) -> Milestone:
        """The milestone of this page."""
        found: Milestone = self.get_object()
        return found

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the milestone."""
        return [*super().breadcrumbs(), Crumb(str(self.milestone), self.url_of_milestone())]

    def url_of_milestone(self) -> str:
        """Its page."""
        return self.page("milestone", self.milestone.pk)

    def get_success_url(self) -> str:
        """Back to the milestone."""
        return self.url_of_milestone()


class OfTemplate(OfProgramme):
    """A page of the template of a programme's Fahrplan."""

    request: Any

    def page(self, name: str, *args: int) -> str:
        """The address of a page of this template."""
        return reverse(f"roadmap:{name}", args=[self.programme.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """Below the template."""
        return [*super().breadcrumbs(), Crumb("Fahrplan-Vorlage", self.page("template"))]

    def get_success_url(self) -> str:
        """Back to the template."""
        return self.page("template")
