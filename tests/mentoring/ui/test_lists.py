"""Lists and exports, through the real page."""

import csv
import io
from decimal import Decimal
from importlib import import_module

import pytest
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from mentoring.accounts.models import User
from mentoring.ui import exports, pdf_engine
from mentoring.ui.background import ExportRequest, background_export
from mentoring.ui.list_exports import run_export
from mentoring.ui.lists import lists
from mentoring.ui.pdf_engine import StaticOnlyFetcher

pytestmark = pytest.mark.django_db


def make_users(number, **fields):
    User.objects.bulk_create(
        User(email=f"p{index:04}@stadt.example", **fields) for index in range(number)
    )


def emails(response):
    return [{c.key: v for c, v in row}["email"] for row in response.context["rows"]]


def test_rows_are_counted_and_paged(client):
    make_users(119)
    page = client.get("/probe/")
    assert "<strong>1–50</strong> von <strong>120</strong>" in page.content.decode()
    assert len(page.context["rows"]) == 50
    last = client.get("/probe/?page=3")
    assert "<strong>101–120</strong>" in last.content.decode()
    assert 'aria-current="page"><span class="kern-sr-only">Seite </span>3' in last.content.decode()


@pytest.mark.parametrize("query", ["page=nonsense", "page=-4", "page=99999999999999999999"])
def test_a_page_that_does_not_exist_is_no_error(client, query):
    make_users(60)
    assert client.get(f"/probe/?{query}").status_code == 200


@pytest.mark.parametrize("sort", ["gibtsnicht", "-", "--email", "password", "button", "email;drop"])
def test_an_unknown_sort_falls_back_to_the_default(client, sort):
    make_users(3)
    page = client.get("/probe/", {"sort": sort})
    assert page.status_code == 200
    assert 'aria-sort="ascending"' in page.content.decode()
    assert emails(page)[0].find("anna@") > 0


def test_sorting_turns_round_and_keeps_the_filters(client):
    make_users(3)
    page = client.get("/probe/?sort=email&email=stadt")
    header = page.context["headers"][0]
    assert header.direction == "ascending"
    assert header.url == "?email=stadt&sort=-email"
    turned = client.get(f"/probe/{header.url}")
    assert "p0002" in emails(turned)[0]
    assert turned.context["headers"][0].direction == "descending"


def test_equal_values_have_a_stable_order(client):
    make_users(120, is_active=False)
    shown = [mail for n in (1, 2, 3) for mail in emails(client.get(f"/probe/?sort=state&page={n}"))]
    assert len(shown) == len(set(shown)) == 121


def test_queries_do_not_grow_with_the_rows(client, connection_of_test):
    make_users(1)
    with CaptureQueriesContext(connection_of_test) as few:
        client.get("/probe/")
    User.objects.bulk_create(User(email=f"q{n}@stadt.example") for n in range(300))
    with CaptureQueriesContext(connection_of_test) as many:
        client.get("/probe/")
    assert len(few) == len(many)
    assert sum('"mentoring_user"' in q["sql"] for q in many) <= 3  # user, count, page


@pytest.fixture
def connection_of_test(db):
    from django.db import connection

    return connection


def test_filters_narrow_and_are_named(client):
    make_users(3)
    page = client.get("/probe/?email=p0001&state=other")
    assert len(page.context["rows"]) == 1
    assert page.context["used_filters"] == [("E-Mail enthält", "p0001"), ("Art", "alle anderen")]


def test_a_long_filter_bar_is_folded_unless_what_is_folded_is_in_use(client, monkeypatch):
    assert "Weitere Filter" not in client.get("/probe/").content.decode()
    monkeypatch.setattr("mentoring.ui.lists.FILTERS_IN_A_ROW", 2)
    closed, opened = '<details class="app-filter__more">', '<details class="app-filter__more" open>'
    assert closed in client.get("/probe/?email=p0").content.decode()
    assert opened in client.get("/probe/?state=other").content.decode()
    assert opened in client.get("/probe/?state=falsch").content.decode()


def test_a_wrong_filter_is_said_and_not_exported(client):
    page = client.get("/probe/?state=falsch&export=csv")
    assert page["Content-Type"].startswith("text/html")
    assert "Kein" in page.content.decode() or "gültig" in page.content.decode()
    assert page.context["filter_form"].errors


def test_empty_states_say_what_to_do(client):
    page = client.get("/probe/?email=gibtsnicht").content.decode()
    assert "Kein Eintrag passt" in page
    assert "Filter zurücksetzen" in page


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\tx", "\rx"])
def test_formulas_are_escaped_in_csv_and_xlsx(value):
    table = exports.Table("Probe", ["Wert", value], [[value, -5]])
    out = io.BytesIO()
    exports.write_csv(table, out)
    rows = list(
        csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""), delimiter=";")
    )
    assert rows == [["Wert", f"'{value}"], [f"'{value}", "-5"]]
    out = io.BytesIO()
    exports.write_xlsx(table, out)
    sheet = load_workbook(io.BytesIO(out.getvalue())).active
    for cell in (sheet["A2"], sheet["B1"]):
        assert cell.data_type == "s"
        assert cell.value.startswith("'")
    assert sheet["B2"].value == -5


@pytest.mark.parametrize(
    ("number", "kept"), [("+49 (0)251 / 12-34", True), ("+49 251;=1", False), ("+1+cmd", False)]
)
def test_a_telephone_number_reads_in_xlsx_as_it_is_dialled(number, kept):
    out = io.BytesIO()
    exports.write_xlsx(exports.Table("Probe", ["Telefon"], [[number]]), out)
    cell = load_workbook(io.BytesIO(out.getvalue())).active["A2"]
    assert (cell.data_type, cell.value) == ("s", number if kept else f"'{number}")


def test_text_that_no_file_can_hold_does_not_break_an_export():
    table = exports.Table(
        "A/B: [C]" * 9, ["x"], [["a\x00b\x0bc\ud800"], ["x" * 50_000], ["👩‍🎓 שלום"]]
    )
    for write in exports.WRITERS.values():
        out = io.BytesIO()
        write(table, out)
        assert out.getvalue()


def test_csv_is_what_german_excel_expects(client):
    answer = client.get("/probe/?export=csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert b"E-Mail-Adresse;Stand;angelegt am;zuletzt angemeldet;Nr.\r\n" in answer.content
    assert answer["Content-Disposition"].startswith('attachment; filename="zugaenge-')
    assert "anna@stadt.example;aktiv;" in answer.content.decode()


def test_the_xlsx_honours_filters_and_order(client):
    make_users(5)
    answer = client.get("/probe/?export=xlsx&email=p0&sort=-email")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet["A"]] == [
        "E-Mail-Adresse",
        *(f"p{n:04}@stadt.example" for n in (4, 3, 2, 1, 0)),
    ]
    assert sheet["C2"].is_date


def test_the_pdf_has_title_filters_and_page_numbers(client):
    make_users(120)
    answer = client.get("/probe/?export=pdf&email=p0")
    reader = PdfReader(io.BytesIO(answer.content))
    first, last = reader.pages[0].extract_text(), reader.pages[-1].extract_text()
    assert "Zugänge" in first
    assert "Gefiltert nach E-Mail enthält: p0" in first
    assert f"Seite 1 von {len(reader.pages)}" in first
    assert "E-Mail-Adresse" in last
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height


def test_a_table_of_many_columns_stays_on_the_sheet_and_keeps_short_words_whole(monkeypatch):
    cells = {
        "Kommune": "Kreis Warendorf",
        "Straße und Hausnummer": "Rathausplatz 1 b",
        "Rolle": "Referent/in",
        "Telefon": "030 / 23125-528",
        "E-Mail": "frank.kiebitzbuescher@kreis-warendorf.example",
        "Vertretung": "karoline.kiebitzbuescher@kreis-warendorf.example",
        "Donaudampfschifffahrtsgesellschaft": "Rechtsschutzversicherungsgesellschaften",
        "Bemerkung": "Ein Text, der mehrere Zeilen braucht, um alles zu sagen",
        "Postleitzahl": "48016",
        "Betrag": Decimal("1234.50"),
    }
    pages = []
    monkeypatch.setattr(exports, "html_to_pdf", lambda html: pages.append(html) or b"")
    table = exports.Table("Breite Liste", list(cells), [list(cells.values())])
    exports.write_pdf(table, io.BytesIO())
    (page,) = pdf_engine.page_of(pages[0]).render().pages
    sheet = page._page_box
    boxes = list(sheet.descendants())
    (drawn,) = (box for box in boxes if type(box).__name__ == "TableBox")
    assert drawn.position_x + drawn.width <= sheet.content_box_x() + sheet.width + 0.1
    lines = {
        box.text.replace("\u2060", "").replace("\u00a0", " ").strip()
        for box in boxes
        if type(box).__name__ == "TextBox"
    }
    assert {"Rathausplatz 1 b", "Referent/in", "030 / 23125-528", "48016", "1.234,50"} <= lines


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x.png",
        "file:///etc/passwd",
        "data:text/plain,x",
        "http://static.invalid/../settings.py",
    ],
)
def test_the_pdf_fetches_nothing_but_static_files(url):
    with pytest.raises((ValueError, FileNotFoundError)):
        StaticOnlyFetcher().fetch(url)


def test_the_fonts_of_a_pdf_are_unpacked_once_and_not_for_every_document():
    page = '<link rel="stylesheet" href="css/pdf.css"><p>Ämter'
    first = pdf_engine.render(page)
    unpacked = pdf_engine._unpacked.cache_info().misses
    second = pdf_engine.render(page)
    assert pdf_engine._unpacked.cache_info().misses == unpacked
    for pdf in (first, second):
        fonts = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
        assert all("Fira" in font.get_object()["/BaseFont"] for font in fonts.values())


def test_a_long_list_asks_before_it_starts_a_job(client, user):
    make_users(501)
    started = []

    def start(request, wanted):
        from django.http import HttpResponseRedirect

        started.append(wanted)
        return HttpResponseRedirect("/probe/")

    background_export.add("jobs", start)
    asked = client.get("/probe/?export=xlsx&email=p0&sort=-email")
    assert not started
    assert "<strong>501</strong>" in asked.content.decode()
    client.post("/probe/?export=xlsx&email=p0&sort=-email", {"export": "xlsx"})
    (wanted,) = started
    assert wanted.rows == 501
    out, seen = io.BytesIO(), []
    again = ExportRequest(**wanted.as_params())
    written = run_export(again, user=user, out=out, progress=seen.append)
    assert written.name.endswith(".xlsx")
    assert seen[-1] == 501
    sheet = load_workbook(io.BytesIO(out.getvalue())).active
    assert sheet.max_row == 502
    assert sheet["A2"].value == "p0500@stadt.example"


def test_every_list_is_registered_under_its_name():
    import_module("tests.mentoring.ui.site")  # the first request loads it, here there is none
    assert lists.get("ui_tests.users").title == "Zugänge"
