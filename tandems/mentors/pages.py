"""What the pages of this room have in common."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ObjectMixin
from programmes.cycles.views.base import OfCycle
from programmes.people.permissions import posts_of
from tandems.mentors.models import Mentor, MentorState, PoolEntry
from tandems.profiles.questions import Reader

STATE_BADGES: dict[str, str] = {
    MentorState.IDEA: "info",
    MentorState.APPROACHED: "warning",
    MentorState.AGREED: "success",
    MentorState.REFUSED: "info",
    MentorState.PAUSED: "info",
}


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it

    def page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"mentors:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its mentors."""
        return [*super().breadcrumbs(), Crumb("Mentor/innen", self.page("list"))]


class OnMentor(InCycle, ObjectMixin):
    """A page about one entry the user may see, of the cycle in the address."""

    model: ClassVar[type[models.Model]] = Mentor

    def get_queryset(self) -> Any:
        """The visible ones of the cycle."""
        return (
            Mentor.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("cycle__programme", "person", "municipality", "had_by")
        )

    def get_rule_object(self) -> Any:
        """The rule is asked about the entry."""
        return self.get_object()

    @property
    def mentor(self) -> Mentor:
        """The entry of this page."""
        found: Mentor = self.get_object()
        return found

    @property
    def reader(self) -> Reader:
        """In which duty the user reads the Profilbogen."""
        own = self.mentor.municipality_id in posts_of(self.request.user).municipalities
        return Reader.HOUSE if own else Reader.COUNCIL

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the entry."""
        return [*super().breadcrumbs(), Crumb(self.mentor.called, self.page_of_mentor)]

    @property
    def page_of_mentor(self) -> str:
        """The address of the entry's own page."""
        return self.page("detail", self.mentor.pk)

    def get_success_url(self) -> str:
        """Back to the entry."""
        return self.page_of_mentor


class InPool(InCycle):
    """A page of the pool, seen from a cycle that looks for mentors."""

    def breadcrumbs(self) -> list[Crumb]:
        """Mentors, then the pool."""
        return [*super().breadcrumbs(), Crumb("Pool", self.page("pool"))]


class OnEntry(InPool, ObjectMixin):
    """A page about one entry of the pool of the cycle's programme."""

    model: ClassVar[type[models.Model]] = PoolEntry

    def get_queryset(self) -> Any:
        """The visible ones of the programme."""
        return (
            PoolEntry.objects.visible_to(self.request.user)
            .filter(programme=self.cycle.programme_id)
            .select_related("programme", "person__municipality")
        )

    @property
    def entry(self) -> PoolEntry:
        """The entry of this page."""
        found: PoolEntry = self.get_object()
        return found

    def get_rule_object(self) -> Any:
        """The rule is asked about the cycle, for an entry the user may see."""
        self.get_object()
        return self.cycle

    def get_success_url(self) -> str:
        """Back to the pool."""
        return self.page("pool")
