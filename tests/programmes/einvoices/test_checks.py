"""What an invoice lacks is said before it is issued, and where to mend it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from programmes.einvoices.checks import missing
from programmes.einvoices.snapshot import Snapshot
from tests.programmes.einvoices.samples import BUYER, SELLER, line, snapshot, storno


def fields(said: Snapshot) -> list[str]:
    found = missing(said)
    assert all(one.text.endswith(".") and "  " not in one.text for one in found)
    return [one.field for one in found]


def test_an_invoice_in_order_lacks_nothing_nor_does_its_storno():
    assert fields(snapshot()) == []
    assert fields(storno(snapshot())) == []


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("seller.street", {"seller": replace(SELLER, street=" ")}),
        ("seller.tax_number", {"seller": replace(SELLER, tax_number="", vat_id="")}),
        ("seller.seller_id", {"seller": replace(SELLER, seller_id="")}),
        ("seller.contact_name", {"seller": replace(SELLER, contact_name="")}),
        ("seller.contact_phone", {"seller": replace(SELLER, contact_phone="Tel. 12")}),
        ("seller.contact_email", {"seller": replace(SELLER, contact_email="a@b")}),
        ("seller.electronic_address", {"seller": replace(SELLER, electronic_address="")}),
        ("buyer.name", {"buyer": replace(BUYER, name="")}),
        ("buyer.postal_code", {"buyer": replace(BUYER, postal_code="")}),
        ("buyer.electronic_address", {"buyer": replace(BUYER, electronic_address="")}),
        ("buyer.electronic_address", {"buyer": replace(BUYER, scheme="EM")}),
        ("buyer_reference", {"buyer_reference": " "}),
        ("iban", {"iban": ""}),
        ("iban", {"iban": "DE75512108001245126198"}),
        ("account_holder", {"account_holder": ""}),
        ("bic", {"bic": "XX"}),
        ("due_on", {"due_on": None}),
        ("due_on", {"due_on": date(2026, 11, 21)}),
        ("terms", {"terms": ""}),
        ("terms", {"terms": "Zahlbar sofort.\n#SKONTO#TAGE=14#"}),
        ("service_until", {"service_until": date(2026, 1, 1)}),
        ("lines", {"lines": ()}),
        ("lines.1", {"lines": (replace(line(), name=""),)}),
        ("lines.1", {"lines": (replace(line(), price=Decimal("0.00")),)}),
        ("lines.1", {"lines": (replace(line(), quantity=Decimal("-1")),)}),
        ("lines.1", {"lines": (replace(line(), amount=Decimal("1500.01")),)}),
        ("lines.1", {"lines": (replace(line(), rate=Decimal("19")),)}),
        ("gross", {"gross": Decimal("0.00")}),
        ("gross", {"lines": (line(), line())}),
        ("taxes", {"taxes": (replace(snapshot().taxes[0], reason="", code=""),)}),
        ("taxes", {"taxes": (replace(snapshot().taxes[0], code="VATEX-XY"),)}),
        ("buyer.name", {"buyer": replace(BUYER, name="Stadt 😀")}),
        ("lines.1", {"lines": (replace(line(), name="Gebühr\x0b"),)}),
    ],
)
def test_what_is_missing_is_named(field: str, changed: dict[str, Any]):
    assert fields(replace(snapshot(), **changed)) == [field]


def test_a_plain_pdf_needs_no_reference_but_the_tax_number_all_the_same():
    plain = snapshot(
        plain_pdf=True,
        buyer_reference="",
        buyer=replace(BUYER, electronic_address=""),
        seller=replace(SELLER, seller_id="", electronic_address=""),
    )
    assert fields(plain) == []
    no_tax_number = replace(plain, seller=replace(plain.seller, tax_number=""))
    assert fields(no_tax_number) == ["seller.tax_number"]


def test_a_storno_names_what_it_cancels_and_asks_for_no_account():
    said = replace(storno(snapshot()), iban="", account_holder="")
    assert fields(said) == []
    assert fields(replace(said, preceding_number="")) == ["preceding_number"]


def test_strange_characters_are_shown_and_unseen_ones_named():
    said = snapshot(introduction="Grüße 😀 und \x07nichts", closing="Für Łódź, Ñandú: 12,50 €")
    [one] = missing(said)
    assert one.field == "introduction"
    assert "„😀“, U+0007" in one.text


def test_an_umlaut_of_two_characters_is_one():
    assert fields(snapshot(introduction="Gru\u0308ße")) == []
