"""The path of a Durchgang: where it stands, what the next step needs, taking it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.views import ActionPage, PageView
from programmes.cycles import domain
from programmes.cycles.domain.path import STEPS, Step, missing_for, next_step
from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.registries import step_warnings
from programmes.cycles.views.base import OfCycle, acting_user

CANCEL = "cancel"
"""The name by which ``step_warnings`` know that a cycle is called off: no step of its path."""

DOORS: dict[str, Callable[..., Cycle]] = {
    "confirm_council": domain.confirm_council,
    "open_application": domain.open_application,
    "start_matching": domain.start_matching,
    "start_running": domain.start_running,
    "close": domain.close,
}
SLUGS = {
    "beirat-bestaetigen": "confirm_council",
    "bewerbung-eroeffnen": "open_application",
    "matching-beginnen": "start_matching",
    "tandemphase-beginnen": "start_running",
    "abschliessen": "close",
}
STATES = (
    CycleState.PLANNING,
    CycleState.APPLICATION,
    CycleState.MATCHING,
    CycleState.RUNNING,
    CycleState.CLOSED,
)


@dataclass(frozen=True)
class Stop:
    """A state on the path, as the page draws it."""

    label: str
    passed: bool
    current: bool


class PathPage(OfCycle, PageView):
    """ "Stand des Durchgangs", for leads."""

    rule = "cycles.move_on"
    title = "Stand des Durchgangs"
    template_name = "cycles/path.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The stops, the next step and what it needs."""
        here = STATES.index(CycleState(self.cycle.state))
        step = next_step(self.cycle)
        slug = next((slug for slug, name in SLUGS.items() if step and name == step.name), "")
        return super().get_context_data(
            stops=[
                Stop(state.label, position < here, position == here)
                for position, state in enumerate(STATES)
            ],
            step=step,
            missing=missing_for(self.cycle, step) if step else [],
            step_url=self.url("step", slug) if slug else "",
            cancel_url=self.url("cycle_cancel"),
            **kwargs,
        )


class StepPage(OfCycle, ActionPage):
    """Take the next step."""

    rule = "cycles.move_on"
    parents = (("Stand des Durchgangs", "path"),)

    @cached_property
    def step(self) -> Step:
        """The step of the address."""
        name = SLUGS.get(self.kwargs["step"])
        if name is None:
            raise Http404
        return STEPS[name]

    def get_rule_object(self) -> Cycle:
        """The cycle; the step must exist too."""
        cycle = self.cycle
        if self.step.name == "close":
            self.danger = True  # type: ignore[misc]  # of this one step
        return cycle

    def get_title(self) -> str:
        """The step's name."""
        return self.step.label

    def get_question(self) -> str:
        """For which cycle."""
        return f"{self.step.label} für {self.cycle}?"

    def consequences(self) -> list[str]:
        """What it does, and what it still needs."""
        if next_step(self.cycle) is not self.step:
            return [
                "Dieser Schritt ist im Augenblick nicht der nächste. Vielleicht war jemand "
                "anderes schneller."
            ]
        missing = missing_for(self.cycle, self.step)
        warnings = [line for warn in step_warnings for line in warn(self.cycle, self.step.name)]
        return [self.step.effect, *warnings, *(f"Vorher fehlt noch: {gap}" for gap in missing)]

    @property
    def button_label(self) -> str:  # type: ignore[override]  # depends on the step
        """As the step is called."""
        return self.step.label

    def get_success_message(self) -> str:
        """Where the cycle stands now."""
        return f"Erledigt: {self.step.label}. Stand: {self.saved.get_state_display()}."

    def perform(self) -> Cycle:
        """By way of the domain."""
        return DOORS[self.step.name](self.cycle, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """Back to the path, while there is one."""
        if not self.saved.is_open or self.step.name == "confirm_council":
            # Who stood in for the Beirat until now may lead no more.
            return self.cycle.get_absolute_url()
        return self.url("path")


class CycleCancel(OfCycle, ActionPage):
    """Call the cycle off."""

    rule = "cycles.move_on"
    title = "Durchgang absagen"
    parents = (("Stand des Durchgangs", "path"),)
    button_label = "Durchgang absagen"
    danger = True
    reason_field = "required"
    success_message = "Der Durchgang ist abgesagt."

    def get_question(self) -> str:
        """Which one."""
        return f"Soll {self.cycle} abgesagt werden?"

    def consequences(self) -> list[str]:
        """What goes with it, and what of later rooms is left undone."""
        return [
            "Alle Sitze und alle Zugriffe auf seine Daten enden sofort, auch Ihre eigenen.",
            "Den Grund lesen die ständigen Mitglieder des Programms.",
            *(line for warn in step_warnings for line in warn(self.cycle, CANCEL)),
            "Das lässt sich nicht zurücknehmen.",
        ]

    def perform(self) -> Cycle:
        """By way of the domain."""
        return domain.cancel(self.cycle, reason=self.reason, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To what the user may still open."""
        return reverse("start")
