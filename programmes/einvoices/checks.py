"""What an invoice lacks before it may be issued, said so that it can be mended.

Sources: § 14 (4) UStG; EN 16931-1 (rules BR-…); KoSIT, XRechnung 3.0.2 (rules BR-DE-…).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError

from programmes.einvoices.amounts import rounded, tax_groups
from programmes.einvoices.characters import unprintable
from programmes.einvoices.snapshot import (
    CREDIT_NOTE,
    EXEMPT,
    INVOICE,
    STANDARD,
    Line,
    Party,
    Snapshot,
)
from programmes.einvoices.vatex import CODES
from programmes.organisations.checks import validate_bic, validate_iban, validate_leitweg_id

PARTNER = "Bitte tragen Sie das auf der Seite des Logistikpartners ein."
SETTINGS = "Bitte ändern Sie das unter „Rechnungsstellung“."
BUYER = "Bitte ergänzen Sie das bei der Kommune unter „Rechnungsangaben“."
DRAFT = "Bitte ändern Sie das im Entwurf."

EMAIL, LEITWEG = "EM", "0204"

# The patterns of the rules themselves (XR-EMAIL-REGEX, XR-TELEPHONE-REGEX).
_EMAIL = re.compile(r"[^@\s]+@([^@.\s]+\.)+[^@.\s]+")
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Missing:
    """``field`` as the snapshot calls it, e.g. ``buyer.street``; ``text`` for the reader."""

    field: str
    text: str


def missing(snapshot: Snapshot) -> list[Missing]:
    """What keeps ``snapshot`` from being issued; an empty list if nothing does."""
    found = [
        *_seller(snapshot),
        *_buyer(snapshot),
        *_dates(snapshot),
        *_payment(snapshot),
        *_lines(snapshot),
        *_characters(snapshot),
    ]
    # Sums of lines that are wrong themselves say nothing more.
    if not any(one.field.startswith("lines") for one in found):
        found += _sums(snapshot)
    return found


def _address(party: Party, name: str, whose: str, where: str) -> Iterator[Missing]:
    for field, value, what in (
        ("name", party.name, "der Name"),
        ("street", party.street, "Straße und Hausnummer"),
        ("postal_code", party.postal_code, "die Postleitzahl"),
        ("city", party.city, "der Ort"),
    ):
        if not value.strip():
            verb = "fehlen" if field == "street" else "fehlt"
            yield Missing(f"{name}.{field}", f"In der Anschrift {whose} {verb} {what}. {where}")


def _seller(snapshot: Snapshot) -> Iterator[Missing]:
    seller = snapshot.seller
    yield from _address(seller, "seller", "des Logistikpartners", PARTNER)
    if not seller.vat_id.strip() and not seller.tax_number.strip():
        yield Missing(
            "seller.tax_number",
            f"Es fehlt die USt-IdNr. oder die Steuernummer des Logistikpartners. {PARTNER}",
        )
    elif not snapshot.plain_pdf and not seller.vat_id.strip() and not seller.seller_id.strip():
        yield Missing(
            "seller.seller_id",
            "Ohne USt-IdNr. braucht eine XRechnung eine Kennung des Verkäufers, zum Beispiel die "
            f"Lieferantennummer. {SETTINGS}",
        )
    if not seller.contact_name.strip():
        yield Missing("seller.contact_name", f"Es fehlt die Ansprechperson. {PARTNER}")
    if len(_DIGIT.findall(seller.contact_phone)) < 3:
        yield Missing(
            "seller.contact_phone",
            f"Es fehlt die Telefonnummer der Ansprechperson (mindestens drei Ziffern). {PARTNER}",
        )
    if not _EMAIL.fullmatch(seller.contact_email.strip()):
        yield Missing(
            "seller.contact_email", f"Es fehlt die E-Mail-Adresse der Ansprechperson. {PARTNER}"
        )
    if not snapshot.plain_pdf:
        yield from _electronic(seller, "seller", "des Logistikpartners", PARTNER)


def _buyer(snapshot: Snapshot) -> Iterator[Missing]:
    yield from _address(snapshot.buyer, "buyer", "der Kommune", BUYER)
    if snapshot.plain_pdf:
        return
    if not snapshot.buyer_reference.strip():
        yield Missing(
            "buyer_reference",
            "Die Kommune hat weder eine Leitweg-ID noch eine Kundenreferenz, ohne die es keine "
            "XRechnung gibt. Bitte ergänzen Sie eine davon bei der Kommune, oder vermerken Sie "
            "dort unter „Rechnungsangaben“, dass sie auch eine einfache PDF-Rechnung annimmt.",
        )
    yield from _electronic(snapshot.buyer, "buyer", "der Kommune", BUYER)


def _electronic(party: Party, name: str, whose: str, where: str) -> Iterator[Missing]:
    address, wrong = party.electronic_address.strip(), ""
    if not address:
        wrong = "fehlt"
    elif party.scheme == LEITWEG:
        wrong = "" if _holds(validate_leitweg_id, address) else "ist keine gültige Leitweg-ID"
    elif party.scheme != EMAIL or not _EMAIL.fullmatch(address):
        wrong = "ist keine E-Mail-Adresse"
    if wrong:
        yield Missing(
            f"{name}.electronic_address",
            f"Die Adresse {whose} für elektronische Rechnungen {wrong}. {where}",
        )


def _dates(snapshot: Snapshot) -> Iterator[Missing]:
    if not snapshot.number.strip():
        yield Missing("number", "Die Rechnung hat keine Nummer.")
    if snapshot.service_until < snapshot.service_from:
        yield Missing("service_until", f"Das Ende der Leistung liegt vor ihrem Beginn. {DRAFT}")
    if snapshot.kind == CREDIT_NOTE:
        if not snapshot.preceding_number or not snapshot.preceding_on:
            yield Missing(
                "preceding_number", "Die Stornorechnung nennt die Rechnung nicht, die sie aufhebt."
            )
        return
    if snapshot.kind != INVOICE:
        yield Missing("kind", "Diese Art von Rechnung ist nicht vorgesehen.")
    if snapshot.due_on is None:
        yield Missing("due_on", f"Es fehlt der Tag, bis zu dem zu zahlen ist. {DRAFT}")
    elif snapshot.due_on < snapshot.issued_on:
        yield Missing("due_on", f"Die Rechnung wäre vor ihrem Datum fällig. {DRAFT}")
    if not snapshot.payment_terms:
        yield Missing("terms", f"Es fehlen die Zahlungsbedingungen. {SETTINGS}")
    elif any(line.lstrip().startswith("#") for line in snapshot.payment_terms.splitlines()):
        # So begins what a machine reads as a cash discount (BR-DE-18).
        yield Missing("terms", f"Keine Zeile der Zahlungsbedingungen darf mit # beginnen. {DRAFT}")


def _payment(snapshot: Snapshot) -> Iterator[Missing]:
    if snapshot.kind == CREDIT_NOTE:
        return
    if not snapshot.iban.strip():
        yield Missing("iban", f"Es fehlt die IBAN des Logistikpartners. {PARTNER}")
    elif not _holds(validate_iban, snapshot.iban):
        yield Missing("iban", f"Die IBAN des Logistikpartners ist nicht gültig. {PARTNER}")
    if not snapshot.account_holder.strip():
        yield Missing("account_holder", f"Es fehlt, wem das Konto gehört. {PARTNER}")
    if snapshot.bic.strip() and not _holds(validate_bic, snapshot.bic.strip()):
        yield Missing("bic", f"Der BIC des Logistikpartners ist nicht gültig. {PARTNER}")


def _lines(snapshot: Snapshot) -> Iterator[Missing]:
    if not snapshot.lines:
        yield Missing("lines", f"Die Rechnung hat keine Zeile. {DRAFT}")
    for number, line in enumerate(snapshot.lines, start=1):
        wrong = _wrong_with(line)
        if wrong:
            yield Missing(f"lines.{number}", f"In Zeile {number} {wrong}. {DRAFT}")


def _wrong_with(line: Line) -> str:
    if not line.name.strip():
        return "fehlt die Bezeichnung"
    if line.quantity <= 0:
        return "ist die Menge nicht größer als null"
    if line.price <= 0:
        return "ist der Einzelpreis nicht größer als null"
    if line.amount != rounded(line.quantity * line.price):
        return "ist der Betrag nicht Menge mal Einzelpreis"
    if line.category not in (EXEMPT, STANDARD):
        return "fehlt die Angabe zur Umsatzsteuer"
    if line.category == EXEMPT and line.rate != 0:
        return "ist ein Steuersatz genannt, obwohl sie umsatzsteuerfrei ist"
    if line.category == STANDARD and not 0 < line.rate < 100:
        return "fehlt der Steuersatz"
    return ""


def _sums(snapshot: Snapshot) -> Iterator[Missing]:
    for group in snapshot.taxes:
        if group.category == EXEMPT and not group.reason.strip() and not group.code.strip():
            yield Missing("taxes", f"Es fehlt der Grund der Steuerbefreiung. {SETTINGS}")
        if group.code.strip() and group.code.strip().upper() not in CODES:
            yield Missing(
                "taxes",
                f"Den Schlüssel „{group.code}“ für die Steuerbefreiung gibt es nicht; er darf auch "
                f"leer bleiben. {SETTINGS}",
            )
    wanted = [(t.category, t.rate, t.basis, t.tax) for t in tax_groups(snapshot.lines)]
    said = [(t.category, t.rate, t.basis, t.tax) for t in snapshot.taxes]
    net = sum((line.amount for line in snapshot.lines), Decimal(0))
    tax = sum((group.tax for group in snapshot.taxes), Decimal(0))
    sums = (snapshot.net, snapshot.tax, snapshot.gross)
    if sorted(wanted) != sorted(said) or sums != (net, tax, net + tax):
        yield Missing(
            "gross",
            "Die Summen passen nicht zu den Zeilen. Bitte speichern Sie den Entwurf noch einmal.",
        )
    elif snapshot.gross <= 0:
        yield Missing("gross", f"Der Rechnungsbetrag ist nicht größer als null. {DRAFT}")


def _characters(snapshot: Snapshot) -> Iterator[Missing]:
    seller, buyer = snapshot.seller, snapshot.buyer
    for field, what, value in (
        ("seller.name", "im Namen des Logistikpartners", seller.name),
        ("seller.street", "in der Straße des Logistikpartners", seller.street),
        ("seller.city", "im Ort des Logistikpartners", seller.city),
        ("seller.seller_id", "in der Kennung des Verkäufers", seller.seller_id),
        ("seller.contact_name", "im Namen der Ansprechperson", seller.contact_name),
        ("seller.contact_phone", "in der Telefonnummer", seller.contact_phone),
        ("buyer.name", "im Namen der Kommune", buyer.name),
        ("buyer.street", "in der Straße der Kommune", buyer.street),
        ("buyer.city", "im Ort der Kommune", buyer.city),
        ("buyer_reference", "in der Kundenreferenz", snapshot.buyer_reference),
        ("order_number", "in der Bestellnummer", snapshot.order_number),
        ("account_holder", "im Namen zum Konto", snapshot.account_holder),
        ("title", "in der Überschrift", snapshot.title),
        ("introduction", "in der Einleitung", snapshot.introduction),
        ("terms", "in den Zahlungsbedingungen", snapshot.terms),
        ("closing", "im Schlusstext", snapshot.closing),
        *((f"lines.{n}", f"in Zeile {n}", line.name) for n, line in enumerate(snapshot.lines, 1)),
        *(("taxes", "im Grund der Steuerbefreiung", group.reason) for group in snapshot.taxes),
    ):
        strange = unprintable(value)
        if strange:
            yield Missing(
                field, f"Diese Zeichen {what} lassen sich nicht drucken: {strange}. Bitte ersetzen."
            )


def _holds(validate: Callable[[str], None], value: str) -> bool:
    try:
        validate(value)
    except ValidationError:
        return False
    return True
