"""The Fahrplan on paper."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from programmes.roadmap.models import Milestone
from programmes.roadmap.views.timeline import PAPERS
from tests.programmes.roadmap.makers import make_milestone, make_roadmap

MILLIMETRE = 72 / 25.4


def read(browser: Any, cycle: Any, query: str = "") -> PdfReader:
    answer = browser.get(reverse("roadmap:pdf", args=[cycle.pk]) + query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


@pytest.mark.parametrize(
    ("query", "width"), [("", 297), ("?format=a4", 297), ("?format=a3", 420), ("?format=x", 297)]
)
def test_it_is_printed_across_on_a4_and_a3(client_of, stage, query, width):
    make_roadmap(stage.cycle)
    pdf = read(client_of("hr"), stage.cycle, query)
    box = pdf.pages[0].mediabox
    assert round(float(box.width) / MILLIMETRE) == width
    assert box.width > box.height


def test_the_drawing_comes_first_and_whole_then_the_table(client_of, stage, cast):
    found = make_roadmap(stage.cycle)
    found["info"].seats.add(cast.member.seats.get())
    Milestone.objects.filter(pk=found["info"].pk).update(municipality=stage.own)
    pages = [page.extract_text() for page in read(client_of("lead"), stage.cycle).pages]
    assert len(pages) == 2
    assert "Mentoring im Musterland" in pages[0]
    assert "Durchgang Nr. 11" in pages[0]
    assert "Informationsveranstaltung" in pages[0]
    assert "Abschlussveranstaltung" in pages[0]
    assert "Alle Meilensteine der Reihe nach" in pages[1]
    assert cast.member.full_name in pages[1].replace("\n", " ")
    assert "Ahausen" in pages[1]
    assert "Fr, 02.10.2026" in pages[1]
    assert "Seite 2 von 2" in pages[1]


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_a_full_fahrplan_still_has_its_drawing_on_one_sheet(client_of, stage, paper):
    for number in range(60):
        make_milestone(stage.cycle, date(2026, 1, 5) + timedelta(days=12 * number))
    pages = read(client_of("lead"), stage.cycle, f"?format={paper}").pages
    assert "Alle Meilensteine der Reihe nach" not in pages[0].extract_text()
    assert "Alle Meilensteine der Reihe nach" in pages[1].extract_text()


def test_an_empty_fahrplan_gives_a_sheet_that_says_so(client_of, stage):
    (page,) = read(client_of("lead"), stage.cycle).pages
    assert "noch keinen Fahrplan" in page.extract_text()


def test_neither_notes_nor_links_are_on_paper(client_of, stage):
    make_milestone(stage.cycle, title="Sitzung", notes="Streit um den Raum")
    pdf = read(client_of("lead"), stage.cycle)
    assert "Streit" not in "".join(page.extract_text() for page in pdf.pages)
    assert not any("/Annots" in page for page in pdf.pages)


def test_it_can_be_heard(client_of, stage):
    make_milestone(stage.cycle, title="Sitzung")
    pdf = read(client_of("lead"), stage.cycle)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "de"
    told = [pdf.get_object(number) for number in range(1, int(pdf.trailer["/Size"]))]
    alternatives = [str(part["/Alt"]) for part in told if isinstance(part, dict) and "/Alt" in part]
    assert alternatives == ["Zeitstrahl: Alle Angaben stehen auch in der Tabelle."]


def test_the_sizes_of_sheets_leave_room_for_margins():
    for name, width, height in (("a4", 297, 210), ("a3", 420, 297)):
        assert PAPERS[name].width == width - 30
        assert PAPERS[name].height < height - 29 - 16


def test_two_hundred_milestones_cost_no_more_queries_than_one(client_of, stage, monkeypatch):
    monkeypatch.setattr("programmes.roadmap.views.timeline.html_to_pdf", str.encode)
    make_milestone(stage.cycle, municipality=stage.own)
    browser = client_of("lead")
    address = reverse("roadmap:pdf", args=[stage.cycle.pk])
    browser.get(address)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            browser.get(address)
        counts.append(len(seen))
        for number in range(199):
            day = date(2026, 1, 1) + timedelta(days=number)
            make_milestone(stage.cycle, day, municipality=stage.own)
    assert counts[0] == counts[1]
