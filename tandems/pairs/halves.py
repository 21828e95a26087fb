"""The two halves of a pair side by side: their Steckbriefe in short."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import Truncator

from mentoring.ui.lists import Badge
from tandems.applications.models import Application
from tandems.applications.pages import STATE_BADGES as APPLICATION_BADGES
from tandems.mentors.models import Mentor, MentorState
from tandems.mentors.pages import STATE_BADGES as MENTOR_BADGES
from tandems.profiles.questions import Kept, Kind, Question, questions
from tandems.selection.contents import on_profile_sheet

IN_OWN_WORDS = ("goals", "expectations")
"""Of the long answers these stand here too, cut after some words."""
WORDS = 60


@dataclass(frozen=True)
class Half:
    """One half of a pair, as its short Steckbrief shows it."""

    role: str
    name: str
    house: str
    badge: Badge
    url: str
    rows: list[tuple[str, str]]


def half_of_mentee(application: Application) -> Half:
    """The mentee of a pair."""
    kind = APPLICATION_BADGES.get(application.state, "info")
    return Half(
        "Mentee",
        application.person.full_name,
        application.municipality.short_name,
        Badge(kind, application.get_state_display()),
        application.get_absolute_url(),
        [_row(question, application) for question in _shown(application)],
    )


def half_of_mentor(mentor: Mentor, *, places_left: int) -> Half:
    """The mentor of a pair; of one who has not agreed no more than the idea holds."""
    rows = [_row(question, mentor) for question in _shown(mentor)]
    if mentor.state == MentorState.AGREED:
        rows.append(("Freie Plätze", f"{places_left} von {mentor.capacity}"))
    return Half(
        "Mentor/in",
        mentor.called,
        mentor.municipality.short_name,
        Badge(MENTOR_BADGES.get(mentor.state, "info"), mentor.get_state_display()),
        mentor.get_absolute_url(),
        rows,
    )


def _shown(record: Application | Mentor) -> Iterator[Question]:
    early = isinstance(record, Mentor) and record.state != MentorState.AGREED
    for question in questions(record.sheet):
        if not on_profile_sheet(question) or (early and question.kept != Kept.COLUMN):
            continue
        if question.kind == Kind.LONG_TEXT and question.key not in IN_OWN_WORDS:
            continue
        if question.has_answer(record):
            yield question


def _row(question: Question, record: Application | Mentor) -> tuple[str, str]:
    if question.kind == Kind.LONG_TEXT:
        return question.label, Truncator("\n".join(question.lines(record))).words(WORDS)
    return question.label, ", ".join(question.lines(record))
