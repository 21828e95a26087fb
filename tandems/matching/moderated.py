"""The moderated mode: one mentee after the other, large, for a meeting at the projector."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.accounts.models import User
from mentoring.log.domain import record_access
from mentoring.ui.forms import KernForm
from mentoring.ui.views import Action, FormPage, PageView
from programmes.cycles.models import Cycle, Participation
from tandems.applications.models import Application
from tandems.matching import domain
from tandems.matching.board import Wall
from tandems.matching.models import IdeaStance, MatchIdea
from tandems.matching.permissions import speaking_for
from tandems.matching.rows import IdeaLine, MenteeCard
from tandems.matching.views.base import OfWall, acting_user, found_or_404
from tandems.matching.views.wall import stand_of
from tandems.pairs.readings import note_readings
from tandems.selection.contents import profile_questions

ESSENTIALS = (
    "topics",
    "goals",
    "motivation",
    "expectations",
    "helpful_experience",
    "wish_field",
    "wish_administration",
    "development",
    "distance_km",
    "meeting_form",
)
"""What of the Steckbrief is said in the meeting, in this order; the rest is one click away."""
TEASER = 220
"""So many characters of an answer stand there at once."""
JUMP_LIST = 200
"""With more mentees than that the wall is the better list."""
WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Stop:
    """A mentee on the way through the meeting."""

    pk: int
    name: str
    house: str
    decided: bool


@dataclass(frozen=True)
class Way:
    """The mentees in the order of the meeting, and where one is.

    The order stays, whatever is decided meanwhile: by Kommune and name. Forward and back
    lead only to those who are still open.
    """

    stops: list[Stop]
    at: int

    @property
    def position(self) -> str:
        """Where one is: "3 von 24"."""
        return f"{self.at + 1} von {len(self.stops)}"

    @property
    def open(self) -> list[Stop]:
        """Those not yet decided."""
        return [stop for stop in self.stops if not stop.decided]

    @property
    def decided(self) -> list[Stop]:
        """Those decided."""
        return [stop for stop in self.stops if stop.decided]

    @property
    def next(self) -> Stop | None:
        """The next open one; after the last it begins again."""
        return self._first([*self.stops[self.at + 1 :], *self.stops[: self.at]])

    @property
    def previous(self) -> Stop | None:
        """The open one before; before the first stands the last."""
        return self._first([*self.stops[: self.at][::-1], *self.stops[self.at + 1 :][::-1]])

    @staticmethod
    def _first(stops: list[Stop]) -> Stop | None:
        return next((stop for stop in stops if not stop.decided), None)


@dataclass(frozen=True)
class Essential:
    """An answer of the Steckbrief: what stands there at once, and all of it where that is more."""

    label: str
    text: str
    rest: str = ""


def stops_of(wall: Wall) -> list[Stop]:
    """All mentees the reader sees, by Kommune and name."""
    rows = wall.mentees().order_by("municipality__sort_key", "person__sort_key", "pk")
    return [
        Stop(
            found.pk,
            found.person.full_name,
            found.municipality.short_name,
            wall.is_decided(found.pk),
        )
        for found in rows
    ]


def essentials_of(application: Application) -> list[Essential]:
    """What of the Steckbrief is shown large."""
    answered = {question.key: question for question in profile_questions(application)}
    found = []
    for key in ESSENTIALS:
        if key not in answered:
            continue
        joint = ", " if answered[key].choices else " "
        text = joint.join(answered[key].lines(application))
        if len(text) <= TEASER:
            found.append(Essential(answered[key].label, text))
            continue
        head = text[:TEASER].rpartition(" ")[0] or text[:TEASER]
        found.append(Essential(answered[key].label, f"{head} …", text))
    return found


class VoiceForm(KernForm):
    """What a Kommune says to an idea, said at the meeting."""

    idea = forms.ModelChoiceField(MatchIdea.objects.none(), widget=forms.HiddenInput)
    participation = forms.ModelChoiceField(
        Participation.objects.none(),
        label="Kommune",
        empty_label="bitte wählen",
        error_messages={"required": "Bitte wählen Sie, für welche Kommune die Stimme gilt."},
    )
    stance = forms.ChoiceField(choices=(*IdeaStance.choices, (WITHDRAWN, "zurückgenommen")))

    def __init__(
        self,
        *args: Any,
        ideas: QuerySet[MatchIdea],
        houses: QuerySet[Participation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["idea"].queryset = ideas  # type: ignore[attr-defined]  # a model choice
        self.fields["participation"].queryset = houses  # type: ignore[attr-defined]  # as above


class BeginPage(OfWall, PageView):
    """Leads to the first mentee who is still open."""

    title = "Moderiertes Matching"
    template_name = "matching/moderated_empty.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the first open one, or where all are decided to the first."""
        stops = stops_of(self.wall)
        first = next((stop for stop in stops if not stop.decided), stops[0] if stops else None)
        if first is None:
            return super().get(request, *args, **kwargs)
        return HttpResponseRedirect(self.own_page("moderated", first.pk))


class ModeratedPage(OfWall, FormPage):
    """One mentee, large: Steckbrief, ideas, voices. A POST records a voice."""

    title = "Moderiertes Matching"
    template_name = "matching/moderated.html"
    form_class = VoiceForm

    @cached_property
    def application(self) -> Application:
        """The mentee of the address, if the user sees them at the wall."""
        found: Application = found_or_404(self.wall.mentees(), self.kwargs["application_pk"])
        return found

    @cached_property
    def stand(self) -> str:
        """Of the wall: a page that knows it is not sent again."""
        return stand_of(self.cycle)

    def get_rule_object(self) -> Any:
        """The cycle; the mentee must be visible."""
        cycle = super().get_rule_object()
        if self.allowed("pairs.match", cycle):
            _ = self.application
        return cycle

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; nothing (204) for who asks whether something has changed, and it has not."""
        asked = request.GET.get("stand", "")
        if asked and asked == self.stand:
            return HttpResponse(status=204)
        if not asked:
            record_access(self.application, by=request.user)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ideas of this mentee, Kommunen of this user."""
        user = self.request.user
        return {
            **super().get_form_kwargs(),
            "ideas": MatchIdea.objects.visible_to(user).filter(application=self.application),
            "houses": speaking_for(user, self.cycle),
        }

    def save(self, form: Any) -> Any:
        """By way of the domain."""
        data, by = form.cleaned_data, acting_user(self.request)
        if data["stance"] == WITHDRAWN:
            domain.withdraw_voice(data["idea"], data["participation"], by=by)
        else:
            domain.speak(data["idea"], data["participation"], data["stance"], by=by)

    def get_success_url(self) -> str:
        """Stay with the mentee."""
        return self.own_page("moderated", self.application.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The mentee, the way through the meeting, and who may speak."""
        stand = self.stand  # before the rows: what changes in between is asked again
        card: MenteeCard = self.wall.cards([self.application])[0]
        if card.tandem is not None:
            note_readings([card.tandem], acting_user(self.request))
        stops = stops_of(self.wall)
        at = next(at for at, stop in enumerate(stops) if stop.pk == self.application.pk)
        return super().get_context_data(
            card=card,
            essentials=essentials_of(card.application),
            rows=[(line, self._own_stance(line)) for line in card.ideas],
            decided=self.wall.is_decided(self.application.pk),
            way=Way(stops, at),
            jump=len(stops) <= JUMP_LIST,
            houses=self.speaking,
            stand=stand,
            leaves_out=self.wall.leaves_out,
            **kwargs,
        )

    def _own_stance(self, line: IdeaLine) -> str:
        """What the one Kommune of this user says; "" for nothing, or where there are several."""
        if len(self.speaking) != 1:
            return ""
        said = [row.voice for row in line.voices]
        own = self.speaking[0].pk
        return next((voice.stance for voice in said if voice.participation_id == own), "")


def wall_button(user: User, cycle: Cycle) -> Action | None:
    """On the wall: to this mode, for everybody who matches."""
    return Action(
        "Moderiert durchgehen", reverse("matching:moderated", args=[cycle.pk]), "secondary"
    )
