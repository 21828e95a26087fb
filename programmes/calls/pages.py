"""What the pages of this room have in common."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.navigation import Crumb
from programmes.calls.models import Call, Involvement
from programmes.calls.permissions import involved_houses
from programmes.cycles.models import CouncilSeat, Participation, ParticipationState
from programmes.cycles.permissions import roles_of
from programmes.cycles.views.base import OfCycle, found_or_404
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of


class InCycle(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/ausschreibung/``."""

    def page(self, name: str, *args: int) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"calls:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its Ausschreibung."""
        return [*super().breadcrumbs(), Crumb("Ausschreibung", self.page("call"))]

    @cached_property
    def call(self) -> Call | None:
        """The Ausschreibung of the cycle as far as the user may read it."""
        found: Call | None = (
            Call.objects.visible_to(self.request.user).filter(cycle=self.cycle).first()
        )
        if found is not None:
            found.cycle = self.cycle
        return found

    @cached_property
    def own_houses(self) -> list[Municipality]:
        """The Kommunen in whose name the user downloads it: as HR staff or with a seat."""
        user = self.request.user
        houses = set(posts_of(user).municipalities)
        if self.cycle.pk in roles_of(user).council:
            seats = CouncilSeat.objects.current().filter(
                participation__cycle=self.cycle, person=posts_of(user).person
            )
            houses |= set(seats.values_list("participation__municipality", flat=True))
        part = Participation.objects.filter(
            cycle=self.cycle, state=ParticipationState.CONFIRMED, municipality__in=houses
        )
        return list(
            Municipality.objects.filter(pk__in=part.values("municipality")).order_by("sort_key")
        )


class OnInvolvement(InCycle):
    """A page about the involvement in one Kommune the user may read of."""

    @cached_property
    def participation(self) -> Participation:
        """The participation of the address."""
        rows = involved_houses(self.request.user, self.cycle).select_related(
            "municipality", "cycle__programme"
        )
        found: Participation = found_or_404(rows, self.kwargs["pk"])
        return found

    @cached_property
    def involvement(self) -> Involvement:
        """What is noted, or an empty note."""
        found = (
            Involvement.objects.visible_to(self.request.user)
            .filter(participation=self.participation)
            .first()
        )
        return found or Involvement(participation=self.participation)

    def get_rule_object(self) -> Any:
        """The rule is asked about the Kommune's participation."""
        return self.participation
