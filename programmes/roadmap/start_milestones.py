""" "Was steht an?": the next milestones, those overdue, and a Fahrplan that is missing."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import StartItem
from programmes.cycles.frame import about_workshop, open_cycles
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.roadmap.milestone import START
from programmes.roadmap.models import Milestone, MilestoneState

NEXT = 5
"""So many coming milestones stand on the start page, of all cycles together."""


def milestone_items(request: HttpRequest) -> list[StartItem]:
    """For the Beirat and the Logistikpartner what comes, for leads also what is missing."""
    roles = roles_of(request.user)
    working = roles.inside | roles.logistics
    cycles = [cycle for cycle in open_cycles(request) if cycle.pk in working]
    if not cycles:
        return []
    by_cycle: dict[int, list[Milestone]] = {cycle.pk: [] for cycle in cycles}
    for milestone in Milestone.objects.visible_to(request.user).filter(cycle__in=by_cycle):
        by_cycle[milestone.cycle_id].append(milestone)
    items = []
    for cycle in cycles:
        if cycle.pk in roles.leading:
            items += _missing(cycle, by_cycle[cycle.pk])
    return [*items, *_coming([cycle for cycle in cycles if by_cycle[cycle.pk]], by_cycle)]


def about(milestone: Milestone) -> str:
    """What items about ``milestone`` are about, its events among them."""
    if milestone.key == START:
        return about_workshop(milestone.cycle)
    return f"Meilenstein {milestone.pk}"


def _missing(cycle: Cycle, milestones: list[Milestone]) -> list[StartItem]:
    if not milestones:
        return [
            StartItem(
                "Fahrplan anlegen",
                f"{cycle}: Nennen Sie das Datum des Startworkshops. Daraus ergeben sich alle "
                "anderen.",
                reverse("roadmap:plan", args=[cycle.pk]),
                "fehlt",
            )
        ]
    yesterday = timezone.localdate() - timedelta(days=1)
    late = [row for row in milestones if _planned(row) and row.ends_on <= yesterday]
    if not late:
        return []
    title = (
        f"„{late[0]}“ ist überfällig"
        if len(late) == 1
        else f"{len(late)} Meilensteine sind überfällig"
    )
    past = urlencode({"state": MilestoneState.PLANNED, "ended": yesterday.isoformat()})
    return [
        StartItem(
            title,
            f"{cycle}: Als erledigt kennzeichnen oder verschieben.",
            late[0].get_absolute_url()
            if len(late) == 1
            else f"{reverse('roadmap:table', args=[cycle.pk])}?{past}",
            "fehlt",
            count=len(late) if len(late) > 1 else None,
        )
    ]


def _coming(cycles: list[Cycle], by_cycle: dict[int, list[Milestone]]) -> list[StartItem]:
    today = timezone.localdate()
    ahead = []
    for cycle in cycles:
        for row in by_cycle[cycle.pk]:
            if _planned(row) and row.starts_on >= today:
                row.cycle = cycle  # at hand: its name is shown
                ahead.append(row)
    ahead.sort(key=lambda row: (row.starts_on, row.pk))
    dates = [
        StartItem(
            row.title,
            str(row.cycle),
            row.get_absolute_url(),
            "termin",
            due=row.starts_on,
            about=about(row),
        )
        for row in ahead[:NEXT]
    ]
    ways = [
        StartItem(
            f"Alle Termine im Fahrplan von Durchgang Nr. {cycle.number}",
            url=reverse("roadmap:timeline", args=[cycle.pk]),
            kind="termin",
        )
        for cycle in cycles
    ]
    return [*dates, *ways]


def _planned(milestone: Milestone) -> bool:
    return milestone.state == MilestoneState.PLANNED
