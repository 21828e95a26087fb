"""What an e-invoice that others sent says, in either of the two languages of EN 16931."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from programmes.einvoices.amounts import rounded

EURO = "EUR"
CREDIT_KINDS = frozenset({"261", "381", "396"})
MAX_LINES = 500
MAX_TEXT = 500

_CII = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
_OLD = "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_UBL_INVOICE = f"{{{_UBL}Invoice-2}}Invoice"
_UBL_CREDIT = f"{{{_UBL}CreditNote-2}}CreditNote"

_AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,10})?")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{4,30}")
_BIC = re.compile(r"[A-Z0-9]{8}([A-Z0-9]{3})?")


class Unreadable(Exception):
    """No e-invoice we can read; its text says why, for the person who chose the file."""


@dataclass(frozen=True)
class Incoming:
    """What an e-invoice says, as far as a form of ours wants it. Amounts are euros."""

    supplier: str
    number: str
    invoiced_on: date
    due_on: date | None
    amount: Decimal
    iban: str
    lines: tuple[str, ...]
    bic: str = ""
    net: Decimal | None = None
    tax: Decimal | None = None
    payable: Decimal | None = None
    """What is still to pay, less than ``amount`` where a part was paid before."""
    credit: bool = False
    """Whether the supplier gives ``amount`` back."""

    @property
    def text(self) -> str:
        """The texts of its lines, one below the other."""
        return "\n".join(self.lines)


def interpreted(root: Any) -> Incoming:
    """What the XML below ``root`` (lxml) says; raises ``Unreadable``."""
    if root.tag == _CII:
        return _from_cii(root)
    if root.tag in (_UBL_INVOICE, _UBL_CREDIT):
        return _from_ubl(root)
    if root.tag == _OLD:
        raise Unreadable(
            "Die Datei ist eine Rechnung nach ZUGFeRD 1.0. Diese alte Fassung lesen wir nicht, "
            "bitte tragen Sie die Rechnung von Hand ein."
        )
    raise Unreadable("Die Datei ist XML, aber keine elektronische Rechnung.")


def _from_cii(root: Any) -> Incoming:
    """UN/CEFACT Cross Industry Invoice D16B, as in Factur-X, ZUGFeRD 2 and XRechnung."""
    head = "ExchangedDocument"
    trade = "SupplyChainTradeTransaction"
    settlement = f"{trade}/ApplicableHeaderTradeSettlement"
    sums = f"{settlement}/SpecifiedTradeSettlementHeaderMonetarySummation"
    means = f"{settlement}/SpecifiedTradeSettlementPaymentMeans"
    _euros_only(_first(root, f"{settlement}/InvoiceCurrencyCode"))
    return Incoming(
        supplier=_wanted(
            _first(root, f"{trade}/ApplicableHeaderTradeAgreement/SellerTradeParty/Name"),
            "wer sie stellt",
        ),
        number=_wanted(_first(root, f"{head}/ID"), "die Rechnungsnummer"),
        invoiced_on=_wanted_day(_first(root, f"{head}/IssueDateTime/DateTimeString")),
        due_on=_day(
            _first(root, f"{settlement}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString")
        ),
        amount=_wanted_amount(_first(root, f"{sums}/GrandTotalAmount")),
        iban=_code(_IBAN, _first(root, f"{means}/PayeePartyCreditorFinancialAccount/IBANID")),
        bic=_code(_BIC, _first(root, f"{means}/PayeeSpecifiedCreditorFinancialInstitution/BICID")),
        lines=_texts(
            root, f"{trade}/IncludedSupplyChainTradeLineItem", "SpecifiedTradeProduct/Name"
        ),
        net=_amount(_first(root, f"{sums}/TaxBasisTotalAmount")),
        tax=_amount(_first(root, f"{sums}/TaxTotalAmount")),
        payable=_amount(_first(root, f"{sums}/DuePayableAmount")),
        credit=_first(root, f"{head}/TypeCode") in CREDIT_KINDS,
    )


def _from_ubl(root: Any) -> Incoming:
    """OASIS UBL 2.1, Invoice or CreditNote, as XRechnung takes it."""
    credit_note = root.tag == _UBL_CREDIT
    party = "AccountingSupplierParty/Party"
    sums = "LegalMonetaryTotal"
    account = "PaymentMeans/PayeeFinancialAccount"
    kind = _first(root, "CreditNoteTypeCode" if credit_note else "InvoiceTypeCode")
    _euros_only(_first(root, "DocumentCurrencyCode"))
    return Incoming(
        supplier=_wanted(
            _first(root, f"{party}/PartyLegalEntity/RegistrationName")
            or _first(root, f"{party}/PartyName/Name"),
            "wer sie stellt",
        ),
        number=_wanted(_first(root, "ID"), "die Rechnungsnummer"),
        invoiced_on=_wanted_day(_first(root, "IssueDate")),
        due_on=_day(_first(root, "DueDate") or _first(root, "PaymentMeans/PaymentDueDate")),
        amount=_wanted_amount(_first(root, f"{sums}/TaxInclusiveAmount")),
        iban=_code(_IBAN, _first(root, f"{account}/ID")),
        bic=_code(_BIC, _first(root, f"{account}/FinancialInstitutionBranch/ID")),
        lines=_texts(root, "CreditNoteLine" if credit_note else "InvoiceLine", "Item/Name"),
        net=_amount(_first(root, f"{sums}/TaxExclusiveAmount")),
        tax=_amount(_first(root, "TaxTotal/TaxAmount")),
        payable=_amount(_first(root, f"{sums}/PayableAmount")),
        credit=credit_note or kind in CREDIT_KINDS,
    )


def _first(root: Any, path: str) -> str:
    """The first text below ``path``, whatever the namespaces of its parts."""
    for found in root.iterfind("/".join(f"{{*}}{part}" for part in path.split("/"))):
        text = _clean(found.text)
        if text:
            return text
    return ""


def _texts(root: Any, lines: str, name: str) -> tuple[str, ...]:
    def all_of_them() -> Iterator[str]:
        for number, line in enumerate(root.iterfind(f"{{*}}{lines.replace('/', '/{*}')}")):
            if number == MAX_LINES:
                return
            yield _first(line, name)

    return tuple(text for text in all_of_them() if text)


def _clean(text: str | None) -> str:
    """Without what is not seen: characters that turn the direction make "xml.exe" of "exe.lmx"."""
    seen = (
        " " if unicodedata.category(one) == "Cc" else one
        for one in (text or "")[:MAX_TEXT]
        if unicodedata.category(one) != "Cf"
    )
    return " ".join("".join(seen).split())


def _wanted(text: str, what: str) -> str:
    if not text:
        raise Unreadable(
            f"In der elektronischen Rechnung fehlt {what}. Bitte tragen Sie sie von Hand ein."
        )
    return text


def _euros_only(currency: str) -> None:
    if currency != EURO:
        raise Unreadable(
            f"Die Rechnung lautet nicht auf Euro, sondern auf „{currency or 'nichts'}“. Bitte "
            "tragen Sie sie von Hand ein."
        )


def _day(text: str) -> date | None:
    """``text`` as 20260925 (CII, format 102) or 2026-09-25, a zone behind it left aside."""
    plain = text[:10].replace("-", "") if "-" in text else text
    if not re.fullmatch(r"[0-9]{8}", plain):
        return None
    try:
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    except ValueError:
        return None


def _wanted_day(text: str) -> date:
    day = _day(text)
    if day is None:
        raise Unreadable(
            "In der elektronischen Rechnung fehlt ihr Datum. Bitte tragen Sie sie von Hand ein."
        )
    return day


def _amount(text: str) -> Decimal | None:
    return rounded(Decimal(text)) if _AMOUNT.fullmatch(text) else None


def _wanted_amount(text: str) -> Decimal:
    amount = _amount(text)
    if amount is None:
        raise Unreadable(
            "In der elektronischen Rechnung fehlt der Betrag. Bitte tragen Sie sie von Hand ein."
        )
    return amount


def _code(pattern: re.Pattern[str], text: str) -> str:
    plain = text.replace(" ", "").upper()
    return plain if pattern.fullmatch(plain) else ""
