"""What this room adds to the navigation, to the start page, and to the mentors."""

from typing import Any

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem, StartItem
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import Cycle, CycleState
from tandems.matching.board import Wall
from tandems.matching.models import MatchIdea
from tandems.mentors.models import Mentor
from tandems.pairs.permissions import matching_cycles


def lost_with(user: Any, mentor: Mentor) -> list[str]:
    """That a mentor who is about to be deleted stands at the wall; only to who sees it there."""
    number = MatchIdea.objects.visible_to(user).filter(mentor=mentor).count()
    if not number:
        return []
    where = "einem möglichen Match" if number == 1 else f"{number} möglichen Matches"
    return [
        f"An der Wand des Matchings steht die Idee in {where}: auch das wird gelöscht, mit allen "
        "Stimmen und Bemerkungen."
    ]


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The wall of the current cycle; once the matching is over it makes room in the row."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("pairs.match", request.user, cycle):
        return []
    general = cycle.state != CycleState.MATCHING
    return [NavItem("Matching", reverse("matching:wall", args=[cycle.pk]), general=general)]


def due(request: HttpRequest) -> list[StartItem]:
    """Mentees nobody has thought of a mentor for; counted from what the user sees."""
    user = request.user
    cycles = Cycle.objects.filter(pk__in=matching_cycles(user), state=CycleState.MATCHING)
    items = []
    for cycle in cycles.order_by("-number", "pk"):
        wall = Wall(user, cycle)
        number = sum(map(wall.is_open, wall.mentee_keys))
        if number:
            items.append(
                StartItem(
                    "1 Mentee ohne mögliches Match"
                    if number == 1
                    else f"{number} Mentees ohne mögliches Match",
                    f"Durchgang Nr. {cycle.number}",
                    f"{reverse('matching:wall', args=[cycle.pk])}?stand=ohne",
                    "aufgabe",
                    count=number,
                )
            )
    return items
