"""What this room adds to the frame of every page and to the start page."""

import rules
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import NavItem, StartItem
from programmes.cycles.frame import current_cycle
from programmes.events.domain import closed_reason
from programmes.events.models import Answer, Attendee, EventState
from programmes.events.wording import when
from programmes.people.permissions import posts_of
from programmes.roadmap.start_milestones import about

MOST_AHEAD = 5


def cycle_navigation(request: HttpRequest) -> list[NavItem]:
    """The events of the current cycle."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("events.list", request.user, cycle):
        return []
    return [NavItem("Veranstaltungen", reverse("events:events", args=[cycle.pk]))]


def own_navigation(request: HttpRequest) -> list[NavItem]:
    """One's own invitations, for everybody who is somebody in the programme."""
    if posts_of(request.user).person is None:
        return []
    return [NavItem("Meine Termine", reverse("events:own"), general=True)]


def own_items(request: HttpRequest) -> list[StartItem]:
    """Invitations without an answer, and the next dates one did not refuse."""
    person = posts_of(request.user).person
    if person is None:
        return []
    rows = (
        Attendee.objects.visible_to(request.user)
        .filter(person=person, event__ends_at__gt=timezone.now())
        .filter(event__state=EventState.PLANNED)
        .exclude(answer=Answer.NO)
        .select_related("event__milestone__cycle")
        .order_by("event__starts_at", "pk")
    )
    items: list[StartItem] = []
    ahead = 0
    for row in rows:
        event, address = row.event, reverse("events:own_event", args=[row.pk])
        day = timezone.localdate(event.starts_at)
        if row.answer == Answer.OPEN and not closed_reason(event):
            until = f" Antwort bis {event.answer_until:%d.%m.%Y}." if event.answer_until else ""
            text = f"{when(event)}.{until}"
            items.append(StartItem(f"Bitte antworten: {event}", text, address, "aufgabe", due=day))
        elif ahead < MOST_AHEAD:
            ahead += 1
            same = about(event.milestone) if event.milestone else ""
            items.append(StartItem(event.title, when(event), address, "termin", day, about=same))
    return items
