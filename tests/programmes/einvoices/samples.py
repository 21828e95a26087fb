"""Invoices to try things with: one by hand, and any number by chance from a seed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from programmes.einvoices.amounts import rounded, tax_groups
from programmes.einvoices.snapshot import (
    CREDIT_NOTE,
    EXEMPT,
    INVOICE,
    STANDARD,
    Line,
    Party,
    Snapshot,
)

LEITWEG_IDS = ("04011000-12345-03", "99661-XR2026-06", "05515000-48143-12")
REASON = "Umsatzsteuerfrei nach § 4 Nr. 22 Buchstabe a UStG"
CODE = "VATEX-EU-132-1I"
FULL_TAX = Decimal("19.00")

SELLER = Party(
    name="Studieninstitut Beispielland",
    street="Lehrweg 3",
    postal_code="48143",
    city="Münster",
    tax_number="337/5901/1234",
    seller_id="LIEF-4711",
    contact_name="Käthe Größer",
    contact_phone="0251 55512-0",
    contact_email="rechnung@institut.example",
    electronic_address="rechnung@institut.example",
)
BUYER = Party(
    name="Stadt Musterhausen",
    street="Rathausplatz 1",
    postal_code="48231",
    city="Musterhausen",
    electronic_address="04011000-12345-03",
    scheme="0204",
)


def line(
    name: str = "Teilnahmegebühr Cross-Mentoring, Durchgang 10, je Mentee",
    quantity: str = "3",
    price: str = "500.00",
    rate: Decimal | None = None,
) -> Line:
    amount = rounded(Decimal(quantity) * Decimal(price))
    category = EXEMPT if rate is None else STANDARD
    return Line(name, Decimal(quantity), Decimal(price), amount, category, rate or Decimal(0))


def snapshot(*lines: Line, **changed: Any) -> Snapshot:
    """A small invoice in order, with its sums; ``changed`` fields as they are said."""
    lines = lines or (line(),)
    taxes = tax_groups(lines, reason=REASON, code=CODE)
    net = sum((one.amount for one in lines), Decimal(0))
    tax = sum((group.tax for group in taxes), Decimal(0))
    said = Snapshot(
        kind=INVOICE,
        number="CM-2026-0007",
        issued_on=date(2026, 11, 22),
        due_on=date(2026, 12, 22),
        service_from=date(2026, 9, 25),
        service_until=date(2028, 9, 22),
        seller=SELLER,
        buyer=BUYER,
        buyer_reference="04011000-12345-03",
        order_number="",
        iban="DE75512108001245126199",
        bic="SOGEDEFFXXX",
        account_holder="Studieninstitut Beispielland",
        title="Rechnung CM-2026-0007",
        introduction="für Ihre Teilnahme am Cross-Mentoring berechnen wir:",
        terms="Zahlbar ohne Abzug bis zum 22.12.2026.",
        closing="",
        lines=lines,
        taxes=taxes,
        net=net,
        tax=tax,
        gross=net + tax,
    )
    return replace(said, **changed)


def storno(said: Snapshot, number: str = "CM-2026-0008") -> Snapshot:
    return replace(
        said,
        kind=CREDIT_NOTE,
        number=number,
        title=f"Stornorechnung {number}",
        issued_on=said.issued_on + timedelta(days=3),
        due_on=None,
        introduction=f"Hiermit stornieren wir unsere Rechnung {said.number} in voller Höhe.",
        closing="",
        preceding_number=said.number,
        preceding_on=said.issued_on,
    )


_TOWNS = (
    "Stadt Musterhausen",
    "Gemeinde Größenbröckß-Überäcker",
    "Kreis Beispiel & Söhne <Ost>",
    'Stadt "Zum Goldenen Löwen"',
    "Verbandsgemeinde O’Donnell–Müller",
    "Interkommunaler Zweckverband für Personalentwicklung, Fortbildung und gemeinsame "
    "Ausbildung der Städte und Gemeinden des nördlichen Beispiellandes – Geschäftsstelle",
    "Łódź-Čeština-Çelebi-Ñuñoa, Stadt",
)
_SERVICES = (
    "Teilnahmegebühr Cross-Mentoring, Durchgang 10, je Mentee",
    "Anteil an der gemeinsamen Exkursion nach Brüssel",
    "Raum & Catering <Startworkshop>",
    'Fachtag "Führen in Teilzeit", Beitrag je Person',
    "Fortbildung für Mentorinnen und Mentoren: Grundlagen, Rolle, Gesprächsführung, Abschluss; "
    "einschließlich Unterlagen, Fahrtkosten der Referentin und Bewirtung im Tagungshaus 12,50 €",
    "Überstunden à 45 min – ½ Tag, Gruppe bis 12",
)


def generated(count: int, seed: int = 22) -> list[Snapshot]:
    """``count`` invoices that might be: exempt, taxed and mixed, short and long, with Stornos."""
    chance = Random(seed)
    found: list[Snapshot] = []
    while len(found) < count:
        said = _by_chance(chance, len(found) + 1)
        found.append(said)
        if chance.random() < 0.25 and len(found) < count:
            found.append(storno(said, f"CM-2026-{len(found) + 1:04d}"))
    return found


def _by_chance(chance: Random, sequence: int) -> Snapshot:
    kind = chance.choice(("exempt", "taxed", "mixed"))
    long = chance.random() < 0.05
    lines = []
    for _ in range(chance.randint(60, 200) if long else chance.randint(1, 8)):
        taxed = kind == "taxed" or (kind == "mixed" and chance.random() < 0.5)
        rate = chance.choice((FULL_TAX, FULL_TAX, Decimal("7.00"))) if taxed else None
        quantity = chance.choice(("1", "3", "12", "0.5", "2.25", f"{chance.randint(1, 40)}"))
        price = f"{chance.randint(1, 150_000) / 100:.2f}"
        lines.append(line(chance.choice(_SERVICES), quantity, price, rate))
    number = f"CM-2026-{sequence:04d}"
    issued = date(2026, 1, 1) + timedelta(days=chance.randint(0, 360))
    leitweg = chance.choice((*LEITWEG_IDS, ""))
    buyer = replace(
        BUYER,
        name=chance.choice(_TOWNS),
        electronic_address=leitweg or "rechnung@stadt.example",
        scheme="0204" if leitweg else "EM",
    )
    seller = SELLER
    if chance.random() < 0.5:
        seller = replace(SELLER, vat_id="DE136695976", seller_id="")
    return snapshot(
        *lines,
        number=number,
        title=f"Rechnung {number}",
        issued_on=issued,
        due_on=issued + timedelta(days=30),
        terms=f"Zahlbar ohne Abzug bis zum {issued + timedelta(days=30):%d.%m.%Y}.",
        seller=seller,
        buyer=buyer,
        buyer_reference=leitweg or f"Az. 10/{sequence} & Co.",
        order_number=chance.choice(("", "4500012345", "B-2026/17 <A>")),
        bic=chance.choice(("", "SOGEDEFFXXX")),
        introduction=chance.choice(("", "Erster Absatz.\n\nZweiter mit „Zitat“ & <Klammer>.")),
        closing=chance.choice(("", "Vielen Dank für die gute Zusammenarbeit!")),
    )
