"""The wall as one reader sees it: cards of mentees, lines of mentors, and the numbers.

All is counted from what the reader sees. The number of queries does not grow with the wall.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.functional import cached_property

from programmes.cycles.models import CouncilSeat, Cycle
from programmes.people.permissions import posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.matching.domain.ideas import SOUGHT
from tandems.matching.models import Bias, IdeaComment, IdeaVoice, Mark, MatchIdea
from tandems.matching.rows import BiasLine, Counts, IdeaLine, MenteeCard, MentorLine, VoiceLine
from tandems.mentors.models import Mentor, MentorState
from tandems.pairs.hindrances import Hindrance, Hindrances
from tandems.pairs.models import PairRule, Tandem, TandemState
from tandems.pairs.permissions import matching_cycles
from tandems.selection.contents import with_photo_consent

__all__ = ["Counts", "IdeaLine", "MenteeCard", "MentorLine", "Wall"]

DECIDED = tuple(state for state in TandemState.live() if state != TandemState.PROPOSED)
_MARK_ORDER = {Mark.PINNED: 0, Mark.SECOND: 1, Mark.NONE: 2, Mark.BANNED: 3}


class Wall:
    """What ``user`` sees of the wall of ``cycle``; each part is read once."""

    def __init__(self, user: Any, cycle: Cycle) -> None:
        self.user = user
        self.cycle = cycle

    # --- Who and what stands there ------------------------------------------------------
    @cached_property
    def seen(self) -> tuple[frozenset[int], frozenset[int]]:
        """The keys of the applications and of the mentors of the cycle that the reader may see.

        A pair both halves of which are among them is what ``visible_pairs`` lets them see.
        Asked of each half once: asked of every pair, it takes PostgreSQL seconds.
        """
        if self.cycle.pk not in matching_cycles(self.user):
            return frozenset(), frozenset()
        applications = Application.objects.visible_to(self.user).filter(cycle=self.cycle)
        mentors = Mentor.objects.visible_to(self.user).filter(cycle=self.cycle)
        return (
            frozenset(applications.values_list("pk", flat=True)),
            frozenset(mentors.values_list("pk", flat=True)),
        )

    def _is_seen(self, application: int, mentor: int) -> bool:
        applications, mentors = self.seen
        return application in applications and mentor in mentors

    @cached_property
    def tandems(self) -> dict[int, Tandem]:
        """The live tandems by application."""
        rows = Tandem.objects.filter(cycle=self.cycle, state__in=TandemState.live()).select_related(
            "application", "mentor__person", "mentor__municipality"
        )
        return {
            row.application_id: row
            for row in rows
            if self._is_seen(row.application_id, row.mentor_id)
        }

    @cached_property
    def pairs(self) -> list[tuple[int, int, int, str]]:
        """Each idea as its key, application, mentor, and the mentor's state."""
        rows = MatchIdea.objects.filter(mentor__cycle=self.cycle).order_by("created_at", "pk")
        fields = ("pk", "application", "mentor", "mentor__state")
        return [row for row in rows.values_list(*fields) if self._is_seen(row[1], row[2])]

    def ideas_with(self, *, mentor: int) -> QuerySet[MatchIdea]:
        """The ideas with one mentor."""
        keys = [pk for pk, _, found, _ in self.pairs if found == mentor]
        return MatchIdea.objects.filter(pk__in=keys)

    def mentees(self) -> QuerySet[Application]:
        """Who has a place, and who gave it back while a tandem of theirs still stands."""
        left = [
            key
            for key, row in self.tandems.items()
            if row.application.state != ApplicationState.PLACED
        ]
        found: QuerySet[Application] = Application.objects.visible_to(self.user)
        found = found.filter(Q(state=ApplicationState.PLACED) | Q(pk__in=left), cycle=self.cycle)
        return found.select_related("person", "municipality", "photo").order_by(
            "person__sort_key", "pk"
        )

    def mentors(self) -> QuerySet[Mentor]:
        """Who is sought or agreed, and who stands in an idea or tandem anyway."""
        gone = {key for _, _, key, state in self.pairs if state not in SOUGHT}
        gone |= {row.mentor_id for row in self.tandems.values() if row.mentor.state not in SOUGHT}
        found: QuerySet[Mentor] = Mentor.objects.visible_to(self.user)
        order = Case(
            *(When(state=state, then=Value(at)) for at, state in enumerate(reversed(SOUGHT))),
            default=Value(len(SOUGHT)),
            output_field=IntegerField(),
        )
        return (
            found.filter(Q(state__in=SOUGHT) | Q(pk__in=gone), cycle=self.cycle)
            .select_related("person", "municipality")
            .order_by(order, "person__sort_key", "position", "pk")
        )

    @cached_property
    def mentee_keys(self) -> list[int]:
        """The keys of all mentees, in the order of the wall."""
        return list(self.mentees().values_list("pk", flat=True))

    @cached_property
    def capacities(self) -> dict[int, tuple[str, int]]:
        """State and capacity of each mentor, in the order of the wall."""
        rows = self.mentors().values_list("pk", "state", "capacity")
        return {pk: (state, capacity) for pk, state, capacity in rows}

    @cached_property
    def ideas_of_mentee(self) -> Counter[int]:
        """How many ideas there are for each mentee."""
        return Counter(application for _, application, _, _ in self.pairs)

    @cached_property
    def ideas_with_mentor(self) -> Counter[int]:
        """In how many ideas each mentor stands."""
        return Counter(mentor for _, _, mentor, _ in self.pairs)

    @cached_property
    def taken(self) -> Counter[int]:
        """How many places of each mentor are taken, as far as the reader may know."""
        return Counter(row.mentor_id for row in self.tandems.values())

    def is_decided(self, application: int) -> bool:
        """Whether the mentee has a tandem that both Kommunen agreed to."""
        tandem = self.tandems.get(application)
        return tandem is not None and tandem.state in DECIDED

    def is_open(self, application: int) -> bool:
        """Whether there is neither idea nor tandem for the mentee."""
        return not self.ideas_of_mentee[application] and application not in self.tandems

    def places_left(self, mentor: int) -> int:
        """How many mentees more an agreed mentor takes; 0 for anybody else."""
        state, capacity = self.capacities.get(mentor, ("", 0))
        return max(capacity - self.taken[mentor], 0) if state == MentorState.AGREED else 0

    @cached_property
    def counts(self) -> Counts:
        """The numbers at the top."""
        keys = self.mentee_keys
        return Counts(
            mentees=len(keys),
            without=sum(map(self.is_open, keys)),
            proposed=sum(1 for key in keys if key in self.tandems and not self.is_decided(key)),
            decided=sum(map(self.is_decided, keys)),
            free=sum(map(self.places_left, self.capacities)),
        )

    @cached_property
    def leaves_out(self) -> bool:
        """Whether somebody at the wall is kept from the reader.

        Nobody is told that they are an idea themselves.
        """
        placed = Application.objects.filter(cycle=self.cycle, state=ApplicationState.PLACED)
        sought = Mentor.objects.filter(cycle=self.cycle, state__in=SOUGHT).exclude(
            person=posts_of(self.user).person
        )
        seen = sum(1 for state, _ in self.capacities.values() if state in SOUGHT)
        return placed.exclude(pk__in=self.mentee_keys).exists() or sought.count() > seen

    # --- Cards and lines ----------------------------------------------------------------
    @cached_property
    def hindrances(self) -> Hindrances:
        """What speaks against pairs."""
        return Hindrances(self.cycle)

    @cached_property
    def seats(self) -> dict[int, set[int]]:
        """The participations of each member of the Beirat."""
        found: dict[int, set[int]] = defaultdict(set)
        rows = CouncilSeat.objects.filter(participation__cycle=self.cycle)
        for person, part in rows.values_list("person", "participation"):
            found[person].add(part)
        return found

    def cards(self, applications: Iterable[Application]) -> list[MenteeCard]:
        """The cards of visible mentees, with their ideas."""
        found = list(applications)
        shown = {one.pk for one in found}
        keys = [pk for pk, application, _, _ in self.pairs if application in shown]
        ideas = self.lines_of_ideas(MatchIdea.objects.filter(pk__in=keys))
        by_mentee: dict[int, list[IdeaLine]] = defaultdict(list)
        for line in ideas:
            by_mentee[line.idea.application_id].append(line)
        consents = with_photo_consent(found)
        biases = self._biases(found, ())[0]
        for one in found:
            one.cycle = self.cycle
        return [
            MenteeCard(
                one,
                by_mentee[one.pk],
                self.tandems.get(one.pk),
                biases[one.pk],
                one.photo.get_absolute_url() if one.photo and one.pk in consents else "",
            )
            for one in found
        ]

    def mentor_lines(self, mentors: Iterable[Mentor]) -> list[MentorLine]:
        """The lines of visible mentors."""
        found = list(mentors)
        biases = self._biases((), found)[1]
        for one in found:
            one.cycle = self.cycle
        return [
            MentorLine(one, self.ideas_with_mentor[one.pk], self.taken[one.pk], biases[one.pk])
            for one in found
        ]

    def lines_of_ideas(self, ideas: QuerySet[MatchIdea]) -> list[IdeaLine]:
        """What stands at each of visible ``ideas``, pinned ones first."""
        found = list(
            ideas.select_related(
                "application__person",
                "application__municipality",
                "mentor__person",
                "mentor__municipality",
                "had_by",
            ).order_by("created_at", "pk")
        )
        mentees = {one.application_id: one.application for one in found}
        mentors = {one.mentor_id: one.mentor for one in found}
        about_mentee, about_mentor = self._biases(mentees.values(), mentors.values())
        keys = [one.pk for one in found]
        voices = self._voices(keys)
        comments = Counter(
            IdeaComment.objects.filter(idea__in=keys).order_by().values_list("idea", flat=True)
        )
        lines = []
        for one in found:
            one.application.cycle = one.mentor.cycle = self.cycle
            biases = [*about_mentee[one.application_id], *about_mentor[one.mentor_id]]
            tandem = self.tandems.get(one.application_id)
            lines.append(
                IdeaLine(
                    one,
                    self.speaking_against(one.application, one.mentor),
                    [self._voice_line(voice, biases) for voice in voices[one.pk]],
                    comments[one.pk],
                    biases,
                    tandem if tandem and tandem.mentor_id == one.mentor_id else None,
                )
            )
        lines.sort(key=lambda line: _MARK_ORDER[Mark(line.idea.mark)])
        return lines

    def speaking_against(self, application: Application, mentor: Mentor) -> list[Hindrance]:
        """What speaks against a pair, as far as the reader may know.

        A place taken by somebody the reader must not know of is not said to be taken.
        """
        found = self.hindrances.of(application, mentor)
        own = self.tandems.get(application.pk)
        taken = self.taken[mentor.pk] - bool(own and own.mentor_id == mentor.pk)
        if taken >= mentor.capacity:
            return found
        return [one for one in found if one.rule != PairRule.CAPACITY]

    def _voices(self, ideas: Sequence[int]) -> dict[int, list[IdeaVoice]]:
        found: dict[int, list[IdeaVoice]] = defaultdict(list)
        rows = IdeaVoice.objects.filter(idea__in=ideas).select_related(
            "participation__municipality"
        )
        for row in rows.order_by("participation__municipality__sort_key", "pk"):
            found[row.idea_id].append(row)
        return found

    def _voice_line(self, voice: IdeaVoice, biases: Iterable[BiasLine]) -> VoiceLine:
        part = voice.participation_id
        names = [row.name for row in biases if part in self.seats.get(row.bias.member_id, ())]
        return VoiceLine(voice, tuple(dict.fromkeys(names)))

    def _biases(
        self, applications: Iterable[Application], mentors: Iterable[Mentor]
    ) -> tuple[dict[int, list[BiasLine]], dict[int, list[BiasLine]]]:
        """Who said to know a mentee, or a mentor; by their keys."""
        rows = (
            Bias.objects.filter(Q(application__in=applications) | Q(mentor__in=mentors))
            .select_related("member")
            .order_by("declared_at", "pk")
        )
        of_mentees: dict[int, list[BiasLine]] = defaultdict(list)
        of_mentors: dict[int, list[BiasLine]] = defaultdict(list)
        for row in rows:
            if row.application_id is not None:
                of_mentees[row.application_id].append(BiasLine(row, "die oder den Mentee"))
            elif row.mentor_id is not None:
                line = BiasLine(row, "die Mentorin oder den Mentor")
                of_mentors[row.mentor_id].append(line)
        return of_mentees, of_mentors
