"""What stands in a tandem's way as things are now, whatever was decided about it before.

A mentor withdraws after the sealing, a mentee changes to the mentor's Kommune: nothing of
that changes a tandem by itself. It is found here each time, for the pages and for the doors.
"""

from dataclasses import dataclass
from typing import Any

from programmes.cycles.models import Cycle, Participation, ParticipationState
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.hindrances import Hindrance, Hindrances
from tandems.pairs.models import PairRule, PairStance, Tandem, TandemVoice


@dataclass(frozen=True)
class VoiceRow:
    """The voice of a Kommune concerned, if it was given since the tandem was proposed."""

    participation: Participation
    voice: TandemVoice | None
    outdated: bool

    @property
    def name(self) -> str:
        return str(self.participation.municipality.short_name)

    @property
    def missing(self) -> bool:
        """Whether it has to be given, or given again."""
        return self.voice is None or self.outdated

    @property
    def agrees(self) -> bool:
        return not self.missing and self._stance == PairStance.AGREE

    @property
    def objects(self) -> bool:
        return not self.missing and self._stance == PairStance.OBJECT

    @property
    def words(self) -> str:
        """What it says, as text."""
        if self.voice is None:
            return "noch keine Stimme"
        given = str(self.voice.get_stance_display())
        return f"vor dem Öffnen: {given}, bitte neu geben" if self.outdated else given

    @property
    def _stance(self) -> str:
        return self.voice.stance if self.voice is not None else ""


class Standing:
    """What tandems of one cycle lack, read once in a constant number of queries.

    Tandems come with ``select_related`` of both halves, their people and Kommunen. With a
    ``user``, as far as they may know; doors ask without.
    """

    def __init__(self, cycle: Cycle, user: Any = None) -> None:
        self.cycle = cycle
        self.hindrances = Hindrances(cycle, user)
        parts = Participation.objects.filter(
            cycle=cycle, state=ParticipationState.CONFIRMED
        ).select_related("municipality")
        self._parts = {part.municipality_id: part for part in parts}

    def concerned(self, tandem: Tandem) -> list[Participation]:
        """The Kommunen whose voice is due: the mentee's first, each once.

        One that takes no part in the cycle has none.
        """
        houses = dict.fromkeys((tandem.application.municipality_id, tandem.mentor.municipality_id))
        return [self._parts[house] for house in houses if house in self._parts]

    def without_voice(self, tandem: Tandem) -> str:
        """The Kommune concerned that takes no part and so has no voice, "" if there is none."""
        houses = (tandem.application.municipality, tandem.mentor.municipality)
        return next((str(one.short_name) for one in houses if one.pk not in self._parts), "")

    def broken(self, tandem: Tandem) -> list[str]:
        """What keeps the two from being a tandem, whatever the Beirat says; [] if nothing."""
        return [
            *_of_mentee(tandem.application),
            *_of_mentor(tandem.mentor),
            *(one.sentence for one in self.against(tandem) if one.refuses),
        ]

    def warned(self, tandem: Tandem) -> list[str]:
        """The warnings nobody has overruled."""
        return [one.sentence for one in self.against(tandem) if one.stands and not one.refuses]

    def overruled(self, tandem: Tandem) -> list[Hindrance]:
        """The warnings a lead has overruled."""
        return [one for one in self.against(tandem) if not one.stands]

    def in_the_way(self, tandem: Tandem) -> list[str]:
        """All that forbids closing or sealing it, its voices apart."""
        return [*self.broken(tandem), *self.warned(tandem)]

    def against(self, tandem: Tandem) -> list[Hindrance]:
        """The rules that speak against the pair. That the mentor agreed is asked apart."""
        application, mentor = tandem.application, tandem.mentor
        application.cycle = mentor.cycle = self.cycle
        found = self.hindrances.of(application, mentor)
        return [one for one in found if one.rule != PairRule.NOT_AGREED]

    def unheard(self, tandem: Tandem, given: list[TandemVoice]) -> list[str]:
        """Kommunen that came to be concerned since the others agreed, a sentence each.

        A mentor has changed to another Kommune, for one: its voice was never asked.
        """
        if not given:
            return []
        heard = {voice.participation_id for voice in given}
        return [
            f"{part.municipality.short_name} ist inzwischen auch betroffen und wurde nicht "
            "gefragt: öffnen Sie das Tandem wieder, damit sie ihre Stimme abgibt."
            for part in self.concerned(tandem)
            if part.pk not in heard
        ]

    def voices(self, tandem: Tandem, given: list[TandemVoice]) -> list[VoiceRow]:
        """A row for each Kommune concerned, from the voices stored for the tandem."""
        known = {voice.participation_id: voice for voice in given}
        rows = []
        for part in self.concerned(tandem):
            voice = known.get(part.pk)
            old = voice is not None and voice.recorded_at < tandem.proposed_at
            rows.append(VoiceRow(part, voice, old))
        return rows


def voices_given(tandems: list[Tandem]) -> dict[int, list[TandemVoice]]:
    """The voices stored for each of ``tandems`` (by key), in one query."""
    given: dict[int, list[TandemVoice]] = {tandem.pk: [] for tandem in tandems}
    for voice in TandemVoice.objects.filter(tandem__in=given):
        given[voice.tandem_id].append(voice)
    return given


def _of_mentee(application: Application) -> list[str]:
    if application.state == ApplicationState.PLACED:
        return []
    name, state = application.person.full_name, application.get_state_display()
    return [f"{name} hat keinen Platz mehr: die Bewerbung steht auf „{state}“."]


def _of_mentor(mentor: Mentor) -> list[str]:
    if mentor.state == MentorState.AGREED:
        return []
    words = {
        MentorState.PAUSED: "ist ausgeschieden oder pausiert",
        MentorState.REFUSED: "hat abgesagt",
    }.get(MentorState(mentor.state), "hat noch nicht zugesagt")
    return [f"{mentor.called} {words}."]
