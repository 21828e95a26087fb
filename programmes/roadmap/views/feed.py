"""The calendar feed and the page on which its link is made and ended."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import SIGNED_IN, Action, ActionPage, PageView
from programmes.cycles.views.base import acting_user
from programmes.people.permissions import posts_of
from programmes.roadmap import feed
from programmes.roadmap.ics import calendar_file
from programmes.roadmap.models import FeedToken

_ASK_AGAIN = timedelta(hours=4)


class Feed(PageView):
    """The feed, for whoever knows its token: a calendar program cannot sign in."""

    public = True
    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The calendar, or 304 if it is still the one the program has."""
        user = feed.user_of(kwargs["token"])
        if user is None:
            raise Http404
        entries = feed.entries_of(user)
        etag = feed.etag_of(entries)
        response = get_conditional_response(request, etag=etag)
        if response is None:
            name = settings.SITE_NAME or "Cross-Mentoring"
            response = HttpResponse(
                calendar_file(entries, name=name, refresh=_ASK_AGAIN),
                content_type="text/calendar; charset=utf-8",
                headers={"Content-Disposition": 'inline; filename="termine.ics"', "ETag": etag},
            )
        response["Cache-Control"] = "private, no-cache"
        response["X-Robots-Tag"] = "noindex"
        return response


class CalendarPage(PageView):
    """Whether there is a link, how it is used, and the ways to make and to end it."""

    rule = SIGNED_IN
    title = "Mein Kalender"
    template_name = "roadmap/calendar.html"
    link = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The state of the link; the link itself only just after it was made."""
        user = acting_user(self.request)
        return super().get_context_data(
            has_person=posts_of(user).person is not None,
            token=FeedToken.objects.filter(user=user).first(),
            link=self.link,
            # What Apple Calendar and Thunderbird open by themselves.
            webcal="webcal:" + self.link.partition(":")[2] if self.link else "",
            **kwargs,
        )

    def actions(self) -> list[Action]:
        """None beside the heading: they stand where they are explained."""
        return []


class OnCalendar:
    """A step from the calendar's page and back to it."""

    request: HttpRequest

    def get_success_url(self) -> str:
        """Back to the calendar."""
        return reverse("roadmap:calendar")

    def breadcrumbs(self) -> list[Crumb]:
        """Below the page of the calendar."""
        return [Crumb("Mein Kalender", reverse("roadmap:calendar"))]

    @property
    def exists(self) -> bool:
        """Whether there is a link already."""
        return FeedToken.objects.filter(user=acting_user(self.request)).exists()


class CalendarLinkCreate(OnCalendar, ActionPage):
    """Makes the link and shows it, this once: only its hash is kept."""

    rule = SIGNED_IN
    once = True
    title = "Kalenderadresse erzeugen"
    button_label = "Adresse erzeugen"
    repeated_message = (
        "Diese Adresse wurde schon erzeugt und nur einmal gezeigt. "
        "Haben Sie sie nicht mehr, erzeugen Sie eine neue."
    )
    link = ""

    def get_question(self) -> str:
        """What is asked; a new link ends the old one."""
        if self.exists:
            return "Neue Adresse erzeugen und die bisherige abschalten?"
        return "Eine Adresse für Ihren Kalender erzeugen?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        lines = [
            "Die Adresse wird Ihnen nur ein einziges Mal gezeigt.",
            "Wer sie kennt, sieht Ihre Termine ohne Anmeldung. Geben Sie sie nicht weiter.",
        ]
        if self.exists:
            lines.append("Geräte mit der bisherigen Adresse bekommen keine Änderungen mehr.")
        return lines

    def perform(self) -> None:
        """Make the link."""
        self.link = feed.create_link(by=acting_user(self.request))

    def form_valid(self, form: Any) -> HttpResponse:
        """The page with the link: a redirect would have to keep it somewhere meanwhile."""
        response = super().form_valid(form)
        if not self.link:
            return response
        page = CalendarPage(link=self.link)
        page.setup(self.request)
        return page.get(self.request)


class CalendarLinkRevoke(OnCalendar, ActionPage):
    """Ends the link."""

    rule = SIGNED_IN
    title = "Kalenderadresse abschalten"
    question = "Die Adresse Ihres Kalenders abschalten?"
    button_label = "Abschalten"
    danger = True
    success_message = "Die Adresse ist abgeschaltet."

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Kalender mit dieser Adresse bekommen ab sofort nichts mehr.",
            "Eine neue Adresse können Sie jederzeit erzeugen.",
        ]

    def perform(self) -> None:
        """End it."""
        feed.revoke_link(by=acting_user(self.request))
