"""Answering an invitation: by personal link without signing in, and with one's own sign-in."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import SIGNED_IN, DetailPage, FormPage, ObjectMixin, PageView
from programmes.documents.shown import visible_documents_of
from programmes.events import domain
from programmes.events.calendar import place
from programmes.events.forms.answers import AnswerForm, LinkAnswerForm
from programmes.events.links import attendee_of
from programmes.events.models import Answer, Attendee, Event, EventState
from programmes.events.views.base import answer_badge, calendar_download
from programmes.events.wording import when

THANKS = {
    Answer.YES: "Danke, Ihre Zusage ist eingetragen. Wir freuen uns auf Sie.",
    Answer.NO: "Danke, Ihre Absage ist eingetragen.",
}


class AnswerPage(FormPage):
    """What one has to know of the event, and the form that answers."""

    attendee: Attendee
    submit_label = "Antwort senden"

    @property
    def event(self) -> Event:
        """The event one is invited to."""
        found: Event = self.attendee.event
        return found

    def get_title(self) -> str:
        """The event."""
        return self.event.title

    def get_form_kwargs(self) -> dict[str, Any]:
        """The invitation that is answered."""
        return {**super().get_form_kwargs(), "attendee": self.attendee}

    def get_success_message(self) -> str:
        """Thanks."""
        return THANKS[Answer(self.saved.answer)]

    def get_success_url(self) -> str:
        """The same page, with the answer."""
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The event, whether it can be answered, and whom to ask when not."""
        event = self.event
        closed = domain.closed_reason(event)
        rows: list[tuple[str, Any]] = [("Wann", when(event)), ("Ort", place(event))]
        if event.room:
            rows.append(("Raum", event.room))
        if event.answer_until is not None and not closed:
            rows.append(("Antwort bis", event.answer_until))
        return super().get_context_data(
            event=event,
            attendee=self.attendee,
            details=rows,
            agenda=list(event.agenda.all()),
            answer=answer_badge(self.attendee) if self.attendee.answer != Answer.OPEN else None,
            closed=closed,
            cancelled=event.state == EventState.CANCELLED,
            full=self.attendee.answer != Answer.YES and domain.places_left(event) == 0,
            partner=event.cycle.programme.logistics_partner,
            **kwargs,
        )


class LinkPage(AnswerPage):
    """Behind a personal link: whoever has it sees the event and the first name, no more."""

    public = True
    form_class = LinkAnswerForm
    template_name = "events/rsvp.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The same friendly page for every link that leads nowhere."""
        attendee = attendee_of(kwargs["token"])
        response: HttpResponseBase
        if attendee is None:
            response = TemplateResponse(
                request,
                "events/rsvp_unknown.html",
                {"title": "Dieser Link gilt nicht mehr", "breadcrumbs": []},
                status=404,
            )
        else:
            self.attendee = attendee
            response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        # Its address is a secret: no other site and no search engine learns of it. Not
        # "no-referrer", for then browsers hide the origin that the CSRF check compares.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def save(self, form: Any) -> Attendee:
        """By way of the domain."""
        return domain.answer(self.attendee, **form.as_answer())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the calendar file behind the same link."""
        address = reverse("events:rsvp_calendar", args=[self.kwargs["token"]])
        return super().get_context_data(calendar_url=address, **kwargs)


class LinkCalendar(LinkPage):
    """The calendar file behind a personal link."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        return calendar_download(self.event)


class Own:
    """A page about the user's own invitations."""

    request: Any
    kwargs: dict[str, Any]
    model: ClassVar[type[models.Model]] = Attendee

    def get_queryset(self) -> QuerySet[Attendee]:
        """Those of the user themselves."""
        return (
            Attendee.objects.visible_to(self.request.user)
            .filter(person__user=self.request.user)
            .select_related("event__cycle__programme__logistics_partner", "person")
        )


class OwnEvents(Own, PageView):
    """All one's own invitations: what waits for an answer, what is ahead, what was."""

    rule = SIGNED_IN
    title = "Meine Termine"
    template_name = "events/own.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Sorted by what there is to do."""
        now = timezone.now()
        rows = list(self.get_queryset().order_by("event__starts_at", "pk"))
        ahead = [row for row in rows if not row.event.is_over(now)]
        waiting = [
            row
            for row in ahead
            if row.answer == Answer.OPEN and not domain.closed_reason(row.event)
        ]
        keys = {row.pk for row in waiting}
        groups = [
            ("Bitte antworten Sie", waiting),
            ("Nächste Termine", [row for row in ahead if row.pk not in keys]),
            ("Frühere Termine", [row for row in reversed(rows) if row.event.is_over(now)]),
        ]
        shown = [
            (
                heading,
                [
                    (row, when(row.event), place(row.event), answer_badge(row), self._state(row))
                    for row in some
                ],
            )
            for heading, some in groups
            if some
        ]
        return super().get_context_data(groups=shown, **kwargs)

    @staticmethod
    def _state(row: Attendee) -> Any:
        cancelled = row.event.state == EventState.CANCELLED
        return Badge("danger", "Veranstaltung abgesagt") if cancelled else None


class OwnEvent(Own, ObjectMixin, AnswerPage):
    """One's own invitation, with what one has answered."""

    rule = SIGNED_IN
    form_class = AnswerForm
    template_name = "events/own_event.html"

    @property
    def attendee(self) -> Attendee:  # type: ignore[override]  # found by its key here
        """The invitation of the address, if it is the user's own."""
        found: Attendee = self.get_object()
        return found

    def get_title(self) -> str:
        """The event."""
        return self.event.title

    def breadcrumbs(self) -> list[Crumb]:
        """Below the list."""
        return [Crumb("Meine Termine", reverse("events:own"))]

    def save(self, form: Any) -> Attendee:
        """By way of the domain."""
        return domain.answer(self.attendee, **form.as_answer(), by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the documents one may read."""
        address = reverse("events:own_calendar", args=[self.attendee.pk])
        return super().get_context_data(
            calendar_url=address,
            documents=visible_documents_of(self.event.documents, self.request.user),
            **kwargs,
        )


class OwnCalendar(Own, DetailPage):
    """The calendar file of one's own invitation."""

    rule = SIGNED_IN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        return calendar_download(self.object.event)
