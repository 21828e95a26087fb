"""What ties events to the Fahrplan: they move with their milestone and stand in the feed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import rules
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.events.calendar import event_entry
from programmes.events.counts import counted
from programmes.events.models import Answer, Attendee, Event, EventState
from programmes.events.wording import moment, when
from programmes.roadmap.calendar import warnings_for
from programmes.roadmap.ics import CalendarEntry
from programmes.roadmap.models import Milestone
from programmes.roadmap.registries import Consequence, Follower, Section, Shift

_TIMES = ("starts_at", "ends_at")


def _moving(shifts: Sequence[Shift]) -> tuple[dict[int, int], QuerySet[Event]]:
    """Days by milestone, and the events that go along: planned ones that have not begun."""
    days = {shift.milestone.pk: shift.days for shift in shifts if shift.days}
    return days, Event.objects.planned().filter(milestone__in=days, starts_at__gt=timezone.now())


def moved(value: datetime, days: int) -> datetime:
    """``value`` some days later at the same time on the clock, whatever summer time does."""
    local = timezone.localtime(value).replace(tzinfo=None) + timedelta(days=days)
    return timezone.make_aware(local)


def preview(cycle: Cycle, shifts: Sequence[Shift], user: Any) -> list[Consequence]:
    """The events that would move, and what speaks against their new dates."""
    days, events = _moving(shifts)
    agreed = counted(user, answer=Answer.YES)
    found = []
    for event in events.annotate(agreed=agreed).order_by("starts_at", "pk"):
        by = days[event.milestone_id or 0]
        after = moved(event.starts_at, by)
        warnings = list(warnings_for(timezone.localdate(after)))
        if event.agreed:
            warnings.append(f"{event.agreed} haben zugesagt" if event.agreed > 1 else _ONE_AGREED)
        if after <= timezone.now():
            warnings.append("Der neue Termin ist schon vorbei")
        found.append(
            Consequence(
                "Veranstaltung",
                event.title,
                moment(event.starts_at),
                moment(after),
                event.get_absolute_url(),
                tuple(warnings),
            )
        )
    return found


_ONE_AGREED = "1 Person hat zugesagt"


def apply(cycle: Cycle, shifts: Sequence[Shift], by: User) -> list[dict[str, Any]]:
    """Move the events and return what ``undo`` needs."""
    days, events = _moving(shifts)
    done = []
    for event in events.select_for_update(of=("self",)).order_by("pk"):
        step = days[event.milestone_id or 0]
        changes: dict[str, list[str]] = {}
        for name in _TIMES:
            before = getattr(event, name)
            setattr(event, name, moved(before, step))
            changes[name] = [before.isoformat(), getattr(event, name).isoformat()]
        if event.answer_until is not None:
            before = event.answer_until
            event.answer_until = before + timedelta(days=step)
            changes["answer_until"] = [before.isoformat(), event.answer_until.isoformat()]
        event.sequence += 1
        event.save()
        done.append({"pk": event.pk, "changes": changes})
    return done


def undo(cycle: Cycle, done: Any, by: User) -> None:
    """Move them back. Raises ``Refused`` if one of them was changed since."""
    events = {
        event.pk: event
        for event in Event.objects.select_for_update(of=("self",)).filter(
            cycle=cycle, pk__in=[row["pk"] for row in done]
        )
    }
    for row in done:
        event = events.get(row["pk"])
        if event is None:
            raise Refused("Eine verschobene Veranstaltung gibt es nicht mehr.")
        for name, (before, after) in row["changes"].items():
            if getattr(event, name) != _read(name, after) or event.state != EventState.PLANNED:
                raise Refused(
                    f"Die Veranstaltung „{event.title}“ wurde inzwischen geändert. Verschieben "
                    "Sie sie von Hand."
                )
            setattr(event, name, _read(name, before))
        event.sequence += 1
        event.save()


def _read(name: str, text: str) -> date | datetime:
    return datetime.fromisoformat(text) if name in _TIMES else date.fromisoformat(text)


FOLLOWER = Follower(preview, apply, undo)


def section(request: Any, milestone: Milestone) -> Section | None:
    """The events of a milestone that the user sees, and the way to a new one."""
    events = Event.objects.visible_to(request.user).filter(milestone=milestone)
    if not rules.test_rule("events.list", request.user, milestone.cycle):
        return None
    rows = [(event, when(event)) for event in events.order_by("starts_at", "pk")]
    add = ""
    if rules.test_rule("events.change", request.user, milestone.cycle):
        address = reverse("events:event_add", args=[milestone.cycle_id])
        add = f"{address}?meilenstein={milestone.pk}"
    return Section("events/milestone.html", {"rows": rows, "add": add})


def blockers(milestone: Milestone) -> list[str]:
    """The planned events that hang on a milestone."""
    return [
        f"An diesem Meilenstein hängt die Veranstaltung „{event.title}“ ({when(event)}). Sie "
        "bleibt bestehen."
        for event in Event.objects.planned().filter(milestone=milestone)
    ]


def _in_feed(user: User) -> QuerySet[Event]:
    """What stands in the user's feed: what they may open, less what they said no to."""
    declined = Attendee.objects.filter(person__user=user, answer=Answer.NO)
    return Event.objects.visible_to(user).exclude(pk__in=declined.values("event"))


def feed(user: User) -> Iterable[CalendarEntry]:
    """The events in the user's calendar; one that was called off says so."""
    return list(_entries(user))


def _entries(user: User) -> Iterator[CalendarEntry]:
    roles = roles_of(user)
    working = roles.inside | roles.logistics
    own = dict(Attendee.objects.filter(person__user=user).values_list("event", "pk"))
    for event in _in_feed(user).order_by("starts_at", "pk"):
        if event.cycle_id in working:
            address = event.get_absolute_url()
        else:
            address = reverse("events:own_event", args=[own[event.pk]])
        yield event_entry(event, url=settings.BASE_URL + address)


def shown_as_event(user: User) -> set[int]:
    """The milestones whose planned event stands in the user's feed in their place."""
    events = _in_feed(user).filter(state=EventState.PLANNED).exclude(milestone=None)
    return set(events.values_list("milestone", flat=True))
