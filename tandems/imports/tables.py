"""Reading a table, XLSX or CSV, row by row and with what is wrong about single cells."""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from mentoring.files.checks import german_size
from tandems.imports.columns import Unreadable

SHEET = "Bewerbungen"
MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 40 * 1024 * 1024
MAX_COLUMNS = 200
MAX_FILE_ROWS = 50_000
"""Rows of the file, empty ones included: beyond this the file is all formatting."""
MAX_MERGED = 100_000
"""Cells in merged areas, as far as they lie in what is read."""

DAMAGED = "Die Datei ist beschädigt und lässt sich nicht lesen. Bitte speichern Sie sie neu."
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:$]{2,30})\"")
# ECMA-376 part 2, 8.1.4: parts hold no DTD; its entities can be blown up without end.
_DTD = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class RawRow:
    """A row of the file. ``faults`` says of a cell, by its place, why it cannot be used."""

    number: int
    values: list[Any]
    faults: dict[int, str] = field(default_factory=dict)


def refuse_locked(head: bytes) -> None:
    """Raise ``Unreadable`` for the container of encrypted and of old Excel files."""
    if head.startswith(_OLE):
        raise Unreadable(
            "Die Datei ist mit einem Kennwort geschützt oder im alten Format XLS gespeichert. "
            "Bitte speichern Sie sie ohne Kennwort als Excel-Arbeitsmappe (XLSX)."
        )


def read_rows(file: BinaryIO) -> Iterator[RawRow]:
    """All rows of the file's table. Raises ``Unreadable``.

    The file has passed ``mentoring.files.checks``, so it is an XLSX or a text.
    """
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    refuse_locked(head)
    return _xlsx_rows(file) if head.startswith(b"PK") else _csv_rows(file.read())


# --- XLSX ------------------------------------------------------------------------------
def _xlsx_rows(file: BinaryIO) -> Iterator[RawRow]:
    _check_parts(file)
    # openpyxl warns of what it leaves out (drop-down lists, odd dates); nothing of it matters.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Formulas as such: what they last came to may be old, missing, or fetched from
            # elsewhere, so such a cell is refused and the value asked for.
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except _BROKEN as error:
        raise Unreadable(DAMAGED) from error
    if not book.worksheets:
        raise Unreadable("In der Datei ist kein Tabellenblatt.")
    sheet = next((one for one in book.worksheets if one.title == SHEET), book.worksheets[0])
    try:
        merged = _merged_cells(file, sheet)
    except _BROKEN as error:
        raise Unreadable(DAMAGED) from error
    rows = _sheet_rows(sheet, merged)
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                row = next(rows, None)
        except _BROKEN as error:
            raise Unreadable(DAMAGED) from error
        if row is None:
            return
        yield row


_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,  # a part with a password, or packed in a way nobody knows
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,  # xml.etree's ParseError is one
)
"""What openpyxl raises on files that are no workbooks, depending on where they break."""


def _check_parts(file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unreadable(
                    f"Die Datei ist ausgepackt größer als {german_size(MAX_UNPACKED)}. Bitte "
                    "kopieren Sie nur die Tabelle in eine neue Datei."
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _contains(archive, part, _DTD):
                    raise Unreadable(DAMAGED)
    except _BROKEN as error:
        raise Unreadable(DAMAGED) from error


def _contains(archive: zipfile.ZipFile, part: zipfile.ZipInfo, marks: tuple[bytes, ...]) -> bool:
    return any(mark in window for window in _windows(archive, part.filename) for mark in marks)


def _windows(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The part in portions that overlap, so that nothing short is cut in two."""
    with archive.open(name) as stream:
        before = b""
        while chunk := stream.read(_CHUNK):
            yield before + chunk
            before = chunk[-200:]


def _merged_cells(file: BinaryIO, sheet: Any) -> set[tuple[int, int]]:
    """Cells (row, column, from 1) that belong to the top left one of a merged area.

    openpyxl does not tell when it reads row by row; they look like empty cells there.
    """
    path = str(sheet._worksheet_path).lstrip("/")
    refs: set[bytes] = set()
    with zipfile.ZipFile(file) as archive:
        for window in _windows(archive, path):
            refs.update(_MERGED.findall(window))
    cells: set[tuple[int, int]] = set()
    for ref in refs:
        left, top, right, bottom = range_boundaries(ref.decode().replace("$", ""))
        if left is None or top is None or right is None or bottom is None:
            continue
        right, bottom = min(right, MAX_COLUMNS), min(bottom, MAX_FILE_ROWS)
        size = max(0, bottom - top + 1) * max(0, right - left + 1)
        if len(cells) + size > MAX_MERGED:
            raise Unreadable(
                "Sehr viele Zellen sind miteinander verbunden. Bitte heben Sie die Verbindungen "
                "auf (Start, „Verbinden und zentrieren“)."
            )
        cells.update(
            (row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        )
    return cells


def _sheet_rows(sheet: Any, merged: set[tuple[int, int]]) -> Iterator[RawRow]:
    # Programs that write the size of the sheet wrong exist; without it all is read.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        _refuse_endless(number)
        values: list[Any] = []
        faults: dict[int, str] = {}
        for place, cell in enumerate(cells):
            value = cell.value
            if value is not None:
                where = f"{get_column_letter(place + 1)}{number}"
                if cell.data_type == "f":
                    value = None
                    faults[place] = (
                        f"In der Zelle {where} steht eine Formel. Bitte fügen Sie dort den Wert "
                        "ein (Kopieren, „Werte einfügen“)."
                    )
                elif cell.data_type == "e":
                    value = None
                    faults[place] = f"In der Zelle {where} steht ein Fehlerwert von Excel."
                elif isinstance(value, str):
                    value = _unescaped(value)
            values.append(value)
        if merged:
            _mark_merged(number, values, faults, merged)
        yield RawRow(number, values, faults)


def _mark_merged(
    number: int, values: list[Any], faults: dict[int, str], merged: set[tuple[int, int]]
) -> None:
    """Of an empty cell that is part of a merged one, nobody knows what was meant for it."""
    if not faults and all(value is None for value in values):
        return
    for place in range(MAX_COLUMNS):
        if (number, place + 1) not in merged:
            continue
        if place >= len(values):
            values.extend([None] * (place + 1 - len(values)))
        if values[place] is None:
            faults.setdefault(
                place,
                f"Die Zelle {get_column_letter(place + 1)}{number} ist mit anderen verbunden. "
                "Bitte heben Sie die Verbindung auf und tragen Sie den Wert in jede Zeile ein.",
            )


def _unescaped(text: str) -> str:
    """Excel writes a carriage return as ``_x000D_`` (ECMA-376 part 1, 22.9.2.19)."""
    return text.replace("_x000D_", "") if "_x000D_" in text else text


def _refuse_endless(number: int) -> None:
    if number > MAX_FILE_ROWS:
        raise Unreadable(
            f"Das Tabellenblatt reicht über Zeile {MAX_FILE_ROWS} hinaus. Bitte kopieren Sie nur "
            "die ausgefüllten Zeilen in eine neue Datei."
        )


# --- CSV -------------------------------------------------------------------------------
def _csv_rows(data: bytes) -> Iterator[RawRow]:
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    number = 0
    while True:
        try:
            values = next(reader, None)
        except csv.Error as error:
            raise Unreadable(
                f"Ab Zeile {number + 1} lässt sich die CSV-Datei nicht lesen: vermutlich fehlt "
                "ein Anführungszeichen am Ende eines Textes."
            ) from error
        if values is None:
            return
        number += 1
        _refuse_endless(number)
        cells: list[Any] = [_without_guard(value) for value in values[:MAX_COLUMNS]]
        yield RawRow(number, cells)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel on a German PC writes as "CSV"; five of its bytes stand for nothing.
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The sign that parts the first line with anything in it, or that Excel's ``sep=`` names."""
    first = next((line for line in text.splitlines() if line.strip(" ;,\t")), "")
    if found := re.fullmatch(r"\"?sep=([;,\t])\"?", first.strip(" ")):
        return found[1]
    return max(";,\t", key=first.count)


def _without_guard(value: str) -> str:
    """Without the apostrophe that our own exports put in front of a formula."""
    return value[1:] if value[:1] == "'" and value[1:2] in tuple("=+-@\t\r") else value
