"""What the pages of this room have in common: a cycle above, an application in it."""

from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.http import Http404
from django.urls import reverse

from mentoring.ui.navigation import Crumb
from programmes.cycles.models import Cycle
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.applications.profile import Reader

STATE_BADGES: dict[str, str] = {
    ApplicationState.DRAFT: "info",
    ApplicationState.SUBMITTED: "warning",
    ApplicationState.NOMINATED: "success",
    ApplicationState.PLACED: "success",
}
"""The kind of badge for a state; all others are neutral information."""


class InCycle:
    """A page below ``/durchgaenge/<cycle_pk>/``; a cycle the user may not open is a 404."""

    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def cycle(self) -> Cycle:
        """The cycle of the address."""
        found: Cycle | None = (
            Cycle.objects.visible_to(self.request.user)
            .select_related("programme")
            .filter(pk=self.kwargs["cycle_pk"])
            .first()
        )
        if found is None:
            raise Http404
        return found

    def get_rule_object(self) -> Any:
        """The rule is asked about the cycle."""
        return self.cycle

    def url(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"applications:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its applications."""
        return [
            Crumb(str(self.cycle), self.cycle.get_absolute_url()),
            Crumb("Bewerbungen", self.url("list")),
        ]


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
        page = self.url("detail", self.application.pk)
        return [*super().breadcrumbs(), Crumb(self.application.person.full_name, page)]

    def get_success_url(self) -> str:
        """Back to the application."""
        return self.url("detail", self.application.pk)
