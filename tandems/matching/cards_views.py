"""The page that asks which cards are wanted, and answers with a file or a job."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.jobs.domain import start_job
from mentoring.ui.errors import Refused
from mentoring.ui.forms import KernForm
from mentoring.ui.views import Action, FormPage
from programmes.cycles.models import Cycle, Participation
from tandems.matching import cards_jobs
from tandems.matching.cards import PARTS, PHOTO, ROOMS, Wanted, mentees_for, mentors_for
from tandems.pairs.views.base import OfMatching, acting_user
from tandems.selection.pages import pdf_response

BOTH, MENTEES, MENTORS = "both", "mentees", "mentors"


class CardsForm(KernForm):
    """Whose cards, and what stands on them."""

    people = forms.ChoiceField(
        label="Karten für",
        choices=(
            (BOTH, "Mentees und Mentor/innen"),
            (MENTEES, "nur Mentees"),
            (MENTORS, "nur Mentor/innen"),
        ),
        widget=forms.RadioSelect,
        initial=BOTH,
    )
    houses = forms.TypedMultipleChoiceField(
        label="Nur diese Kommunen",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ohne Haken sind es alle.",
    )
    only_free = forms.BooleanField(
        label="Nur wer noch gesucht wird: Mentees ohne Tandem, Mentor/innen mit freiem Platz",
        required=False,
    )
    agreed_only = forms.BooleanField(
        label="Nur Mentor/innen, die zugesagt haben",
        required=False,
    )
    parts = forms.MultipleChoiceField(
        label="Darauf steht außer Name und Kommune",
        choices=PARTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=[key for key, _ in PARTS if key != PHOTO],
    )
    per_page = forms.TypedChoiceField(
        label="Karten auf einem Blatt A4",
        coerce=int,
        choices=tuple((number, f"{number} Karten") for number in ROOMS),
        widget=forms.RadioSelect,
        initial=4,
        help_text="Vier lassen sich auch aus zwei Metern lesen.",
    )
    layout = Layout(
        Fieldset("Wer", "people", "houses", "only_free", "agreed_only"),
        Fieldset("Was", "parts", "per_page"),
    )

    def __init__(self, *args: Any, houses: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["houses"].choices = houses  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> Wanted:
        """What was chosen."""
        data = self.cleaned_data
        return Wanted(
            mentees=data["people"] != MENTORS,
            mentors=data["people"] != MENTEES,
            houses=tuple(data["houses"]),
            only_free=data["only_free"],
            agreed_only=data["agreed_only"],
            parts=frozenset(data["parts"]),
            per_page=data["per_page"],
        )


def houses_of(cycle: Cycle) -> list[tuple[int, str]]:
    """The Kommunen of ``cycle`` to choose from."""
    rows = Participation.objects.filter(cycle=cycle).order_by("municipality__sort_key")
    return list(rows.values_list("municipality", "municipality__short_name"))


class CardsPage(OfMatching, FormPage):
    """Asks which cards, and makes them at once or in the background."""

    title = "Karten zum Auslegen"
    template_name = "matching/cards.html"
    form_class = CardsForm
    submit_label = "Karten erstellen"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The Kommunen to choose from."""
        return {**super().get_form_kwargs(), "houses": houses_of(self.cycle)}

    def form_valid(self, form: Any) -> HttpResponse:
        """The file, or the page of the job."""
        user, wanted = acting_user(self.request), form.wanted()
        mentees = mentees_for(user, self.cycle, wanted)
        mentors = mentors_for(user, self.cycle, wanted)
        if not mentees and not mentors:
            form.add_error(
                None,
                "Mit dieser Auswahl gibt es keine Karten. Bitte nehmen Sie Haken weg, zum Beispiel "
                "bei den Kommunen.",
            )
            return self.form_invalid(form)
        asked = cards_jobs.params(self.cycle, wanted, mentees, mentors)
        if len(mentees) + len(mentors) <= cards_jobs.DIRECT_CARDS:
            data = cards_jobs.made(
                self.cycle,
                mentees,
                mentors,
                wanted,
                photos=frozenset(asked["photos"]),
                by=user,
            )
            return pdf_response(data, cards_jobs.file_name(self.cycle), attachment=True)
        try:
            job = start_job(
                cards_jobs.KIND,
                by=user,
                params=asked,
                title=f"Karten zum Matching, Durchgang Nr. {self.cycle.number}",
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return HttpResponseRedirect(job.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, which may be sent again after it answered with a file."""
        context = super().get_context_data(direct=cards_jobs.DIRECT_CARDS, **kwargs)
        context["form"].helper.attrs = {"data-again": ""}
        return context


def wall_button(user: User, cycle: Cycle) -> Action | None:
    """On the wall: to the cards, for everybody who matches."""
    url = reverse("matching:cards", args=[cycle.pk])
    return Action("Karten (PDF)", url, "tertiary", "download")
