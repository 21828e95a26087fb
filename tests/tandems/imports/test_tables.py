"""Tables as they come: formulas, merged cells, dates, encodings, traps."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from tandems.applications.models import Application
from tandems.imports.models import ApplicantImport
from tests.mentoring.files.samples import office
from tests.tandems.imports.makers import (
    HEADINGS,
    JAN,
    KAETHE,
    checked,
    csv_bytes,
    findings,
    saved,
    send,
    workbook,
    xlsx,
)

WITH_DATE = (*HEADINGS, "In dieser Rolle seit")


@pytest.fixture
def hr(client_of):
    return client_of("hr")


def errors(answer):
    assert answer.status_code == 200
    assert not ApplicantImport.objects.exists()
    return " ".join(answer.context["form"].errors["upload"])


def answers(run):
    return [line.answers for line in run.lines.all()]


# --- Cells -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    [
        "26.09.2025",
        "2025-09-26",
        "26.9.25",
        " 26.9.2025 ",
        "26/9/2025",
        date(2025, 9, 26),
        datetime(2025, 9, 26),
        45926,
    ],
)
def test_a_date_in_every_form(hr, stage, written):
    run = checked(hr, stage, xlsx((*KAETHE, written), headings=WITH_DATE))
    assert findings(run) == {2: ""}
    assert answers(run)[0]["role_since"] == "2025-09-26"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("30.02.2025", "gibt es nicht"),
        ("seit Herbst", "„seit Herbst“ ist kein Datum"),
        ("31.12.2999", "liegt in der Zukunft"),
        (date(1901, 1, 1), "prüfen Sie das Jahr"),
        (7, "ist kein Datum"),
        (True, "ist kein Datum"),
    ],
)
def test_what_is_no_date(hr, stage, written, says):
    run = checked(hr, stage, xlsx((*KAETHE, written), headings=WITH_DATE))
    assert findings(run)[2].startswith("In dieser Rolle seit: ")
    assert says in findings(run)[2]


@pytest.mark.parametrize(("year", "meant"), [("97", 1997), ("26", 2026), ("50", 1950)])
def test_two_digits_mean_the_century_around_us(hr, stage, year, meant):
    run = checked(hr, stage, xlsx((*KAETHE, f"1.1.{year}"), headings=WITH_DATE))
    assert answers(run)[0]["role_since"] == f"{meant}-01-01"


def test_a_formula_is_refused_with_its_cell(hr, stage):
    book = workbook(KAETHE, JAN, ("Ida", "Formel", "", ""))
    book.active["B3"] = '="Gr"&"oß"'
    book.active["D4"] = ArrayFormula("D4:D4", "=SUM(1,2)")
    run = checked(hr, stage, saved(book))
    found = findings(run)
    assert found[2] == ""
    assert found[3].startswith("Nachname: In der Zelle B3 steht eine Formel.")
    assert "Zelle D4 steht eine Formel" in found[4]


def test_a_formula_in_a_column_nobody_asked_for_is_left_alone(hr, stage):
    book = workbook((*KAETHE, ""), headings=(*HEADINGS, "Summe"))
    book.active["E2"] = "=1+1"
    run = checked(hr, stage, saved(book))
    assert findings(run) == {2: ""}
    assert run.ignored == ["Summe"]


def test_a_merged_cell_is_told_in_each_line_it_leaves_empty(hr, stage):
    rows = (KAETHE, ("Jan", "Groß", "", None), ("Ida", "Abt", "", None))
    run = checked(hr, stage, xlsx(*rows, merge="D2:D4"))
    found = findings(run)
    assert found[2] == ""
    assert "Die Zelle D3 ist mit anderen verbunden" in found[3]
    assert "Die Zelle D4 ist mit anderen verbunden" in found[4]


def test_a_merged_title_above_the_heading(hr, stage):
    rows = (["Bewerbungen 2026"], [], list(HEADINGS), list(KAETHE))
    run = checked(hr, stage, xlsx(*rows, headings=(), merge="A1:D1"))
    assert findings(run) == {4: ""}


def test_errors_of_excel_and_numbers_as_text(hr, stage):
    headings = (*HEADINGS, "Dienstliches Telefon", "Führungsspanne fachlich")
    rows = ((*KAETHE, 2501, "12"), ("Jan", "Groß", "", "#REF!", 3.0, "viele"))
    run = checked(hr, stage, xlsx(*rows, headings=headings))
    assert answers(run)[0]["phone"] == "2501"
    assert answers(run)[0]["span_functional"] == 12
    assert "Fehlerwert" in findings(run)[3]
    assert "„viele“ ist keine ganze Zahl" in findings(run)[3]


def test_blanks_columns_moved_and_empty_lines(hr, stage):
    headings = ("Nr.", " nachname ", "Aktuelle Funktion", "VORNAME *", "E-Mail")
    rows = (
        (1, " Öztürk ", "Leitung", "\u00a0Käthe ", "KAETHE@ahausen.example "),
        (2, None, None, None, None),
        (None, None, None, None, None),
        (3, "Groß", "", "Jan", ""),
    )
    run = checked(hr, stage, xlsx(*rows, headings=headings))
    assert [line.number for line in run.lines.all()] == [2, 5]
    assert answers(run)[0] == {
        "first_name": "Käthe",
        "last_name": "Öztürk",
        "email": "kaethe@ahausen.example",
        "position": "Leitung",
    }
    assert run.ignored == ["Nr."]
    assert "Zielgruppe" in run.absent


@pytest.mark.parametrize(
    ("group", "topics", "says"),
    [
        ("Erste FÜHRUNGSROLLE", "Führung, Rollenklaerung", ""),
        ("erste fuehrungsrolle", "• Politik und Verwaltung\n• Netzwerk", ""),
        ("erste Führungsrole", "", "Meinten Sie „erste Führungsrolle“?"),
        ("irgendwas", "", "Möglich: erste Führungsrolle; "),
        ("", "Führung; Kegeln", "„Kegeln“ steht nicht zur Wahl"),
        ("", "Führung;Konflikte;Netzwerk;Vereinbarkeit;Kommunikation;Digitalisierung", "höchstens"),
    ],
)
def test_choices_by_their_words(hr, stage, group, topics, says):
    headings = (*HEADINGS, "Zielgruppe", "Ziele und Themen")
    run = checked(hr, stage, xlsx((*KAETHE, group, topics), headings=headings))
    assert says in findings(run)[2]
    assert bool(says) == bool(findings(run)[2])


# --- Headings --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (("Vorname", "E-Mail"), "Es fehlt die Spalte „Nachname“"),
        (("Funktion", "E-Mail"), "Es fehlen die Spalten „Vorname“, „Nachname“"),
        (("Vorname", "Nachname", "Nachname"), "kommt mehrfach vor"),
        (("Dies", "Das"), "keine Überschrift"),
    ],
)
def test_headings_that_will_not_do(hr, stage, headings, says):
    assert says in errors(send(hr, stage, xlsx(headings, headings=headings)))


# --- CSV -------------------------------------------------------------------------------
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_in_every_dress(hr, stage, encoding, delimiter):
    data = csv_bytes(KAETHE, ("Jörg", 'Groß; "und", mehr', "", ""), delimiter=delimiter)
    run = checked(hr, stage, data.decode("utf-8-sig").encode(encoding), "tabelle.csv")
    assert [one["last_name"] for one in answers(run)] == ["Öztürk", 'Groß; "und", mehr']
    assert answers(run)[0]["first_name"] == "Käthe"


def test_csv_that_our_own_export_guarded(hr, stage):
    run = checked(hr, stage, csv_bytes(("'+Käthe", "'=Öztürk", "", "")), "tabelle.csv")
    assert answers(run)[0]["last_name"] == "=Öztürk"


def test_csv_with_an_open_quotation_mark(hr, stage):
    head = csv_bytes(KAETHE)
    answer = send(hr, stage, head + b'"' + b"x" * 200_000, "tabelle.csv")
    assert "Anführungszeichen" in errors(answer)


# --- Traps -----------------------------------------------------------------------------
def test_macros_are_refused(hr, stage):
    data = office("xl/workbook.xml", xl__vbaProject_DOT_bin=b"x")
    assert "enthält Makros" in errors(send(hr, stage, data))
    renamed = send(hr, stage, xlsx(KAETHE), "tabelle.xlsm")
    assert "Bitte benennen Sie sie um" in errors(renamed)


def test_a_zip_bomb_is_refused_unopened(hr, stage):
    data = office("xl/workbook.xml", xl__bomb_DOT_bin=b"\0" * (101 * 1024 * 1024))
    assert "ausgepackt zu groß" in errors(send(hr, stage, data))


def test_a_table_that_unpacks_too_large_is_refused(hr, stage):
    out = io.BytesIO(xlsx(KAETHE))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bild.bin", b"\0" * (41 * 1024 * 1024))
    assert "ausgepackt größer als 40 MB" in errors(send(hr, stage, out.getvalue()))


def test_entities_are_refused(hr, stage):
    data = xlsx(KAETHE)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = b'<!DOCTYPE a [<!ENTITY b "boom">]>' + part
            new.writestr(name, part)
    assert "beschädigt" in errors(send(hr, stage, out.getvalue()))


def test_encrypted_and_old_files_are_told_apart(hr, stage):
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    for name in ("tabelle.xlsx", "tabelle.xls"):
        assert "mit einem Kennwort geschützt" in errors(send(hr, stage, ole, name))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"PK\x03\x04 nothing", "a.xlsx"),
        (office("xl/workbook.xml"), "a.xlsx"),
        (b"%PDF-1.4", "a.pdf"),
        (b"", "a.csv"),
        (b"\x00\x01\x02", "a.csv"),
        (b"a,b\n1,2\n", "a.xlsx"),
    ],
)
def test_what_is_no_table(hr, stage, data, name):
    assert errors(send(hr, stage, data, name))


def test_a_broken_sheet_is_told_kindly(hr, stage):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(KAETHE))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part[: len(part) // 2] if "sheet1" in name else part)
    assert "beschädigt" in errors(send(hr, stage, out.getvalue()))


def test_too_large_is_told_with_its_limit(hr, stage):
    head = csv_bytes(KAETHE)
    answer = send(hr, stage, head + b"x" * (5 * 1024 * 1024), "tabelle.csv")
    assert "höchstens 5 MB" in errors(answer)


def test_a_sheet_that_lies_about_its_size(hr, stage):
    book = load_workbook(io.BytesIO(xlsx(KAETHE)))
    book.active["A1000"], book.active["B1000"] = "Jan", "Weitweg"
    data, out = saved(book), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"A1:D1000", b"A1:A1"))
    run = checked(hr, stage, out.getvalue())
    assert [line.number for line in run.lines.all()] == [2, 1000]
    assert not Application.objects.exists()
