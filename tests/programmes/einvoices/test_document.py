"""The PDF of an invoice: always the same bytes, one set of metadata, its XML inside."""

import re
from dataclasses import replace
from io import BytesIO

import pypdf

from programmes.einvoices.cii import xml_of
from programmes.einvoices.document import pdf_of
from programmes.einvoices.qr import epc_code
from programmes.einvoices.snapshot import DRAFT_NUMBER
from tests.programmes.einvoices.samples import BUYER, snapshot, storno

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def metadata(pdf: bytes) -> str:
    found = pypdf.PdfReader(BytesIO(pdf)).root_object["/Metadata"].get_object()
    return found.get_data().decode()


def text(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\xa0", " ")


def test_the_same_invoice_is_the_same_file_whenever_and_wherever_it_is_made(time_machine):
    said = snapshot()
    time_machine.move_to("2026-11-22 09:00:00")
    first = pdf_of(said, xml_of(said))
    time_machine.move_to("2031-03-01 10:00:00")
    assert xml_of(type(said).from_json(said.as_json())) == xml_of(said)
    assert pdf_of(type(said).from_json(said.as_json()), xml_of(said)) == first


def test_the_metadata_are_one_rdf_with_the_marks_of_three_standards():
    said = metadata(pdf_of(snapshot(), b"<a/>"))
    assert said.count(":RDF ") == 1
    assert said.count("</rdf:RDF>") == 1
    assert said.count(RDF) == 1
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert "<fx:ConformanceLevel>XRECHNUNG</fx:ConformanceLevel>" in said
    assert "<fx:DocumentFileName>xrechnung.xml</fx:DocumentFileName>" in said


def test_the_xml_is_an_alternative_of_the_page():
    root = pypdf.PdfReader(BytesIO(pdf_of(snapshot(), b"<a/>"))).root_object
    [file] = [one.get_object() for one in root["/AF"]]
    assert (file["/UF"], file["/AFRelationship"]) == ("xrechnung.xml", "/Alternative")
    assert file["/EF"]["/F"].get_object()["/Subtype"] == "/text/xml"


def test_a_plain_pdf_says_nothing_of_an_xml():
    data = pdf_of(replace(snapshot(), plain_pdf=True), None)
    assert "factur-x" not in metadata(data)
    assert "/AF" not in pypdf.PdfReader(BytesIO(data)).root_object
    assert text(data) == text(pdf_of(snapshot(), b"<a/>"))


def test_an_invoice_says_where_to_pay_and_its_storno_does_not():
    said = snapshot(order_number="4500012345", closing="Vielen Dank & bis <bald>!")
    page = text(pdf_of(said, None))
    for words in (
        "Bitte überweisen Sie",
        "DE75 5121 0800 1245 1261 99",
        "Leitweg-ID",
        "4500012345",
        "25.09.2026 bis 22.09.2028",
        "Umsatzsteuerfrei nach § 4 Nr. 22 Buchstabe a UStG",
        "Vielen Dank & bis <bald>!",
        "Seite 1 von",
    ):
        assert words in page, words
    page = text(pdf_of(storno(said), None))
    assert "überweisen" not in page
    assert "Verwendungszweck" not in page
    assert "Zahlbar" not in page
    assert "CM-2026-0007" in page
    assert "Stornierter Betrag" in page


def test_a_draft_says_that_it_is_none_and_can_be_made_of_hardly_anything():
    empty = replace(
        snapshot(number=DRAFT_NUMBER), lines=(), taxes=(), iban="", account_holder="", bic="oops"
    )
    assert "noch keine Rechnung" in text(pdf_of(empty, None))
    assert "Banking-App" not in text(pdf_of(snapshot(number=DRAFT_NUMBER), None))
    assert "noch keine Rechnung" not in text(pdf_of(replace(empty, number="1"), None))


def test_a_long_name_stays_whole():
    name = "Zweckverband " + "Nordwestbeispielland-" * 7
    page = text(pdf_of(snapshot(buyer=replace(BUYER, name=name)), None))
    assert name.strip() in re.sub(r"\s", "", page).replace("Zweckverband", "Zweckverband ")


def test_the_payment_code_holds_what_a_bank_wants():
    said = snapshot()
    code = epc_code(
        name="Müller & Söhne " * 9, iban=said.iban, bic="", amount=said.gross, text=said.number
    )
    assert code.error == "M"
    assert int(str(code.version)) <= 13
