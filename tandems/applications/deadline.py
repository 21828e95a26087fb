"""Until when the Kommunen nominate: the end of the milestone "bewerbung" of the Fahrplan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import StartItem
from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of
from programmes.roadmap.models import Milestone, MilestoneState
from tandems.applications.models import Application, ApplicationState

KEY = "bewerbung"
"""The key of the milestone in ``roadmap/defaults/milestones.csv``."""


@dataclass(frozen=True)
class Deadline:
    """The last day on which nominating needs no reason."""

    day: date

    @property
    def days_left(self) -> int:
        """Whole days until then; 0 on the day itself, negative afterwards."""
        return (self.day - timezone.localdate()).days

    @property
    def passed(self) -> bool:
        """Whether a nomination is late now."""
        return self.days_left < 0

    @property
    def left(self) -> str:
        """How long it still is, in words."""
        days = self.days_left
        if days < 0:
            return "abgelaufen"
        return {0: "heute ist der letzte Tag", 1: "noch 1 Tag"}.get(days, f"noch {days} Tage")

    def __str__(self) -> str:
        if self.passed:
            return (
                f"Die Frist für die Nominierung ist am {self.day:%d.%m.%Y} abgelaufen. Wer jetzt "
                "noch nominiert wird, braucht dafür einen Grund, den der Beirat liest."
            )
        return f"Frist für die Nominierung: {self.day:%d.%m.%Y} ({self.left})."


def deadlines_of(cycles: Iterable[int]) -> dict[int, Deadline]:
    """The deadlines of ``cycles`` (primary keys), as far as they have one; one query."""
    rows = Milestone.objects.filter(cycle__in=cycles, key=KEY).exclude(state=MilestoneState.DROPPED)
    return {cycle: Deadline(day) for cycle, day in rows.values_list("cycle", "ends_on")}


def deadline_of(cycle: Cycle) -> Deadline | None:
    """The deadline of ``cycle``; without such a milestone there is none."""
    return deadlines_of([cycle.pk]).get(cycle.pk)


def due(request: HttpRequest) -> list[StartItem]:
    """For HR staff in the application phase: until when to nominate."""
    cycles = Cycle.objects.filter(
        pk__in=roles_of(request.user).houses, state=CycleState.APPLICATION
    ).order_by("number", "pk")
    if not roles_of(request.user).houses:
        return []
    found = {cycle.pk: cycle for cycle in cycles}
    return [
        StartItem(
            "Frist: Bewerbungen nominieren",
            f"{found[pk]}: {deadline.left}",
            reverse("applications:ranking", args=[pk]),
            "termin",
            due=deadline.day,
        )
        for pk, deadline in deadlines_of(found).items()
        if not deadline.passed
    ]


def facts(application: Application, user: Any) -> list[tuple[str, str]]:
    """For an application's page: why it came late or moved, or until when it must come."""
    if application.nominated_at is not None:
        day = timezone.localtime(application.nominated_at).date()
        late = application.late_reason and f"{day:%d.%m.%Y}: {application.late_reason}"
        rows = (("nachgereicht am", late), ("Kommune gewechselt", application.moved_reason))
        return [(label, text) for label, text in rows if text]
    waits = application.state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
    own = application.municipality_id in posts_of(user).municipalities
    if not waits or not own or application.cycle.state != CycleState.APPLICATION:
        return []
    deadline = deadline_of(application.cycle)
    return [("Frist", str(deadline))] if deadline else []
