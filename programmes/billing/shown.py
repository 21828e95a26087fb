"""Invoices as pages show them: state, form, what is missing and where it is mended."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from programmes.billing.domain.words import buyer_of
from programmes.billing.models import Invoice, InvoiceState, Way
from programmes.billing.settings import form_of_invoices
from programmes.einvoices.checks import Missing
from programmes.organisations.permissions import edits_municipality

_SETTINGS = ("seller.seller_id", "taxes", "introduction", "closing", "terms", "number")
_SELLER = ("seller", "iban", "bic", "account_holder")
_DRAFT = ("due_on", "service", "order_number", "note")


@dataclass(frozen=True)
class ToMend:
    """A sentence about what is missing, and where the reader mends it ("" if nowhere)."""

    text: str
    url: str
    label: str


def form_of(invoice: Invoice) -> tuple[bool, str]:
    """Whether an invoice can be made for this Kommune, and in a sentence in which form.

    Of what was issued, the form it has.
    """
    if invoice.way == Way.ELSEWHERE and invoice.state != InvoiceState.DRAFT:
        return True, "Im eigenen Rechnungssystem des Logistikpartners geschrieben."
    if invoice.state == InvoiceState.DRAFT and invoice.issuer.way == Way.ELSEWHERE:
        return True, "Das schreibt das eigene Rechnungssystem des Logistikpartners."
    if invoice.state in (InvoiceState.DRAFT, InvoiceState.ISSUING):
        if invoice.snapshot is None:
            return form_of_invoices(invoice.municipality, buyer_of(invoice.municipality))
        plain = bool(invoice.snapshot["plain_pdf"])
    else:
        plain = invoice.xml_id is None
    if plain:
        return True, "Einfaches PDF ohne XML-Datei."
    return True, "XRechnung (XML), und dieselbe Rechnung als PDF mit der XML-Datei darin (ZUGFeRD)."


def plain(number: Decimal) -> str:
    """ "2" for two, "2,5" for two and a half: as German writes it, without empty decimals."""
    return f"{number.normalize():f}".replace(".", ",")


def to_mend(invoice: Invoice, problems: list[Missing], user: Any) -> list[ToMend]:
    """What is missing before issuing, each with the way to where ``user`` mends it."""
    return [ToMend(one.text, *_way(invoice, one.field, user)) for one in problems]


def _way(invoice: Invoice, name: str, user: Any) -> tuple[str, str]:
    args = [invoice.cycle_id, invoice.pk]
    partner = invoice.issuer.partner_id
    if name.startswith("lines"):
        return reverse("billing:lines", args=args), "Zeilen bearbeiten"
    if name.startswith(_DRAFT):
        return reverse("billing:change", args=args), "Entwurf bearbeiten"
    if name == "way":
        return reverse("billing:elsewhere", args=args), "Nummer eintragen"
    if name.startswith(_SETTINGS):
        return reverse("billing:settings", args=[partner]), "Rechnungsstellung öffnen"
    if name.startswith(_SELLER):
        return reverse("partner_change", args=[partner]), "Logistikpartner bearbeiten"
    house = invoice.municipality
    if name in ("buyer_reference", "buyer.electronic_address"):
        return reverse("billing:buyer", args=[house.pk]), "Rechnungsangaben öffnen"
    if name.startswith("buyer"):
        changes = edits_municipality(user, house)
        page = "municipality_change" if changes else "municipality"
        return reverse(page, args=[house.pk]), "Kommune öffnen"
    return "", ""
