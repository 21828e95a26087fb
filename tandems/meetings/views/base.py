"""What the pages of the tandems' year have in common."""

from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from programmes.cycles.views.base import OfCycle, acting_user, found_or_404
from tandems.meetings.counts import with_counts
from tandems.pairs.models import Tandem
from tandems.pairs.permissions import council_tandems

__all__ = ["OfTandem", "OfYear", "acting_user"]


class OfYear(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/tandems/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it
    rule: ClassVar[str | None] = "pairs.follow"

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"meetings:{name}", args=[self.cycle.pk, *args])

    def followed(self) -> Any:
        """The revealed tandems of the cycle that the user follows, with their counts.

        Not ``visible_to``: that holds secret ones for whoever decides on them.
        """
        rows = Tandem.objects.filter(council_tandems(self.request.user), cycle=self.cycle)
        return with_counts(rows).select_related(
            "cycle__programme",
            "application__municipality",
            "mentor__municipality",
            "mentee_person",
            "mentor_person",
            "accompanied_by",
        )


class OfTandem(OfYear):
    """A page about one tandem."""

    @cached_property
    def tandem(self) -> Tandem:
        """The tandem of the address; raises ``Http404`` unless the user follows it."""
        found: Tandem = found_or_404(self.followed(), self.kwargs["pk"])
        return found

    def get_rule_object(self) -> Any:
        """The cycle; who may follow it at all gets a 404 for a tandem they do not see."""
        cycle = super().get_rule_object()
        if self.allowed("pairs.follow", cycle):  # type: ignore[attr-defined]  # a page follows
            _ = self.tandem
        return cycle

    @property
    def names(self) -> str:
        """Both halves."""
        return f"{self.tandem.mentee_person.full_name} und {self.tandem.mentor_person.full_name}"

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle, its tandems, this one."""
        return [
            *super().breadcrumbs(),
            Crumb("Tandems", self.page("overview")),
            Crumb(self.names, self.get_success_url()),
        ]

    def get_success_url(self) -> str:
        """Back to the tandem."""
        return self.page("tandem", self.tandem.pk)
