"""What an invoice says: put together for a draft, read from the snapshot afterwards."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from programmes.billing.invoice import Invoice, InvoiceLine
from programmes.billing.issuer import Buyer, Issuer
from programmes.einvoices.amounts import rounded, tax_groups
from programmes.einvoices.snapshot import (
    CREDIT_NOTE,
    DRAFT_NUMBER,
    INVOICE,
    Line,
    Party,
    Snapshot,
    TaxGroup,
)
from programmes.organisations.models import LogisticsPartner, Municipality

LEITWEG_SCHEME = "0204"
"""The scheme of a Leitweg-ID as an electronic address (EAS list of the EN 16931)."""


SOME_DAY = date(2000, 1, 1)
"""Stands for the day of issue where it must not matter."""


def shown(invoice: Invoice) -> Snapshot:
    """What ``invoice`` says: of a draft what it would say today, else its snapshot.

    Of an invoice that was recorded without a snapshot, what its rows tell.
    """
    if invoice.snapshot is not None:
        return Snapshot.from_json(invoice.snapshot)
    return snapshot_of(
        invoice,
        number=invoice.number or DRAFT_NUMBER,
        issued_on=invoice.issued_on or timezone.localdate(),
    )


def preview(invoice: Invoice) -> Snapshot:
    """What the draft would say if it were issued today, marked as one and without a number."""
    said = snapshot_of(invoice, number=DRAFT_NUMBER, issued_on=timezone.localdate())
    return replace(said, title=f"ENTWURF, noch keine Rechnung: {subject_of(invoice)}")


def seen_of(invoice: Invoice) -> str:
    """What a draft would say, short: it changes when any of that changes, but not overnight."""
    said = snapshot_of(invoice, number=DRAFT_NUMBER, issued_on=SOME_DAY)
    return hashlib.sha256(json.dumps(said.as_json(), sort_keys=True).encode()).hexdigest()


def subject_of(invoice: Invoice) -> str:
    """What an invoice is about: the programme and the Durchgang."""
    return f"{invoice.cycle.programme}, Durchgang Nr. {invoice.cycle.number}"


def snapshot_of(invoice: Invoice, *, number: str, issued_on: date) -> Snapshot:
    """All that an invoice says, from the records of now. Nothing is checked."""
    issuer, partner = invoice.issuer, invoice.issuer.partner
    municipality = invoice.municipality
    buyer = buyer_of(municipality)
    due_on = invoice.due_on or issued_on + timedelta(days=issuer.payment_days)
    lines = snapshot_lines(invoice.lines.all())
    taxes = tax_groups(lines, reason=issuer.exemption_reason, code=issuer.exemption_code)
    net, tax, gross = sums(lines, taxes)
    reference = municipality.leitweg_id or buyer.reference
    return Snapshot(
        kind=INVOICE,
        number=number,
        issued_on=issued_on,
        due_on=due_on,
        service_from=invoice.service_from,
        service_until=invoice.service_until,
        seller=seller_party(issuer, partner),
        buyer=buyer_party(municipality),
        buyer_reference=reference,
        order_number=invoice.order_number,
        iban=partner.iban,
        bic=partner.bic,
        account_holder=partner.account_holder or partner.name,
        title=f"Rechnung {number}: {subject_of(invoice)}",
        introduction=_paragraphs(issuer.introduction, invoice.note),
        terms=f"Zahlbar ohne Abzug bis zum {due_on:%d.%m.%Y}.",
        closing=issuer.closing,
        lines=lines,
        taxes=taxes,
        net=net,
        tax=tax,
        gross=gross,
        plain_pdf=not reference and buyer.plain_pdf,
    )


def storno_snapshot(invoice: Invoice, *, number: str, issued_on: date, reason: str) -> Snapshot:
    """What the Storno of an issued ``invoice`` says: the same amounts, given back.

    Everything comes from the snapshot of the invoice, for it is that document, and nothing
    that was changed since, which is taken back. The code 381 says that the amounts are a
    credit, so they stay positive; number and date of the invoice are BT-25 and BT-26.
    """
    said = shown(invoice)
    return replace(
        said,
        kind=CREDIT_NOTE,
        number=number,
        issued_on=issued_on,
        due_on=None,
        title=f"Stornorechnung {number}: {subject_of(invoice)}",
        introduction=(
            f"Hiermit stornieren wir unsere Rechnung {said.number} vom "
            f"{said.issued_on:%d.%m.%Y} in voller Höhe. Grund: {reason}"
        ),
        closing="",
        preceding_number=said.number,
        preceding_on=said.issued_on,
    )


def snapshot_lines(lines: Iterable[InvoiceLine]) -> tuple[Line, ...]:
    """The lines of a draft, each amount rounded once."""
    return tuple(
        Line(
            name=line.name,
            quantity=line.quantity,
            price=line.price,
            amount=rounded(line.quantity * line.price),
            category=line.tax_category,
            rate=line.tax_rate,
        )
        for line in lines
    )


def sums(lines: Sequence[Line], taxes: Sequence[TaxGroup]) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and gross in euros (EN 16931, BT-109, BT-110, BT-112)."""
    net = rounded(sum((line.amount for line in lines), Decimal(0)))
    tax = rounded(sum((group.tax for group in taxes), Decimal(0)))
    return net, tax, rounded(net + tax)


def seller_party(issuer: Issuer, partner: LogisticsPartner) -> Party:
    """The Logistikpartner as it stands on an invoice."""
    return Party(
        name=partner.name,
        street=partner.street,
        postal_code=partner.postal_code,
        city=partner.city,
        vat_id=partner.vat_id,
        tax_number=partner.tax_number,
        seller_id=issuer.seller_id,
        contact_name=partner.contact_name,
        contact_phone=partner.contact_phone,
        contact_email=partner.contact_email,
        electronic_address=partner.contact_email,
    )


def buyer_party(municipality: Municipality) -> Party:
    """The Kommune as it stands on an invoice.

    The billing address counts as a whole or not at all: half of it beside half of the other
    would lead nowhere.
    """
    own_address = any(
        (municipality.billing_street, municipality.billing_postal_code, municipality.billing_city)
    )
    prefix = "billing_" if own_address else ""
    street, postal_code, city = (
        getattr(municipality, f"{prefix}{name}") for name in ("street", "postal_code", "city")
    )
    leitweg = municipality.leitweg_id
    return Party(
        name=municipality.billing_name or municipality.name,
        street=street,
        postal_code=postal_code,
        city=city,
        electronic_address=leitweg or municipality.billing_email or municipality.email,
        scheme=LEITWEG_SCHEME if leitweg else "EM",
    )


def buyer_of(municipality: Municipality) -> Buyer:
    """What the Kommune wants on its invoices; unsaved defaults where it said nothing."""
    try:
        found: Buyer = municipality.buyer
    except Buyer.DoesNotExist:
        found = Buyer(municipality=municipality)
    return found


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())
