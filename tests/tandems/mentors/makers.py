"""Mentors in any state, pool entries, and a complete sheet."""

from datetime import date
from typing import Any

from django.utils import timezone

from programmes.cycles.models import Cycle, Participant, ParticipantRole
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.mentors.models import Answer, Approach, Mentor, MentorState, PoolEntry
from tests import factories as make

CONSENT_WORDS = "Ich darf wieder gefragt werden."


def make_idea(cycle: Cycle, municipality: Municipality, **fields: Any) -> Mentor:
    """An idea, by default without a name."""
    fields.setdefault("position", "Leitung Jugendamt")
    return Mentor.objects.create(cycle=cycle, municipality=municipality, **fields)


def make_mentor(
    cycle: Cycle,
    municipality: Municipality,
    state: MentorState | str = MentorState.AGREED,
    *,
    by: Person,
    person: Person | None = None,
    **fields: Any,
) -> Mentor:
    """Somebody who was approached by ``by``, with the answer the state needs."""
    today = timezone.localdate()
    if state == MentorState.AGREED:
        fields.setdefault("agreed_on", today)
    mentor = make_idea(
        cycle,
        municipality,
        state=state,
        person=person or make.make_person(municipality=municipality),
        **fields,
    )
    answers = {
        MentorState.AGREED: Answer.AGREED,
        MentorState.REFUSED: Answer.REFUSED,
        MentorState.PAUSED: Answer.LATER,
    }
    answer = answers.get(MentorState(state), "")
    Approach.objects.create(
        mentor=mentor, by=by, answer=answer, answered_on=today if answer else None
    )
    if state == MentorState.AGREED:
        Participant.objects.get_or_create(
            cycle=cycle,
            person=mentor.person,
            role=ParticipantRole.MENTOR,
            defaults={"municipality": municipality},
        )
    return mentor


def make_entry(cycle: Cycle, municipality: Municipality, **fields: Any) -> PoolEntry:
    """Somebody in the pool of the cycle's programme."""
    fields.setdefault("person", make.make_person(municipality=municipality))
    fields.setdefault("consent_on", date(2025, 3, 1))
    fields.setdefault("consent_text", CONSENT_WORDS)
    return PoolEntry.objects.create(programme=cycle.programme, **fields)


def sheet_values(**values: Any) -> dict[str, Any]:
    """Answers that make a mentor's sheet complete."""
    return {
        "department": "Jugendamt",
        "position": "Leitung Jugendamt",
        "topics": ["leadership", "conflict", "change"],
        "capacity": 2,
        "career": "Sachbearbeitung\nSachgebietsleitung\nAmtsleitung",
        "motivation": "Geheime Motivation weiterzugeben",
        **values,
    }
