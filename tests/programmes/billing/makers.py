"""Makers of invoices: what they need, drafts, issued ones, a Storno."""

from datetime import date
from decimal import Decimal
from typing import Any

from mentoring.accounts.models import User
from programmes.billing import domain
from programmes.billing.domain import LineData
from programmes.billing.issuer import Buyer, Issuer, TaxCategory
from programmes.billing.models import Invoice
from programmes.cycles.models import Cycle
from programmes.organisations.models import LogisticsPartner, Municipality
from tests import factories as make

LEITWEG = "991-33333TEST-33"
PARTNER: dict[str, Any] = {
    "street": "Lehrweg 1",
    "postal_code": "48143",
    "city": "Musterhausen",
    "vat_id": "DE136695976",
    "tax_number": "337/5902/0000",
    "account_holder": "Studieninstitut Musterland",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "contact_name": "Petra Probe",
    "contact_email": "rechnung@institut.example",
    "contact_phone": "0251 1234-0",
}
ADDRESS: dict[str, Any] = {
    "street": "Rathausplatz 1",
    "postal_code": "48000",
    "city": "Ahausen",
    "email": "personal@stadt.example",
}


def fill_partner(partner: LogisticsPartner, **fields: Any) -> LogisticsPartner:
    """All that an invoice needs of the seller."""
    for name, value in {**PARTNER, **fields}.items():
        setattr(partner, name, value)
    partner.save()
    return partner


def fill_house(house: Municipality, **fields: Any) -> Municipality:
    """All that an electronic invoice needs of the buyer."""
    for name, value in {**ADDRESS, "leitweg_id": LEITWEG, **fields}.items():
        setattr(house, name, value)
    house.save()
    return house


def make_issuer(cycle: Cycle, **fields: Any) -> Issuer:
    """The issuer of the cycle, complete; a partner is made where the programme has none."""
    programme = cycle.programme
    if programme.logistics_partner is None:
        programme.logistics_partner = make.make_partner()
        programme.save()
    fill_partner(programme.logistics_partner)
    issuer, _ = Issuer.objects.update_or_create(
        partner=programme.logistics_partner, defaults=fields
    )
    # The cycle's own object may have read another partner before.
    programme.logistics_partner.billing = issuer
    return issuer


def make_house(short_name: str = "", **fields: Any) -> Municipality:
    """A Kommune with all that an invoice needs."""
    return fill_house(make.make_municipality(short_name), **fields)


def make_buyer(house: Municipality, **fields: Any) -> Buyer:
    """What a Kommune wants on its invoices."""
    return Buyer.objects.create(municipality=house, **fields)


def fee_line(mentees: int = 2, price: str = "500.00", **fields: Any) -> LineData:
    """The fee of some mentees, exempt from VAT."""
    fields.setdefault("name", "Teilnahmegebühr je Mentee")
    fields.setdefault("tax_category", TaxCategory.EXEMPT)
    return LineData(quantity=Decimal(mentees), price=Decimal(price), mentees=mentees, **fields)


def taxed_line(price: str = "10.00", quantity: str = "1", **fields: Any) -> LineData:
    """A line with 19 % VAT."""
    fields.setdefault("name", "Gemeinsame Fahrt")
    return LineData(
        quantity=Decimal(quantity),
        price=Decimal(price),
        tax_category=TaxCategory.STANDARD,
        tax_rate=Decimal("19.00"),
        **fields,
    )


def make_draft(
    cycle: Cycle,
    municipality: Municipality | None = None,
    *,
    lines: list[LineData] | None = None,
    by: User | None = None,
    **fields: Any,
) -> Invoice:
    """A draft that may be issued: issuer and Kommune are made complete where they are not."""
    if not Issuer.objects.filter(partner=cycle.programme.logistics_partner).exists():
        make_issuer(cycle)
    municipality = municipality or make_house()
    if not municipality.street:
        fill_house(municipality)
    fields.setdefault("service_from", date(2026, 1, 1))
    fields.setdefault("service_until", date(2026, 12, 31))
    return domain.create_draft(
        cycle,
        municipality,
        [fee_line()] if lines is None else lines,
        by=by,  # type: ignore[arg-type]  # nobody acts in a maker
        **fields,
    )


def make_issuing(cycle: Cycle, municipality: Municipality | None = None, **fields: Any) -> Invoice:
    """An invoice with its number, whose files are still to be made."""
    draft = make_draft(cycle, municipality, **fields)
    return domain.issue(draft, by=None)  # type: ignore[arg-type]  # nobody acts in a maker


def make_issued(
    cycle: Cycle, municipality: Municipality | None = None, *, real: bool = False, **fields: Any
) -> Invoice:
    """An issued invoice; with ``real`` its files are the real ones (half a second), else short."""
    return finish(make_issuing(cycle, municipality, **fields), real=real)


def finish(invoice: Invoice, *, real: bool = False) -> Invoice:
    """Give an invoice (or Storno) with a number its files."""
    if real:
        assert domain.make_files(invoice.pk)
    else:
        _short_files(invoice)
    invoice.refresh_from_db()
    return invoice


def _short_files(invoice: Invoice) -> None:
    from programmes.billing.domain.files import file_name, store

    name = file_name(invoice)
    pdf = store(b"%PDF-1.7 " + name.encode(), name=f"{name}.pdf", content_type="application/pdf")
    xml = store(b"<xml/>" + name.encode(), name=f"{name}.xml", content_type="application/xml")
    Invoice.objects.filter(pk=invoice.pk).update(
        state="issued", pdf=pdf, pdf_sha256=pdf.sha256, xml=xml, xml_sha256=xml.sha256
    )


def make_storno(invoice: Invoice, *, reason: str = "Falsche Anzahl", **fields: Any) -> Invoice:
    """The Storno of an issued invoice, with short files."""
    storno = domain.cancel(invoice, reason=reason, by=None, **fields)  # type: ignore[arg-type]  # nobody acts
    return finish(storno) if storno.state == "issuing" else storno
