"""Makers of this room's records."""

from typing import Any

from programmes.calls import domain
from programmes.calls.models import Call, Involvement
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality


def make_call(cycle: Cycle, **fields: Any) -> Call:
    """The Ausschreibung of ``cycle``, with the shipped text unless told otherwise."""
    fields.setdefault("text", domain.shipped_text())
    fields.setdefault("conditions", domain.shipped_conditions())
    return Call.objects.create(cycle=cycle, **fields)


def make_involvement(cycle: Cycle, house: Municipality, **fields: Any) -> Involvement:
    """The note of a Kommune that takes part."""
    part = cycle.participations.get(municipality=house)
    return Involvement.objects.create(participation=part, **fields)
