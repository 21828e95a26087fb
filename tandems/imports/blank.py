"""The empty table to fill in: XLSX with an explanation, or CSV."""

import csv
import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mentoring.ui.exports import escape_formula
from programmes.cycles.models import Cycle
from tandems.imports.checking import MAX_ROWS
from tandems.imports.columns import ImportColumn, columns_of
from tandems.imports.tables import SHEET
from tandems.profiles.questions import YES_OR_NO, Question

EXPLANATION = "Erläuterung"
_HEADINGS = ("Spalte", "Ausfüllen?", "Was hineingehört", "Mögliche Wörter")
_WIDTHS = (44, 30, 60, 60)


def blank_xlsx(cycle: Cycle) -> bytes:
    """A workbook with the heading row, and a second sheet that explains each column."""
    columns = columns_of(cycle)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _write_headings(sheet, columns)
    explanation = book.create_sheet(EXPLANATION)
    _explain(explanation, columns, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def blank_csv(cycle: Cycle) -> bytes:
    """The heading row as German Excel writes and opens it: UTF-8 with BOM, semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([escape_formula(column.marked) for column in columns_of(cycle)])
    return out.getvalue().encode("utf-8-sig")


def explanation(column: ImportColumn) -> tuple[str, str, str, list[str]]:
    """Heading, whether to fill it in, what belongs there, and the allowed words."""
    return (column.marked, _when(column), _what(column.question), words(column.question))


def words(question: Question) -> list[str]:
    """The allowed words, if only certain ones are."""
    if question.kind.value in ("yes_no", "promise"):
        return [label for _, label in YES_OR_NO]
    return [str(label) for key, label in question.choices if key]


def _when(column: ImportColumn) -> str:
    if column.must_exist:
        return "ja, immer"
    return "spätestens zur Abgabe" if column.is_needed else "nur wenn bekannt"


def _what(question: Question) -> str:
    if question.consent is not None:
        return (
            "Tag, an dem die Person schriftlich eingewilligt hat, zum Beispiel 26.09.2025. Leer "
            "lassen, solange das nicht geschehen ist."
        )
    told = {
        "text": f"Text in einer Zeile, höchstens {question.most} Zeichen.",
        "long_text": f"Text, auch mehrere Absätze, höchstens {question.most} Zeichen.",
        "email": "E-Mail-Adresse.",
        "date": "Datum, zum Beispiel 26.09.2025.",
        "number": f"Ganze Zahl von {question.least} bis {question.most}"
        + (f", in {question.unit}." if question.unit else "."),
        "choice": "Eines der möglichen Wörter.",
        "choices": f"Höchstens {question.most} der möglichen Wörter, durch Semikolon getrennt.",
        "yes_no": "Ja oder Nein.",
        "promise": "Ja, wenn die Person das zugesagt hat.",
    }[question.kind.value]
    return f"{told} {question.hint}".strip()


def _write_headings(sheet: Worksheet, columns: list[ImportColumn]) -> None:
    for number, column in enumerate(columns, start=1):
        cell = sheet.cell(1, number, column.marked)
        cell.data_type = "s"  # a question of the cycle may begin with "="
        cell.font = Font(bold=True)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        letter = get_column_letter(number)
        kind = column.question.kind.value
        sheet.column_dimensions[letter].width = 40 if kind == "long_text" else 24
        # As text a telephone number keeps its zero; a date stays a date.
        dated = kind in ("date", "consent")
        sheet.column_dimensions[letter].number_format = "DD.MM.YYYY" if dated else "@"
    sheet.row_dimensions[1].height = 48
    sheet.freeze_panes = "A2"


def _explain(sheet: Worksheet, columns: list[ImportColumn], table: Worksheet) -> None:
    sheet.append(list(_HEADINGS))
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for place, column in enumerate(columns, start=1):
        heading, when, what, allowed = explanation(column)
        first = sheet.max_row + 1
        sheet.append([heading, when, what, allowed[0] if allowed else ""])
        for word in allowed[1:]:
            sheet.append(["", "", "", word])
        if allowed and column.question.kind.value != "choices":
            _offer(table, place, f"'{EXPLANATION}'!$D${first}:$D${sheet.max_row}")
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"


def _offer(table: Worksheet, place: int, words_at: str) -> None:
    """A drop-down list of the words; it offers, the check says whether something is wrong."""
    offer = DataValidation(type="list", formula1=words_at, allow_blank=True, showErrorMessage=False)
    letter = get_column_letter(place)
    offer.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    table.add_data_validation(offer)
