"""Pages of the suggestions: what counts, the best three, an assignment for the whole cycle."""

import copy
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.jobs.domain import start_job
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import Action, ActionPage, FormPage, PageView
from tandems.applications.models import Application
from tandems.matching.board import Wall
from tandems.matching.domain.ideas import SOUGHT
from tandems.mentors.models import Mentor
from tandems.pairs.domain import frame_of
from tandems.pairs.models import MatchingFrame
from tandems.pairs.readings import note_readings
from tandems.pairs.views.base import OfMatching, acting_user, found_or_404
from tandems.suggestions import domain, jobs
from tandems.suggestions.basis import size_of, stored_frame, weights_of
from tandems.suggestions.best import best_for
from tandems.suggestions.engine import CRITERIA
from tandems.suggestions.forms import WORDS, TakeForm, WeightsForm
from tandems.suggestions.models import Suggestion
from tandems.suggestions.reading import Reading

TITLE = "Vorschläge"
MENTEES = 15
"""So many mentees, each with their best three, stand on a page."""


class OfSuggestions(OfMatching):
    """A page of this room below ``/durchgaenge/<cycle_pk>/matching/``."""

    def own_page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"suggestions:{name}", args=[self.cycle.pk, *args])

    @cached_property
    def wall(self) -> Wall:
        """The wall as this reader sees it."""
        return Wall(self.request.user, self.cycle)

    def breadcrumbs(self) -> list[Crumb]:
        """Below the assignment."""
        return [*super().breadcrumbs(), Crumb(TITLE, self.own_page("suggestions"))]


class SuggestionsPage(OfSuggestions, PageView):
    """The assignment for the whole cycle, as far as the reader may see it."""

    title = TITLE
    template_name = "suggestions/suggestions.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the wall: this page is the last step itself."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """To compute, to the best three, to the weights."""
        again = "Neu berechnen" if self.found is not None else "Zuteilung berechnen"
        return [
            Action(again, self.own_page("compute"), "primary"),
            Action("Die besten drei je Mentee", self.own_page("best"), "secondary"),
            Action("Was wie viel zählt", self.own_page("weights"), "tertiary"),
        ]

    @cached_property
    def found(self) -> Suggestion | None:
        """The last assignment."""
        rows = Suggestion.objects.visible_to(self.request.user).select_related("made_by__person")
        found: Suggestion | None = rows.filter(cycle=self.cycle).first()
        return found

    @property
    def made_by(self) -> str:
        """Who had it worked out."""
        user = self.found.made_by if self.found is not None else None
        person = getattr(user, "person", None) if user is not None else None
        return person.full_name if person is not None else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The reading, and whether it is being worked out anew."""
        user = acting_user(self.request)
        reading = None
        if self.found is not None:
            get = self.request.GET
            reading = Reading(self.wall, self.found, get.get("page"), get.get("offen"))
            shown = [row.tandem for row in reading.rows]
            shown += [one.tandem for one in reading.left_over]
            note_readings([tandem for tandem in shown if tandem is not None], user)
        return super().get_context_data(
            found=self.found,
            made_by=self.made_by,
            reading=reading,
            leaves_out=self.wall.leaves_out,
            running=jobs.open_jobs(user, self.cycle).first(),
            compute_url=self.own_page("compute"),
            back="suggestions",
            **kwargs,
        )


class ComputePage(OfSuggestions, ActionPage):
    """Work the assignment out: at once, or for a large cycle in the background."""

    title = "Zuteilung berechnen"
    question = "Soll für alle Mentees ohne Tandem eine Zuteilung berechnet werden?"
    button_label = "Berechnen"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "Der Rechner schlägt vor, der Beirat matcht: an der Wand ändert sich nichts.",
            "Zuerst sollen möglichst viele eine Mentorin oder einen Mentor finden, dann soll es "
            "insgesamt möglichst gut passen. Gesetzte Paare bleiben, ausgeschlossene kommen nicht "
            "vor, freie Plätze werden eingehalten.",
            "Die letzte Berechnung wird ersetzt. Wer bei gleichen Angaben noch einmal rechnet, "
            "bekommt dasselbe heraus.",
        ]

    def perform(self) -> Any:
        """By way of the domain, or as a job."""
        by = acting_user(self.request)
        if size_of(self.cycle) <= jobs.DIRECT_PAIRS:
            self.success_message = "Die Zuteilung ist berechnet. Beschlossen ist damit nichts."
            domain.compute(self.cycle, by=by)
            self.success_url = self.own_page("suggestions")
            return None
        running = jobs.open_jobs(by, self.cycle).first()
        if running is None:
            running = start_job(
                jobs.KIND,
                by=by,
                params=jobs.params(self.cycle),
                title=f"Zuteilung berechnen, Durchgang Nr. {self.cycle.number}",
            )
        self.success_message = (
            "Die Zuteilung wird im Hintergrund berechnet. Danach steht sie unter „Vorschläge“."
        )
        self.success_url = running.get_absolute_url()
        return running


class BestPage(OfSuggestions, PageView):
    """Every mentee with the three who go best with them."""

    title = "Die besten drei je Mentee"
    template_name = "suggestions/best.html"

    def actions(self) -> list[Action]:
        """To the weights."""
        return [Action("Was wie viel zählt", self.own_page("weights"), "tertiary")]

    @property
    def everybody(self) -> bool:
        """Whether those with a tandem are shown too."""
        return self.request.GET.get("alle") == "1"

    @cached_property
    def pages(self) -> Page:
        """The page of keys, by Kommune and name."""
        rows = self.wall.mentees().order_by("municipality__sort_key", "person__sort_key", "pk")
        keys = list(rows.values_list("pk", flat=True))
        if not self.everybody:
            keys = [key for key in keys if key not in self.wall.tandems]
        return Paginator(keys, MENTEES).get_page(self.request.GET.get("page"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The best three of each on the page."""
        keys = list(self.pages.object_list)
        found = self.wall.mentees().in_bulk(keys)
        mentees = [found[key] for key in keys if key in found]
        tandems = [self.wall.tandems[key] for key in keys if key in self.wall.tandems]
        note_readings(tandems, acting_user(self.request))
        return super().get_context_data(
            pages=self.pages,
            best=best_for(self.wall, mentees),
            everybody=self.everybody,
            hidden_ones=bool(self.wall.tandems),
            leaves_out=self.wall.leaves_out,
            back="best",
            **kwargs,
        )


class TakePage(OfSuggestions, ActionPage):
    """Put a suggested pair on the wall as an idea, under one's own name."""

    title = "Als Idee an die Wand"
    button_label = "An die Wand"
    form_class = TakeForm

    @cached_property
    def application(self) -> Application:
        """The mentee of the address, if the user sees them at the wall."""
        found: Application = found_or_404(self.wall.mentees(), self.kwargs["application_pk"])
        found.cycle = self.cycle
        return found

    @cached_property
    def mentor(self) -> Mentor:
        """The mentor of the address, if the user sees them at the wall."""
        rows = self.wall.mentors().filter(state__in=SOUGHT)
        found: Mentor = found_or_404(rows, self.kwargs["mentor_pk"])
        found.cycle = self.cycle
        return found

    def check_rule(self) -> None:
        """As the rule says; then both halves must be visible."""
        super().check_rule()
        _ = self.application, self.mentor

    def get_question(self) -> str:
        """Which pair."""
        return (
            f"Sollen {self.application.person.full_name} ({self.application.municipality}) und "
            f"{self.mentor.called} ({self.mentor.municipality}) als mögliches Match an die Wand?"
        )

    def consequences(self) -> list[str]:
        """What goes with it, and what warns."""
        against = self.wall.speaking_against(self.application, self.mentor)
        return [
            "Die Idee steht dort unter Ihrem Namen; der Beirat berät sie wie jede andere.",
            *(found.sentence for found in against),
        ]

    def get_initial(self) -> dict[str, Any]:
        """The reasons of the suggestion, to be changed."""
        mine = best_for(self.wall, [self.application])[0].fits
        words = next((fit.reason_text for fit in mine if fit.mentor.pk == self.mentor.pk), "")
        return {"reason": words[:1000], "back": self.request.GET.get("zurueck", "")}

    def perform(self) -> Any:
        """By way of the domain."""
        self.success_message = "Die Idee steht an der Wand."
        return domain.put_on_wall(
            self.application,
            self.mentor,
            reason=self.form.cleaned_data["reason"],
            by=acting_user(self.request),
        )

    def get_success_url(self) -> str:
        """Back to where the suggestion stood."""
        return self._back(self.form.cleaned_data.get("back", ""))

    def get_cancel_url(self) -> str:
        """As after it was done."""
        return self._back(self.request.GET.get("zurueck", ""))

    def _back(self, name: str) -> str:
        if name in ("best", "suggestions"):
            return f"{self.own_page(name)}#mentee-{self.application.pk}"
        return reverse("matching:mentee", args=[self.cycle.pk, self.application.pk])


class OnWeights(OfSuggestions):
    """A page about the weights."""

    @cached_property
    def frame(self) -> MatchingFrame:
        """How the cycle matches."""
        return frame_of(self.cycle)

    def get_success_url(self) -> str:
        """The weights as they are now."""
        return self.own_page("weights")


class WeightsPage(OnWeights, FormPage):
    """What counts how much: read by who matches, set by a lead."""

    title = "Was wie viel zählt"
    template_name = "suggestions/weights.html"
    form_class = WeightsForm
    success_message = "Gespeichert. Vorschläge zählen ab sofort so."

    def get_form_kwargs(self) -> dict[str, Any]:
        """The frame's copy: a form writes into its instance."""
        return {**super().get_form_kwargs(), "instance": copy.copy(self.frame)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """For a lead only."""
        if not self.leads:
            raise PermissionDenied
        return super().post(request, *args, **kwargs)

    def save(self, form: WeightsForm) -> MatchingFrame:
        """By way of the domain."""
        return domain.save_weights(form.instance, form.chosen, by=acting_user(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The weights for who only reads them."""
        found = weights_of(stored_frame(self.cycle))
        return super().get_context_data(
            criteria=[(one, WORDS[found[one.key]]) for one in CRITERIA],
            leads=self.leads,
            differs=any(found[one.key] != one.default_weight for one in CRITERIA),
            reset_url=self.own_page("reset_weights"),
            **kwargs,
        )


class ResetWeightsPage(OnWeights, ActionPage):
    """Back to the shipped weights."""

    rule = "pairs.lead"
    title = "Standard wiederherstellen"
    question = "Sollen alle Gewichte wieder so sein wie mitgeliefert?"
    button_label = "Wiederherstellen"
    success_message = "Die Gewichte sind wieder wie mitgeliefert."

    def breadcrumbs(self) -> list[Crumb]:
        """Below the weights."""
        return [*super().breadcrumbs(), Crumb("Was wie viel zählt", self.own_page("weights"))]

    def consequences(self) -> list[str]:
        """What each is set to."""
        return [f"{one.label}: {WORDS[one.default_weight]}" for one in CRITERIA]

    def perform(self) -> Any:
        """By way of the domain."""
        return domain.reset_weights(self.frame, by=acting_user(self.request))
