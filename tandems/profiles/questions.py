"""A Profilbogen as data: what is asked, of whom, and who reads the answer.

Forms, the check for completeness, reading pages and printed sheets are made from the
sections of a sheet; a further question is one more entry there. The sheets themselves
stand beside this file (``applicant_sheet``, ``mentor_sheet``), and ``versions`` gives the
one a cycle uses.

A *record* is what the sheet is about: an ``Application`` or a ``Mentor``. It has a
``person``, a ``cycle``, a dictionary ``answers``, and a column for each question of
``Kept.COLUMN``. Consents and exclusions have rows of their own (``tandems.profiles.kept``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, Flag, StrEnum, auto
from typing import Any

from django.utils import formats

from tandems.profiles import kept as kept_rows
from tandems.profiles.models import ConsentKind


class Reader(Flag):
    """Who reads an answer. The Kommune and the Beirat are told apart by their duty."""

    HOUSE = auto()
    COUNCIL = auto()
    BOTH = HOUSE | COUNCIL


class Kind(StrEnum):
    """What sort of answer a question takes. A ``PROMISE`` is a box to tick, or nothing."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    EMAIL = "email"
    DATE = "date"
    NUMBER = "number"
    YES_NO = "yes_no"
    PROMISE = "promise"
    CHOICE = "choice"
    CHOICES = "choices"
    SEAT_HOLDER = "seat_holder"
    EXCLUSIONS = "exclusions"
    CONSENT = "consent"


YES_OR_NO = (("yes", "Ja"), ("no", "Nein"))


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
    CONSENT = "consent"
    EXCLUSIONS = "exclusions"


@dataclass(frozen=True)
class Question:
    """One entry of the Profilbogen.

    ``key`` names the column, the attribute of the person or the key in ``answers``.
    ``least`` and ``most`` bound the number of characters or of choices, or the number
    itself, which is given in ``unit``. ``late``: may still be changed after nomination.
    ``house_only``: the Kommune answers, never the person by their own link.

    ``in_profile_sheet``: the Steckbrief may show it. ``anonymous``: the anonymous one may,
    since it gives nobody away: no name, Kommune or Amt, no words of one's own. ``off_paper``:
    never on the printed sheet. ``fixed``: no version switches it off or makes it voluntary.
    ``off``: asked only where a version switches it on. ``text`` is what is consented to.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    hint: str = ""
    needed: Needed = Needed.NEVER
    seen_by: Reader = Reader.BOTH
    kept: Kept = Kept.COLUMN
    least: int = 0
    most: int = 160
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    not_in_future: bool = False
    late: bool = False
    house_only: bool = False
    in_profile_sheet: bool = False
    anonymous: bool = False
    off_paper: bool = False
    fixed: bool = False
    off: bool = False
    consent: ConsentKind | None = None
    text: str = ""

    def value(self, record: Any) -> Any:
        """The answer as kept: a ``Consent`` or ``None``, the number of exclusions."""
        match self.kept:
            case Kept.ANSWERS:
                return record.answers.get(self.key, "")
            case Kept.CONSENT:
                return kept_rows.consents_of(record).get(str(self.consent))
            case Kept.EXCLUSIONS:
                return kept_rows.count_exclusions(record)
            case Kept.PERSON:
                return getattr(record.person, self.key, "")
        return getattr(record, self.key)

    def has_answer(self, record: Any) -> bool:
        """Whether something was answered; blanks are nothing, the number 0 is something."""
        value = self.value(record)
        if self.kind == Kind.NUMBER:
            return value not in (None, "")
        return bool(value.strip() if isinstance(value, str) else value)

    def is_answered(self, record: Any) -> bool:
        """Whether the answer suffices: of several choices there must be ``least``."""
        if self.kind == Kind.CHOICES:
            return len(self.value(record) or ()) >= max(self.least, 1)
        return self.has_answer(record)

    def lines(self, record: Any) -> list[str]:
        """The answer as a person reads it, one line or paragraph each; empty if none."""
        if not self.has_answer(record):
            return []
        value, labels = self.value(record), dict(self.choices)
        match self.kind:
            case Kind.DATE:
                return [_day(value)]
            case Kind.CONSENT:
                return [f"Ja, am {_day(value.given_on)}"]
            case Kind.EXCLUSIONS:
                return ["Es sind Angaben hinterlegt."]
            case Kind.PROMISE:
                return ["Ja"]
            case Kind.CHOICES:
                return [labels.get(item, str(item)) for item in value]
            case Kind.LONG_TEXT:
                return [line for line in str(value).splitlines() if line.strip()]
            case Kind.NUMBER:
                unit = "Person" if str(value) == "1" and self.unit == "Personen" else self.unit
                return [f"{value} {unit}".strip()]
        return [labels.get(value, str(value))]


def _day(value: date | str) -> str:
    day = value if isinstance(value, date) else date.fromisoformat(value)
    return formats.date_format(day, "d.m.Y")


@dataclass(frozen=True)
class Section:
    """A part of the Profilbogen, a fieldset of its form."""

    key: str
    title: str
    questions: tuple[Question, ...]
    hint: str = ""


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


Sheet = tuple[Section, ...]


def questions(sheet: Sheet) -> Iterator[Question]:
    """All questions of ``sheet`` in their order."""
    for section in sheet:
        yield from section.questions


def missing(record: Any, by: Needed, sheet: Sheet) -> list[Question]:
    """The questions without an answer that need one to submit, or to nominate."""
    return [
        question
        for question in questions(sheet)
        if question.needed.value >= by.value and not question.is_answered(record)
    ]


def read(record: Any, reader: Reader, sheet: Sheet) -> list[ReadSection]:
    """The sheet as ``reader`` may read it; sections without anything to read are left out."""
    sections = []
    for section in sheet:
        seen = [question for question in section.questions if question.seen_by & reader]
        rows = [
            ReadLine(question.label, _read_lines(question, record, reader)) for question in seen
        ]
        if rows:
            private = all(question.off_paper for question in seen)
            sections.append(ReadSection(section.title, rows, private))
    return sections


def _read_lines(question: Question, record: Any, reader: Reader) -> list[str]:
    # The Kommune keeps the sheet and must know whether anything is there. Who was named is
    # shown to nobody again.
    if question.kind == Kind.EXCLUSIONS and reader & Reader.HOUSE and question.value(record):
        return [kept_rows.ARE_KEPT]
    return question.lines(record)
