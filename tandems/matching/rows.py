"""What stands at the wall for each mentee, mentor and idea, ready to be shown."""

from dataclasses import dataclass, field

from django.urls import reverse

from mentoring.ui.lists import Badge
from tandems.applications.models import Application, ApplicationState
from tandems.matching.models import Bias, IdeaStance, IdeaVoice, Mark, MatchIdea
from tandems.mentors.models import Mentor, labels_of
from tandems.mentors.pages import STATE_BADGES
from tandems.pairs.hindrances import Hindrance
from tandems.pairs.models import Tandem, TandemState
from tandems.profiles.models import TargetGroup

MARK_BADGES = {Mark.PINNED: "success", Mark.SECOND: "info", Mark.BANNED: "danger"}
TANDEM_BADGES = {
    TandemState.PROPOSED: "warning",
    TandemState.AGREED: "info",
    TandemState.SEALED: "success",
    TandemState.REVEALED: "success",
    TandemState.ACTIVE: "success",
}


@dataclass(frozen=True)
class BiasLine:
    """A member's word that they know somebody."""

    bias: Bias
    about: str
    """ "die Mentee-Person", or "die Mentorin oder den Mentor"."""

    @property
    def name(self) -> str:
        """Who said so."""
        return str(self.bias.member.full_name)

    @property
    def words(self) -> str:
        """As it is shown at an idea."""
        origin = f" ({self.bias.text})" if self.bias.text else ""
        return f"befangen: {self.name} kennt {self.about}{origin}"


@dataclass(frozen=True)
class VoiceLine:
    """The voice of a Kommune, and who of its members is biased here."""

    voice: IdeaVoice
    biased: tuple[str, ...] = ()

    @property
    def house(self) -> str:
        """The Kommune."""
        return str(self.voice.participation.municipality.short_name)

    def __str__(self) -> str:
        if not self.biased:
            return self.house
        return f"{self.house} (befangen: {', '.join(self.biased)})"


@dataclass
class IdeaLine:
    """An idea with all that was said to it."""

    idea: MatchIdea
    hindrances: list[Hindrance]
    voices: list[VoiceLine] = field(default_factory=list)
    comments: int = 0
    biases: list[BiasLine] = field(default_factory=list)
    tandem: Tandem | None = None

    @property
    def support(self) -> list[VoiceLine]:
        """The Kommunen that are for it."""
        return [row for row in self.voices if row.voice.stance == IdeaStance.SUPPORT]

    @property
    def doubt(self) -> list[VoiceLine]:
        """The Kommunen that doubt."""
        return [row for row in self.voices if row.voice.stance == IdeaStance.DOUBT]

    @property
    def mark(self) -> Badge | None:
        """What is settled about it."""
        mark = Mark(self.idea.mark)
        return Badge(MARK_BADGES[mark], str(mark.label)) if mark else None

    @property
    def in_the_way(self) -> list[Hindrance]:
        """What speaks against it and was not overruled."""
        return [found for found in self.hindrances if found.stands]

    @property
    def refused(self) -> bool:
        """Whether a rule forbids it."""
        return any(found.refuses for found in self.hindrances)

    @property
    def in_the_way_words(self) -> str:
        """In one line."""
        return ", ".join(str(found.rule.label) for found in self.in_the_way)

    @property
    def mentor_state(self) -> Badge:
        """Where the search stands with the mentor."""
        return state_badge(self.idea.mentor)


@dataclass
class MenteeCard:
    """A mentee at the wall."""

    application: Application
    ideas: list[IdeaLine] = field(default_factory=list)
    tandem: Tandem | None = None
    biases: list[BiasLine] = field(default_factory=list)
    photo_url: str = ""

    @property
    def topics(self) -> list[str]:
        """What the mentee wants to work on."""
        return labels_of(self.application.topics)

    @property
    def target(self) -> str:
        """The Zielgruppe, as short as a card has room for."""
        group = self.application.target_group
        return TargetGroup(group).short if group in TargetGroup.values else ""

    @property
    def tandem_badge(self) -> Badge | None:
        """How far the tandem is."""
        return tandem_badge(self.tandem)

    @property
    def has_left(self) -> bool:
        """Whether there still is a tandem of somebody who gave the place back."""
        return self.application.state != ApplicationState.PLACED

    @property
    def sheet_url(self) -> str:
        """The Steckbrief."""
        return reverse("selection:sheet", args=[self.application.cycle_id, self.application.pk])


@dataclass
class MentorLine:
    """A mentor at the wall."""

    mentor: Mentor
    ideas: int = 0
    taken: int = 0
    biases: list[BiasLine] = field(default_factory=list)

    @property
    def state(self) -> Badge:
        """Where the search stands."""
        return state_badge(self.mentor)

    @property
    def topics(self) -> list[str]:
        """What the mentor can accompany."""
        return labels_of(self.mentor.topics)

    @property
    def left(self) -> int:
        """How many mentees more."""
        return max(self.mentor.capacity - self.taken, 0)

    @property
    def places_words(self) -> str:
        """Capacity used."""
        capacity = self.mentor.capacity
        places = "1 Platz" if capacity == 1 else f"{capacity} Plätzen"
        if capacity == 1:
            return "Platz vergeben" if self.taken else "Platz frei"
        return f"{self.taken} von {places} vergeben"

    @property
    def ideas_words(self) -> str:
        """In how many ideas they stand."""
        if not self.ideas:
            return "in keiner Idee"
        return "in 1 Idee" if self.ideas == 1 else f"in {self.ideas} Ideen"


@dataclass(frozen=True)
class Counts:
    """The numbers at the top of the wall."""

    mentees: int
    without: int
    proposed: int
    decided: int
    free: int


def state_badge(mentor: Mentor) -> Badge:
    """A mentor's state as a badge."""
    return Badge(STATE_BADGES.get(mentor.state, "info"), mentor.get_state_display())


def tandem_badge(tandem: Tandem | None) -> Badge | None:
    """A tandem's state as a badge."""
    if tandem is None:
        return None
    return Badge(TANDEM_BADGES.get(TandemState(tandem.state), "info"), tandem.get_state_display())
