"""What this room adds to the start page and to the navigation."""

from collections.abc import Iterator
from typing import Any

import rules
from django.db.models import Count, Min, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import NavItem, StartItem
from programmes.cycles.frame import current_cycle
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participation,
    ParticipationState,
)
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of
from tandems.mentors.models import Approach, Mentor, MentorState

SEARCHING = (CycleState.APPLICATION, CycleState.MATCHING)


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The mentors of the current cycle."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("mentors.list", request.user, cycle):
        return []
    return [NavItem("Mentor/innen", reverse("mentors:list", args=[cycle.pk]))]


def due(request: HttpRequest) -> list[StartItem]:
    """Own open approaches, for leads how far the search is, for HR staff the request for ideas.

    Counted from what the user sees, so that who is sought learns nothing of it.
    """
    user = request.user
    return [*_own_approaches(user), *_search(user), *_asked_for_ideas(user)]


def _own_approaches(user: Any) -> Iterator[StartItem]:
    if not roles_of(user).council:
        return
    rows = (
        Approach.objects.visible_to(user)
        .filter(by=posts_of(user).person, answer="", mentor__cycle__in=roles_of(user).council)
        .order_by("mentor__cycle__number", "mentor__cycle")
        .values_list("mentor__cycle", "mentor__cycle__number")
        .annotate(number=Count("pk"), since=Min("claimed_at"))
    )
    for cycle, cycle_number, number, since in rows:
        what = "offene Anfrage" if number == 1 else "offene Anfragen"
        day = timezone.localtime(since)
        yield StartItem(
            f"{number} {what} an Mentor/innen",
            f"Durchgang Nr. {cycle_number}: seit dem {day:%d.%m.%Y} ohne eingetragene Antwort.",
            f"{reverse('mentors:approaches', args=[cycle])}?answer=open&by={posts_of(user).person}",
            "aufgabe",
            count=number,
        )


def _search(user: Any) -> Iterator[StartItem]:
    led = roles_of(user).lead
    if not led:
        return
    agreed = {
        cycle: (number, room)
        for cycle, number, room in Mentor.objects.visible_to(user)
        .filter(cycle__in=led, state=MentorState.AGREED)
        .order_by()
        .values_list("cycle")
        .annotate(number=Count("pk"), room=Sum("capacity"))
    }
    cycles = Cycle.objects.filter(pk__in=led, state__in=SEARCHING).order_by("-number", "pk")
    for cycle in cycles:
        number, room = agreed.get(cycle.pk, (0, 0))
        if room >= cycle.places:
            continue
        yield StartItem(
            f"Mentor/innen: {number} Zusagen, {room} von {cycle.places} Plätzen besetzbar",
            str(cycle),
            reverse("mentors:overview", args=[cycle.pk]),
            "fehlt",
            count=cycle.places - room,
        )


def _asked_for_ideas(user: Any) -> Iterator[StartItem]:
    houses = posts_of(user).municipalities
    if not houses:
        return
    named = (
        Mentor.objects.visible_to(user)
        .filter(municipality__in=houses, cycle__state__in=SEARCHING)
        .values_list("cycle", "municipality")
    )
    known = set(named)
    parts = (
        Participation.objects.filter(
            municipality__in=houses,
            state=ParticipationState.CONFIRMED,
            cycle__state__in=SEARCHING,
        )
        .select_related("cycle", "municipality")
        .order_by("cycle", "municipality__sort_key")
    )
    for part in parts:
        if (part.cycle_id, part.municipality_id) in known:
            continue
        yield StartItem(
            "Wer aus Ihrem Haus käme als Mentor/in in Frage?",
            f"{part.cycle}, {part.municipality}: Noch ist niemand vorgeschlagen. Funktion und "
            "Themen genügen.",
            reverse("mentors:new", args=[part.cycle_id]),
            "aufgabe",
        )


def unfinished(cycle: Cycle) -> list[str]:
    """What keeps ``cycle`` from being closed: approaches nobody has answered.

    Approaches of members of the Beirat are left out: they read this sentence too, and its
    number would tell them. They pass away with the cycle (``retention.FORGOTTEN``).
    """
    seats = CouncilSeat.objects.held().filter(participation__cycle=cycle)
    number = (
        Approach.objects.filter(mentor__cycle=cycle, answer="")
        .exclude(Q(mentor__person__in=seats.values("person")))
        .count()
    )
    if not number:
        return []
    if number == 1:
        return ["Eine Anfrage an eine Mentorin oder einen Mentor ist noch ohne Antwort."]
    return [f"{number} Anfragen an Mentor/innen sind noch ohne Antwort."]
