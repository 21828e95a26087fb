"""What later rooms add to an event."""

from collections.abc import Callable
from typing import Any

from mentoring.registry import Registry
from programmes.events.models import Event
from programmes.roadmap.registries import Section

event_sections: Registry[Callable[[Any, Event], Section | None]] = Registry(
    "sections of an event's page"
)
"""For a request and an event the user may see; the template finds its context as it is, and
as ``section``."""

taken_places: Registry[Callable[[Event], int]] = Registry("places taken without an invitation")
"""How many places of an event others hold than those invited to it."""
