"""The pages of a mentee and of a mentor at the wall: their ideas, a new one, bias."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property

from mentoring.ui.errors import Refused
from mentoring.ui.views import Action, ActionPage, FormPage
from programmes.people.permissions import posts_of
from tandems.applications.models import Application
from tandems.matching import domain
from tandems.matching.filters import matching_mentees, matching_mentors
from tandems.matching.forms import BiasForm, MenteeIdeaForm, MentorIdeaForm
from tandems.matching.models import Bias, DroppedIdea, MatchIdea
from tandems.matching.registries import mentee_sections
from tandems.matching.views.base import (
    OfWall,
    OnMentee,
    OnMentor,
    acting_user,
    found_or_404,
)
from tandems.mentors.models import Mentor
from tandems.pairs.hindrances import Severity
from tandems.pairs.models import PairRule
from tandems.pairs.readings import note_readings
from tandems.selection.contents import profile_sheet

MOST = 200
"""So many choices stand in a list; the others are found by searching."""


class _WithIdeas(FormPage):
    """A half with all ideas, and a new one."""

    once = True
    submit_label = "Idee hinzufügen"
    success_message = "Die Idee steht an der Wand."
    half: ClassVar[str]
    """The field that names the other half."""
    most = MOST

    @property
    def searched(self) -> str:
        """The words the list of choices is narrowed by."""
        return self.request.GET.get("q", "")[:200]

    def get_initial(self) -> dict[str, Any]:
        """What was chosen before the list was narrowed."""
        return {self.half: self.request.GET.get(self.half, "")}

    def save(self, form: Any) -> Any:
        """By way of the domain; what forbids the pair is said beside the choice."""
        try:
            return self.add(form.cleaned_data[self.half], form.cleaned_data["reason"])
        except Refused as refusal:
            raise ValidationError({self.half: str(refusal)}) from None

    def add(self, other: Any, reason: str) -> MatchIdea:
        """Put the pair on the wall."""
        raise NotImplementedError

    def forbidden(
        self, applications: Sequence[Application], mentors: Sequence[Mentor]
    ) -> list[str]:
        """For each of the choices (one side is a single one) what forbids it, "" for nothing."""
        hindrances = self.wall.hindrances  # type: ignore[attr-defined]  # a page of the wall
        words = [""] * max(len(applications), len(mentors))
        for rule, mask in hindrances.masks(applications, mentors).items():
            if rule == PairRule.CAPACITY or hindrances.settings[rule] != Severity.REFUSE:
                continue
            for at, said in enumerate(mask.ravel().tolist()):
                if said:
                    words[at] = f"{words[at]}, {rule.label}" if words[at] else str(rule.label)
        return words


class MenteePage(OnMentee, _WithIdeas):
    """A mentee: Steckbrief in short, all ideas, a new one."""

    template_name = "matching/mentee.html"
    form_class = MentorIdeaForm
    half = "mentor"

    def get_title(self) -> str:
        """Whose."""
        return str(self.application.person.full_name)

    def breadcrumbs(self) -> list[Any]:
        """Up to the wall."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """What one looks up beside it."""
        found = self.application
        return [
            Action("Steckbrief (PDF)", self.card.sheet_url, "secondary", "download"),
            Action("Profilbogen", found.get_absolute_url(), "tertiary"),
        ]

    @cached_property
    def choices(self) -> tuple[list[tuple[Mentor, str]], bool]:
        """The mentors at hand with what forbids each, and whether there are more."""
        found, more = matching_mentors(self.wall, self.searched, MOST)
        mentors = list(found)
        for one in mentors:
            one.cycle = self.cycle
        words = self.forbidden([self.application], mentors) if mentors else []
        return list(zip(mentors, words, strict=True)), more

    def get_form_kwargs(self) -> dict[str, Any]:
        """The choices."""
        return {
            **super().get_form_kwargs(),
            "possible": self.wall.mentors(),
            "shown": self.choices[0],
        }

    def add(self, other: Any, reason: str) -> MatchIdea:
        """By way of the domain."""
        return domain.add_idea(self.application, other, reason=reason, by=acting_user(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The Steckbrief, the ideas, what other rooms add."""
        user, found = acting_user(self.request), self.application
        sheet = profile_sheet(found, with_photo=False)
        sections = [part for make in mentee_sections if (part := make(user, found)) is not None]
        dropped = DroppedIdea.objects.visible_to(user).filter(application=found)
        return super().get_context_data(
            card=self.card,
            facts=[part for part in sheet.parts if not part.long],
            texts=[part for part in sheet.parts if part.long],
            ideas=self.with_buttons(self.card.ideas),
            first_sections=[part for part in sections if part.first],
            sections=[part for part in sections if not part.first],
            dropped=dropped.select_related("mentor__person", "dropped_by"),
            own_bias=own_bias(user, self.card.biases),
            bias_url=self.own_page("bias_mentee", found.pk),
            searched=self.searched,
            more=self.choices[1],
            back="mentee",
            here=self.own_page("mentee", found.pk),
            **kwargs,
        )


class MentorPage(OnMentor, _WithIdeas):
    """A mentor: what is known, all ideas, a new one."""

    template_name = "matching/mentor.html"
    form_class = MenteeIdeaForm
    half = "application"

    def get_title(self) -> str:
        """Whose."""
        return str(self.mentor.called)

    def breadcrumbs(self) -> list[Any]:
        """Up to the wall."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """The page of the search, with the Profilbogen."""
        return [Action("Eintrag und Profilbogen", self.mentor.get_absolute_url(), "secondary")]

    def details(self) -> list[tuple[str, Any]]:
        """What is known, in short."""
        mentor, entry = self.mentor, self.entry
        rows = [
            ("Stand", entry.state),
            ("Kommune", mentor.municipality),
            ("Funktion", mentor.position),
            ("Fachbereich oder Amt", mentor.department),
            ("Themen", entry.topics),
            ("Plätze", entry.places_words),
        ]
        return [(label, value) for label, value in rows if value]

    @cached_property
    def choices(self) -> tuple[list[tuple[Application, str]], bool]:
        """The mentees at hand with what forbids each, and whether there are more."""
        found, more = matching_mentees(self.wall, self.searched, MOST)
        mentees = list(found)
        for one in mentees:
            one.cycle = self.cycle
        words = self.forbidden(mentees, [self.mentor]) if mentees else []
        return list(zip(mentees, words, strict=True)), more

    def get_form_kwargs(self) -> dict[str, Any]:
        """The choices."""
        return {
            **super().get_form_kwargs(),
            "possible": self.wall.mentees(),
            "shown": self.choices[0],
        }

    def add(self, other: Any, reason: str) -> MatchIdea:
        """By way of the domain."""
        return domain.add_idea(other, self.mentor, reason=reason, by=acting_user(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The ideas, the tandems."""
        user, wall = acting_user(self.request), self.wall
        lines = wall.lines_of_ideas(wall.ideas_with(mentor=self.mentor.pk))
        tandems = [row for row in wall.tandems.values() if row.mentor_id == self.mentor.pk]
        mentees = wall.mentees().in_bulk([row.application_id for row in tandems])
        note_readings(tandems, user)
        return super().get_context_data(
            mentor_line=self.entry,
            details=self.details(),
            ideas=self.with_buttons(lines),
            tandems=[
                (row, mentees[row.application_id])
                for row in tandems
                if row.application_id in mentees
            ],
            own_bias=own_bias(user, self.entry.biases),
            bias_url=self.own_page("bias_mentor", self.mentor.pk),
            searched=self.searched,
            more=self.choices[1],
            back="mentor",
            here=self.own_page("mentor", self.mentor.pk),
            **kwargs,
        )


def own_bias(user: Any, lines: Sequence[Any]) -> Bias | None:
    """What the user said about the half, if anything."""
    person = posts_of(user).person
    return next((line.bias for line in lines if line.bias.member_id == person), None)


class _BiasPage(ActionPage):
    """ "Ich kenne diese Person": one's own word, and no one else's."""

    title = "Ich kenne diese Person"
    button_label = "Eintragen"
    form_class = BiasForm
    success_message = "Das steht jetzt an jeder Idee mit dieser Person."

    def get_question(self) -> str:
        """What is asked."""
        return "Kennen Sie diese Person so gut, dass Sie nicht unbefangen sind?"

    def consequences(self) -> list[str]:
        """What goes with it."""
        return [
            "An jeder Idee mit dieser Person steht dann, dass Sie sie kennen.",
            "Ihre Kommune behält ihre Stimme; Ihr Hinweis steht daneben.",
            "Sie können den Hinweis jederzeit zurücknehmen.",
        ]


class MenteeBiasPage(OnMentee, _BiasPage):
    """About a mentee."""

    def get_initial(self) -> dict[str, Any]:
        """What was said before."""
        said = own_bias(self.request.user, self.card.biases)
        return {"text": said.text if said else ""}

    def perform(self) -> Any:
        """By way of the domain."""
        text = self.form.cleaned_data["text"]
        return domain.declare_bias(self.application, text=text, by=acting_user(self.request))


class MentorBiasPage(OnMentor, _BiasPage):
    """About a mentor."""

    def get_initial(self) -> dict[str, Any]:
        """What was said before."""
        said = own_bias(self.request.user, self.entry.biases)
        return {"text": said.text if said else ""}

    def perform(self) -> Any:
        """By way of the domain."""
        text = self.form.cleaned_data["text"]
        return domain.declare_bias(self.mentor, text=text, by=acting_user(self.request))


class WithdrawBiasPage(OfWall, ActionPage):
    """Take the own word back."""

    title = "Hinweis zurücknehmen"
    question = "Soll der Hinweis, dass Sie diese Person kennen, nicht mehr an der Wand stehen?"
    button_label = "Zurücknehmen"
    success_message = "Der Hinweis ist zurückgenommen."

    @cached_property
    def bias(self) -> Bias:
        """The own declaration of the address; 404 for somebody else's."""
        rows = Bias.objects.visible_to(self.request.user).filter(
            Q(application__cycle=self.cycle) | Q(mentor__cycle=self.cycle),
            member=posts_of(self.request.user).person,
        )
        found: Bias = found_or_404(
            rows.select_related("application__cycle", "mentor__cycle"), self.kwargs["pk"]
        )
        return found

    def check_rule(self) -> None:
        """As the rule says; it must be the own one."""
        super().check_rule()
        _ = self.bias

    def perform(self) -> Any:
        """By way of the domain."""
        self.success_url = self.back
        return domain.withdraw_bias(self.bias, by=acting_user(self.request))

    @property
    def back(self) -> str:
        """The page of who it is about."""
        if self.bias.application_id is not None:
            return self.own_page("mentee", self.bias.application_id)
        return self.own_page("mentor", self.bias.mentor_id)

    def get_cancel_url(self) -> str:
        """To whom it is about."""
        return self.back
