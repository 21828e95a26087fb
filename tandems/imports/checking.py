"""The check: from the rows of a table to lines with their answers and what is wrong."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from mentoring.accounts.models import User
from mentoring.text import search_key
from mentoring.ui.forms import clean_characters
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.imports.answers import Wrong, plain, read_answer
from tandems.imports.columns import (
    Found,
    ImportColumn,
    Unreadable,
    columns_of,
    find_heading,
    short,
)
from tandems.imports.models import Decision, ImportLine
from tandems.imports.tables import RawRow, read_rows
from tandems.imports.twins import Register, Who

MAX_ROWS = 3_000
HEADING_WITHIN = 20
"""The heading may stand below a title, but not deeper."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Table:
    """A table whose heading is known."""

    found: Found
    rows: Iterator[RawRow]
    """The lines below the heading, without empty ones."""


def open_table(file: BinaryIO, cycle: Cycle) -> Table:
    """Find the heading in ``file``. Raises ``Unreadable``, reading the rows does too."""
    rows = read_rows(file)
    head = list(islice(rows, HEADING_WITHIN))
    found = find_heading(((row.number, row.values) for row in head), columns_of(cycle))
    below = (row for row in chain(head, rows) if row.number > found.number)
    return Table(found, (row for row in below if not _is_blank(row, found)))


def _is_blank(row: RawRow, found: Found) -> bool:
    """Whether nothing stands in the columns we know; a running number alone is no line."""
    faults = any(place in found.at for place in row.faults)
    return not faults and all(
        plain(row.values[place]) == "" for place in found.at if place < len(row.values)
    )


def check_lines(
    table: Table,
    *,
    known: Register[int],
    progress: Progress = lambda done, total: None,
) -> list[ImportLine]:
    """A line for each row, not yet saved. Raises ``Unreadable`` beyond ``MAX_ROWS`` lines."""
    lines: list[ImportLine] = []
    register: Register[int] = Register()
    people: list[Who] = []
    for row in table.rows:
        if len(lines) >= MAX_ROWS:
            raise Unreadable(
                f"Die Tabelle hat mehr als {MAX_ROWS} Zeilen. Bitte teilen Sie sie auf mehrere "
                "Dateien auf."
            )
        line = _line(row, table.found)
        who = who_of(line)
        lines.append(line)
        people.append(who)
        register.add(line.number, who)
        if len(lines) % 50 == 0:
            progress(len(lines), 0)
    if not lines:
        raise Unreadable("Unter der Überschrift steht keine ausgefüllte Zeile.")
    for done, (line, who) in enumerate(zip(lines, people, strict=True)):
        line.twins = register.like(who, besides=line.number)
        line.known = known.like(who)
        settle(line)
        if done % 50 == 0:
            progress(done, len(lines))
    return lines


def settle(line: ImportLine) -> None:
    """Say what kind of line it is; one that is right and resembles nobody is taken."""
    line.is_faulty = bool(line.problems)
    line.is_doubtful = bool(line.twins or line.known) and not line.is_faulty
    line.person = None
    clear = not line.is_faulty and not line.is_doubtful
    line.decision = Decision.NEW if clear else Decision.OPEN


def who_of(line: ImportLine) -> Who:
    """Whom the line is about."""
    answers = line.answers
    return Who.of(
        answers.get("first_name") or "", answers.get("last_name") or "", answers.get("email") or ""
    )


def known_people(municipality: Municipality, by: User) -> Register[int]:
    """The people of the Kommune whom ``by`` may see, to find resemblances among them."""
    register: Register[int] = Register()
    people = Person.objects.visible_to(by).filter(municipality=municipality).order_by("pk")
    for pk, first, last, email in people.values_list("pk", "first_name", "last_name", "email"):
        register.add(pk, Who.of(first, last, email))
    return register


def _line(row: RawRow, found: Found) -> ImportLine:
    answers: dict[str, object] = {}
    problems: list[tuple[str, str]] = []
    notes: list[str] = []
    empty: list[ImportColumn] = []
    for place, column in found.at.items():
        value = row.values[place] if place < len(row.values) else None
        if isinstance(value, str):
            value = clean_characters({"": value})[0][""]
        if place in row.faults:
            problems.append((column.heading, row.faults[place]))
            continue
        if plain(value) == "":
            empty.append(column)
            continue
        try:
            answers[column.question.key] = read_answer(column.question, value)
        except Wrong as wrong:
            problems.append((column.heading, str(wrong)))
    problems.extend(
        (column.heading, "Diese Angabe fehlt.") for column in empty if column.must_exist
    )
    later = [column.heading for column in empty if column.is_needed and not column.must_exist]
    if later:
        notes.append(f"Für die Abgabe fehlt noch: {', '.join(later)}.")
    name = _name(answers, row, found)
    return ImportLine(
        number=row.number,
        name=name,
        search_key=search_key(name)[:200],
        answers=answers,
        problems=problems,
        notes=notes,
    )


def _name(answers: dict[str, object], row: RawRow, found: Found) -> str:
    """The name for the list, also where it is too long to be taken."""
    parts = {"last_name": "", "first_name": ""}
    for place, column in found.at.items():
        key = column.question.key
        if key in parts and place < len(row.values):
            parts[key] = short(str(answers.get(key) or plain(row.values[place])), 80)
    return ", ".join(part for part in parts.values() if part)


def peek(table: Table, most: int) -> tuple[list[RawRow], bool]:
    """The first ``most`` rows, and whether those are all."""
    rows: Iterable[RawRow] = islice(table.rows, most + 1)
    first = list(rows)
    return first[:most], len(first) <= most
