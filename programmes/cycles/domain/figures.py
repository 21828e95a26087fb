"""The published figures: what remains of a Durchgang for everybody when it is closed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from programmes.cycles.models import (
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
)
from programmes.cycles.registries import tandem_counts
from programmes.organisations.models import Municipality
from programmes.people.models import Person


def write_figures(cycle: Cycle) -> None:
    """Count who is there at the end, per Kommune, and set the number of tandems.

    To be called in the transaction that closes ``cycle``; ``cycle`` itself is not saved.
    """
    counted: Counter[tuple[int, str]] = Counter(
        Participant.objects.filter(cycle=cycle).present().values_list("municipality_id", "role")
    )
    for participation in cycle.participations.filter(state=ParticipationState.CONFIRMED):
        house = participation.municipality_id
        participation.mentees = counted[(house, ParticipantRole.MENTEE)]
        participation.mentors = counted[(house, ParticipantRole.MENTOR)]
        participation.save(update_fields=["mentees", "mentors"])
    # A cycle that was matched on paper has none in here: then each mentee had one.
    cycle.published_tandems = sum(count(cycle) for count in tandem_counts) or sum(
        number for (_, role), number in counted.items() if role == ParticipantRole.MENTEE
    )


def with_figures(cycles: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """``cycles`` with ``houses``, ``all_mentees`` and ``all_mentors``, published or not.

    A cycle that is not closed has published nothing: its sums are ``None``.
    """
    took_part = Q(participations__state=ParticipationState.CONFIRMED)
    published = took_part & Q(state=CycleState.CLOSED)
    return cycles.annotate(
        houses=Count("participations", filter=took_part),
        all_mentees=Sum("participations__mentees", filter=published),
        all_mentors=Sum("participations__mentors", filter=published),
    )


@dataclass(frozen=True)
class Returned:
    """Former mentees of a Kommune who came back as mentors.

    ``names`` holds only people the reader may see; ``count`` counts the others too.
    """

    count: int
    people: tuple[Person, ...]

    @property
    def unnamed(self) -> int:
        """How many are counted but not named."""
        return self.count - len(self.people)


def history_of(municipality: Municipality, user: Any) -> list[Participation]:
    """The closed cycles ``municipality`` took part in, newest first, for ``user``."""
    cycles = Cycle.objects.visible_to(user).with_published_figures()
    return list(
        Participation.objects.filter(
            cycle__in=cycles, municipality=municipality, state=ParticipationState.CONFIRMED
        )
        .select_related("cycle__programme")
        .order_by("-cycle__start_year", "-cycle__number", "pk")
    )


def returned_mentors(municipality: Municipality, user: Any) -> Returned:
    """Who was a mentee of ``municipality`` and is or was a mentor in a later cycle.

    Counts what closed cycles have published, and of open ones only participants whom
    ``user`` sees: the number must not tell who was asked.
    """
    mentees = Participant.objects.filter(
        municipality=municipality,
        role=ParticipantRole.MENTEE,
        cycle__in=Cycle.objects.visible_to(user).with_published_figures(),
    )
    seen = Participant.objects.visible_to(user).values("pk")
    mentors = Participant.objects.filter(
        Q(cycle__in=Cycle.objects.visible_to(user).with_published_figures()) | Q(pk__in=seen),
        role=ParticipantRole.MENTOR,
        person__in=mentees.values("person"),
    )
    began = _first_years(mentees)
    back = {
        person
        for person, year in mentors.values_list("person_id", "cycle__start_year")
        if year > began.get(person, year)
    }
    people = Person.objects.visible_to(user).filter(pk__in=back)
    return Returned(len(back), tuple(people))


def _first_years(participants: Iterable[Participant]) -> dict[int, int]:
    """For each person the year the first of their cycles began."""
    found: dict[int, int] = {}
    rows = participants.values_list("person_id", "cycle__start_year")  # type: ignore[attr-defined]  # a queryset
    for person, year in rows.order_by(F("cycle__start_year").desc()):
        found[person] = year
    return found
