"""What a signed-in person reads of their own applications: where they stand, and no more.

Rank, statement, notes and what was decided and not told yet stand nowhere here (design,
rule 1). Until the own Kommune has told the outcome, the words are the same whatever it is.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.lists import Badge
from mentoring.ui.navigation import StartItem
from mentoring.ui.views import SIGNED_IN, PageView
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.applications.outcomes import shown_outcome

WAITS = "eingereicht"
WAITS_TEXT = "Das Ergebnis teilt Ihnen Ihre Kommune mit. Danach steht es auch hier."
TEXTS: dict[str, str] = {
    ApplicationState.DRAFT: "Ihre Personalstelle bereitet die Bewerbung vor.",
    ApplicationState.WITHDRAWN: "Die Bewerbung ist zurückgezogen. Fragen beantwortet Ihre "
    "Personalstelle.",
    ApplicationState.PLACED: "Sie haben einen Platz. Herzlichen Glückwunsch!",
    ApplicationState.WAITING: "Sie stehen auf der Warteliste. Wird ein Platz frei, meldet sich "
    "Ihre Kommune.",
    ApplicationState.DECLINED: "Für diesen Durchgang hat es leider nicht geklappt. Ihre "
    "Personalstelle spricht gern mit Ihnen darüber.",
}
_OPEN = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
_KINDS = {ApplicationState.DRAFT: "warning", ApplicationState.PLACED: "success"}


@dataclass(frozen=True)
class OwnApplication:
    """One of the person's own applications, as far as they may know of it."""

    cycle: str
    municipality: str
    state: str
    label: str
    text: str
    handed_in: date | None

    def rows(self) -> list[tuple[str, Any]]:
        """For the page."""
        rows: list[tuple[str, Any]] = [
            ("Stand", Badge(_KINDS.get(ApplicationState(self.state), "info"), self.label)),
            ("Kommune", self.municipality),
        ]
        if self.handed_in is not None:
            rows.append(("Ihren Profilbogen haben Sie abgegeben am", self.handed_in))
        return rows


def own_applications(user: Any) -> list[OwnApplication]:
    """The user's own applications, the newest cycle first."""
    person = posts_of(user).person
    if person is None:
        return []
    rows = (
        Application.objects.filter(person=person)
        .select_related("cycle__programme", "municipality")
        .order_by("-cycle__start_year", "-cycle__number", "-pk")
    )
    return [_shown(row) for row in rows]


def _shown(application: Application) -> OwnApplication:
    cycle = application.cycle
    known = shown_outcome(application)
    state = str(application.state)
    if known is not None:
        state = str(known)
    elif state not in _OPEN:
        state = str(ApplicationState.SUBMITTED)
    label = WAITS if state == ApplicationState.SUBMITTED else ApplicationState(state).label
    text = TEXTS.get(state, WAITS_TEXT)
    if state == ApplicationState.DRAFT and application.handed_in_at is not None:
        text = "Ihre Personalstelle liest Ihren Profilbogen."
    return OwnApplication(
        cycle=f"{cycle.programme}, Durchgang Nr. {cycle.number}",
        municipality=str(application.municipality),
        state=state,
        label=str(label),
        text=text,
        handed_in=_day(application.handed_in_at),
    )


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment is not None else None


class OwnApplications(PageView):
    """ "Meine Bewerbung"."""

    rule = SIGNED_IN
    title = "Meine Bewerbung"
    template_name = "applications/own.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each application with what may be known."""
        return super().get_context_data(found=own_applications(self.request.user), **kwargs)


def own_items(request: HttpRequest) -> list[StartItem]:
    """The way to the page, for who applies in a cycle that has not ended."""
    person = posts_of(request.user).person
    if person is None:
        return []
    rows = Application.objects.filter(person=person).select_related("cycle__programme")
    return [
        StartItem(
            f"Ihre Bewerbung: {shown.label}",
            shown.cycle,
            reverse("applications:own"),
            "hinweis",
        )
        for shown in (
            _shown(row) for row in rows.select_related("municipality") if row.cycle.is_open
        )
    ]
