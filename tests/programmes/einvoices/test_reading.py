"""E-invoices that others sent are read, and whatever else is sent hurts nobody."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from random import Random

import pypdf
import pytest

from programmes.einvoices import reading
from programmes.einvoices.cii import xml_of
from programmes.einvoices.document import pdf_of
from programmes.einvoices.reading import Unreadable, read
from tests.programmes.einvoices.samples import BUYER, SELLER, line, snapshot, storno

UBL = """<?xml version="1.0" encoding="UTF-8"?>
<ubl:{kind} xmlns:ubl="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID> 2026/17 </cbc:ID><cbc:IssueDate>2026-11-02+01:00</cbc:IssueDate>
<cbc:DueDate>2026-12-02</cbc:DueDate>
<cbc:{kind}TypeCode>{code}</cbc:{kind}TypeCode>
<cbc:DocumentCurrencyCode>{currency}</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Kurzname</cbc:Name></cac:PartyName>
<cac:PartyLegalEntity><cbc:RegistrationName>Tagungshaus Müller &amp; Söhne</cbc:RegistrationName>
</cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:PaymentMeans><cac:PayeeFinancialAccount><cbc:ID>de75 5121 0800 1245 1261 99</cbc:ID>
</cac:PayeeFinancialAccount></cac:PaymentMeans>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">190</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">1000.0</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">1190.00</cbc:TaxInclusiveAmount>
<cbc:PayableAmount currencyID="EUR">690.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:{kind}Line><cac:Item>
<cbc:Name>Saalmiete \u202e und Technik</cbc:Name></cac:Item></cac:{kind}Line>
<cac:{kind}Line><cac:Item><cbc:Name>Mittagessen</cbc:Name></cac:Item></cac:{kind}Line>
</ubl:{kind}>"""


def ubl(kind: str = "Invoice", code: str = "380", currency: str = "EUR") -> bytes:
    return UBL.format(kind=kind, code=code, currency=currency).encode()


def pdf_with(name: str, content: bytes) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment(name, content)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """200 MB in some 200 kB."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("factur-x.xml", b"x")
    [entry] = writer.attachment_list
    stream = entry.pdf_object["/EF"]["/F"].get_object()
    packer = zlib.compressobj(9)
    stream._data = b"".join(packer.compress(bytes(10**7)) for _ in range(20)) + packer.flush()
    stream[pypdf.generic.NameObject("/Filter")] = pypdf.generic.NameObject("/FlateDecode")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf_with("factur-x.xml", b"<a/>")))
    writer.encrypt("geheim", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


LAUGHS = (
    "<!DOCTYPE a [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]><a>&a11;</a>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


def test_our_own_invoice_is_read_as_xml_and_out_of_its_pdf():
    said = snapshot(line(), line("Exkursion & <mehr>", "2", "12.50"))
    xml = xml_of(said)
    for data in (xml, pdf_of(said, xml), xml.decode().encode("utf-8-sig")):
        found = read(data)
        assert found.supplier == SELLER.name
        assert (found.number, found.amount, found.net) == (said.number, said.gross, said.net)
        assert (found.invoiced_on, found.due_on) == (said.issued_on, said.due_on)
        assert (found.iban, found.bic) == (said.iban, said.bic)
        assert found.text.endswith("je Mentee\nExkursion & <mehr>")
        assert not found.credit
    assert read(xml_of(storno(said))).credit


@pytest.mark.parametrize("name", ["ZUGFeRD-invoice.xml", "factur-x.xml", "xrechnung.xml"])
def test_any_of_the_names_by_which_a_pdf_holds_its_invoice(name: str):
    assert read(pdf_with(name, ubl())).number == "2026/17"


def test_ubl_is_read_too():
    found = read(ubl())
    assert found.supplier == "Tagungshaus Müller & Söhne"
    assert (found.number, found.iban) == ("2026/17", "DE75512108001245126199")
    assert (found.invoiced_on, found.due_on) == (date(2026, 11, 2), date(2026, 12, 2))
    amounts = (found.amount, found.net, found.tax, found.payable)
    assert amounts == tuple(map(Decimal, ("1190.00", "1000.00", "190.00", "690.00")))
    assert found.lines == ("Saalmiete und Technik", "Mittagessen")
    assert read(ubl("CreditNote", "381")).credit


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: b" \n", "ist leer"),
        (lambda: b"MZ\x90\x00", "weder eine PDF-Datei noch"),
        (lambda: b"%PDF-1.7 kaputt", "beschädigt"),
        (lambda: b"<html><body/></html>", "keine elektronische Rechnung"),
        (lambda: pdf_of(snapshot(), None), "einfache Rechnung"),
        (lambda: pdf_with("anlage.xml", ubl()), "einfache Rechnung"),
        (lambda: pdf_with("factur-x.xml", b"<a"), "fehlerfreies XML"),
        (encrypted, "Kennwort"),
        (bomb, "zu groß"),
        (lambda: b"<a>" + b" " * reading.MAX_XML_BYTES + b"</a>", "zu groß"),
        (lambda: bytes(reading.MAX_BYTES) + b"x", "zu groß"),
        (lambda: b"<a>" * 5000 + b"</a>" * 5000, "verschachtelt"),
        (lambda: b"<a>" + b"<b/>" * reading.MAX_ELEMENTS + b"</a>", "verschachtelt"),
        (LAUGHS.encode, "DTD"),
        (OUTSIDE.encode, "DTD"),
        (lambda: OUTSIDE.encode("utf-16"), "DTD"),
        (lambda: ubl(currency="CHF"), "„CHF“"),
        (lambda: ubl().replace(b" 2026/17 ", b" "), "Rechnungsnummer"),
        (lambda: ubl().replace(b"2026-11-02+01:00", b"2026-13-45"), "Datum"),
        (lambda: ubl().replace(b">1190.00<", b">NaN<"), "Betrag"),
        (lambda: ubl().replace(b">1190.00<", b">1e999999<"), "Betrag"),
        (
            lambda: (
                b'<a:CrossIndustryDocument xmlns:a="urn:ferd:CrossIndustryDocument:invoice:1p0"/>'
            ),
            "ZUGFeRD 1.0",
        ),
    ],
)
def test_what_is_no_invoice_is_refused_in_words(make: Callable[[], bytes], words: str):
    data = make()
    with pytest.raises(Unreadable, match=words):
        read(data)


def test_whatever_a_file_holds_it_is_read_or_refused():
    """Bytes are changed, cut out and doubled at random; nothing but ``Unreadable`` may come."""
    chance = Random(11)
    said = snapshot(buyer=replace(BUYER, name="Stadt"))
    seeds = [pdf_with("factur-x.xml", ubl()), xml_of(said), ubl()]
    outcomes = set()
    for turn in range(400):
        data = bytearray(seeds[turn % len(seeds)])
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(data))
            action = chance.randrange(3)
            if action == 0:
                data[at] = chance.randrange(256)
            elif action == 1:
                del data[at : at + chance.randint(1, 40)]
            else:
                data[at:at] = data[at : at + chance.randint(1, 40)]
        try:
            read(bytes(data))
        except Unreadable:
            outcomes.add("refused")
        else:
            outcomes.add("read")
    assert outcomes == {"read", "refused"}
