"""The steps of an application, each with its page that asks before it acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Max

from mentoring.ui.views import ObjectActionPage
from programmes.cycles.models import CycleState
from tandems.applications import domain
from tandems.applications.deadline import deadline_of
from tandems.applications.forms import RankForm, WithdrawForm
from tandems.applications.models import Application, ApplicationState
from tandems.applications.nominate import ranks_change
from tandems.applications.pages import OnApplication
from tandems.applications.permissions import takes_applications
from tandems.applications.ranking_forms import NominateForm

MOVES = (
    "Wechselt die Person nur die Kommune, legt die Personalstelle der neuen Kommune die "
    "Bewerbung neu an."
)


@dataclass(frozen=True)
class Step:
    """A button on the reading page: ``name`` is that of the route."""

    name: str
    label: str
    kind: str
    states: tuple[str, ...]
    when: Callable[[Application], bool]


def _entry(application: Application) -> bool:
    return takes_applications(application.cycle)


def _phase(application: Application) -> bool:
    return application.cycle.state == CycleState.APPLICATION


def _ranks_change(application: Application) -> bool:
    return ranks_change(application.cycle)


def _open(application: Application) -> bool:
    return application.cycle.is_open


DRAFT, SUBMITTED = ApplicationState.DRAFT, ApplicationState.SUBMITTED
NOMINATED, NOT_NOMINATED = ApplicationState.NOMINATED, ApplicationState.NOT_NOMINATED
STEPS = (
    Step("submit", "Einreichen", "primary", (DRAFT,), _entry),
    Step("nominate", "Nominieren", "primary", (SUBMITTED,), _phase),
    Step("not_nominate", "Nicht nominieren", "secondary", (SUBMITTED,), _open),
    Step("return", "Zurück in den Entwurf", "secondary", (SUBMITTED,), _entry),
    Step("reconsider", "Neu entscheiden", "secondary", (NOT_NOMINATED,), _phase),
    Step("rank", "Rang ändern", "secondary", (NOMINATED,), _ranks_change),
    Step("delete", "Entwurf löschen", "tertiary", (DRAFT,), _open),
    Step(
        "withdraw",
        "Zurückziehen",
        "tertiary",
        tuple(s for s in ApplicationState.values if s not in ("draft", "withdrawn")),
        _open,
    ),
)


def open_steps(application: Application) -> list[Step]:
    """The steps that make sense now; the doors check it again."""
    return [step for step in STEPS if application.state in step.states and step.when(application)]


class StepPage(OnApplication, ObjectActionPage):
    """Asks, and then opens the door."""

    rule = "applications.handle"

    def get_title(self) -> str:
        """What is asked."""
        return self.title


class SubmitPage(StepPage):
    title = "Bewerbung einreichen"
    question = "Soll diese Bewerbung eingereicht werden?"
    button_label = "Einreichen"
    success_message = "Die Bewerbung ist eingereicht. Jetzt entscheidet Ihre Kommune."

    def consequences(self) -> list[str]:
        """Who learns of it."""
        return ["Weiterhin sieht nur Ihre Personalstelle die Bewerbung."]

    def perform(self) -> Any:
        """Submit."""
        return domain.submit(self.application, by=self.request.user)


class ReturnPage(StepPage):
    title = "Zurück in den Entwurf"
    question = "Soll die Bewerbung wieder ein Entwurf werden?"
    button_label = "Zurück in den Entwurf"
    success_message = "Die Bewerbung ist wieder ein Entwurf."

    def perform(self) -> Any:
        """Take it back."""
        return domain.return_to_draft(self.application, by=self.request.user)


class RankPage(StepPage):
    """Asks for the rank and shows which ones are taken."""

    title = "Rang ändern"
    question = "Welchen Rang gibt Ihre Kommune dieser Bewerbung?"
    button_label = "Rang speichern"
    form_class = RankForm
    success_message = "Der Rang ist gespeichert."

    def _nominated(self) -> Any:
        """The nominated applications of the own Kommune, as far as the user sees them."""
        return (
            Application.objects.visible_to(self.request.user)
            .filter(
                cycle=self.cycle,
                municipality=self.application.municipality_id,
                state__in=ApplicationState.with_council(),
            )
            .exclude(pk=self.application.pk)
        )

    def consequences(self) -> list[str]:
        """Which ranks are taken."""
        rows = self._nominated().select_related("person").order_by("rank", "person__sort_key")
        taken = ", ".join(f"Rang {row.rank} {row.person.full_name}" for row in rows)
        return [f"Schon vergeben: {taken}." if taken else "Noch ist kein Rang vergeben."]

    def get_initial(self) -> dict[str, Any]:
        """The present rank, or the next free one."""
        highest = self._nominated().aggregate(highest=Max("rank"))["highest"] or 0
        return {"rank": self.application.rank or min(highest + 1, 99)}

    def perform(self) -> Any:
        """Save the rank."""
        return domain.change_rank(
            self.application, rank=self.form.cleaned_data["rank"], by=self.request.user
        )


class NominatePage(RankPage):
    title = "Nominieren"
    question = "Soll diese Bewerbung nominiert werden?"
    button_label = "Nominieren"
    form_class = NominateForm
    success_message = "Die Bewerbung ist nominiert. Der Beirat kann sie jetzt lesen."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The cycle, whose deadline says whether a reason is due."""
        return {**super().get_form_kwargs(), "cycle": self.cycle}

    def consequences(self) -> list[str]:
        """Until when, and who learns what."""
        deadline = deadline_of(self.cycle)
        return [
            *([str(deadline)] if deadline else []),
            "Der Beirat liest den Profilbogen mit Ihrer Stellungnahme und dem Rang.",
            "Der Logistikpartner sieht Name, Kommune, E-Mail-Adresse und Telefon in der "
            "Teilnehmerliste, sonst nichts.",
            "Danach ändern Sie nur noch Kontaktdaten und wer die Bewerbung nicht sehen soll.",
            *super().consequences(),
        ]

    def perform(self) -> Any:
        """Nominate."""
        return domain.nominate(
            self.application,
            rank=self.form.cleaned_data["rank"],
            late_reason=self.form.cleaned_data.get("late_reason", ""),
            by=self.request.user,
        )


class NotNominatePage(StepPage):
    title = "Nicht nominieren"
    question = "Soll diese Bewerbung nicht nominiert werden?"
    button_label = "Nicht nominieren"
    success_message = "Die Entscheidung ist gespeichert."

    def consequences(self) -> list[str]:
        """Who learns of it."""
        return [
            "Außerhalb Ihrer Personalstelle erfährt niemand von der Bewerbung.",
            "Bis zum Ende der Bewerbungsphase können Sie neu entscheiden.",
        ]

    def perform(self) -> Any:
        """Decide."""
        return domain.not_nominate(self.application, by=self.request.user)


class ReconsiderPage(StepPage):
    title = "Neu entscheiden"
    question = "Soll über diese Bewerbung neu entschieden werden?"
    button_label = "Neu entscheiden"
    success_message = "Die Bewerbung steht wieder zur Entscheidung."

    def perform(self) -> Any:
        """Open the decision again."""
        return domain.reconsider(self.application, by=self.request.user)


class WithdrawPage(StepPage):
    title = "Bewerbung zurückziehen"
    question = "Soll diese Bewerbung zurückgezogen werden?"
    button_label = "Zurückziehen"
    danger: ClassVar[bool] = True
    form_class = WithdrawForm
    success_message = "Die Bewerbung ist zurückgezogen."

    @property
    def with_council(self) -> bool:
        """Whether others depend on the application."""
        return self.application.state in ApplicationState.with_council()

    @property
    def reason_field(self) -> str:  # type: ignore[override]  # hangs on the state here
        """Once nominated, a reason is due."""
        return "required" if self.with_council else "optional"

    def consequences(self) -> list[str]:
        """What goes with it."""
        lines = ["Die Bewerbung bleibt lesbar, ändern lässt sie sich nicht mehr."]
        if not self.with_council:
            lines.append(MOVES)
        if self.with_council:
            lines.append("Die Person scheidet heute aus der Teilnehmerliste aus.")
            lines.append("Der Beirat sieht, dass und warum die Bewerbung zurückgezogen wurde.")
        return lines

    def perform(self) -> Any:
        """Withdraw."""
        return domain.withdraw(self.application, reason=self.reason, by=self.request.user)


class DeletePage(StepPage):
    title = "Entwurf löschen"
    question = "Soll dieser Entwurf endgültig gelöscht werden?"
    button_label = "Endgültig löschen"
    danger: ClassVar[bool] = True
    success_message = "Der Entwurf ist gelöscht."

    def consequences(self) -> list[str]:
        """What goes with it, and what stays."""
        person = self.application.person
        lines = ["Alle Angaben des Profilbogens sind danach verloren.", MOVES]
        if domain.has_other_records(person, besides=self.application):
            lines.append(f"{person.full_name} bleibt als Person Ihrer Kommune eingetragen.")
        else:
            lines.append(
                f"Auch die Kontaktdaten von {person.full_name} werden gelöscht: an ihnen hängt "
                "sonst nichts."
            )
        return lines

    def perform(self) -> Any:
        """Delete."""
        domain.delete_draft(self.application, by=self.request.user)

    def get_success_url(self) -> str:
        """The list: the application is gone."""
        return self.page("list")
