"""What this room adds to the start page, the navigation, and the end of a Durchgang."""

from collections.abc import Iterable
from typing import Any

import rules
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem, StartItem
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of
from tandems.applications.models import Application
from tandems.applications.outcomes import DECIDED
from tandems.places.models import Allocation, AllocationState


def due(request: HttpRequest) -> list[StartItem]:
    """Outcomes to tell for HR staff, what is open in the Platzvergabe for the Beirat."""
    user = request.user
    houses, council = roles_of(user).houses, roles_of(user).council
    items: list[StartItem] = []
    if houses or council:
        items += _untold(user, houses)
    if council:
        open_ones = (
            Allocation.objects.visible_to(user)
            .filter(state=AllocationState.OPEN)
            .exclude(cycle__state__in=CycleState.ended())
            .values_list("cycle", "cycle__number")
        )
        items += [
            StartItem(
                "Platzvergabe in Beratung",
                f"Durchgang Nr. {number}",
                reverse("places:meeting", args=[cycle]),
                "entscheidung",
            )
            for cycle, number in open_ones
        ]
    return items


def _untold(user: Any, houses: Iterable[int]) -> list[StartItem]:
    """Counted from what the user sees, in one query."""
    own, leading = posts_of(user).municipalities, roles_of(user).lead
    rows = (
        Application.objects.visible_to(user)
        .filter(state__in=DECIDED, informed_on=None)
        .exclude(cycle__state__in=CycleState.ended())
        .values_list("cycle", "cycle__number", "municipality", "municipality__short_name")
        .annotate(number=Count("pk"))
        .order_by("cycle__number", "municipality__sort_key")
    )
    mine: dict[tuple[int, int], int] = {}
    others: dict[tuple[int, int], list[str]] = {}
    for cycle, number, house, name, count in rows:
        if house in own and cycle in houses:
            mine[cycle, number] = mine.get((cycle, number), 0) + count
        elif cycle in leading:
            others.setdefault((cycle, number), []).append(name)
    items = [
        StartItem(
            "1 Ergebnis noch nicht mitgeteilt"
            if count == 1
            else f"{count} Ergebnisse noch nicht mitgeteilt",
            f"Durchgang Nr. {number}",
            reverse("places:outcomes", args=[cycle]),
            "fehlt",
            count=count,
        )
        for (cycle, number), count in mine.items()
    ]
    items += [
        StartItem(
            "Ergebnisse noch nicht überall mitgeteilt",
            f"Durchgang Nr. {number}: {', '.join(names)}",
            reverse("places:meeting", args=[cycle]),
            "hinweis",
        )
        for (cycle, number), names in others.items()
    ]
    return items


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The Platzvergabe for the Beirat, the outcomes for HR staff, of the page's cycle."""
    cycle = current_cycle(request)
    items = []
    # Before and after its time it makes room in the row.
    timely = (CycleState.APPLICATION, CycleState.MATCHING)
    for rule, label, name in (
        ("places.deliberate", "Platzvergabe", "meeting"),
        ("places.tell", "Ergebnisse", "outcomes"),
    ):
        if cycle is not None and rules.test_rule(rule, request.user, cycle):
            url = reverse(f"places:{name}", args=[cycle.pk])
            items.append(NavItem(label, url, general=cycle.state not in timely))
    return items


def unfinished(cycle: Cycle) -> list[str]:
    """What of the Platzvergabe keeps ``cycle`` from being closed; names nobody."""
    gaps = []
    if Allocation.objects.filter(cycle=cycle, state=AllocationState.OPEN).exists():
        gaps.append("Die Platzvergabe ist noch nicht beschlossen.")
    waiting = (
        Application.objects.filter(cycle=cycle, state__in=DECIDED, informed_on=None)
        .values_list("municipality__short_name", flat=True)
        .order_by("municipality__sort_key")
    )
    gaps += [
        f"{name} hat noch nicht alle Ergebnisse der Platzvergabe mitgeteilt."
        for name in dict.fromkeys(waiting)
    ]
    return gaps


def before_matching(cycle: Cycle, step: str) -> list[str]:
    """A warning for who begins the matching while the places are not decided."""
    if step != "start_matching":
        return []
    found = Allocation.objects.filter(cycle=cycle).values_list("state", flat=True).first()
    if found == AllocationState.CLOSED:
        return []
    return [
        "Achtung: Die Platzvergabe ist noch nicht beschlossen. Sie lässt sich auch während des "
        "Matchings abschließen; nominieren können die Kommunen dann nicht mehr."
    ]


def has_begun(cycle: Cycle) -> bool:
    """Whether there is a proposal: from then on the Kommunen's ranks stay."""
    return Allocation.objects.filter(cycle=cycle).exists()
