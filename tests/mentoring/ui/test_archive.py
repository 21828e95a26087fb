"""PDFs to keep: the same bytes always, and one set of metadata with every mark in it."""

from datetime import UTC, datetime
from io import BytesIO

import pypdf
import pytest
from lxml import etree

from mentoring.ui.pdf import Attached, Mark, html_to_archival_pdf, printable_characters

PAGE = '<html lang="de"><head><title>Ämter & Höfe</title></head><body><h1>Ämter</h1></body></html>'
MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
MARK = Mark("Test schema", "urn:test:1#", "tst", (("Level", "A & B", "What it is"),))
FILE = Attached("data.xml", b"<a/>", "Daten", "Alternative")


def metadata(pdf: bytes) -> etree._Element:
    root = pypdf.PdfReader(BytesIO(pdf)).root_object
    return etree.fromstring(root["/Metadata"].get_object().get_data())


def test_all_marks_stand_in_the_one_rdf_and_are_explained():
    said = metadata(html_to_archival_pdf(PAGE, moment=MOMENT, attached=(FILE,), marks=(MARK,)))
    assert len(list(said.iter(f"{RDF}RDF"))) == 1
    assert said.findtext(".//{urn:test:1#}Level") == "A & B"
    assert said.findtext(".//{http://www.aiim.org/pdfua/ns/id/}part") == "1"
    parts = [one.get("{http://www.aiim.org/pdfa/ns/id/}part") for one in said.iter()]
    assert [part for part in parts if part] == ["3"]
    explained = [one.text for one in said.iter("{http://www.aiim.org/pdfa/ns/schema#}namespaceURI")]
    assert explained == ["http://www.aiim.org/pdfua/ns/id/", "urn:test:1#"]
    title = said.find(".//{http://purl.org/dc/elements/1.1/}title")
    assert title is not None
    assert "".join(title.itertext()) == "Ämter & Höfe"


def test_it_is_made_when_it_is_said_to_be_made(time_machine):
    time_machine.move_to("2031-01-01")
    first = html_to_archival_pdf(PAGE, moment=MOMENT, attached=(FILE,))
    time_machine.move_to("2032-02-02")
    assert html_to_archival_pdf(PAGE, moment=MOMENT, attached=(FILE,)) == first
    said = pypdf.PdfReader(BytesIO(first)).metadata
    assert said is not None
    assert said.creation_date == said.modification_date == MOMENT


def test_it_reaches_for_nothing_outside(caplog: pytest.LogCaptureFixture):
    page = PAGE.replace("<h1>", '<img src="file:///etc/passwd" alt="x"><h1>')
    html_to_archival_pdf(page, moment=MOMENT)
    assert "may hold only our own static files" in caplog.text


def test_the_font_has_what_german_and_its_neighbours_write():
    known = printable_characters()
    assert {ord(one) for one in "ÄÖÜäöüßẞ€§„“–…½éçñłŁčșğå"} <= known
    assert ord("😀") not in known
