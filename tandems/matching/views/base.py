"""What the pages of the wall have in common."""

from collections import defaultdict
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.functional import cached_property

from mentoring.log.domain import record_access
from mentoring.ui.navigation import Crumb
from programmes.cycles.models import Participation
from tandems.applications.models import Application
from tandems.matching.board import IdeaLine, MenteeCard, MentorLine, Wall
from tandems.matching.models import IdeaComment, IdeaStance, MatchIdea
from tandems.matching.permissions import speaking_for
from tandems.mentors.models import Mentor
from tandems.pairs.readings import note_readings
from tandems.pairs.views.base import OfMatching, acting_user, found_or_404

__all__ = ["OfWall", "OnIdea", "OnMentee", "OnMentor", "acting_user", "found_or_404"]


class OfWall(OfMatching):
    """A page of this room below ``/durchgaenge/<cycle_pk>/matching/``."""

    def own_page(self, name: str, *args: Any) -> str:
        """The address of a page of this room in the same cycle."""
        return reverse(f"matching:{name}", args=[self.cycle.pk, *args])

    @cached_property
    def wall(self) -> Wall:
        """The wall as this reader sees it."""
        return Wall(self.request.user, self.cycle)

    @cached_property
    def speaking(self) -> list[Participation]:
        """The Kommunen whose voice the user may record."""
        return list(speaking_for(self.request.user, self.cycle))

    @cached_property
    def own_house(self) -> Participation | None:
        """The Kommune the user speaks for by a seat of their own, the first of several."""
        own = self.wall.seats.get(getattr(self.request.user.person, "pk", 0), set())
        return next((part for part in self.speaking if part.pk in own), None)

    def with_buttons(self, lines: list[IdeaLine]) -> list[dict[str, Any]]:
        """Each idea with its comments, what the own Kommune says, and where it may be said."""
        own = self.own_house
        comments: dict[int, list[IdeaComment]] = defaultdict(list)
        rows = IdeaComment.objects.filter(idea__in=[line.idea.pk for line in lines])
        for row in rows.select_related("author"):
            comments[row.idea_id].append(row)
        found = []
        for line in lines:
            said = next(
                (row.voice.stance for row in line.voices if own and row.voice.participation == own),
                "",
            )
            found.append(
                {
                    "line": line,
                    "comments": comments[line.idea.pk],
                    "house": own,
                    "said": said,
                    "stances": [(value, label, value == said) for value, label in STANCES],
                    "voice_url": self.own_page("voice", line.idea.pk),
                }
            )
        return found

    def note(self, lines: list[IdeaLine]) -> None:
        """Log that tandems among what is shown were read."""
        note_readings(
            [line.tandem for line in lines if line.tandem is not None], acting_user(self.request)
        )


STANCES = tuple(IdeaStance.choices)


class _OnHalf(OfWall):
    """A page about one half; who opens it has read about them."""

    def check_rule(self) -> None:
        """As the rule says; then the half must be visible."""
        super().check_rule()
        self.find()

    def find(self) -> Any:
        """The half; raises ``Http404``."""
        raise NotImplementedError


class OnMentee(_OnHalf):
    """A page about a mentee (``pk``)."""

    @cached_property
    def application(self) -> Application:
        """The mentee of the address."""
        rows = self.wall.mentees().select_related("person", "municipality", "photo", "superior")
        found: Application = found_or_404(rows, self.kwargs["pk"])
        found.cycle = self.cycle
        return found

    def find(self) -> Any:
        """The mentee."""
        return self.application

    @cached_property
    def card(self) -> MenteeCard:
        """The mentee with all ideas; reading it is logged."""
        record_access(self.application, by=self.request.user)
        found = self.wall.cards([self.application])[0]
        if found.tandem is not None:
            note_readings([found.tandem], acting_user(self.request))
        return found

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the mentee."""
        found = self.application
        here = Crumb(found.person.full_name, self.own_page("mentee", found.pk))
        return [*super().breadcrumbs(), here]

    def get_success_url(self) -> str:
        """Back to the mentee."""
        return self.own_page("mentee", self.application.pk)


class OnMentor(_OnHalf):
    """A page about a mentor (``pk``)."""

    @cached_property
    def mentor(self) -> Mentor:
        """The mentor of the address."""
        found: Mentor = found_or_404(self.wall.mentors(), self.kwargs["pk"])
        found.cycle = self.cycle
        return found

    def find(self) -> Any:
        """The mentor."""
        return self.mentor

    @cached_property
    def entry(self) -> MentorLine:
        """The mentor as the wall shows them; reading it is logged."""
        record_access(self.mentor, by=self.request.user)
        return self.wall.mentor_lines([self.mentor])[0]

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the mentor."""
        here = Crumb(self.mentor.called, self.own_page("mentor", self.mentor.pk))
        return [*super().breadcrumbs(), here]

    def get_success_url(self) -> str:
        """Back to the mentor."""
        return self.own_page("mentor", self.mentor.pk)


class OnIdea(OfWall):
    """A page about an idea (``pk``); ``idea_rule`` is asked about it besides."""

    idea_rule: ClassVar[str] = ""

    @cached_property
    def idea(self) -> MatchIdea:
        """The idea of the address."""
        rows = MatchIdea.objects.visible_to(self.request.user).filter(mentor__cycle=self.cycle)
        found: MatchIdea = found_or_404(
            rows.select_related(
                "application__person",
                "application__municipality",
                "mentor__person",
                "mentor__municipality",
                "had_by",
            ),
            self.kwargs["pk"],
        )
        found.application.cycle = found.mentor.cycle = self.cycle
        return found

    def check_rule(self) -> None:
        """As the rules say; the idea must be visible."""
        super().check_rule()
        idea = self.idea
        if self.idea_rule and not self.allowed(self.idea_rule, idea):  # type: ignore[attr-defined]  # a page follows
            raise PermissionDenied

    def breadcrumbs(self) -> list[Crumb]:
        """Over the mentee, down to the idea."""
        person = self.idea.application.person.full_name
        return [
            *super().breadcrumbs(),
            Crumb(person, self.own_page("mentee", self.idea.application_id)),
            Crumb("Mögliches Match", self.own_page("idea", self.idea.pk)),
        ]

    def get_success_url(self) -> str:
        """Back to the idea."""
        return self.own_page("idea", self.idea.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The idea, for every template."""
        return super().get_context_data(idea=self.idea, **kwargs)
