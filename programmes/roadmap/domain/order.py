"""Whether a move turns the order of milestones round."""

from collections.abc import Mapping
from datetime import date

from programmes.roadmap.models import Milestone
from programmes.roadmap.registries import Shift

_NAMED = 3
"""So many milestones are named in one warning; the rest is counted."""


def turned_round(
    shift: Shift, planned: list[Milestone], dates: Mapping[int, tuple[date, date]]
) -> list[str]:
    """Warnings about milestones that came after ``shift``'s and now come before, or the other
    way round. ``dates`` holds first and last day of all milestones after the move.

    Only those are compared that have to do with each other: one hangs on the other, or both
    hang on the same.
    """
    own = shift.milestone
    later, earlier = [], []
    for other in planned:
        if other.pk == own.pk or not _related(own, other):
            continue
        starts_on, ends_on = dates[other.pk]
        if own.ends_on <= other.starts_on and shift.ends_on > starts_on:
            later.append(other.title)
        elif own.starts_on >= other.ends_on and shift.starts_on < ends_on:
            earlier.append(other.title)
    warnings = []
    if later:
        warnings.append(f"liegt nicht mehr vor {_named(later)}")
    if earlier:
        warnings.append(f"liegt nicht mehr nach {_named(earlier)}")
    return warnings


def _related(one: Milestone, other: Milestone) -> bool:
    if one.anchor_id == other.pk or other.anchor_id == one.pk:
        return True
    return one.anchor_id is not None and one.anchor_id == other.anchor_id


def _named(titles: list[str]) -> str:
    text = ", ".join(f"„{title}“" for title in titles[:_NAMED])
    further = len(titles) - _NAMED
    return f"{text} und {further} weiteren" if further > 0 else text
