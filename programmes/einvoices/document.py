"""An invoice as a sheet of paper: PDF/A-3a and PDF/UA-1, with its XML inside (ZUGFeRD)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from mentoring.ui.pdf import Attached, Mark, html_to_archival_pdf
from programmes.einvoices.qr import epc_svg
from programmes.einvoices.snapshot import CREDIT_NOTE, DRAFT_NUMBER, EXEMPT, Snapshot, TaxGroup
from programmes.organisations.checks import validate_leitweg_id

XML_NAME = "xrechnung.xml"

# Factur-X 1.0.07 / ZUGFeRD 2.3, technical appendix: what the metadata of the PDF say.
FACTUR_X = Mark(
    "Factur-X PDFA Extension Schema",
    "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    "fx",
    (
        ("DocumentType", "INVOICE", "The type of the hybrid document"),
        ("DocumentFileName", XML_NAME, "The name of the embedded XML document"),
        ("Version", "3.0", "The version of the standard of the embedded XML data"),
        ("ConformanceLevel", "XRECHNUNG", "The conformance level of the embedded XML data"),
    ),
)

LONG_NAME = 60


@dataclass(frozen=True)
class _Row:
    number: int
    name: str
    quantity: str
    price: str
    rate: str
    amount: str


def pdf_of(snapshot: Snapshot, xml: bytes | None) -> bytes:
    """The PDF of ``snapshot``, byte for byte the same whenever it is made of the same.

    With ``xml`` it holds that as ``xrechnung.xml``; ``None`` makes a PDF alone.
    """
    html = render_to_string("einvoices/invoice_pdf.html", _context(snapshot))
    moment = datetime.combine(snapshot.issued_on, time(0), UTC)
    if xml is None:
        return html_to_archival_pdf(html, moment=moment)
    attached = Attached(XML_NAME, xml, f"XRechnung {snapshot.number}", "Alternative")
    return html_to_archival_pdf(html, moment=moment, attached=(attached,), marks=(FACTUR_X,))


def _context(snapshot: Snapshot) -> dict[str, Any]:
    credit = snapshot.kind == CREDIT_NOTE
    draft = snapshot.number == DRAFT_NUMBER
    several = len(snapshot.taxes) > 1
    return {
        "said": snapshot,
        "credit": credit,
        "draft": draft,
        "long_name": len(snapshot.buyer.name) > LONG_NAME,
        "long_seller": len(snapshot.seller.name) > LONG_NAME,
        "facts": _facts(snapshot),
        "several": several,
        "rows": [
            _Row(
                number,
                line.name,
                _number(line.quantity),
                _money(line.price),
                "frei" if line.category == EXEMPT else f"{_number(line.rate)} %",
                _money(line.amount),
            )
            for number, line in enumerate(snapshot.lines, start=1)
        ],
        "net": _money(snapshot.net),
        "taxes": [(_tax_label(group), _money(group.tax)) for group in snapshot.taxes],
        "gross": _money(snapshot.gross),
        "iban": _iban(snapshot.iban),
        "code": "" if credit or draft else _code(snapshot),
        "terms": snapshot.payment_terms,
    }


def _facts(snapshot: Snapshot) -> list[tuple[str, str]]:
    seller = snapshot.seller
    start, end = snapshot.service_from, snapshot.service_until
    number = "Stornorechnung" if snapshot.kind == CREDIT_NOTE else "Rechnungsnr."
    rows = [
        (number, snapshot.number),
        ("Datum", _day(snapshot.issued_on)),
        (
            "Leistung",
            _day(start) if start == end else f"{_day(start)} bis {_day(end)}",
        ),
        ("Fällig am", "" if snapshot.kind == CREDIT_NOTE else _day(snapshot.due_on)),
        ("Zur Rechnung", snapshot.preceding_number),
        ("Vom", _day(snapshot.preceding_on)),
        (_reference_label(snapshot.buyer_reference), snapshot.buyer_reference),
        ("Bestellnummer", snapshot.order_number),
        ("USt-IdNr.", seller.vat_id),
        ("Steuernummer", seller.tax_number),
        ("Lieferantennr.", seller.seller_id),
        ("Ansprechperson", seller.contact_name),
        ("Telefon", seller.contact_phone),
        ("E-Mail", seller.contact_email),
    ]
    return [(label, value) for label, value in rows if value.strip()]


def _reference_label(reference: str) -> str:
    try:
        validate_leitweg_id(reference)
    except ValidationError:
        return "Ihre Referenz"
    return "Leitweg-ID"


def _tax_label(group: TaxGroup) -> str:
    basis = _money(group.basis)
    if group.category == EXEMPT:
        return f"{group.reason or 'Umsatzsteuerfrei'} (auf {basis})"
    return f"Umsatzsteuer {_number(group.rate)} % auf {basis}"


def _code(snapshot: Snapshot) -> str:
    """The payment code, or "" where none can be made: a draft may lack its IBAN."""
    try:
        svg = epc_svg(
            name=snapshot.account_holder,
            iban=snapshot.iban,
            bic=snapshot.bic,
            amount=snapshot.gross,
            text=snapshot.number,
        )
    except ValueError:
        return ""
    # The drawing of modules, made of numbers alone; its title is what PDF/UA reads aloud.
    title = "<title>QR-Code für die Überweisung mit einer Banking-App</title>"
    return mark_safe(svg.replace("<path", f"{title}<path", 1))  # noqa: S308


def _day(day: Any) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _money(amount: Decimal) -> str:
    """As the house writes money, but free of the language a process happens to be in."""
    text = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    return f"{text} €"


def _number(value: Decimal) -> str:
    """Without nought behind the comma: 12, 12,5."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def _iban(iban: str) -> str:
    plain = iban.replace(" ", "")
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))
