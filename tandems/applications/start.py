"""What this room adds to the start page and to the main navigation."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem, StartItem, StartKind
from programmes.cycles.models import Cycle, CycleState, Participation, ParticipationState
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState


def due(request: HttpRequest) -> list[StartItem]:
    """Open drafts and decisions for HR staff, nominated applications for the Beirat.

    Counted from what the user sees, in one query.
    """
    user = request.user
    posts, council = posts_of(user), roles_of(user).council
    if not posts.municipalities and not council:
        return []
    house = Q(municipality__in=posts.municipalities)
    early = Q(cycle__state__in=(CycleState.PLANNING, CycleState.APPLICATION))
    phase = Q(cycle__state=CycleState.APPLICATION)
    rows = (
        Application.objects.visible_to(user)
        .exclude(cycle__state__in=CycleState.ended())
        .order_by("cycle__number", "cycle")
        .values("cycle", "cycle__number")
        .annotate(
            drafts=Count("pk", filter=house & early & Q(state=ApplicationState.DRAFT)),
            undecided=Count("pk", filter=house & phase & Q(state=ApplicationState.SUBMITTED)),
            nominated=Count("pk", filter=Q(cycle__in=council, state=ApplicationState.NOMINATED)),
        )
    )
    items: list[StartItem] = []
    for row in rows:
        items.extend(_items(row))
    return items


def _items(row: Mapping[str, Any]) -> list[StartItem]:
    address = reverse("applications:list", args=[row["cycle"]])
    where = f"Durchgang Nr. {row['cycle__number']}"
    wording: tuple[tuple[str, StartKind, ApplicationState, str, str], ...] = (
        (
            "drafts",
            "fehlt",
            ApplicationState.DRAFT,
            "Entwurf nicht eingereicht",
            "Entwürfe nicht eingereicht",
        ),
        (
            "undecided",
            "entscheidung",
            ApplicationState.SUBMITTED,
            "eingereichte Bewerbung ohne Entscheidung",
            "eingereichte Bewerbungen ohne Entscheidung",
        ),
        (
            "nominated",
            "hinweis",
            ApplicationState.NOMINATED,
            "nominierte Bewerbung",
            "nominierte Bewerbungen",
        ),
    )
    return [
        StartItem(
            title=f"{count} {one if count == 1 else many}",
            text=where,
            url=f"{address}?state={state}",
            kind=kind,
            count=count,
        )
        for key, kind, state, one, many in wording
        if (count := row[key])
    ]


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The applications of the cycle the page is about, or of the newest open one."""
    cycles = _cycles_with_applications(request.user)
    if not cycles:
        return []
    match = request.resolver_match
    current = match.kwargs.get("cycle_pk") if match is not None else None
    chosen = current if current in cycles else next(iter(cycles))
    # Once the Beirat matches, the way to a Profilbogen is over the wall.
    timely = cycles[chosen] in (CycleState.PLANNING, CycleState.APPLICATION)
    return [NavItem("Bewerbungen", reverse("applications:list", args=[chosen]), general=not timely)]


def _cycles_with_applications(user: Any) -> dict[int, str]:
    """Open cycles whose list the user may open, with their state, the newest first."""
    posts, council = posts_of(user), roles_of(user).council
    if not posts.municipalities and not council:
        return {}
    houses = Participation.objects.filter(
        municipality__in=posts.municipalities, state=ParticipationState.CONFIRMED
    )
    cycles = (
        Cycle.objects.exclude(state__in=CycleState.ended())
        .filter(Q(pk__in=council) | Q(pk__in=houses.values("cycle")))
        .order_by("-start_year", "-number", "pk")
    )
    return dict(cycles.values_list("pk", "state"))
