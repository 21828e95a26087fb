"""Veranstaltungen of a Durchgang: list, page, and everything that is planned about them."""

from datetime import datetime, time
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property

from mentoring.ui.lists import Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, CreatePage, DetailPage, UpdatePage
from programmes.cycles.views.base import acting_user
from programmes.documents.shown import visible_documents_of
from programmes.events import domain
from programmes.events.calendar import place
from programmes.events.counts import counted
from programmes.events.filters import EventFilter
from programmes.events.forms.events import (
    CancelForm,
    EventForm,
)
from programmes.events.mails import NOTICES, recipients
from programmes.events.models import Answer, Event, EventKind, EventState
from programmes.events.registries import event_sections
from programmes.events.views.base import OfEvent, WithEvents, calendar_download, state_badge
from programmes.events.wording import when
from programmes.roadmap.models import Milestone

KIND_BY_KEY: tuple[tuple[str, EventKind], ...] = (
    ("info", EventKind.INFORMATION),
    ("konstituierung", EventKind.CONSTITUTION),
    ("vorstellung", EventKind.INTRODUCTION),
    ("start", EventKind.START),
    ("vernetzung", EventKind.NETWORKING),
    ("zwischenbilanz", EventKind.INTERIM),
    ("abschluss", EventKind.CLOSING),
)
"""Beginning of a milestone's key and the kind of its event."""

USUAL_HOURS = time(9), time(16)


class EventList(WithEvents, ListPage):
    """All events of a cycle."""

    rule = "events.list"
    list_name = "events.events"
    title = "Veranstaltungen"
    filterset_class = EventFilter
    default_sort = "starts"
    empty_title = "Noch keine Veranstaltung"
    empty_text = (
        "Legen Sie die erste an, hier oder auf der Seite eines Meilensteins: dann geht sie mit, "
        "wenn sich der Fahrplan verschiebt."
    )
    columns: ClassVar = [
        Column("starts", "Beginn", "starts_at", sort="starts_at"),
        Column("kind", "Art", "get_kind_display", sort=("kind", "starts_at")),
        Column(
            "title",
            "Titel",
            "title",
            sort="sort_key",
            link=lambda row: row.get_absolute_url(),
        ),
        Column("venue", "Ort", place),
        Column("state", "Stand", state_badge, sort=("state", "starts_at")),
        Column("invited", "eingeladen", "invited", sort="invited", numeric=True),
        Column("yes", "zugesagt", "yes", sort="yes", numeric=True),
        Column("no", "abgesagt", "no", sort="no", numeric=True),
        Column("open", "offen", "unanswered", sort="unanswered", numeric=True),
    ]

    def get_queryset(self) -> QuerySet[Event]:
        """Those of this cycle, with what those invited answered, as far as the user sees them."""
        user = self.request.user
        return (
            Event.objects.visible_to(user)
            .filter(cycle=self.cycle)
            .annotate(
                invited=counted(user),
                yes=counted(user, answer=Answer.YES),
                no=counted(user, answer=Answer.NO),
                unanswered=counted(user, answer=Answer.OPEN),
            )
        )

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Whoever plans makes new ones."""
        if not self.allowed("events.change", self.cycle):
            return []
        return [Action("Veranstaltung anlegen", self.page("event_add"), "primary", "add")]

    def get_empty_action(self) -> Action | None:
        """As the button beside the heading."""
        return next(iter(self.actions()), None)


class EventPage(OfEvent, DetailPage):
    """One event with all that belongs to it."""

    rule = "events.list"
    template_name = "events/event.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the list."""
        return super().breadcrumbs()[:-1]

    def details(self) -> list[tuple[str, Any]]:
        """What, when and where."""
        event = self.event
        rows: list[tuple[str, Any]] = [
            ("Art", event.get_kind_display()),
            ("Stand", state_badge(event)),
            ("Wann", when(event)),
            ("Ort", place(event)),
        ]
        if event.cancel_reason:
            rows.append(("Grund der Absage", event.cancel_reason))
        if event.answer_until is not None:
            rows.append(("Antwort bis", event.answer_until))
        if event.capacity is not None:
            rows.append(("Plätze", event.capacity))
        return rows

    def actions(self) -> list[Action]:
        """What is done next, then changing and calling off, while it is planned."""
        if self.event.state != EventState.PLANNED or not self.may_change:
            return []
        change = self.event_page("event_change")
        found = [Action("Bearbeiten", change, "secondary", "edit")]
        if step := self._next_step():
            found.insert(0, step)
        if not self.event.is_over():
            found.append(Action("Absagen", self.event_page("event_cancel"), "tertiary"))
        return found

    def _next_step(self) -> Action | None:
        """Invite, then hold it, then write down what was said."""
        if not self.counts["invited"] and not self.event.is_over():
            return Action("Einladen", self.event_page("invite"), "primary", "add")
        if self.event.is_over():
            if self.event.minutes or not self.allowed("events.minutes", self.cycle):
                return None
            return Action("Protokoll schreiben", self.event_page("minutes"), "primary", "edit")
        if self.counts["invited"] and self.door_open:
            return Action("Anwesenheit", self.event_page("attendance"), "primary", "checklist")
        return None

    @property
    def door_open(self) -> bool:
        """Whether the day has come on which presence is marked."""
        planned = self.event.state == EventState.PLANNED
        return planned and timezone.localdate() >= timezone.localdate(self.event.starts_at)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many were invited, what they answered, and who came."""
        found: dict[str, int] = self.attendees().aggregate(
            invited=Count("pk"),
            yes=Count("pk", filter=Q(answer=Answer.YES)),
            no=Count("pk", filter=Q(answer=Answer.NO)),
            open=Count("pk", filter=Q(answer=Answer.OPEN)),
            came=Count("pk", filter=Q(attended=True)),
        )
        return found

    @property
    def may_change(self) -> bool:
        """Whether the user plans here."""
        return self.allowed("events.change", self.cycle)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Agenda, counts, documents, minutes for the Beirat, and what later rooms add."""
        event, user = self.event, self.request.user
        counts = self.counts
        planned, step = event.state == EventState.PLANNED, self._next_step()
        return super().get_context_data(
            agenda=list(event.agenda.all()),
            counts=counts,
            too_many=event.capacity is not None and counts["yes"] > event.capacity,
            documents=visible_documents_of(event.documents, user),
            sees_minutes=self.allowed("events.minutes", self.cycle),
            may_change=self.may_change,
            planned=planned,
            ahead=planned and not event.is_over(),
            door_open=self.door_open,
            next_url=step.url if planned and self.may_change and step else "",
            off_milestone=self._off_milestone(),
            notices=self._notices() if planned and not event.is_over() else [],
            sections=self._sections(),
            **kwargs,
        )

    def _sections(self) -> list[str]:
        """What later rooms add, as HTML."""
        found = (part(self.request, self.event) for part in event_sections)
        return [
            render_to_string(
                part.template, {"section": part.context, **part.context}, request=self.request
            )
            for part in found
            if part is not None
        ]

    def _off_milestone(self) -> bool:
        milestone = self.event.milestone
        if milestone is None:
            return False
        day = timezone.localdate(self.event.starts_at)
        return not milestone.starts_on <= day <= milestone.ends_on

    def _notices(self) -> list[tuple[str, str, int]]:
        """Label, address and number of recipients of each mail that is due."""
        if not self.may_change:
            return []
        return [
            (notice.label, self.event_page("notice", key), count)
            for key, notice in NOTICES.items()
            if (count := recipients(self.event, notice, self.request.user).count())
        ]


class OfEventForm(WithEvents):
    """What making and changing an event share."""

    form_class: Any = EventForm
    rule: ClassVar[str | None] = "events.change"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The milestones of this cycle."""
        milestones = Milestone.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        return {**super().get_form_kwargs(), "milestones": milestones}  # type: ignore[misc]  # a page follows


class EventCreate(OfEventForm, CreatePage):
    """Make an event; ``?meilenstein=<pk>`` fills in what the milestone knows."""

    model = Event
    title = "Veranstaltung anlegen"
    submit_label = "Veranstaltung anlegen"
    success_message = "Die Veranstaltung ist angelegt. Als Nächstes können Sie einladen."

    def get_form_kwargs(self) -> dict[str, Any]:
        """For this cycle, with what the milestone knows."""
        return {
            **super().get_form_kwargs(),
            "instance": Event(cycle=self.cycle),
            "initial": self._from_milestone(),
        }

    def _from_milestone(self) -> dict[str, Any]:
        wanted = self.request.GET.get("meilenstein", "")
        # Longer than any key: no number for the database.
        if not wanted.isdecimal() or len(wanted) > 18:
            return {}
        milestones = Milestone.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        milestone = milestones.filter(pk=int(wanted)).first()
        if milestone is None:
            return {}
        kind = next((k for key, k in KIND_BY_KEY if milestone.key.startswith(key)), EventKind.OTHER)
        starts, ends = (
            timezone.make_aware(datetime.combine(milestone.starts_on, hour)) for hour in USUAL_HOURS
        )
        return {
            "milestone": milestone.pk,
            "kind": kind,
            "title": milestone.title,
            "venue": milestone.venue,
            "starts_at": starts,
            "ends_at": ends,
        }

    def save(self, form: Any) -> Event:
        """By way of the domain."""
        return domain.create_event(form.instance, by=acting_user(self.request))


class EventChange(OfEvent, OfEventForm, UpdatePage):
    """Change an event."""

    model = Event
    submit_label = "Speichern"

    def get_title(self) -> str:
        """Which."""
        return f"{self.event.title} bearbeiten"

    def save(self, form: Any) -> Event:
        """By way of the domain; says whether somebody should hear of it."""
        before = self.event.sequence
        saved = domain.save_event(form.instance, by=acting_user(self.request))
        unaware = recipients(saved, NOTICES["aenderung"], self.request.user).count()
        if saved.sequence != before and unaware:
            self.success_message = (
                f"Ihre Änderungen sind gespeichert. {unaware} Eingeladene kennen noch den alten "
                "Stand: teilen Sie ihnen die Änderung mit."
            )
        return saved


class EventCancel(OfEvent, ActionPage):
    """Call an event off."""

    rule = "events.change"
    form_class = CancelForm
    danger = True
    button_label = "Veranstaltung absagen"
    reason_field = "required"
    success_message = (
        "Die Veranstaltung ist abgesagt. Die Eingeladenen wissen das noch nicht: schreiben Sie "
        "ihnen eine Rundmail."
    )

    def get_title(self) -> str:
        """Which."""
        return f"{self.event.title} absagen"

    def get_question(self) -> str:
        """Which, and when."""
        return f"Soll „{self.event.title}“ ({when(self.event)}) abgesagt werden?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        invited = self.attendees().count()
        lines = ["Eine abgesagte Veranstaltung lässt sich nicht wieder ansetzen, nur neu anlegen."]
        if invited:
            lines.append(
                f"{invited} Personen sind eingeladen. Sie bekommen nicht von selbst eine E-Mail: "
                "danach können Sie ihnen eine Rundmail schreiben."
            )
        return lines

    def perform(self) -> Event:
        """By way of the domain."""
        return domain.cancel_event(self.event, self.reason, by=acting_user(self.request))


class EventCalendar(OfEvent, DetailPage):
    """The event as a file for the calendar."""

    rule = "events.list"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file."""
        return calendar_download(self.event)
