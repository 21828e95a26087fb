"""Drafts: made, changed, given lines, deleted. Nothing of one is owed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.billing.domain.words import snapshot_lines, sums
from programmes.billing.invoice import Invoice, InvoiceLine, InvoiceState
from programmes.billing.issuer import Issuer, TaxCategory
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle
from programmes.einvoices.amounts import tax_groups
from programmes.organisations.models import Municipality

GONE = "Dieser Entwurf wurde inzwischen ausgestellt oder gelöscht. Laden Sie die Seite neu."
LARGEST = Decimal("9999999999.99")
"""What the columns of the amounts hold (euros)."""


@dataclass(frozen=True)
class LineData:
    """One line of a draft. ``price`` is net, in euros; ``mentees`` counts those billed by it."""

    name: str
    quantity: Decimal
    price: Decimal
    tax_category: str
    tax_rate: Decimal = Decimal("0.00")
    mentees: int | None = None


def issuer_of(cycle: Cycle) -> Issuer:
    """How the Logistikpartner of the cycle bills; made with its defaults when first asked for.

    Raises ``Refused`` if the programme has no Logistikpartner.
    """
    partner = cycle.programme.logistics_partner
    if partner is None:
        raise Refused(
            f"Das Programm {cycle.programme} hat keinen Logistikpartner, der Rechnungen "
            "schreibt. Ein ständiges Mitglied trägt ihn auf der Seite des Programms ein."
        )
    found: Issuer = Issuer.objects.select_related("partner").get_or_create(partner=partner)[0]
    return found


def line_of(
    issuer: Issuer, name: str, quantity: Decimal, price: Decimal, mentees: int | None = None
) -> LineData:
    """A line with the VAT that the issuer has set for all."""
    standard = issuer.tax_category == TaxCategory.STANDARD
    rate = issuer.tax_rate if standard else Decimal("0.00")
    return LineData(name, quantity, price, issuer.tax_category, rate, mentees)


def create_draft(
    cycle: Cycle, municipality: Municipality, lines: Sequence[LineData], *, by: User, **fields: Any
) -> Invoice:
    """A draft for a Kommune of the cycle, with its lines.

    ``fields`` are columns of ``Invoice``: the service period, at least. Raises ``Refused`` if
    the cycle has ended or has no Logistikpartner, ``ValidationError`` for fields or lines
    that cannot be.
    """
    with transaction.atomic(), acting(by):
        issuer = issuer_of(held_open(cycle))
        return make_draft(issuer, cycle, municipality, lines, **fields)


def make_draft(
    issuer: Issuer,
    cycle: Cycle,
    municipality: Municipality,
    lines: Sequence[LineData],
    **fields: Any,
) -> Invoice:
    """As ``create_draft``, inside the caller's transaction and without a look at the cycle."""
    invoice = Invoice(issuer=issuer, cycle=cycle, municipality=municipality, **fields)
    invoice.way = issuer.way
    invoice.full_clean()
    invoice.save(force_insert=True)
    _write_lines(invoice, lines)
    return invoice


def save_draft(invoice: Invoice, *, by: User) -> Invoice:
    """Save changed fields of a draft. Raises ``Refused`` if it is none, or ``EditConflict``."""
    with transaction.atomic(), acting(by):
        held_draft(invoice)
        # The sums come from the lines, which another page may have changed meanwhile.
        invoice.save(update_fields=_FIELDS)
    return invoice


_FIELDS = ("due_on", "service_from", "service_until", "order_number", "note")


def set_lines(invoice: Invoice, lines: Sequence[LineData], *, by: User) -> Invoice:
    """Replace all lines of a draft; its sums follow. Raises ``Refused`` if it is none.

    ``invoice`` must carry the version that was read, or ``EditConflict`` is raised: two who
    edit the lines at once do not overwrite one another.
    """
    with transaction.atomic(), acting(by):
        held_draft(invoice)
        _write_lines(invoice, lines)
    return invoice


def delete_draft(invoice: Invoice, *, by: User) -> None:
    """Delete a draft with its lines. Raises ``Refused`` if it has a number."""
    with transaction.atomic(), acting(by):
        held_draft(invoice).delete()


def held_draft(invoice: Invoice) -> Invoice:
    """The draft as stored now, held until the transaction ends. Raises ``Refused``.

    PostgreSQL holds the row; SQLite has one writing transaction at a time.
    """
    found: Invoice | None = (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("issuer__partner", "municipality", "cycle__programme")
        .filter(pk=invoice.pk, state=InvoiceState.DRAFT)
        .first()
    )
    if found is None:
        raise Refused(GONE)
    return found


def _write_lines(invoice: Invoice, lines: Sequence[LineData]) -> None:
    rows = [
        InvoiceLine(
            invoice=invoice,
            position=position,
            name=line.name,
            quantity=line.quantity,
            price=line.price,
            tax_category=line.tax_category,
            tax_rate=line.tax_rate,
            mentees=line.mentees,
        )
        for position, line in enumerate(lines, start=1)
    ]
    for row in rows:
        row.full_clean(exclude={"invoice"})
    said = snapshot_lines(rows)
    invoice.net, invoice.tax, invoice.gross = sums(said, tax_groups(said, reason="", code=""))
    if invoice.gross > LARGEST:
        raise ValidationError("Die Summe ist zu groß. Prüfen Sie Mengen und Preise.")
    invoice.save(update_fields=["net", "tax", "gross"])
    invoice.lines.all().delete()
    InvoiceLine.objects.bulk_create(rows)
