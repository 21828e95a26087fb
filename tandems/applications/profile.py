"""The Profilbogen as data: what is asked, of whom, and who reads the answer.

The form, the check for completeness, the reading page and the printed sheet are made from
``PROFILE``; a further question is one more entry here. Questions that lists sort and filter
by have a column of ``Application``; any other answer is kept in ``Application.answers``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, Flag, StrEnum, auto
from typing import Any

from django.utils import formats

from tandems.applications.models import Application, TargetGroup, Topic


class Reader(Flag):
    """Who reads an answer. The Kommune and the Beirat are told apart by their duty."""

    HOUSE = auto()
    COUNCIL = auto()
    BOTH = HOUSE | COUNCIL


class Kind(StrEnum):
    """What sort of answer a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    EMAIL = "email"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    SEAT_HOLDER = "seat_holder"
    SEAT_HOLDERS = "seat_holders"


class Needed(Enum):
    """By when an answer must be there. A draft is saved without any of them."""

    NEVER = 0
    TO_NOMINATE = 1
    TO_SUBMIT = 2


class Kept(StrEnum):
    """Where an answer is kept."""

    COLUMN = "column"
    PERSON = "person"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Question:
    """One entry of the Profilbogen.

    ``key`` names the column, the attribute of the person or the key in ``answers``.
    ``most`` is the greatest number of characters, or of choices. ``late``: may still be
    changed after nomination. ``counted_for`` are readers who only learn how many were
    chosen.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    needed: Needed = Needed.NEVER
    seen_by: Reader = Reader.BOTH
    kept: Kept = Kept.COLUMN
    most: int = 160
    choices: tuple[tuple[str, str], ...] = ()
    not_in_future: bool = False
    late: bool = False
    counted_for: Reader | None = None

    def value(self, application: Application) -> Any:
        """The answer as kept; people as a list of ``Person`` for ``SEAT_HOLDERS``."""
        if self.kept == Kept.ANSWERS:
            return application.answers.get(self.key, "")
        owner = application.person if self.kept == Kept.PERSON else application
        value = getattr(owner, self.key)
        if self.kind == Kind.SEAT_HOLDERS:
            return list(value.all()) if application.pk else []
        return value

    def is_answered(self, application: Application) -> bool:
        """Whether there is an answer; blanks are none."""
        value = self.value(application)
        return bool(value.strip() if isinstance(value, str) else value)

    def lines(self, application: Application) -> list[str]:
        """The answer as a person reads it, one line or paragraph each; empty if none."""
        value = self.value(application)
        if value in (None, "", []):
            return []
        if self.kind == Kind.DATE:
            day = value if isinstance(value, date) else date.fromisoformat(value)
            return [formats.date_format(day, "d.m.Y")]
        labels = dict(self.choices)
        if self.kind in (Kind.CHOICES, Kind.SEAT_HOLDERS):
            return [labels.get(item, str(item)) for item in value]
        if self.kind == Kind.LONG_TEXT:
            return [line for line in str(value).splitlines() if line.strip()]
        return [labels.get(value, str(value))]


@dataclass(frozen=True)
class Section:
    """A part of the Profilbogen, a fieldset of its form."""

    key: str
    title: str
    questions: tuple[Question, ...]
    hint: str = ""


LONG = 4000
TO_SUBMIT = Needed.TO_SUBMIT
PERSON = Kept.PERSON

PROFILE: tuple[Section, ...] = (
    Section(
        "person",
        "Person und Kontakt",
        (
            Question("title", "Titel", kept=PERSON, most=40, late=True),
            Question("first_name", "Vorname", kept=PERSON, most=80, late=True, needed=TO_SUBMIT),
            Question("last_name", "Nachname", kept=PERSON, most=80, late=True, needed=TO_SUBMIT),
            Question(
                "email",
                "Dienstliche E-Mail-Adresse",
                Kind.EMAIL,
                kept=PERSON,
                most=254,
                late=True,
                needed=TO_SUBMIT,
            ),
            Question("phone", "Dienstliches Telefon", kept=PERSON, most=40, late=True),
        ),
        hint="Diese Angaben gelten für die Person überall im Programm.",
    ),
    Section(
        "role",
        "Funktion",
        (
            Question("department", "Fachbereich oder Amt", needed=TO_SUBMIT),
            Question("position", "Aktuelle Funktion", needed=TO_SUBMIT),
            Question(
                "target_group",
                "Zielgruppe",
                Kind.CHOICE,
                choices=tuple(TargetGroup.choices),
                needed=TO_SUBMIT,
            ),
            Question("role_since", "In dieser Rolle seit", Kind.DATE, not_in_future=True),
        ),
    ),
    Section(
        "motivation",
        "Motivation, Ziele und Erwartungen",
        (
            Question(
                "motivation",
                "Motivation zur Teilnahme",
                Kind.LONG_TEXT,
                most=LONG,
                needed=TO_SUBMIT,
            ),
            Question(
                "topics",
                "Ziele und Themen",
                Kind.CHOICES,
                hint="Ein bis fünf Themen.",
                most=5,
                choices=tuple(Topic.choices),
                needed=TO_SUBMIT,
            ),
            Question("goals", "Eigene Worte zu den Zielen", Kind.LONG_TEXT, most=LONG),
            Question(
                "expectations",
                "Erwartungen an die Mentorin oder den Mentor",
                Kind.LONG_TEXT,
                most=LONG,
            ),
        ),
    ),
    Section(
        "conflict",
        "Wer diese Bewerbung nicht sehen soll",
        (
            Question(
                "superior",
                "Vorgesetzte Person im Beirat",
                Kind.SEAT_HOLDER,
                hint="Nur falls die vorgesetzte Person einen Sitz im Beirat hat.",
                seen_by=Reader.HOUSE,
                late=True,
            ),
            Question(
                "excluded",
                "Kommt nicht in Frage",
                Kind.SEAT_HOLDERS,
                seen_by=Reader.HOUSE,
                late=True,
                most=40,
                counted_for=Reader.COUNCIL,
            ),
        ),
        hint="Die hier genannten Mitglieder des Beirats finden diese Bewerbung nirgends. "
        "Der übrige Beirat erfährt höchstens, wie viele es sind.",
    ),
    Section(
        "house",
        "Angaben der Kommune",
        (
            Question(
                "statement",
                "Stellungnahme der Kommune",
                Kind.LONG_TEXT,
                hint="Lesen nur Ihre Personalstelle und, nach der Nominierung, der Beirat.",
                most=LONG,
            ),
            Question(
                "consent_on",
                "Einwilligung zur Weitergabe an den Beirat am",
                Kind.DATE,
                hint="Tag, an dem die Bewerberin oder der Bewerber schriftlich eingewilligt hat. "
                "Ohne Einwilligung ist keine Nominierung möglich.",
                needed=Needed.TO_NOMINATE,
                not_in_future=True,
            ),
        ),
    ),
)


@dataclass(frozen=True)
class ReadLine:
    """A question and its answer, for the reading page and the printed sheet."""

    label: str
    lines: list[str]


@dataclass(frozen=True)
class ReadSection:
    """A section as one reader gets to see it; paper hands on nothing ``private``."""

    title: str
    rows: list[ReadLine]
    private: bool = False


def sections() -> tuple[Section, ...]:
    """The sections in use. Every cycle uses the same ones until there are versions."""
    return PROFILE


def questions(sheet: tuple[Section, ...] | None = None) -> Iterator[Question]:
    """All questions in their order."""
    for section in sections() if sheet is None else sheet:
        yield from section.questions


def missing(application: Application, by: Needed) -> list[Question]:
    """The questions without an answer that need one to submit, or to nominate."""
    return [
        question
        for question in questions()
        if question.needed.value >= by.value and not question.is_answered(application)
    ]


def read(application: Application, reader: Reader) -> list[ReadSection]:
    """The sheet as ``reader`` may read it; sections without anything to read are left out."""
    sheet = []
    for section in sections():
        rows = []
        for question in section.questions:
            if question.seen_by & reader:
                rows.append(ReadLine(question.label, question.lines(application)))
            elif question.counted_for and question.counted_for & reader:
                count = len(question.value(application))
                rows.append(ReadLine(f"{question.label} (Anzahl)", [str(count)]))
        if rows:
            private = reader is Reader.HOUSE and not any(
                question.seen_by & Reader.COUNCIL for question in section.questions
            )
            sheet.append(ReadSection(section.title, rows, private))
    return sheet
