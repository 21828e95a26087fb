"""What this room adds to the frame of every page and to the start page."""

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem, StartItem
from programmes.calls.views import missing_of
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import CycleState, Participation, ParticipationState
from programmes.people.permissions import posts_of


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The Ausschreibung of the current cycle."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("calls.read", request.user, cycle):
        return []
    # The first thing a Personalstelle does in its Durchgang; others look it up.
    early = cycle.state in (CycleState.PLANNING, CycleState.APPLICATION)
    at_hand = early and bool(posts_of(request.user).municipalities)
    url = reverse("calls:call", args=[cycle.pk])
    return [NavItem("Ausschreibung", url, general=not at_hand)]


def due(request: HttpRequest) -> list[StartItem]:
    """For HR staff in the application phase: whose involvement is not noted yet."""
    houses = posts_of(request.user).municipalities
    if not houses:
        return []
    rows = (
        Participation.objects.visible_to(request.user)
        .filter(
            municipality__in=houses,
            state=ParticipationState.CONFIRMED,
            cycle__state=CycleState.APPLICATION,
        )
        .select_related("municipality", "cycle", "involvement")
        .order_by("cycle__number", "municipality__sort_key")
    )
    return [
        StartItem(
            "Beteiligung eintragen",
            f"{row.cycle}, {row.municipality}: Wann waren {' und '.join(missing)} beteiligt?",
            reverse("calls:involvement", args=[row.cycle_id, row.pk]),
            "fehlt",
        )
        for row in rows
        if (missing := missing_of(getattr(row, "involvement", None)))
    ]
