"""The close of the Platzvergabe, and what is decided after it."""

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property

from mentoring.ui.views import ActionPage
from programmes.cycles.views.base import found_or_404
from tandems.applications.models import Application, ApplicationState
from tandems.applications.reasons import said_at_the_field
from tandems.places import domain
from tandems.places.domain.later import STEPS
from tandems.places.forms import CloseForm, LaterForm
from tandems.places.views.base import OfAllocation, acting_user


class ClosePage(OfAllocation, ActionPage):
    """Close the Platzvergabe."""

    rule = "places.lead"
    title = "Platzvergabe beschließen"
    question = "Soll die Platzvergabe so beschlossen werden?"
    button_label = "Beschließen"
    form_class = CloseForm
    template_name = "places/close.html"
    success_message = (
        "Die Platzvergabe ist beschlossen. Die Kommunen können ihre Ergebnisse jetzt mitteilen."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is asked hangs on the voices."""
        found = self.board
        return {
            **super().get_form_kwargs(),
            "objections": bool(found.objections),
            "missing": bool(found.missing_voices or found.outdated_voices),
        }

    def consequences(self) -> list[str]:
        """What goes with it, and what is still in the way."""
        found = self.board
        lines = [
            f"{found.placed} von {self.allocation.places} "
            f"{'Platz' if self.allocation.places == 1 else 'Plätzen'} "
            f"{'wird' if found.placed == 1 else 'werden'} vergeben, {len(found.waiting)} "
            f"{'kommt' if len(found.waiting) == 1 else 'kommen'} auf die Warteliste.",
            "Niemandem wird etwas geschickt: jede Personalstelle sieht ihre eigenen Ergebnisse und "
            "teilt sie selbst mit.",
            "Zurücknehmen lässt sich der Beschluss nicht; Änderungen danach sind einzelne "
            "Entscheidungen mit Begründung.",
        ]
        if found.hidden_words:
            lines.append(found.hidden_words)
        if found.undecided:
            lines.append(f"Vorher fehlt noch: {found.undecided} ohne Entscheidung.")
        return lines

    def perform(self) -> Any:
        """By way of the domain."""
        data = self.form.cleaned_data
        with said_at_the_field():
            return domain.close(
                self.allocation,
                resolution=data.get("resolution", ""),
                missing_note=data.get("missing_note", ""),
                by=acting_user(self.request),
            )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The voices, to read the objections again, and until when somebody may be nominated."""
        return super().get_context_data(board=self.board, running=self.running_deadline, **kwargs)


class LaterPage(OfAllocation, ActionPage):
    """A decision after the close."""

    rule = "places.lead"
    title = "Spätere Entscheidung"
    form_class = LaterForm
    reason_field = "optional"
    button_label = "Entscheiden"
    success_message = "Entschieden. Die Kommune teilt es neu mit; erst dann gilt es nach außen."

    @cached_property
    def application(self) -> Application:
        """The application of the address, if the user may see it."""
        visible = Application.objects.visible_to(self.request.user).filter(
            cycle=self.cycle, nominated_at__isnull=False, state__in=list(STEPS)
        )
        found: Application = found_or_404(
            visible.select_related("person", "municipality"), self.kwargs["pk"]
        )
        return found

    def get_rule_object(self) -> Any:
        """The cycle; the application must be visible, and the allocation closed."""
        cycle = super().get_rule_object()
        if self.allowed("places.lead", cycle):
            if self.allocation.is_open:
                raise Http404
            _ = self.application
        return cycle

    def get_question(self) -> str:
        """About whom."""
        found = self.application
        return (
            f"{found.person.full_name} ({found.municipality}) steht auf "
            f"„{found.get_state_display()}“. Was soll daraus werden?"
        )

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Die Kommune muss das neue Ergebnis mitteilen und ankreuzen. Bis dahin zeigt die Seite "
            "der Person das bisherige.",
            "Wer einen Platz zurückgibt, scheidet heute als Mentee aus.",
            f"Freie Plätze: {self.board.free}."
            + (f" {self.board.hidden_words}" if self.board.hidden else ""),
        ]

    def get_initial(self) -> dict[str, Any]:
        """The state the decision starts from, and the only choice if there is but one."""
        choices = STEPS[self.application.state]
        return {
            "expected": self.application.state,
            "outcome": choices[0] if self.board.free or len(choices) == 1 else None,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        """What may follow."""
        words = {
            ApplicationState.PLACED: "bekommt einen Platz",
            ApplicationState.WAITING: "kommt auf die Warteliste",
            ApplicationState.DECLINED: "Platz zurückgegeben, kein Platz"
            if self.application.state == ApplicationState.PLACED
            else "kein Platz",
        }
        choices = [
            (state, words[ApplicationState(state)]) for state in STEPS[self.application.state]
        ]
        return {**super().get_form_kwargs(), "choices": choices}

    def perform(self) -> Any:
        """By way of the domain."""
        data = self.form.cleaned_data
        with said_at_the_field():
            return domain.decide_later(
                self.allocation,
                self.application,
                expected=data["expected"],
                outcome=data["outcome"],
                reason=data["reason"],
                by=acting_user(self.request),
            )
