"""Pages of one milestone: reading, adding, changing, dropping, ticking off."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, CreatePage, DetailPage, ObjectActionPage, UpdatePage
from programmes.cycles.models import CouncilSeat
from programmes.cycles.views.base import acting_user
from programmes.documents.shown import visible_documents_of
from programmes.roadmap import calendar, domain
from programmes.roadmap.domain.milestones import days_after
from programmes.roadmap.forms.milestones import MilestoneForm
from programmes.roadmap.models import Milestone, MilestoneState, Move, Task
from programmes.roadmap.registries import (
    Section,
    milestone_blockers,
    milestone_sections,
)
from programmes.roadmap.views.base import InRoadmap, OnMilestone, state_badge

MOVE_FIRST = (
    "Ihre übrigen Änderungen sind gespeichert. Am neuen Datum hängt anderes: prüfen Sie, was "
    "mitgeht, und bestätigen Sie es."
)


def distance(milestone: Milestone) -> str:
    """How far a milestone lies from what it hangs on, in words."""
    days = days_after(milestone, milestone.anchor)
    if days is None:
        return ""
    if days == 0:
        return f"am selben Tag wie „{milestone.anchor}“"
    number, words = abs(days), ("Tag", "Tage")
    if number % 7 == 0:
        number, words = number // 7, ("Woche", "Wochen")
    word = words[0] if number == 1 else words[1]
    return f"{number} {word} {'vor' if days < 0 else 'nach'} „{milestone.anchor}“"


class MilestonePage(OnMilestone, DetailPage):
    """A milestone with all that belongs to it."""

    rule = "roadmap.view"
    template_name = "roadmap/milestone.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the Fahrplan."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """What the Beirat may do with it now."""
        found = self.milestone
        if not self.allowed("roadmap.change", self.cycle):
            return []
        edit = ("Bearbeiten", "milestone_change", "secondary", "edit")
        offered = [edit, ("Wieder öffnen", "milestone_reopen", "secondary", "")]
        if found.state == MilestoneState.DROPPED:
            offered = offered[1:]
        elif found.state == MilestoneState.PLANNED:
            offered = [
                ("Erledigt", "milestone_done", "primary", "check"),
                ("Verschieben", "milestone_move", "secondary", "calendar-today"),
                edit,
            ]
            if not found.is_start:
                offered.append(("Entfällt", "milestone_drop", "tertiary", ""))
        return [
            Action(label, self.page(name, found.pk), kind, icon)
            for label, name, kind, icon in offered
        ]

    def details(self) -> list[tuple[str, Any]]:
        """When, who, where."""
        found = self.milestone
        rows: list[tuple[str, Any]] = [("Stand", state_badge(found))]
        if found.state == MilestoneState.DROPPED:
            rows.append(("Grund", found.drop_reason))
        if found.done_on:
            rows.append(("erledigt am", found.done_on))
        rows.append(("Beginn" if found.days else "Datum", _day(found.starts_on)))
        if found.days:
            rows.append(("Ende", _day(found.ends_on)))
        if found.anchor is not None:
            rows.append(("hängt an", distance(found)))
        if found.fixed:
            rows.append(("Datum steht fest", True))
        seats = CouncilSeat.objects.filter(milestones=found).select_related("person")
        names = [str(seat.person) for seat in seats.order_by("person__sort_key")]
        rows += [
            ("Bereich", found.get_track_display()),
            ("Art", found.get_kind_display()),
            ("zuständig im Beirat", names or None),
            ("zuständige Kommune", found.municipality),
            ("Ort", found.venue),
        ]
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What belongs to it, as far as the user may see that."""
        found, user = self.milestone, self.request.user
        planned = found.state == MilestoneState.PLANNED
        dates = (found.starts_on, found.ends_on)
        return super().get_context_data(
            milestone=found,
            warnings=calendar.warnings_between(*dates) if planned else (),
            notes=found.notes if self.allowed("roadmap.view_notes", self.cycle) else "",
            documents=visible_documents_of(found.documents, user),
            tasks=list(
                Task.objects.visible_to(user)
                .filter(milestone=found)
                .select_related("person", "municipality")
            ),
            linked=list(self.get_queryset().filter(anchor=found)),
            moves=list(
                Move.objects.visible_to(user)
                .filter(milestone=found)
                .select_related("moved_by__person")
            ),
            sections=sections_of(self.request, found),
            **kwargs,
        )


def _day(day: date) -> str:
    return f"{calendar.weekday(day)}, {day:%d.%m.%Y}"


def sections_of(request: HttpRequest, milestone: Milestone) -> list[Section]:
    """What later rooms add to the page."""
    return [
        section for make in milestone_sections if (section := make(request, milestone)) is not None
    ]


class MilestoneFormPage(InRoadmap):
    """What adding and changing have in common."""

    def get_form_kwargs(self) -> dict[str, Any]:
        """Documents are chosen from those the user reads."""
        kwargs: dict[str, Any] = super().get_form_kwargs()  # type: ignore[misc]  # a page follows
        return {**kwargs, "user": self.request.user}


class MilestoneCreate(MilestoneFormPage, CreatePage):
    """Add a milestone to the Fahrplan."""

    model = Milestone
    form_class = MilestoneForm
    rule = "roadmap.change"
    title = "Meilenstein anlegen"
    success_message = "Der Meilenstein steht jetzt im Fahrplan."

    def get_form_kwargs(self) -> dict[str, Any]:
        """One of this cycle."""
        return {**super().get_form_kwargs(), "instance": Milestone(cycle=self.cycle)}

    def save(self, form: Any) -> Milestone:
        """By way of the domain."""
        data = form.cleaned_data
        return domain.add_milestone(
            form.instance,
            seats=data.get("seats", ()),
            documents=data.get("documents", ()),
            by=acting_user(self.request),
        )


class MilestoneChange(OnMilestone, MilestoneFormPage, UpdatePage):
    """Change a milestone; a date that takes others along leads to the preview of the move."""

    form_class = MilestoneForm
    rule = "roadmap.change"

    def get_title(self) -> str:
        """Which one."""
        return f"{self.milestone} bearbeiten"

    def save(self, form: Any) -> Milestone:
        """By way of the domain; a date that others hang on is left for the move."""
        found, stored, user = form.instance, self.milestone, acting_user(self.request)
        self.wanted: dict[str, str] = {}
        dates = (found.starts_on, found.ends_on)
        if dates != (stored.starts_on, stored.ends_on) and self._takes_along(found):
            self.wanted = {"ab": dates[0].isoformat(), "bis": dates[1].isoformat()}
            found.starts_on, found.ends_on = stored.starts_on, stored.ends_on
        data = form.cleaned_data
        return domain.save_milestone(
            found, seats=data.get("seats"), documents=data.get("documents"), by=user
        )

    def _takes_along(self, wanted: Milestone) -> bool:
        if self.milestone.state != MilestoneState.PLANNED:
            return False
        preview = domain.preview_move(
            self.milestone,
            starts_on=wanted.starts_on,
            ends_on=wanted.ends_on,
            user=self.request.user,
        )
        return not preview.alone

    def get_success_message(self) -> str:
        """That there is one more step, if there is."""
        if self.wanted:
            messages.info(self.request, MOVE_FIRST)
            return ""
        return super().get_success_message()

    def get_success_url(self) -> str:
        """To the milestone, or to the preview of its move."""
        if self.wanted:
            return f"{self.page('milestone_move', self.milestone.pk)}?{urlencode(self.wanted)}"
        return super().get_success_url()


class MilestoneAct(OnMilestone, ObjectActionPage):
    """A confirm page for one milestone."""

    rule = "roadmap.change"

    def get_question(self) -> str:
        """About which one."""
        return self.question.format(self.milestone)

    def get_title(self) -> str:
        """The act."""
        return self.title


class MilestoneDone(MilestoneAct):
    """Tick a milestone off."""

    title = "Meilenstein erledigt"
    question = "Ist „{}“ erledigt?"
    button_label = "Erledigt"
    success_message = "Der Meilenstein ist erledigt."

    def consequences(self) -> list[str]:
        """What stays open."""
        waiting = Task.objects.visible_to(self.request.user).filter(
            milestone=self.milestone, state="open"
        )
        lines = ["Er verschiebt sich nicht mehr, und es wird nicht mehr an ihn erinnert."]
        if number := waiting.count():
            lines.append(
                "Eine Aufgabe dazu ist noch offen und bleibt es."
                if number == 1
                else f"{number} Aufgaben dazu sind noch offen und bleiben es."
            )
        return lines

    def perform(self) -> Milestone:
        """By way of the domain."""
        return domain.mark_done(self.milestone, by=acting_user(self.request))


class MilestoneDrop(MilestoneAct):
    """Take a milestone out of the plan."""

    title = "Meilenstein entfällt"
    question = "Soll „{}“ entfallen?"
    button_label = "Entfällt"
    danger = True
    reason_field = "required"
    success_message = "Der Meilenstein entfällt."

    def consequences(self) -> list[str]:
        """What hangs on it, here and in later rooms."""
        found = self.milestone
        lines = ["Er bleibt mit seinem Grund im Fahrplan stehen und lässt sich wieder aufnehmen."]
        linked = [f"„{row}“" for row in Milestone.objects.filter(anchor=found)]
        if linked:
            after = f"zählt künftig von „{found.anchor}“" if found.anchor else "steht dann für sich"
            lines.append(f"{', '.join(linked)}: behält das Datum und {after}.")
        if number := Task.objects.filter(milestone=found, state="open").count():
            lines.append(
                "Eine offene Aufgabe gehört dazu. Sie bleibt offen."
                if number == 1
                else f"{number} offene Aufgaben gehören dazu. Sie bleiben offen."
            )
        return [*lines, *(line for hangs in milestone_blockers for line in hangs(found))]

    def perform(self) -> Milestone:
        """By way of the domain."""
        return domain.drop(self.milestone, reason=self.reason, by=acting_user(self.request))


class MilestoneReopen(MilestoneAct):
    """Plan a milestone again."""

    title = "Meilenstein wieder öffnen"
    question = "Soll „{}“ wieder geplant sein?"
    button_label = "Wieder öffnen"
    success_message = "Der Meilenstein ist wieder geplant."

    def consequences(self) -> list[str]:
        """At which date."""
        found = self.milestone
        return [f"Er steht wieder am {found.starts_on:%d.%m.%Y}. Prüfen Sie das Datum danach."]

    def perform(self) -> Milestone:
        """By way of the domain."""
        return domain.reopen(self.milestone, by=acting_user(self.request))
