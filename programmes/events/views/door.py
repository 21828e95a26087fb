"""Who came: a page for a tablet at the door, and the printed list typed in afterwards."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.http import urlencode

from mentoring.ui.errors import Refused
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, PageView
from programmes.cycles.views.base import acting_user
from programmes.events import domain
from programmes.events.models import Answer
from programmes.events.views.base import OfAttendee, OfEvent
from programmes.events.views.inviting import PersonSearch
from programmes.people.models import Person

VALUES: dict[str, bool | None] = {"1": True, "0": False, "": None}
"""What a button or a shown entry says, as posted."""


class AtTheDoor(OfEvent):
    """What the pages of attendance share."""

    rule: ClassVar[str | None] = "events.change"

    def counts(self) -> dict[str, int]:
        """How many came, of how many who said yes and who are invited."""
        found: dict[str, int] = self.attendees().aggregate(
            came=Count("pk", filter=Q(attended=True)),
            yes=Count("pk", filter=Q(answer=Answer.YES)),
            invited=Count("pk"),
        )
        return found

    def closed(self) -> str:
        """Why nothing can be entered; "" while it can."""
        if self.event.state != "planned":
            return "Die Veranstaltung ist abgesagt."
        try:
            domain.check_open_door(self.event)
        except Refused as refusal:
            return str(refusal)
        return ""


class DoorPage(AtTheDoor, PageView):
    """The list for the tablet: look for a name, tap once."""

    template_name = "events/door.html"

    def get_title(self) -> str:
        """Of which event."""
        return f"Anwesenheit: {self.event.title}"

    def actions(self) -> list[Action]:
        """Somebody without invitation, and the printed list."""
        if self.closed():
            return []
        return [
            Action("Person hinzufügen", self.event_page("walk_in"), "primary", "add"),
            Action("Von der Liste eintragen", self.event_page("attendance_list")),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those who fit the words; all without any."""
        words = str(self.request.GET.get("q", "")).replace("\0", "")[:200].strip()
        rows = self.attendees().order_by("person__sort_key", "pk")
        return super().get_context_data(
            words=words,
            rows=list(rows.search(words) if words else rows),
            counts=self.counts(),
            closed=self.closed(),
            **kwargs,
        )


class MarkPage(AtTheDoor, OfAttendee, PageView):
    """One tap: the answer to htmx is the row, to a plain form the page again."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Enter what the button says; tapped twice it says the same."""
        wanted = VALUES.get(request.POST.get("attended", ""))
        words = request.POST.get("q", "")[:200]
        refused = ""
        try:
            domain.mark_attendance(self.event, {self.attendee.pk: wanted}, by=acting_user(request))
        except Refused as refusal:
            refused = str(refusal)
        if getattr(request, "htmx", False):
            del self.attendee  # as stored now
            context = {
                "row": self.attendee,
                "event": self.event,
                "counts": self.counts(),
                "words": words,
                "refused": refused,
                "swapped": True,
            }
            return TemplateResponse(request, "events/parts/door_row.html", context)
        if refused:
            messages.error(request, refused)
        query = f"?{urlencode({'q': words})}" if words else ""
        place = f"#zeile-{self.attendee.pk}"
        return HttpResponseRedirect(self.event_page("attendance") + query + place)


class AttendanceList(AtTheDoor, PageView):
    """All names with a box each, saved at once; what somebody else entered meanwhile stays."""

    template_name = "events/attendance_list.html"

    def get_title(self) -> str:
        """Of which event."""
        return f"Anwesenheit von der Liste: {self.event.title}"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the page for the door."""
        return [*super().breadcrumbs(), Crumb("Anwesenheit", self.event_page("attendance"))]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Enter who is ticked and who is not, of those that were shown."""
        ticked = set(request.POST.getlist("da"))
        seen, came = {}, {}
        for pk in self.attendees().values_list("pk", flat=True):
            shown = request.POST.get(f"war-{pk}")
            if shown in VALUES:
                seen[pk] = VALUES[shown]
                came[pk] = str(pk) in ticked
        try:
            kept = domain.mark_attendance(self.event, came, seen=seen, by=acting_user(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(self.event_page("attendance_list"))
        if kept:
            names = ", ".join(str(row.person) for row in kept)
            messages.warning(
                request,
                "Inzwischen hat jemand anderes etwas eingetragen. Das ist stehen geblieben bei: "
                f"{names}.",
            )
        messages.success(request, "Die Anwesenheit ist gespeichert.")
        return HttpResponseRedirect(self.event_page("attendance"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everybody, in the order of the printed list."""
        return super().get_context_data(
            rows=list(self.attendees().order_by("person__sort_key", "pk")),
            closed=self.closed(),
            **kwargs,
        )


class WalkIn(PersonSearch):
    """Somebody came who is not on the list."""

    button = "War da"
    again = True

    def get_title(self) -> str:
        """To which event."""
        return f"Person hinzufügen: {self.event.title}"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the page for the door."""
        return [*super().breadcrumbs(), Crumb("Anwesenheit", self.event_page("attendance"))]

    def enter(self, person: Person) -> str:
        """On the list and present."""
        domain.add_at_the_door(self.event, person, by=acting_user(self.request))
        return f"{person} ist als anwesend eingetragen."

    def get_success_url(self) -> str:
        """Back to the door."""
        return self.event_page("attendance")
