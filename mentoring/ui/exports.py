"""Writing tables as XLSX, CSV and PDF, for lists and whoever else has rows."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, localize, number_format
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from mentoring.ui.pdf import html_to_pdf

FORMATS = {"xlsx": "Excel (XLSX)", "csv": "CSV", "pdf": "PDF"}
CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}
Progress = Callable[[int], Any]
"""Called now and then with the number of rows done; may raise to stop the work."""

_PROGRESS_STEP = 100
# What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"); the last
# four are the full-width ones, which a Japanese Excel reads like the others.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SPECIAL = frozenset((*_FORMULA, "#"))
"""First characters of a text that a workbook does not take as it is."""
# What XML 1.0 cannot hold, hence neither XLSX nor the PDF's source.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG_WORD = re.compile(r"\S{40}")
# What a line must not end in: "Mentor/in", a telephone number, a street and its number.
_SHORT_ENDING = re.compile(r"(?<=[^\W\d_])/(?=-?(?:innen|in|r|n|e|s|en)\b)")
_NUMBER_DIALLED = re.compile(r"(?<![\w.,/-])(?:\+[1-9]|\(?0\d)[\d ()/-]{4,24}\d(?![\w.,]\d)")
_NUMBER_AT_END = re.compile(r"(?<=\w) \d{1,4}(?: ?[a-z])?\Z")
_KEPT = str.maketrans({" ": "\u00a0", "-": "-\u2060", "/": "/\u2060"})
_UNBROKEN = re.compile("(?:[^ \n\u200b-]|-\u2060)+-?")
# A4 landscape, and cells in css/pdf.css: widths in millimetres, letters as wide as most are.
_PAPER, _CELL_PADDING, _LETTER, _SMALL_PADDING, _SMALL_LETTER = 267, 4.0, 1.75, 2.0, 1.5
_PDF_CELL = 2000
_PHONE = re.compile(r"\+[\d ()/-]{5,30}", re.ASCII)
_XLSX_CELL = 32_767  # Excel calls a file with more characters in a cell broken
_SHEET_TITLE = re.compile(r"[\\/*?:\[\]']")


@dataclass(frozen=True)
class Table:
    """What is written: a title, headings, rows of plain values, and what was filtered.

    ``context`` says on paper what the breadcrumbs say on the screen: which cycle, say.
    ``pdf_template`` is for a table that needs a page of its own kind.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]
    filters: Sequence[tuple[str, str]] = ()
    numeric: Sequence[bool] = field(default=())
    context: str = ""
    pdf_template: str = "ui/export_pdf.html"


def escape_formula(text: str) -> str:
    """``text`` so that no spreadsheet runs it: an apostrophe in front of a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(value: Any) -> Any:
    """``value`` as a cell can hold it: numbers and dates stay, everything else is text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nein"
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, int | float | Decimal | date):
        return value
    if isinstance(value, list | tuple | set):
        value = ", ".join(str(item) for item in value)
    return _ILLEGAL.sub("", str(value))


def _text(value: Any) -> str:
    """``value`` as German text."""
    value = _plain(value)
    if isinstance(value, datetime):
        return date_format(value, "d.m.Y H:i")
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    if isinstance(value, Decimal | float):
        return str(localize(value))
    return str(value)


def _counted(rows: Iterable[Sequence[Any]], progress: Progress | None) -> Iterable[Sequence[Any]]:
    done = 0
    for done, row in enumerate(rows, start=1):
        yield row
        if progress is not None and done % _PROGRESS_STEP == 0:
            progress(done)
    if progress is not None:
        progress(done)


def write_csv(table: Table, out: BinaryIO, *, progress: Progress | None = None) -> None:
    """Write ``table`` as German Excel expects a CSV: UTF-8 with BOM, semicolons, CRLF."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([escape_formula(heading) for heading in table.headings])
    for row in _counted(table.rows, progress):
        writer.writerow([_csv_cell(value) for value in row])
    text.detach()


def _csv_cell(value: Any) -> str:
    # A negative number begins with "-" and is no formula.
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return _text(value) if is_number else escape_formula(_text(value))


def write_xlsx(table: Table, out: BinaryIO, *, progress: Progress | None = None) -> None:
    """Write ``table`` as a workbook with one sheet, its heading fixed and filterable."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET_TITLE.sub(" ", table.title)[:31] or "Liste")
    sheet.freeze_panes = "A2"
    widths = [max(10, min(50, len(heading) + 4)) for heading in table.headings]
    for number, width in enumerate(widths, start=1):
        # Written before the rows are known, so the widths follow the headings.
        sheet.column_dimensions[get_column_letter(number)].width = max(width, 18)
    heading_cells = []
    for heading in table.headings:
        cell = WriteOnlyCell(sheet, value=_xlsx_text(heading))
        cell.data_type = "s"
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        heading_cells.append(cell)
    sheet.append(heading_cells)
    count = 0
    values = _XlsxValues(sheet)
    for row in _counted(table.rows, progress):
        sheet.append([values.of(column, value) for column, value in enumerate(row)])
        count += 1
    if table.headings:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.headings))}{count + 1}"
    book.save(out)


class _XlsxValues:
    """What to append for a value: itself where openpyxl does right by it, otherwise a cell.

    A cell and its format cost more than writing them, so each column has one of each kind
    and writes it again in every row: openpyxl reads a row before the next one is made.
    """

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._cells: dict[tuple[int, str], Any] = {}

    def of(self, column: int, value: Any) -> Any:
        """For ``value`` in the column of that number."""
        # Almost every cell is such a text. What XML cannot hold is not printable either.
        if type(value) is str and value[:1] not in _SPECIAL and value.isprintable():
            return value[:_XLSX_CELL]
        value = _plain(value)
        if isinstance(value, str):
            text = _xlsx_text(value)
            # openpyxl takes "#N/A" and its like for errors; "=" never comes this far.
            return self._cell(column, text, "text") if text[:1] == "#" else text
        if isinstance(value, datetime):
            return self._cell(column, value, "DD.MM.YYYY HH:MM")
        if isinstance(value, date):
            return self._cell(column, value, "DD.MM.YYYY")
        if isinstance(value, Decimal):
            return self._cell(column, value, "#,##0.00")
        return value

    def _cell(self, column: int, value: Any, kind: str) -> Any:
        cell = self._cells.get((column, kind))
        if cell is None:
            cell = self._cells[column, kind] = WriteOnlyCell(self._sheet)
            if kind != "text":
                cell.number_format = kind
        cell.value = value
        if kind == "text":
            cell.data_type = "s"
        return cell


def _xlsx_text(value: str) -> str:
    """``value`` as no formula, and no longer than Excel holds.

    A telephone number stays as it is dialled: there are only digits in it that could be
    reckoned with, and the cell is a text. A CSV cannot say so, and keeps its apostrophe.
    """
    return value if _PHONE.fullmatch(value) else escape_formula(value)[:_XLSX_CELL]


def _pdf_text(value: Any) -> str:
    """``value`` for a cell on paper: cut where a sheet would be all one cell.

    Words nobody writes get places to break: finding them itself, the layout needs minutes.
    """
    # Only on paper: in a file the dot of 1.500,00 would be one more thing to read past.
    if isinstance(value, Decimal):
        return number_format(value, use_l10n=True, force_grouping=True)
    text = _text(value)
    if len(text) > _PDF_CELL:
        text = f"{text[:_PDF_CELL]} … (gekürzt)"
    text = _SHORT_ENDING.sub("/\u2060", text)
    for number in (_NUMBER_DIALLED, _NUMBER_AT_END):
        text = number.sub(lambda found: found[0].translate(_KEPT), text)
    text = text.replace("@", "@\u200b")
    return _LONG_WORD.sub(lambda word: f"{word[0]}\u200b", text)


def _pdf_widths(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The widths of the columns of a table too wide for the sheet; none for any other.

    Left alone, the layout lets such a table run over the margin. Here the longest words give
    way first, and what is over goes to the columns with most to say.
    """
    words, texts = [0] * len(headings), [0] * len(headings)
    for row in (headings, *rows):
        for at, text in enumerate(row):
            words[at] = max(words[at], max(map(len, _UNBROKEN.findall(text)), default=0))
            texts[at] = max(texts[at], min(len(text), 80))
    if sum(words) * _LETTER + len(words) * _CELL_PADDING <= _PAPER:
        return []
    room = (_PAPER - len(words) * _SMALL_PADDING) / _SMALL_LETTER
    most = next((n for n in range(40, 3, -1) if sum(min(word, n) for word in words) <= room), 3)
    least = [min(word, most) for word in words]
    more = [max(0, text - short) for text, short in zip(texts, least, strict=True)]
    share = max(0.0, room - sum(least)) / max(1, sum(more))
    letters = [short + share * long for short, long in zip(least, more, strict=True)]
    millimetres = [one * _SMALL_LETTER + _SMALL_PADDING for one in letters]
    return [f"{one / sum(millimetres):.2%}" for one in millimetres]


def write_pdf(table: Table, out: BinaryIO, *, progress: Progress | None = None) -> None:
    """Write ``table`` as PDF, A4 landscape, with title, filters, date and page numbers."""
    numeric = list(table.numeric) or [False] * len(table.headings)
    rows = [
        list(zip(map(_pdf_text, row), numeric, strict=True))
        for row in _counted(table.rows, progress)
    ]
    headings = [_pdf_text(heading) for heading in table.headings]
    html = render_to_string(
        table.pdf_template,
        {
            "table": table,
            "headings": list(zip(headings, numeric, strict=True)),
            "rows": rows,
            "widths": _pdf_widths(headings, ([text for text, _ in row] for row in rows)),
            "count": len(rows),
            "site_name": settings.SITE_NAME,
            "now": timezone.localtime(),
        },
    )
    out.write(html_to_pdf(_ILLEGAL.sub("", html)))


WRITERS: dict[str, Callable[..., None]] = {
    "xlsx": write_xlsx,
    "csv": write_csv,
    "pdf": write_pdf,
}
