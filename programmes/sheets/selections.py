"""Whom labels and badges are for: chosen with the filters of the participant list."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from mentoring.ui.background import ExportRequest
from mentoring.ui.list_exports import list_for
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participant,
    Participation,
    ParticipationState,
)
from programmes.cycles.views.participants import ParticipantList
from programmes.organisations.models import Municipality
from programmes.people.models import Person

PEOPLE, COUNCIL, HOUSES, BILLING = "personen", "beirat", "kommunen", "rechnung"
ABOUT_PEOPLE = ("q", "role", "left")
"""The filters that say nothing of a Kommune itself."""


@dataclass(frozen=True)
class Somebody:
    """A person with the Kommune they come from, and as what."""

    person: Person
    house: Municipality
    role: str


class Selection:
    """What one user sees of a cycle's people and Kommunen, narrowed by a query string.

    Raises ``PermissionDenied`` or ``Http404`` if the user may not open the participant list.
    """

    def __init__(self, user: Any, cycle: Cycle, query: str) -> None:
        wanted = ExportRequest(
            ParticipantList.list_name, "", {"cycle_pk": cycle.pk}, query, "", rows=0
        )
        self.user, self.cycle = user, cycle
        self.list = list_for(wanted, user)
        self.filtered: QuerySet[Participant] = self.list.filtered()
        self.filters = self.list.filterset()
        self.is_valid = bool(self.filters.is_valid())

    @property
    def _house(self) -> Municipality | None:
        found: Municipality | None = self.filters.form.cleaned_data.get("municipality")
        return found

    def used_filters(self) -> list[tuple[str, str]]:
        """Label and value of each filter in use."""
        return self.list.used_filters()

    def people(self) -> list[Somebody]:
        """The filtered participants in the order of the list, each once."""
        found: dict[int, Somebody] = {}
        for row in self.list.ordered(self.filtered).defer(None):
            one = found.get(row.person_id)
            role = str(row.get_role_display())
            if one is not None:
                role = f"{one.role}, {role}"
            found[row.person_id] = Somebody(row.person, row.municipality, role)
        return list(found.values())

    def council(self) -> list[Somebody]:
        """Who sits in the Beirat, each once; of one Kommune if that is filtered."""
        seats = CouncilSeat.objects.visible_to(self.user).held()
        seats = seats.filter(participation__cycle=self.cycle)
        if self._house is not None:
            seats = seats.filter(participation__municipality=self._house)
        seats = seats.select_related("person", "participation__municipality")
        found = {
            seat.person_id: Somebody(seat.person, seat.participation.municipality, "Beirat")
            for seat in seats.order_by("person__sort_key", "pk")
        }
        return list(found.values())

    def houses(self) -> list[Municipality]:
        """The Kommunen that take part; with a filter for people, those such people are from."""
        if any(self.filters.form.cleaned_data.get(name) for name in ABOUT_PEOPLE):
            found = Municipality.objects.filter(pk__in=self.filtered.values("municipality"))
        else:
            taking_part = Participation.objects.visible_to(self.user).filter(
                cycle=self.cycle, state=ParticipationState.CONFIRMED
            )
            if self._house is not None:
                taking_part = taking_part.filter(municipality=self._house)
            found = Municipality.objects.filter(pk__in=taking_part.values("municipality"))
        return list(found.order_by("sort_key", "pk"))

    def keys(self, source: str) -> list[int]:
        """The people or Kommunen (primary keys) that ``source`` has, to compare later."""
        if source == PEOPLE:
            return sorted(set(self.filtered.order_by().values_list("person", flat=True)))
        if source == COUNCIL:
            return sorted(one.person.pk for one in self.council())
        return sorted(house.pk for house in self.houses())


def distinct_houses(houses: Iterable[Municipality]) -> list[Municipality]:
    """Each of ``houses`` once, in the order they come."""
    return list({house.pk: house for house in houses}.values())
