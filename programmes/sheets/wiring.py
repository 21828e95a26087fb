"""What the sheets add to other rooms."""

from typing import Any

import rules
from django.urls import reverse

from mentoring.jobs.domain import kinds
from mentoring.ui.navigation import navigation
from programmes.cycles.registries import participant_sheets
from programmes.events.models import Event
from programmes.events.registries import event_sections
from programmes.roadmap.registries import Section
from programmes.sheets import jobs
from programmes.sheets.frame import navigation_items, of_participants


def _section(request: Any, event: Event) -> Section | None:
    """The way to the sheets, on the page of an event."""
    if not rules.test_rule("events.change", request.user, event.cycle):
        return None
    url = reverse("sheets:sheets", args=[event.cycle_id, event.pk])
    return Section("sheets/section.html", {"sheets": url})


event_sections.add("sheets", _section)
participant_sheets.add("sheets", of_participants)
navigation.add("sheets", navigation_items, order=66)
for name, kind in jobs.KINDS.items():
    kinds.add(name, kind)
