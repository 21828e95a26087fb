"""The Startworkshop, as far as the reveal hangs on it."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from programmes.cycles.models import Cycle
from programmes.events.models import Event, EventKind, EventState
from programmes.roadmap.milestone import START
from programmes.roadmap.models import Milestone, MilestoneState


@dataclass(frozen=True)
class Workshop:
    """When the Startworkshop is, as the Veranstaltung says or else the Fahrplan."""

    day: date | None
    cancelled: bool

    @property
    def is_today(self) -> bool:
        return not self.cancelled and self.day == timezone.localdate()

    @property
    def is_ahead(self) -> bool:
        return not self.cancelled and self.day is not None and self.day > timezone.localdate()

    @property
    def has_been(self) -> bool:
        """Whether its day is behind: what is not revealed by then was overlooked or comes late."""
        return not self.cancelled and self.day is not None and self.day < timezone.localdate()

    @property
    def allows_clock(self) -> bool:
        """Whether a clock may reveal today: the workshop takes place, today or before."""
        return not self.cancelled and self.day is not None and not self.is_ahead

    @property
    def warning(self) -> str:
        """Why today is not the day, "" on the day itself."""
        if self.cancelled:
            return "Der Startworkshop ist abgesagt."
        if self.day is None:
            return "Für den Startworkshop ist noch kein Tag eingetragen."
        if self.is_ahead:
            return f"Der Startworkshop ist erst am {self.day:%d.%m.%Y}."
        if self.has_been:
            return f"Der Startworkshop war schon am {self.day:%d.%m.%Y}."
        return ""


def workshop_of(cycle: Cycle) -> Workshop:
    """The Startworkshop of ``cycle`` as it is planned now.

    A Veranstaltung that is planned knows better than the Fahrplan; where all were called
    off, or the milestone was dropped, there is none.
    """
    events = Event.objects.filter(cycle=cycle, kind=EventKind.START)
    known = list(events.order_by("starts_at", "pk").values_list("state", "starts_at"))
    planned = [starts_at for state, starts_at in known if state == EventState.PLANNED]
    if planned:
        return Workshop(timezone.localdate(planned[0]), cancelled=False)
    dropped = Milestone.objects.filter(cycle=cycle, key=START, state=MilestoneState.DROPPED)
    return Workshop(cycle.start_workshop_on, cancelled=bool(known) or dropped.exists())
