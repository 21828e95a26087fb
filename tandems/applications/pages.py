"""What the pages of this room have in common: a cycle above, an application in it."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from mentoring.ui.navigation import Crumb
from programmes.cycles.views.base import OfCycle
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.questions import Reader

STATE_BADGES: dict[str, str] = {
    ApplicationState.DRAFT: "warning",
    ApplicationState.SUBMITTED: "info",
    ApplicationState.NOMINATED: "success",
    ApplicationState.PLACED: "success",
}
"""The kind of badge for a state; all others are neutral information."""


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it

    def page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"applications:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its applications."""
        return [*super().breadcrumbs(), Crumb("Bewerbungen", self.page("list"))]


class OnApplication(InCycle):
    """A page about one application the user may see, of the cycle in the address."""

    model: ClassVar[type[models.Model]] = Application

    def get_queryset(self) -> Any:
        """The visible applications of the cycle."""
        return (
            Application.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("cycle", "person__municipality", "municipality", "superior")
        )

    def get_rule_object(self) -> Any:
        """The rule is asked about the application."""
        return self.get_object()  # type: ignore[attr-defined]  # ObjectMixin follows in the order

    @property
    def application(self) -> Application:
        """The application of this page."""
        found: Application = self.get_rule_object()
        return found

    @property
    def reader(self) -> Reader:
        """In which duty the user reads it."""
        own = self.application.municipality_id in posts_of(self.request.user).municipalities
        return Reader.HOUSE if own else Reader.COUNCIL

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the application."""
        address = self.page("detail", self.application.pk)
        return [*super().breadcrumbs(), Crumb(self.application.person.full_name, address)]

    def get_success_url(self) -> str:
        """Back to the application."""
        return self.page("detail", self.application.pk)
