"""Our invoices against the rules others check them with: XSD, Schematron, veraPDF.

What is tried is made by chance from a seed, so that a run can be repeated.
"""

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from lxml import etree

from programmes.einvoices.checks import missing
from programmes.einvoices.cii import xml_of
from programmes.einvoices.document import XML_NAME, pdf_of
from programmes.einvoices.reading import read
from programmes.einvoices.snapshot import CREDIT_NOTE, Snapshot
from tests.programmes.einvoices.samples import FULL_TAX, generated, line, snapshot, storno
from tests.programmes.einvoices.validation import pdf_problems, problems_of

COUNT = 220
AS_PDF = 8


def money(amount: Decimal) -> str:
    return f"{amount:,.2f} €".translate(str.maketrans(",.", ".,"))


def lines_of(pdf: pypdf.PdfReader) -> str:
    text = "\n".join(page.extract_text() for page in pdf.pages)
    return text.replace("\xa0", " ")


def totals_of(xml: bytes) -> tuple[Decimal, Decimal, Decimal]:
    root = etree.fromstring(xml)
    sums = root.find(".//{*}SpecifiedTradeSettlementHeaderMonetarySummation")
    names = ("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount")
    return tuple(Decimal(sums.findtext(f"{{*}}{name}")) for name in names)  # type: ignore[return-value]  # three names


@pytest.mark.schematron
def test_generated_invoices_keep_the_rules_of_en_16931_and_xrechnung():
    invoices = generated(COUNT)
    kinds = {(one.kind, tuple(sorted({g.category for g in one.taxes}))) for one in invoices}
    assert len(kinds) == 6, "invoices and Stornos, exempt, taxed and mixed"
    assert max(len(one.lines) for one in invoices) > 100
    found: dict[str, list[str]] = {}
    for one in invoices:
        assert missing(one) == [], one.number
        xml = xml_of(one)
        assert totals_of(xml) == (one.net, one.tax, one.gross)
        problems = problems_of(xml)
        if problems:
            found[one.number] = problems
    assert found == {}


@pytest.mark.schematron
@pytest.mark.smoke
def test_the_rules_find_what_the_checks_let_nobody_issue():
    """Each of these would be refused before; the rules must see it too, or they try nothing."""
    said = snapshot()
    seller, buyer = said.seller, said.buyer
    for rule, wrong in {
        "BR-DE-15": replace(said, buyer_reference=""),
        "BR-DE-7": replace(said, seller=replace(seller, contact_email="")),
        "BR-CO-26": replace(said, seller=replace(seller, seller_id="")),
        "BR-DE-9": replace(said, buyer=replace(buyer, postal_code="")),
        "BR-DE-19": replace(said, iban="DE00512108001245126199"),
        "BR-CO-15": replace(said, gross=Decimal("1499.99")),
        "BR-E-10": replace(said, taxes=(replace(said.taxes[0], reason="", code=""),)),
        "BR-CL-22": replace(said, taxes=(replace(said.taxes[0], code="VATEX-DE-1"),)),
        "PEPPOL-EN16931-R010": replace(said, buyer=replace(buyer, electronic_address="")),
        "BR-DE-18": replace(said, terms="#SKONTO#TAGE=14#"),
    }.items():
        assert missing(wrong) != [], rule
        assert any(one.startswith(f"{rule}:") for one in problems_of(xml_of(wrong))), rule
    assert problems_of(xml_of(said)) == []


@pytest.mark.schematron
def test_pdfs_are_pdf_a_3a_and_pdf_ua_1_and_hold_the_xml_byte_for_byte(tmp_path: Path):
    taxed = snapshot(line(rate=FULL_TAX), line("Anteil", "0.5", "33.33"))
    chosen: dict[str, Snapshot] = {
        "short": snapshot(),
        "mixed": taxed,
        "storno": storno(taxed),
        "plain": snapshot(plain_pdf=True, buyer_reference=""),
        "long": snapshot(*(line(f"Posten {n} & <{n}>", rate=FULL_TAX) for n in range(200))),
        **{f"any{n}": one for n, one in enumerate(generated(AS_PDF, seed=7))},
    }
    paths = []
    for name, one in chosen.items():
        xml = None if one.plain_pdf else xml_of(one)
        data = pdf_of(one, xml)
        pdf = pypdf.PdfReader(BytesIO(data))
        files = {entry.name: entry.content for entry in pdf.attachment_list}
        assert files == ({} if xml is None else {XML_NAME: xml})
        text = lines_of(pdf)
        for amount in (one.net, one.gross, *(group.tax for group in one.taxes)):
            assert money(amount) in text, (name, amount)
        assert ("überweisen" in text) == (one.kind != CREDIT_NOTE)
        if xml is not None:
            found = read(data)
            assert (found.number, found.amount) == (one.number, one.gross)
            assert found.credit == (one.kind == CREDIT_NOTE)
        if name == "long":
            assert len(pdf.pages) > 5
            heads = [page.extract_text().count("Einzelpreis") for page in pdf.pages]
            assert set(heads[:-1]) == {1}
            assert re.search(rf"Seite 2 von {len(pdf.pages)}", pdf.pages[1].extract_text())
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(data)
        paths.append(path)
    assert pdf_problems(paths) == {path.name: [] for path in paths}


@pytest.mark.schematron
def test_verapdf_sees_what_is_no_pdf_a(tmp_path: Path):
    from mentoring.ui.pdf import html_to_pdf

    path = tmp_path / "page.pdf"
    path.write_bytes(html_to_pdf('<html lang="de"><title>Seite</title><p>Seite'))
    [problems] = pdf_problems([path]).values()
    assert {one.split(" ")[0].rstrip(":") for one in problems} == {"PDFA_3_A", "PDFUA_1"}
