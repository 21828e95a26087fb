"""Each thing an invoice says stands where EN 16931 wants it in the XML."""

from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree

from programmes.einvoices.cii import GUIDELINE, xml_of
from tests.programmes.einvoices.samples import FULL_TAX, SELLER, line, snapshot, storno

AGREEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
SETTLEMENT = "SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"
MEANS = f"{SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"
SUMS = f"{SETTLEMENT}/SpecifiedTradeSettlementHeaderMonetarySummation"
TERMS = f"{SETTLEMENT}/SpecifiedTradePaymentTerms"
PRECEDING = f"{SETTLEMENT}/InvoiceReferencedDocument"
SELLER_PARTY = f"{AGREEMENT}/SellerTradeParty"
ITEM = "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
ADDRESS = "URIUniversalCommunication/URIID"


def texts(xml: bytes, path: str) -> list[str]:
    """What stands at ``path``, a scheme or unit before its value."""
    found = etree.fromstring(xml).findall("/".join(f"{{*}}{part}" for part in path.split("/")))
    kinds = ("schemeID", "unitCode", "currencyID")
    return [
        " ".join([*(one.get(kind) for kind in kinds if one.get(kind)), one.text or ""])
        for one in found
    ]


SAID = xml_of(
    snapshot(
        line(rate=FULL_TAX),
        line(" Anteil & <mehr> ", "0.5", "33.33"),
        order_number=" 4500 ",
        closing="Danke",
        seller=replace(SELLER, vat_id="DE136695976"),
    )
)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (
            "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID",
            [GUIDELINE],
        ),
        ("ExchangedDocument/ID", ["CM-2026-0007"]),
        ("ExchangedDocument/TypeCode", ["380"]),
        ("ExchangedDocument/IssueDateTime/DateTimeString", ["20261122"]),
        (
            "ExchangedDocument/IncludedNote/Content",
            ["für Ihre Teilnahme am Cross-Mentoring berechnen wir:", "Danke"],
        ),
        (f"{AGREEMENT}/BuyerReference", ["04011000-12345-03"]),
        (f"{AGREEMENT}/BuyerOrderReferencedDocument/IssuerAssignedID", ["4500"]),
        (f"{SELLER_PARTY}/ID", ["LIEF-4711"]),
        (
            f"{SELLER_PARTY}/SpecifiedTaxRegistration/ID",
            ["VA DE136695976", "FC 337/5901/1234"],
        ),
        (f"{SELLER_PARTY}/DefinedTradeContact/PersonName", ["Käthe Größer"]),
        (f"{SELLER_PARTY}/{ADDRESS}", ["EM rechnung@institut.example"]),
        (f"{AGREEMENT}/BuyerTradeParty/{ADDRESS}", ["0204 04011000-12345-03"]),
        (f"{AGREEMENT}/BuyerTradeParty/PostalTradeAddress/LineOne", ["Rathausplatz 1"]),
        (f"{SETTLEMENT}/PaymentReference", ["CM-2026-0007"]),
        (f"{SETTLEMENT}/InvoiceCurrencyCode", ["EUR"]),
        (f"{MEANS}/TypeCode", ["58"]),
        (f"{MEANS}/PayeePartyCreditorFinancialAccount/IBANID", ["DE75512108001245126199"]),
        (
            f"{MEANS}/PayeePartyCreditorFinancialAccount/AccountName",
            ["Studieninstitut Beispielland"],
        ),
        (f"{MEANS}/PayeeSpecifiedCreditorFinancialInstitution/BICID", ["SOGEDEFFXXX"]),
        (f"{SETTLEMENT}/ApplicableTradeTax/CategoryCode", ["E", "S"]),
        (f"{SETTLEMENT}/ApplicableTradeTax/CalculatedAmount", ["0.00", "285.00"]),
        (f"{SETTLEMENT}/ApplicableTradeTax/ExemptionReasonCode", ["VATEX-EU-132-1I"]),
        (f"{SETTLEMENT}/BillingSpecifiedPeriod/StartDateTime/DateTimeString", ["20260925"]),
        (f"{SETTLEMENT}/BillingSpecifiedPeriod/EndDateTime/DateTimeString", ["20280922"]),
        (f"{TERMS}/Description", ["Zahlbar ohne Abzug bis zum 22.12.2026."]),
        (f"{TERMS}/DueDateDateTime/DateTimeString", ["20261222"]),
        (f"{PRECEDING}/IssuerAssignedID", []),
        (f"{SUMS}/TaxBasisTotalAmount", ["1516.67"]),
        (f"{SUMS}/TaxTotalAmount", ["EUR 285.00"]),
        (f"{SUMS}/GrandTotalAmount", ["1801.67"]),
        (f"{SUMS}/DuePayableAmount", ["1801.67"]),
        (
            f"{ITEM}/SpecifiedTradeProduct/Name",
            ["Teilnahmegebühr Cross-Mentoring, Durchgang 10, je Mentee", "Anteil & <mehr>"],
        ),
        (f"{ITEM}/SpecifiedLineTradeDelivery/BilledQuantity", ["C62 3", "C62 0.5"]),
    ],
)
def test_an_invoice_says_it_in_its_place(path: str, values: list[str]):
    assert texts(SAID, path) == values


def test_a_storno_names_what_it_cancels_and_asks_for_nothing():
    xml = xml_of(replace(storno(snapshot()), due_on=snapshot().due_on))
    assert texts(xml, "ExchangedDocument/TypeCode") == ["381"]
    assert texts(xml, f"{PRECEDING}/IssuerAssignedID") == ["CM-2026-0007"]
    assert texts(xml, f"{PRECEDING}/FormattedIssueDateTime/DateTimeString") == ["20261122"]
    assert texts(xml, f"{MEANS}/TypeCode") == ["97"]
    assert texts(xml, f"{MEANS}/PayeePartyCreditorFinancialAccount/IBANID") == []
    assert texts(xml, f"{TERMS}/DueDateDateTime/DateTimeString") == []
    [terms] = texts(xml, f"{TERMS}/Description")
    assert "nichts zu zahlen" in terms
    assert "Zahlbar" not in terms
    assert texts(xml, f"{SUMS}/GrandTotalAmount") == ["1500.00"]


def test_amounts_are_written_without_an_exponent():
    said = line()
    xml = xml_of(snapshot(replace(said, quantity=Decimal("3E+0"), price=Decimal("5E+2"))))
    path = f"{ITEM}/SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount"
    assert texts(xml, path) == ["500"]
