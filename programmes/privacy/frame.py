"""What this room adds to the frame of every page."""

import rules
from django.http import HttpRequest
from django.urls import reverse

from mentoring.ui.navigation import NavItem, StartItem
from programmes.cycles.frame import current_cycle, open_cycles
from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import roles_of
from programmes.cycles.views.base import acting_user
from programmes.organisations.sections import Section
from programmes.people.models import Person
from programmes.privacy.announce import upcoming


def navigation_items(request: HttpRequest) -> list[NavItem]:
    """The periods of the current cycle."""
    cycle = current_cycle(request)
    if cycle is None or not rules.test_rule("privacy.read", request.user, cycle):
        return []
    return [NavItem("Löschfristen", reverse("privacy:periods", args=[cycle.pk]), general=True)]


def start_items_of(request: HttpRequest) -> list[StartItem]:
    """For leads, and for the ständige Mitglieder of an ended cycle: what goes within a week."""
    user = acting_user(request)
    roles = roles_of(user)
    cycles = [cycle for cycle in open_cycles(request) if cycle.pk in roles.leading]
    if roles.permanent:
        ended = Cycle.objects.filter(programme__in=roles.permanent, state__in=CycleState.ended())
        cycles += list(ended.select_related("programme").order_by("-start_year", "pk"))
    return [
        StartItem(
            f"Wird gelöscht: {line.label}",
            f"{cycle.programme}, {cycle}. Drucken Sie vorher, was Sie noch brauchen.",
            reverse("privacy:periods", args=[cycle.pk]),
            "hinweis",
            due=line.due_on,
            count=line.count,
        )
        for cycle, line in upcoming(cycles, user)
    ]


def person_section(request: HttpRequest, person: Person) -> Section | None:
    """Auskunft and erasure, on the page of a person the user answers for."""
    may_answer = rules.test_rule("privacy.answer", request.user, person)
    may_erase = rules.test_rule("privacy.erase", request.user, person)
    if not may_answer and not may_erase:
        return None
    return Section(
        "privacy/person_section.html",
        {"person": person, "may_answer": may_answer, "may_erase": may_erase},
    )
