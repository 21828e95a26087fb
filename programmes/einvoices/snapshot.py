"""What an invoice says, frozen: the one source of its XML, its PDF and its page.

Amounts are euros with two decimals; dates are days. Once an invoice is issued, nothing but
its snapshot is ever read again to show it (design, rule 4).
"""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

INVOICE = "380"
CREDIT_NOTE = "381"
"""Codes of UNTDID 1001 as EN 16931 takes them (BT-3). A Storno is a credit note: its amounts
are positive, its kind says that they are given back."""

DRAFT_NUMBER = "Entwurf"
"""What stands in place of a number while there is none."""

CREDIT_TERMS = (
    "Zu dieser Stornorechnung ist nichts zu zahlen. Der Betrag der Rechnung {number} ist damit "
    "nicht mehr geschuldet; was darauf schon bezahlt wurde, wird erstattet oder verrechnet."
)

EXEMPT = "E"
STANDARD = "S"
"""Categories of UNTDID 5305 (BT-118, BT-151)."""


@dataclass(frozen=True)
class Party:
    """Who sells or who buys. ``scheme`` belongs to ``electronic_address`` (BT-34, BT-49)."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str = "DE"
    vat_id: str = ""
    tax_number: str = ""
    seller_id: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    electronic_address: str = ""
    scheme: str = "EM"


@dataclass(frozen=True)
class Line:
    """One line; never with the name of a mentee on it."""

    name: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    category: str
    rate: Decimal
    unit: str = "C62"


@dataclass(frozen=True)
class TaxGroup:
    """All lines of one category and rate: basis, tax, and why none is due."""

    category: str
    rate: Decimal
    basis: Decimal
    tax: Decimal
    reason: str = ""
    code: str = ""


@dataclass(frozen=True)
class Snapshot:
    """Everything an invoice says."""

    kind: str
    number: str
    issued_on: date
    due_on: date | None
    service_from: date
    service_until: date
    seller: Party
    buyer: Party
    buyer_reference: str
    order_number: str
    iban: str
    bic: str
    account_holder: str
    title: str
    introduction: str
    terms: str
    closing: str
    lines: tuple[Line, ...]
    taxes: tuple[TaxGroup, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal
    preceding_number: str = ""
    preceding_on: date | None = None
    plain_pdf: bool = False
    """Whether the buyer gets a PDF alone: it has neither Leitweg-ID nor a reference."""

    @property
    def payment_terms(self) -> str:
        """The terms in words (BT-20). A Storno asks for no money, whatever its terms say.

        It has some all the same: BR-CO-25 holds for it too.
        """
        if self.kind == CREDIT_NOTE:
            return CREDIT_TERMS.format(number=self.preceding_number)
        return self.terms.strip()

    def as_json(self) -> dict[str, Any]:
        """For a JSON column: amounts and days as text."""
        found = _plain(asdict(self))
        assert isinstance(found, dict)
        return found

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Snapshot":
        """As ``as_json`` wrote it."""
        values = dict(stored)
        for name in ("issued_on", "due_on", "service_from", "service_until", "preceding_on"):
            values[name] = date.fromisoformat(values[name]) if values[name] else None
        for name in ("net", "tax", "gross"):
            values[name] = Decimal(values[name])
        values["seller"], values["buyer"] = Party(**values["seller"]), Party(**values["buyer"])
        values["lines"] = tuple(_line(row) for row in values["lines"])
        values["taxes"] = tuple(_group(row) for row in values["taxes"])
        return cls(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _line(row: dict[str, Any]) -> Line:
    amounts = {name: Decimal(row[name]) for name in ("quantity", "price", "amount", "rate")}
    return Line(**{**row, **amounts})


def _group(row: dict[str, Any]) -> TaxGroup:
    amounts = {name: Decimal(row[name]) for name in ("rate", "basis", "tax")}
    return TaxGroup(**{**row, **amounts})
