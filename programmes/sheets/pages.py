"""What the lists and sheets of a Durchgang have in common."""

from typing import Any

from django.urls import reverse

from mentoring.ui.navigation import Crumb
from programmes.cycles.views.base import OfCycle


class OfLists(OfCycle):
    """A page below ``/durchgaenge/<cycle_pk>/listen/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"sheets:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its lists."""
        return [*super().breadcrumbs(), Crumb("Listen und Blätter", self.page("lists"))]
