"""Makers of the Fahrplan's records."""

from datetime import date
from itertools import count
from typing import Any

from programmes.cycles.models import Cycle
from programmes.roadmap import domain
from programmes.roadmap.milestone import START
from programmes.roadmap.models import Milestone, MilestoneKind, Track
from tests import factories as make

START_ON = date(2026, 10, 2)
"""A Friday, far from any holiday but the next day's."""
_number = count(1)


def make_roadmap(cycle: Cycle, start_on: date = START_ON, by: Any = None) -> dict[str, Milestone]:
    """The shipped Fahrplan of ``cycle``: its milestones by key."""
    by = by or make.make_user()
    return {row.key: row for row in domain.plan_roadmap(cycle, start_on=start_on, by=by)}


def make_start(cycle: Cycle, start_on: date = START_ON) -> Milestone:
    """Only the Startworkshop, for tests that need no whole Fahrplan."""
    Cycle.objects.filter(pk=cycle.pk).update(start_workshop_on=start_on)
    return make_milestone(cycle, start_on, key=START, title="Startworkshop", track=Track.ALL)


def make_milestone(
    cycle: Cycle, starts_on: date = START_ON, ends_on: date | None = None, **fields: Any
) -> Milestone:
    """A milestone; with ``anchor`` at the distance its dates have."""
    fields.setdefault("title", f"Meilenstein {next(_number)}")
    if ends_on is not None:
        fields.setdefault("kind", MilestoneKind.PERIOD)
    anchor = fields.get("anchor")
    if anchor is not None:
        fields.setdefault("anchor_days", (starts_on - anchor.starts_on).days)
    return Milestone.objects.create(
        cycle=cycle, starts_on=starts_on, ends_on=ends_on or starts_on, **fields
    )
