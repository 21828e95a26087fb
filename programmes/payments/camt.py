"""Reading bank statements: CAMT.053 (ISO 20022, BankToCustomerStatement), as German banks send it.

By hand on lxml: what there is as a library either writes payments, drags a web framework along
or changes weekly (looked at in November 2026), and of a statement we want little: the credits.
Read by local names, so that every version of the format is (.02 of the DK agreement until
2025, .08 since, and what follows); where they differ, both ways of writing are looked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from mentoring.files.checks import Unfit
from mentoring.files.xmltree import parse_xml

MAX_ENTRIES = 20_000
_CAMT = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.\d{2}")
# So many digits as an amount of ours may have; the format allows eighteen.
_AMOUNT = re.compile(r"\d{1,10}(\.\d{1,5})?")
# What banks write where there is no reference (DK, Anlage 3; EPC: NOTPROVIDED).
_NO_REFERENCE = {"", "NONREF", "NOTPROVIDED", "KEINEREFERENZ"}


class NoStatement(Exception):
    """No bank statement we can read; its text completes "Die Datei … "."""


@dataclass(frozen=True)
class Credit:
    """Money that came in, booked on a day, in euros."""

    booked_on: date
    amount: Decimal
    payer: str
    text: str
    reference: str
    """The bank's own reference and the payer's end-to-end id, as far as there are any."""


@dataclass(frozen=True)
class Statement:
    """One statement of one account.

    ``skipped`` counts what is no booked credit in euros: debits, what is not booked yet,
    other currencies, by what it is.
    """

    iban: str
    identification: str
    first_day: date | None
    last_day: date | None
    credits: tuple[Credit, ...]
    not_booked: int = 0
    other_currency: int = 0


def read_statements(data: bytes) -> list[Statement]:
    """The statements in ``data``. Raises ``NoStatement``."""
    try:
        root = parse_xml(data)
    except Unfit as unfit:
        raise NoStatement(str(unfit)) from unfit
    namespace, _, name = str(root.tag).rpartition("}")
    if name != "Document" or not _CAMT.fullmatch(namespace.lstrip("{")):
        raise NoStatement(_what_else(namespace))
    found = [_statement(node) for node in _all(root, "BkToCstmrStmt", "Stmt")]
    if not found:
        raise NoStatement("enthält keinen Kontoauszug")
    return found


def _what_else(namespace: str) -> str:
    if "camt.052" in namespace or "camt.054" in namespace:
        return (
            "ist kein Kontoauszug, sondern eine Umsatzvorschau oder Sammelbuchung (CAMT.052 oder "
            "CAMT.054). Wählen Sie bei Ihrer Bank „CAMT.053“"
        )
    return "ist kein Kontoauszug im Format CAMT.053"


def _statement(node: Any) -> Statement:
    credits: list[Credit] = []
    not_booked = other_currency = 0
    days: list[date] = []
    for number, entry in enumerate(_all(node, "Ntry")):
        if number >= MAX_ENTRIES:
            raise NoStatement(f"enthält mehr als {MAX_ENTRIES} Buchungen")
        status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
        if status != "BOOK":
            not_booked += 1
            continue
        booked = _day(entry, "BookgDt") or _day(entry, "ValDt")
        if booked is None:
            raise NoStatement("enthält eine Buchung ohne Datum")
        days.append(booked)
        if _text(entry, "CdtDbtInd") != "CRDT":
            continue
        amount, currency = _amount(_first(entry, "Amt"))
        if currency != "EUR":
            other_currency += 1
            continue
        credits += _credits(entry, booked, amount)
    identification = _text(node, "ElctrncSeqNb") or _text(node, "LglSeqNb")
    return Statement(
        iban=_text(node, "Acct", "Id", "IBAN").replace(" ", "").upper(),
        identification=(f"Nr. {identification}" if identification else _text(node, "Id"))[:140],
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        credits=tuple(credits),
        not_booked=not_booked,
        other_currency=other_currency,
    )


def _credits(entry: Any, booked: date, amount: Decimal) -> Iterator[Credit]:
    """The payments of one booking: a collective one has several, if they add up to it."""
    details = _all(entry, "NtryDtls", "TxDtls")
    reference = _reference(_text(entry, "AcctSvcrRef"))
    parts = [_signed(one) for one in details]
    if len(details) > 1 and all(parts) and sum(part for part in parts if part) == amount:
        for one, part in zip(details, parts, strict=True):
            if part is not None and part > 0:
                yield _credit(one, entry, booked, part, reference)
        return
    if len(details) > 1:
        # Nobody says how much each of them paid: one credit that tells of all.
        yield Credit(
            booked,
            amount,
            _joined(dict.fromkeys(_payer(one) for one in details))[:160],
            _joined(_remittance(one) for one in details)[:1000],
            reference,
        )
        return
    yield _credit(details[0] if details else entry, entry, booked, amount, reference)


def _credit(details: Any, entry: Any, booked: date, amount: Decimal, reference: str) -> Credit:
    own = _reference(_text(details, "Refs", "AcctSvcrRef"))
    end_to_end = _reference(_text(details, "Refs", "EndToEndId"))
    text = _remittance(details) or _clean(
        _text(details, "AddtlTxInf") or _text(entry, "AddtlNtryInf")
    )
    return Credit(
        booked,
        amount,
        _payer(details)[:160],
        text[:1000],
        " ".join(dict.fromkeys(filter(None, (reference, own, end_to_end)))),
    )


def _signed(details: Any) -> Decimal | None:
    """The amount of one payment of a collective booking, debits below nought; ``None``: unsaid."""
    node = _first(details, "Amt")
    if node is None:
        node = _first(details, "AmtDtls", "TxAmt", "Amt")
    if node is None:
        return None
    amount, currency = _amount(node)
    if currency != "EUR":
        return None
    return -amount if _text(details, "CdtDbtInd") == "DBIT" else amount


def _payer(details: Any) -> str:
    """Who paid, and for whom if that is said: name in .02, party's name in .08."""
    names = [
        _clean(
            _text(details, "RltdPties", kind, "Pty", "Nm")
            or _text(details, "RltdPties", kind, "Nm")
        )
        for kind in ("Dbtr", "UltmtDbtr")
    ]
    return " für ".join(dict.fromkeys(filter(None, names)))


def _remittance(details: Any) -> str:
    """What the payer wrote, free or structured, and the payer's reference."""
    parts = [node.text or "" for node in _all(details, "RmtInf", "Ustrd")]
    for structured in _all(details, "RmtInf", "Strd"):
        parts += [
            _text(structured, "CdtrRefInf", "Ref"),
            *(_text(document, "Nb") for document in _all(structured, "RfrdDocInf")),
            *(node.text or "" for node in _all(structured, "AddtlRmtInf")),
        ]
    end_to_end = _reference(_text(details, "Refs", "EndToEndId"))
    said = _joined(_clean(part) for part in parts)
    if end_to_end and end_to_end not in said:
        return _joined((said, end_to_end))
    return said


def _reference(text: str) -> str:
    text = _clean(text)
    return "" if text.upper().replace(" ", "") in _NO_REFERENCE else text


def _amount(node: Any) -> tuple[Decimal, str]:
    text = (node.text or "").strip() if node is not None else ""
    if not _AMOUNT.fullmatch(text):
        raise NoStatement("enthält eine Buchung ohne lesbaren Betrag")
    try:
        amount = Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise NoStatement("enthält eine Buchung ohne lesbaren Betrag") from error
    return amount, str(node.get("Ccy", ""))


def _day(entry: Any, name: str) -> date | None:
    text = _text(entry, name, "Dt") or _text(entry, name, "DtTm")
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise NoStatement("enthält eine Buchung mit einem unlesbaren Datum") from error


def _all(node: Any, *names: str) -> list[Any]:
    """The elements down this way of local names."""
    found = [node]
    for name in names:
        found = [child for one in found for child in one.iterchildren("{*}" + name)]
    return found


def _first(node: Any, *names: str) -> Any:
    return next(iter(_all(node, *names)), None)


def _text(node: Any, *names: str) -> str:
    found = _first(node, *names)
    return (found.text or "").strip() if found is not None else ""


def _clean(text: str) -> str:
    return " ".join(text.split())


def _joined(parts: Any) -> str:
    return " ".join(part for part in parts if part)
