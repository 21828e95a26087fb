"""What later rooms add to the Fahrplan."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mentoring.accounts.models import User
from mentoring.registry import Registry
from programmes.cycles.models import Cycle
from programmes.roadmap.ics import CalendarEntry
from programmes.roadmap.models import Milestone


@dataclass(frozen=True)
class Shift:
    """A milestone that moves: its dates as stored, and those it is going to have."""

    milestone: Milestone
    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """By how many days the first day moves (negative: earlier)."""
        return (self.starts_on - self.milestone.starts_on).days


@dataclass(frozen=True)
class Consequence:
    """Something that goes along with a move, one row of the preview.

    ``before`` and ``after`` are as the user reads them; ``warnings`` say what the new date
    collides with. ``what`` is "Veranstaltung", "Rundmail" ….
    """

    what: str
    title: str
    before: str
    after: str
    url: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Follower:
    """A later room's part in a move.

    ``preview`` says what would go along, without changing anything. ``apply`` moves it,
    inside the move's transaction, and returns what ``undo`` needs, as JSON; ``undo`` takes
    exactly that back and raises ``Refused`` (German) if something was changed since.
    """

    preview: Callable[[Cycle, Sequence[Shift], Any], list[Consequence]]
    apply: Callable[[Cycle, Sequence[Shift], User], Any]
    undo: Callable[[Cycle, Any, User], None]


@dataclass(frozen=True)
class Section:
    """A part of a milestone's page that a later room adds: template and its context."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


milestone_followers: Registry[Follower] = Registry("followers of a moved milestone")

milestone_sections: Registry[Callable[[Any, Milestone], Section | None]] = Registry(
    "sections of a milestone's page"
)
"""For a request and a milestone the user may see."""

milestone_blockers: Registry[Callable[[Milestone], list[str]]] = Registry(
    "what hangs on a milestone"
)
"""German sentences, shown before a milestone is dropped or deleted."""

feed_entries: Registry[Callable[[User], Iterable[CalendarEntry]]] = Registry("calendar entries")
"""For a user, what stands in their calendar feed."""

shown_elsewhere: Registry[Callable[[User], set[int]]] = Registry(
    "milestones shown as something else"
)
"""For a user, milestones (primary keys) whose event stands in the feed in their place."""
