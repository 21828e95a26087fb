"""What the pages of the Platzvergabe have in common."""

from typing import Any, ClassVar

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from programmes.cycles.models import CycleState
from programmes.cycles.views.base import OfCycle, acting_user
from tandems.applications.deadline import Deadline, deadline_of
from tandems.places.board import Board, board
from tandems.places.models import Allocation

__all__ = ["OfAllocation", "OfPlaces", "acting_user"]


class OfPlaces(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/platzvergabe/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it
    rule: ClassVar[str | None] = "places.deliberate"

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"places:{name}", args=[self.cycle.pk, *args])

    @cached_property
    def found(self) -> Allocation | None:
        """The allocation of the cycle, if there is one the user takes part in."""
        visible = Allocation.objects.visible_to(self.request.user)
        found: Allocation | None = visible.filter(cycle=self.cycle).first()
        if found is not None:
            found.cycle = self.cycle
        return found

    @property
    def running_deadline(self) -> Deadline | None:
        """Until when the Kommunen still nominate without a reason; ``None`` once they do not.

        It names the day alone: who is not nominated yet is no matter of the Beirat's.
        """
        if self.cycle.state != CycleState.APPLICATION:
            return None
        found = deadline_of(self.cycle)
        return None if found is None or found.passed else found


class OfAllocation(OfPlaces):
    """A page about the allocation, which must have begun."""

    def get_rule_object(self) -> Any:
        """The cycle; 404 while there is no allocation."""
        cycle = self.cycle
        if self.found is None:
            raise Http404
        return cycle

    @property
    def allocation(self) -> Allocation:
        """The allocation of the address."""
        assert self.found is not None
        return self.found

    @cached_property
    def board(self) -> Board:
        """All that this user may see of it."""
        return board(self.allocation, self.request.user)

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and the meeting page."""
        return [*super().breadcrumbs(), Crumb("Platzvergabe", self.page("meeting"))]

    def get_success_url(self) -> str:
        """Back to the meeting page."""
        return self.page("meeting")
