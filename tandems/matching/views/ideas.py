"""The page of an idea, and what may be done with it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.ui.views import Action, ActionPage, FormPage, UpdatePage
from programmes.people.permissions import posts_of
from tandems.applications.reasons import said_at_the_field
from tandems.matching import domain
from tandems.matching.board import IdeaLine
from tandems.matching.domain.ideas import others_spoke
from tandems.matching.forms import (
    WITHDRAW,
    CommentForm,
    DeleteForm,
    EditCommentForm,
    MarkForm,
    ReasonOfIdeaForm,
    VoiceForm,
)
from tandems.matching.models import IdeaComment, IdeaVoice, MatchIdea
from tandems.matching.permissions import speaking_for
from tandems.matching.views.base import OnIdea, acting_user, found_or_404


class IdeaPage(OnIdea, FormPage):
    """An idea with voices and comments; the form takes a new comment."""

    template_name = "matching/idea.html"
    form_class = CommentForm
    submit_label = "Bemerkung hinzufügen"
    success_message = "Ihre Bemerkung steht da."
    once = True

    def get_title(self) -> str:
        """Both halves."""
        idea = self.idea
        return f"{idea.application.person.full_name} und {idea.mentor.called}"

    def breadcrumbs(self) -> list[Any]:
        """Up to the mentee."""
        return super().breadcrumbs()[:-1]

    @cached_property
    def line(self) -> IdeaLine:
        """The idea with all that was said; a tandem shown there is noted as read."""
        found = self.wall.lines_of_ideas(MatchIdea.objects.filter(pk=self.idea.pk))[0]
        self.note([found])
        return found

    def actions(self) -> list[Action]:
        """What this user may do with it now."""
        idea = self.idea
        halves = [self.cycle.pk, idea.application_id, idea.mentor_id]
        found = []
        if not self.line.refused and idea.application_id not in self.wall.tandems:
            propose = reverse("pairs:propose", args=halves)
            found.append(Action("Als Tandem vorschlagen", propose, "primary"))
        if self.allowed("matching.mark_idea", idea):
            found.append(Action("Beschluss eintragen", self.own_page("mark", idea.pk)))
        found.append(Action("Was spricht dagegen?", reverse("pairs:pair", args=halves)))
        if self.allowed("matching.change_idea", idea):
            found.append(Action("Begründung ändern", self.own_page("reason", idea.pk), "tertiary"))
            found.append(Action("Löschen", self.own_page("delete", idea.pk), "tertiary", "delete"))
        return found

    def save(self, form: CommentForm) -> IdeaComment:
        """By way of the domain."""
        return domain.comment(self.idea, form.cleaned_data["text"], by=acting_user(self.request))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All that was said."""
        return super().get_context_data(
            entry=self.with_buttons([self.line])[0],
            me=posts_of(self.request.user).person,
            voice_url=self.own_page("voice", self.idea.pk),
            may_record_any=self.leads,
            back="idea",
            **kwargs,
        )


class VoicePage(OnIdea, FormPage):
    """What a Kommune says to an idea: the own one, for a lead any."""

    title = "Stimme eintragen"
    form_class = VoiceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """The Kommunen the user may speak for."""
        return {
            **super().get_form_kwargs(),
            "speaking": speaking_for(self.request.user, self.cycle),
        }

    def get_initial(self) -> dict[str, Any]:
        """The own Kommune, and what it says."""
        own = self.own_house or (self.speaking[0] if self.speaking else None)
        said = IdeaVoice.objects.filter(idea=self.idea, participation=own).first() if own else None
        return {"participation": own, "stance": said.stance if said else ""}

    def save(self, form: VoiceForm) -> Any:
        """By way of the domain; what the buttons showed travels along."""
        data, by = form.cleaned_data, acting_user(self.request)
        name = data["participation"].municipality.short_name
        if data["stance"] == WITHDRAW:
            self.success_message = f"{name} hat hierzu keine Stimme mehr."
            return domain.withdraw_voice(self.idea, data["participation"], by=by)
        # A form opened as a page chooses its Kommune first, so it has seen none in particular.
        seen = data["seen"] if "back" in form.data else None
        found = domain.speak(self.idea, data["participation"], data["stance"], seen=seen, by=by)
        self.success_message = f"Eingetragen für {name}: {found.get_stance_display()}."
        return found

    def form_invalid(self, form: Any) -> HttpResponse:
        """Shown again as a page, on which a second try counts."""
        form.data = form.data.copy()
        form.data.pop("back", None)
        return super().form_invalid(form)

    def get_success_url(self) -> str:
        """Back to where the button was."""
        anchor = f"#idee-{self.idea.pk}"
        match self.request.POST.get("back"):
            case "mentee":
                return f"{self.own_page('mentee', self.idea.application_id)}{anchor}"
            case "mentor":
                return f"{self.own_page('mentor', self.idea.mentor_id)}{anchor}"
        return super().get_success_url()


class _ChangeIdea(OnIdea, UpdatePage):
    """A form about the idea itself, whose version is checked."""

    model = MatchIdea

    def get_object(self) -> MatchIdea:
        """The idea of the address."""
        return self.idea

    def get_rule_object(self) -> Any:
        """The rule is asked about the cycle, the further one about the idea."""
        return self.cycle


class ReasonPage(_ChangeIdea):
    """What speaks for it."""

    idea_rule = "matching.change_idea"
    title = "Begründung ändern"
    form_class = ReasonOfIdeaForm

    def save(self, form: ReasonOfIdeaForm) -> MatchIdea:
        """By way of the domain."""
        return domain.change_reason(form.instance, by=acting_user(self.request))


class MarkPage(_ChangeIdea):
    """What the Beirat settled about it."""

    idea_rule = "matching.mark_idea"
    title = "Beschluss zu diesem möglichen Match"
    form_class = MarkForm
    success_message = "Der Beschluss ist eingetragen."

    def save(self, form: MarkForm) -> MatchIdea:
        """By way of the domain."""
        with said_at_the_field():
            return domain.mark_idea(form.instance, by=acting_user(self.request))


class DeletePage(OnIdea, ActionPage):
    """Take it off the wall."""

    idea_rule = "matching.change_idea"
    title = "Mögliches Match löschen"
    button_label = "Löschen"
    danger = True
    form_class = DeleteForm
    success_message = "Das mögliche Match ist gelöscht."

    @cached_property
    def needs_reason(self) -> bool:
        """Whether others said something to it."""
        return others_spoke(self.idea, acting_user(self.request))

    def get_form_kwargs(self) -> dict[str, Any]:
        """With or without the reason."""
        return {**super().get_form_kwargs(), "needed": self.needs_reason}

    def get_question(self) -> str:
        """Which one."""
        idea = self.idea
        return (
            f"Soll das mögliche Match {idea.application.person.full_name} und "
            f"{idea.mentor.called} von der Wand?"
        )

    def consequences(self) -> list[str]:
        """What goes with it."""
        voices = IdeaVoice.objects.filter(idea=self.idea).count()
        comments = IdeaComment.objects.filter(idea=self.idea).count()
        numbers = (
            (voices, "1 Stimme", f"{voices} Stimmen"),
            (comments, "1 Bemerkung", f"{comments} Bemerkungen"),
        )
        gone = [one if number == 1 else many for number, one, many in numbers if number]
        lines = [f"Gelöscht wird auch: {' und '.join(gone)}."] if gone else []
        if self.idea.application_id in self.wall.tandems:
            lines.append("Ein Tandem, das vorgeschlagen oder beschlossen ist, bleibt davon stehen.")
        lines.append(
            "Soll nur festgehalten werden, dass das Paar nicht in Frage kommt, kann eine Leitung "
            "das als Beschluss eintragen: dann bleibt alles lesbar."
        )
        return lines

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_idea(self.idea, reason=self.reason, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the mentee."""
        return self.own_page("mentee", self.idea.application_id)


class OnComment(OnIdea):
    """A page about an own comment (``pk``)."""

    @cached_property
    def comment(self) -> IdeaComment:
        """The own comment of the address; 404 for somebody else's."""
        rows = IdeaComment.objects.visible_to(self.request.user).filter(
            author=posts_of(self.request.user).person, idea__mentor__cycle=self.cycle
        )
        found: IdeaComment = found_or_404(
            rows.select_related(
                "idea__application__person", "idea__mentor__person", "idea__mentor__cycle"
            ),
            self.kwargs["pk"],
        )
        return found

    @cached_property
    def idea(self) -> MatchIdea:
        """What it is about."""
        found: MatchIdea = self.comment.idea
        return found


class CommentPage(OnComment, UpdatePage):
    """Change an own comment."""

    title = "Bemerkung ändern"
    form_class = EditCommentForm
    model = IdeaComment

    def get_object(self) -> IdeaComment:
        """The comment of the address."""
        return self.comment

    def get_rule_object(self) -> Any:
        """The rule is asked about the cycle."""
        return self.cycle

    def save(self, form: EditCommentForm) -> IdeaComment:
        """By way of the domain."""
        return domain.change_comment(form.instance, by=acting_user(self.request))


class DeleteCommentPage(OnComment, ActionPage):
    """Delete an own comment."""

    title = "Bemerkung löschen"
    question = "Soll Ihre Bemerkung gelöscht werden?"
    button_label = "Löschen"
    danger = True
    success_message = "Die Bemerkung ist gelöscht."

    def consequences(self) -> list[str]:
        """What is deleted."""
        return [f"„{self.comment.text}“"]

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_comment(self.comment, by=acting_user(self.request))
