"""For HR staff: the outcomes of their own applicants, told by letter and ticked."""

from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from mentoring.jobs.domain import start_job
from mentoring.log.domain import record_access, record_accesses
from mentoring.ui.errors import Refused
from mentoring.ui.lists import Badge
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import ActionPage, PageView
from programmes.cycles.views.base import found_or_404
from programmes.organisations.models import Municipality
from programmes.people.permissions import posts_of
from tandems.applications.models import Application
from tandems.applications.outcomes import shown_outcome
from tandems.places import domain, letters
from tandems.places.forms import TellForm
from tandems.places.letters import DIRECT_LETTERS, letters_pdf, outcomes_of
from tandems.places.models import Allocation, AllocationState, Outcome
from tandems.places.texts import Texts
from tandems.places.views.base import OfPlaces, acting_user

TOLD_BADGES = {"placed": "success", "waiting": "info", "declined": "info"}


class OfHouse(OfPlaces):
    """A page for the HR staff of a Kommune that takes part."""

    rule: ClassVar[str | None] = "places.tell"

    @cached_property
    def municipalities(self) -> frozenset[int]:
        """The Kommunen the user does HR work for."""
        return posts_of(self.request.user).municipalities

    def own(self) -> Any:
        """The decided applications of the own Kommune that the user may see."""
        return outcomes_of(self.request.user, self.cycle)

    @cached_property
    def application(self) -> Application:
        """The application of the address."""
        found: Application = found_or_404(self.own(), self.kwargs["pk"])
        found.cycle = self.cycle
        return found

    def get_success_url(self) -> str:
        """To the outcomes."""
        return self.page("outcomes")


class OutcomesPage(OfHouse, PageView):
    """The outcomes of the own applicants, once the Beirat has decided."""

    title = "Ergebnisse der Platzvergabe"
    template_name = "places/outcomes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each applicant with outcome and text."""
        holding = Texts(self.cycle, self.request.user)
        rows = [
            {
                "application": row,
                "badge": Badge(TOLD_BADGES[row.state], row.get_state_display()),
                "before": self._before(row),
                "text": holding.letter(row),
                "tell_url": self.page("tell", row.pk),
                "letter_url": self.page("letter", row.pk),
            }
            for row in self.own()
        ]
        houses = Municipality.objects.filter(pk__in=self.municipalities).order_by("sort_key")
        return super().get_context_data(
            untold=[row for row in rows if row["application"].informed_on is None],
            told=[row for row in rows if row["application"].informed_on is not None],
            decided=self._decided(),
            houses=[self._house(house, holding, rows) for house in houses],
            **kwargs,
        )

    def _house(
        self, house: Municipality, holding: Texts, rows: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """The texts of a Kommune, and all its letters if there are several."""
        letters = sum(row["application"].municipality_id == house.pk for row in rows)
        return {
            "house": house,
            "letters_url": self.page("letters", house.pk) if letters > 1 else "",
            "texts": [
                (
                    one.label,
                    self.page("house_text", house.pk, one.value),
                    self.page("reset_house_text", house.pk, one.value)
                    if holding.row(one.value, house.pk) is not None
                    else "",
                )
                for one in Outcome
            ],
        }

    def _decided(self) -> bool:
        # That there is a close is no secret; what was decided is.
        return Allocation.objects.filter(cycle=self.cycle, state=AllocationState.CLOSED).exists()

    @staticmethod
    def _before(row: Application) -> str:
        """What was told before a later decision."""
        told = shown_outcome(row)
        return str(told.label) if row.informed_on is None and told is not None else ""


class OnOutcome(OfHouse):
    """A page about the outcome of one own applicant."""

    def get_rule_object(self) -> Any:
        """The cycle; the application must be one of the own Kommune."""
        cycle = super().get_rule_object()
        if self.allowed("places.tell", cycle):  # type: ignore[attr-defined]  # a page follows
            _ = self.application
        return cycle

    def breadcrumbs(self) -> list[Crumb]:
        """Below the outcomes."""
        return [*super().breadcrumbs(), Crumb("Ergebnisse", self.page("outcomes"))]


class TellPage(OnOutcome, ActionPage):
    """Tick an outcome as told."""

    title = "Als mitgeteilt eintragen"
    button_label = "Mitgeteilt"
    form_class = TellForm
    success_message = "Eingetragen."

    def get_initial(self) -> dict[str, Any]:
        """The outcome the page shows, which is what was told."""
        return {"expected": self.application.state}

    def get_question(self) -> str:
        """To whom which outcome."""
        found = self.application
        return f"Weiß {found.person.full_name} jetzt Bescheid: „{found.get_state_display()}“?"

    def consequences(self) -> list[str]:
        """What follows from it."""
        lines = ["Die eigene Seite der Person zeigt das Ergebnis von nun an."]
        follows = {
            Outcome.PLACED: "Sie steht dann als Mentee in der Teilnehmerliste.",
            Outcome.WAITING: "Sie bleibt als Bewerber/in in der Teilnehmerliste.",
            Outcome.DECLINED: "Sie scheidet aus der Teilnehmerliste aus.",
        }
        return [*lines, follows[Outcome(self.application.state)]]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.tell(
            self.application,
            on=self.form.cleaned_data["informed_on"],
            expected=self.form.cleaned_data["expected"],
            by=acting_user(self.request),
        )


class LetterFile(OnOutcome, PageView):
    """The text as a letter."""

    title = "Brief"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF; its name does not tell whose it is."""
        found = self.application
        record_access(found, by=request.user)
        return _pdf(letters_pdf([found], self.cycle, request.user), f"brief-{found.pk}.pdf")


class LettersPage(OfHouse, ActionPage):
    """All letters of a Kommune as one PDF."""

    title = "Alle Briefe"
    question = "Sollen alle Briefe zu den Ergebnissen als eine Datei erstellt werden?"
    button_label = "Briefe erstellen (PDF)"

    @cached_property
    def applications(self) -> list[Application]:
        """Whose letters; 404 where there are none of an own Kommune."""
        found = list(self.own().filter(municipality=self.kwargs["house_pk"]))
        if not found:
            raise Http404
        return found

    def get_rule_object(self) -> Any:
        """The cycle; the Kommune must be an own one with outcomes."""
        cycle = super().get_rule_object()
        if self.allowed("places.tell", cycle):
            _ = self.applications
        return cycle

    def breadcrumbs(self) -> list[Crumb]:
        """Below the outcomes."""
        return [*super().breadcrumbs(), Crumb("Ergebnisse", self.page("outcomes"))]

    def consequences(self) -> list[str]:
        """How many, and whether it takes a while."""
        number = len(self.applications)
        lines = [
            "1 Brief." if number == 1 else f"{number} Briefe, jeder auf einer eigenen Seite.",
            "Die Ergebnisse gelten damit noch nicht als mitgeteilt: das tragen Sie einzeln ein.",
        ]
        if number > DIRECT_LETTERS:
            lines.append("Das dauert einen Augenblick; Sie können inzwischen weiterarbeiten.")
        return lines

    def form_valid(self, form: Any) -> HttpResponse:
        """The file, or for many letters the page of the job that makes it."""
        user, found = acting_user(self.request), self.applications
        if len(found) <= DIRECT_LETTERS:
            record_accesses(Application.objects.filter(pk__in=[one.pk for one in found]), by=user)
            return _pdf(letters_pdf(found, self.cycle, user), letters.file_name(self.cycle))
        try:
            job = start_job(
                letters.KIND,
                by=user,
                params=letters.params(self.cycle, found),
                title=f"Briefe zur Platzvergabe, Durchgang Nr. {self.cycle.number}",
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return HttpResponseRedirect(job.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """It may answer with a file, after which the page still stands there."""
        context = super().get_context_data(**kwargs)
        context["form"].helper.attrs = {"data-again": ""}
        return context


def _pdf(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
