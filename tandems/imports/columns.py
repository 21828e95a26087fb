"""The columns of the table, made from the questions of the sheet the cycle uses."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mentoring.text import search_key
from programmes.cycles.models import Cycle
from tandems.imports.answers import READERS
from tandems.profiles.models import ConsentKind, SheetKind
from tandems.profiles.questions import Needed, Question
from tandems.profiles.versions import sheet_of

NAMES = ("first_name", "last_name")
"""Without these there is no draft; everything else may follow later."""

MARK = "*"
"""Behind the heading of a column that has to be filled before the application is handed in."""

_USUAL = {
    "first_name": ("Rufname",),
    "last_name": ("Name", "Familienname"),
    "email": ("E-Mail", "Mail", "E-Mail-Adresse", "Mailadresse"),
    "phone": ("Telefon", "Tel.", "Telefonnummer"),
    "department": ("Fachbereich", "Amt", "Fachbereich/Amt"),
    "position": ("Funktion",),
}
"""Other headings that personnel systems write for the same thing."""


class Unreadable(Exception):
    """The table cannot be read; the message says in German what is wrong and how to mend it."""


@dataclass(frozen=True)
class ImportColumn:
    """One column: a question, and the heading that stands over its answers."""

    question: Question
    heading: str

    @property
    def must_exist(self) -> bool:
        """Whether a table without this column cannot be read at all."""
        return self.question.key in NAMES

    @property
    def is_needed(self) -> bool:
        """Whether it has to be answered before the application is handed in."""
        return self.must_exist or self.question.needed == Needed.TO_SUBMIT

    @property
    def marked(self) -> str:
        """The heading as the template shows it."""
        return f"{self.heading} {MARK}" if self.is_needed else self.heading

    @cached_property
    def names(self) -> set[str]:
        """What a heading may read, folded: the label, its key, and what is usual."""
        known = (self.heading, self.question.label, *_USUAL.get(self.question.key, ()))
        return {search_key(name) for name in known} | {search_key(self.question.key)}


@dataclass(frozen=True)
class Found:
    """The heading row of a table: which column stands where."""

    number: int
    at: dict[int, ImportColumn]
    """By its place in the row, from 0."""
    ignored: tuple[str, ...]
    absent: tuple[str, ...]
    """Columns that are not there and have to be filled some day."""


def is_asked(question: Question) -> bool:
    """Whether a table can answer it: no people, and no consent but that to forward.

    The others are given apart from it, by the person's own link or on paper.
    """
    if question.consent is not None:
        return question.consent == ConsentKind.FORWARD
    return question.kind.value in READERS


def _label(question: Question) -> str:
    if question.consent is not None:
        return f"{question.label}, erteilt am"
    return question.label


def columns_of(cycle: Cycle) -> list[ImportColumn]:
    """The columns for ``cycle``, in the order of its sheet; their headings differ."""
    asked = [
        (section, question)
        for section in sheet_of(cycle, SheetKind.APPLICANT)
        for question in section.questions
        if is_asked(question)
    ]
    often = Counter(search_key(_label(question)) for _, question in asked)
    return [
        ImportColumn(
            question,
            _label(question)
            if often[search_key(_label(question))] == 1
            else f"{_label(question)} ({section.title})",
        )
        for section, question in asked
    ]


def find_heading(rows: Iterable[tuple[int, Sequence[Any]]], columns: list[ImportColumn]) -> Found:
    """The heading among the first ``rows`` (number in the file, values).

    Raises ``Unreadable`` if none of them is one, if a column that must exist does not, or if
    one stands there twice.
    """
    best: tuple[int, Sequence[Any], dict[int, ImportColumn]] | None = None
    for number, values in rows:
        at = _match(values, columns)
        if at and (best is None or len(at) > len(best[2])):
            best = (number, values, at)
    if best is None:
        raise Unreadable(
            "In den ersten Zeilen steht keine Überschrift, die zur Vorlage passt. Bitte nehmen "
            "Sie die Überschriften der Vorlage in die erste Zeile."
        )
    number, values, at = best
    _refuse_double(at)
    there = {column.question.key for column in at.values()}
    lost = [column.heading for column in columns if column.must_exist and not _in(column, there)]
    if lost:
        what = "die Spalte" if len(lost) == 1 else "die Spalten"
        raise Unreadable(
            f"Es {'fehlt' if len(lost) == 1 else 'fehlen'} {what} {_quoted(lost)}. Ohne Namen "
            "lässt sich niemand übernehmen: bitte ergänzen Sie sie nach der Vorlage."
        )
    return Found(
        number=number,
        at=at,
        ignored=tuple(
            short(text)
            for place, value in enumerate(values)
            if place not in at and (text := str(value if value is not None else "").strip())
        ),
        absent=tuple(
            column.heading for column in columns if column.is_needed and not _in(column, there)
        ),
    )


def short(text: str, most: int = 100) -> str:
    """``text`` in one line and no longer than ``most`` characters, for a message."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _in(column: ImportColumn, keys: set[str]) -> bool:
    return column.question.key in keys


def _match(values: Sequence[Any], columns: list[ImportColumn]) -> dict[int, ImportColumn]:
    """Which place holds which column; a heading that says it exactly goes before a usual one."""
    texts = {
        place: search_key(str(value).replace(MARK, " ").replace("(Pflicht)", " "))
        for place, value in enumerate(values)
        if isinstance(value, str)
    }
    found: dict[int, ImportColumn] = {}
    exact: set[str] = set()
    for column in columns:
        for place, text in texts.items():
            if text and text == search_key(column.heading):
                found[place] = column
                exact.add(column.question.key)
    for column in columns:
        if column.question.key in exact:
            continue
        for place, text in texts.items():
            if text and place not in found and text in column.names:
                found[place] = column
    return dict(sorted(found.items()))


def _refuse_double(at: dict[int, ImportColumn]) -> None:
    often = Counter(column.heading for column in at.values())
    double = [heading for heading, count in often.items() if count > 1]
    if double:
        raise Unreadable(
            f"Die Spalte {_quoted(double)} kommt mehrfach vor. Bitte lassen Sie jede Spalte nur "
            "einmal stehen."
        )


def _quoted(headings: Iterable[str]) -> str:
    return ", ".join(f"„{heading}“" for heading in headings)
