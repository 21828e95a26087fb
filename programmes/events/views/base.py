"""What the pages of this room have in common: a cycle above, an event in it."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.exports import CONTENT_TYPES
from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from programmes.cycles.models import Cycle
from programmes.cycles.views.base import OfCycle, found_or_404
from programmes.events.calendar import event_file, event_file_name
from programmes.events.models import Answer, Attendee, Event, EventState

ANSWER_BADGES: dict[str, str] = {
    Answer.OPEN: "info",
    Answer.YES: "success",
    Answer.NO: "warning",
}


def answer_badge(attendee: Attendee) -> Badge:
    """The answer as a badge."""
    return Badge(ANSWER_BADGES[attendee.answer], attendee.get_answer_display())


def state_badge(event: Event) -> Badge:
    """Whether it takes place, is over, or was called off."""
    if event.state == EventState.CANCELLED:
        return Badge("danger", "abgesagt")
    return Badge("success", "vorbei") if event.is_over() else Badge("info", "geplant")


def calendar_download(event: Event) -> HttpResponse:
    """The event as a file for the calendar."""
    answer = HttpResponse(event_file(event), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{event_file_name()}"'
    return answer


def file_response(data: bytes, name: str) -> HttpResponse:
    """``data`` as a download called ``name``."""
    return HttpResponse(
        data,
        content_type=CONTENT_TYPES[name.rpartition(".")[2]],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class WithEvents(OfCycle):
    """A page of this room below ``/durchgaenge/<cycle_pk>/``."""

    request: Any  # its user is signed in by the time a page asks: ``PageView`` saw to it

    def page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"events:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its events."""
        return [*super().breadcrumbs(), Crumb("Veranstaltungen", self.page("events"))]


class OfEvent(WithEvents):
    """A page of one event (``pk``); the rule is asked about the cycle."""

    model: ClassVar[type[models.Model]] = Event

    @cached_property
    def event(self) -> Event:
        """The event of the address, if it belongs to this cycle and the user sees it."""
        events = (
            Event.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("cycle__programme", "milestone")
        )
        found: Event = found_or_404(events, self.kwargs["pk"])
        return found

    def get_object(self) -> Any:
        """The event of the address."""
        return self.event

    def get_rule_object(self) -> Cycle:
        """The cycle; the event must be one of its."""
        return self.event.cycle

    def attendees(self) -> Any:
        """The invitations to this event that the user sees."""
        return (
            Attendee.objects.visible_to(self.request.user)
            .filter(event=self.event)
            .select_related("person", "municipality")
        )

    def event_page(self, name: str, *args: Any) -> str:
        """The address of another page of this event."""
        return self.page(name, self.event.pk, *args)

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the event."""
        return [*super().breadcrumbs(), Crumb(self.event.title, self.event_page("event"))]

    def get_success_url(self) -> str:
        """Back to the event."""
        return self.event_page("event")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The event, for every template."""
        return super().get_context_data(event=self.event, **kwargs)


class OfAttendee(OfEvent):
    """A page of one invitation (``attendee_pk``)."""

    @cached_property
    def attendee(self) -> Attendee:
        """The invitation of the address, if it is one to this event and the user sees it."""
        found: Attendee = found_or_404(
            self.attendees().select_related("event__cycle"), self.kwargs["attendee_pk"]
        )
        return found

    def get_object(self) -> Any:
        """The invitation of the address."""
        return self.attendee

    def get_rule_object(self) -> Cycle:
        """The cycle; the invitation must belong to one of its events."""
        return self.attendee.event.cycle

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the list of those invited."""
        return [*super().breadcrumbs(), Crumb("Eingeladene", self.event_page("attendees"))]

    def get_success_url(self) -> str:
        """Back to the list of those invited."""
        return self.event_page("attendees")
