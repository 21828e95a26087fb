"""The meeting: proposal, lines, ties, the frame."""

import copy
from typing import Any, ClassVar

from django.db import models
from django.http import Http404
from django.utils.functional import cached_property

from mentoring.ui.lists import Badge
from mentoring.ui.views import Action, ActionPage, FormPage, PageView
from tandems.applications.reasons import said_at_the_field
from tandems.places import domain
from tandems.places.board import LineRow, TieRow, board, nominations
from tandems.places.domain.locks import NOT_YOURS
from tandems.places.forms import (
    FrameForm,
    LineForm,
    MeetingForm,
    StartForm,
    TieForm,
    confirmed_houses,
)
from tandems.places.models import AllocationLine, AllocationRule
from tandems.places.views.base import OfAllocation, OfPlaces, acting_user

ANEW_TITLE = "Vorschlag neu machen"


class MeetingPage(OfPlaces, PageView):
    """All nominations, the proposal, the decisions: for the projector, a phone, and paper."""

    title = "Platzvergabe"
    template_name = "places/meeting.html"

    def actions(self) -> list[Action]:
        """What can be done now."""
        found = self.found
        if found is None:
            return []
        leads = self.allowed("places.lead", self.cycle)
        minutes = Action("Protokoll (PDF)", self.page("minutes"), "secondary", "download")
        texts = Action("Texte", self.page("texts"), "tertiary")
        frame = [Action("Plätze und Regel", self.page("frame"), "tertiary")] if leads else []
        if not found.is_open:
            return [minutes, texts, *frame]
        close = [Action("Beschließen", self.page("close"), "primary")] if leads else []
        return [
            *close,
            Action("Stimmen", self.page("voices"), "secondary"),
            Action(ANEW_TITLE, self.page("anew"), "secondary"),
            minutes,
            Action("Sitzung", self.page("sitting"), "tertiary"),
            *frame,
            texts,
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The board, or before the first proposal the nominations."""
        found = self.found
        if found is None:
            return super().get_context_data(
                nominations=nominations(self.cycle, self.request.user),
                start_url=self.page("start"),
                **kwargs,
            )
        seen = board(found, self.request.user)
        return super().get_context_data(
            board=seen,
            allocation=found,
            state=Badge("info" if found.is_open else "success", found.get_state_display()),
            leads=self.allowed("places.lead", self.cycle),
            anew_url=self.page("anew"),
            **kwargs,
        )


class StartPage(OfPlaces, ActionPage):
    """The first proposal."""

    title = "Vorschlag machen"
    question = "Soll aus den Nominierungen ein Vorschlag gemacht werden?"
    button_label = "Vorschlag machen"
    form_class = StartForm
    template_name = "places/start.html"
    success_message = "Der Vorschlag steht. Beschlossen ist damit noch nichts."

    def get_initial(self) -> dict[str, Any]:
        """The usual rule."""
        return {"rule": AllocationRule.ROUNDS}

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            f"Der Durchgang hat {self.cycle.places} Plätze.",
            "Ab jetzt ändern die Kommunen ihre Ränge nicht mehr.",
            "Jede Entscheidung lässt sich bis zum Beschluss ändern. Mitgeteilt wird nichts.",
        ]

    def breadcrumbs(self) -> list[Any]:
        """Below the meeting page."""
        from mentoring.ui.navigation import Crumb

        return [*super().breadcrumbs(), Crumb("Platzvergabe", self.page("meeting"))]

    def perform(self) -> Any:
        """By way of the domain."""
        data = self.form.cleaned_data
        return domain.start_allocation(
            self.cycle, rule=data["rule"], met_on=data["met_on"], by=acting_user(self.request)
        )

    def get_success_url(self) -> str:
        """To the proposal."""
        return self.page("meeting")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Until when somebody may still be nominated."""
        return super().get_context_data(running=self.running_deadline, **kwargs)


class AnewPage(OfAllocation, ActionPage):
    """The proposal again, for the nominations of now."""

    title = ANEW_TITLE
    question = "Soll der Vorschlag für die Nominierungen von heute neu gemacht werden?"
    button_label = ANEW_TITLE

    def consequences(self) -> list[str]:
        """What changed since, as far as this user sees it."""
        found = self.board
        lines = [
            *(
                f"Neu nominiert: {row.person.full_name} ({row.municipality})."
                for row in found.newcomers
            ),
            *(
                f"Zurückgezogen: {row.application.person.full_name} "
                f"({row.application.municipality})."
                for row in found.withdrawn
            ),
            *(
                f"Rang geändert: {row.application.person.full_name}, bisher {row.line.rank}, "
                f"jetzt {row.application.rank}."
                for row in found.rank_changes
            ),
        ]
        if not lines:
            lines = ["Soweit Sie es sehen, hat sich an den Nominierungen nichts geändert."]
        if found.by_hand:
            kept = found.by_hand
            what = "1 Entscheidung" if kept == 1 else f"{kept} Entscheidungen"
            lines.append(
                f"{what} mit Begründung bleiben stehen.".replace(
                    "1 Entscheidung mit Begründung bleiben", "1 Entscheidung mit Begründung bleibt"
                )
            )
        return lines

    def perform(self) -> Any:
        """By way of the domain."""
        before = self.board  # read before it changes: of hidden lines nothing is said
        changes = domain.propose_anew(self.allocation, by=acting_user(self.request))
        seen = {row.line.application_id for row in before.rows}
        seen |= {row.pk for row in before.newcomers}
        numbers = [
            (len(seen.intersection(changes.added)), "dazugekommen"),
            (len(seen.intersection(changes.removed)), "weggefallen"),
            (len(seen.intersection(changes.changed)), "mit anderem Vorschlag"),
        ]
        said = ", ".join(f"{number} {what}" for number, what in numbers if number)
        self.success_message = f"Der Vorschlag ist neu gemacht: {said or 'nichts ist anders'}."
        return changes


class FramePage(OfAllocation, FormPage):
    """Number of places, and the rule."""

    rule = "places.lead"
    title = "Plätze und Regel"
    form_class = FrameForm
    success_message = "Gespeichert. Entscheidungen mit Begründung sind stehen geblieben."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The allocation's copy: a form writes into its instance."""
        return {**super().get_form_kwargs(), "instance": copy.copy(self.allocation)}

    def save(self, form: FrameForm) -> Any:
        """By way of the domain."""
        data = form.cleaned_data
        with said_at_the_field():
            return domain.change_frame(
                form.instance,
                places=data["places"],
                rule=data.get("rule", self.allocation.rule),
                note=data["places_note"],
                by=acting_user(self.request),
            )


class SittingPage(OfAllocation, FormPage):
    """Day of the meeting, who was there, remarks for the minutes."""

    title = "Sitzung"
    form_class = MeetingForm
    success_message = "Gespeichert."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Remarks may name somebody this user must not know of."""
        return {
            **super().get_form_kwargs(),
            "instance": copy.copy(self.allocation),
            "houses": confirmed_houses(self.allocation),
            "with_minutes": not self.board.hidden,
        }

    def save(self, form: MeetingForm) -> Any:
        """By way of the domain."""
        data = form.cleaned_data
        return domain.save_meeting(
            form.instance,
            met_on=data["met_on"],
            present=data["present"],
            minutes=data.get("minutes"),
            by=acting_user(self.request),
        )


class LinePage(OfAllocation, FormPage):
    """The decision about one application."""

    form_class = LineForm
    template_name = "places/line.html"
    success_message = "Die Entscheidung ist gespeichert."
    model: ClassVar[type[models.Model]] = AllocationLine

    @cached_property
    def row(self) -> LineRow:
        """The line of the address; 404 for one the user must not know of."""
        for row in self.board.rows:
            if row.line.pk == self.kwargs["pk"] and not row.erased:
                return row
        raise Http404

    def get_rule_object(self) -> Any:
        """The cycle; the line must be visible."""
        cycle = super().get_rule_object()
        # Whoever may not open the page at all is told so first.
        if self.allowed("places.deliberate", cycle):
            _ = self.row
        return cycle

    def get_title(self) -> str:
        """Whose."""
        return f"Entscheidung: {self.row.application.person.full_name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The line's copy."""
        return {**super().get_form_kwargs(), "instance": copy.copy(self.row.line)}

    def get_initial(self) -> dict[str, Any]:
        """Where it stands on the waiting list."""
        return {"number": self.row.stand.number if self.row.stand else None}

    def save(self, form: LineForm) -> Any:
        """By way of the domain."""
        data = form.cleaned_data
        line = form.instance
        line.allocation = self.allocation
        with said_at_the_field():
            return domain.decide_line(
                line,
                outcome=data["outcome"],
                reason=data["reason"],
                number=data["number"],
                by=acting_user(self.request),
            )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The line beside the form."""
        return super().get_context_data(row=self.row, not_yours=NOT_YOURS, **kwargs)


class TiePage(OfAllocation, FormPage):
    """Settle a tie: who of the equals gets a place."""

    form_class = TieForm
    template_name = "places/tie.html"
    success_message = "Der Gleichstand ist aufgelöst."

    @cached_property
    def tie(self) -> TieRow:
        """The tie of the address; 404 for one this user does not decide on."""
        for tie in self.board.ties:
            if tie.number == self.kwargs["number"]:
                return tie
        raise Http404

    def get_rule_object(self) -> Any:
        """The cycle; the tie must be one of the user's."""
        cycle = super().get_rule_object()
        if self.allowed("places.deliberate", cycle):
            _ = self.tie
        return cycle

    def get_title(self) -> str:
        """Which one."""
        return f"Gleichstand {self.tie.number} auflösen"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its candidates."""
        return {**super().get_form_kwargs(), "tie": self.tie}

    def save(self, form: TieForm) -> Any:
        """By way of the domain."""
        data = form.cleaned_data
        return domain.settle_tie(
            self.allocation,
            tie=self.tie.number,
            placed=data["placed"],
            reason=data["reason"],
            versions=data["opened"],
            by=acting_user(self.request),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tie in words."""
        return super().get_context_data(tie=self.tie, **kwargs)
