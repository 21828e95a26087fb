"""How a Logistikpartner bills, what a Kommune wants on its invoices, what a Durchgang costs.

Whether ``by`` may change any of it is decided by the rules, in the view.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.billing.models import (
    Buyer,
    CostModel,
    CycleFee,
    InvoiceKind,
    InvoiceLine,
    InvoiceState,
    Issuer,
    OrderNumber,
    TaxCategory,
)
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle, Participation
from programmes.einvoices.vatex import CODES
from programmes.organisations.models import LogisticsPartner, Municipality

ALREADY_BILLED = (
    "Für diesen Durchgang gibt es schon Rechnungen oder Entwürfe über die Teilnahme. Wie die "
    "Kosten verteilt werden, lässt sich deshalb nicht mehr ändern."
)


@dataclass(frozen=True)
class Terms:
    """What a Durchgang costs, whether that was set for it or is the programme's.

    ``fee`` is net, in euros per mentee; ``shared_costs`` net, in euros, for all together.
    """

    cost_model: str
    fee: Decimal
    shared_costs: Decimal
    service_from: date
    service_until: date

    @property
    def is_shared(self) -> bool:
        """Whether the Kommunen share the costs instead of paying a fee."""
        return self.cost_model == CostModel.SHARED


# --- What applies, written nowhere yet ----------------------------------------------------
def issuer_for(partner: LogisticsPartner) -> Issuer:
    """How ``partner`` bills: as stored, otherwise as every Logistikpartner begins."""
    stored = Issuer.objects.select_related("partner").filter(partner=partner).first()
    return stored or Issuer(partner=partner)


def buyer_for(municipality: Municipality) -> Buyer:
    """What ``municipality`` wants on its invoices, empty if it never said."""
    stored = Buyer.objects.filter(municipality=municipality).first()
    return stored or Buyer(municipality=municipality)


def order_number_for(participation: Participation) -> OrderNumber:
    """The order number of a Kommune in a Durchgang, empty if there is none."""
    stored = OrderNumber.objects.filter(participation=participation).first()
    return stored or OrderNumber(participation=participation)


def fee_for(cycle: Cycle) -> CycleFee:
    """What was set for ``cycle``, empty if nothing was."""
    return CycleFee.objects.filter(cycle=cycle).first() or CycleFee(cycle=cycle)


def terms_of(cycle: Cycle) -> Terms:
    """What ``cycle`` costs, with the programme's fee and usual period where nothing was set."""
    own = fee_for(cycle)
    fee = own.fee if own.fee is not None else cycle.programme.fee_per_mentee
    begins, ends = usual_period(cycle)
    service_from = own.service_from or begins
    return Terms(
        own.cost_model,
        fee,
        own.shared_costs or Decimal(0),
        service_from,
        max(own.service_until or ends, service_from),
    )


def usual_period(cycle: Cycle) -> tuple[date, date]:
    """From the Startworkshop for as long as the tandems last; its years where it has none."""
    begins = cycle.start_workshop_on
    if begins is None:
        return date(cycle.start_year, 1, 1), date(cycle.end_year, 12, 31)
    year, month = divmod(begins.month - 1 + cycle.programme.tandem_months, 12)
    # A month's first day is one everybody has; the days before it are what was asked for.
    first = date(begins.year + year, month + 1, 1)
    return begins, first + timedelta(days=begins.day - 1) - timedelta(days=1)


def form_of_invoices(municipality: Municipality, buyer: Buyer) -> tuple[bool, str]:
    """Whether an invoice can be made out at all, and in a sentence in which form."""
    both = (
        "als elektronische Rechnung: XRechnung (XML) und dieselbe Rechnung als PDF mit "
        "eingebetteter XML-Datei (ZUGFeRD)"
    )
    if municipality.leitweg_id:
        return True, f"Rechnungen kommen {both}, mit der Leitweg-ID {municipality.leitweg_id}."
    if buyer.reference:
        return True, (
            f"Rechnungen kommen {both}. Statt einer Leitweg-ID steht darin die Kundenreferenz "
            f"„{buyer.reference}“."
        )
    if buyer.plain_pdf:
        return True, "Rechnungen kommen als einfaches PDF ohne XML-Datei."
    return False, (
        "So lässt sich keine Rechnung ausstellen: Es fehlt eine Leitweg-ID oder eine "
        "Kundenreferenz, oder die Angabe, dass eine einfache PDF-Rechnung genügt."
    )


def missing_at(issuer: Issuer) -> list[str]:
    """What the Logistikpartner must still say of itself before it can bill here, in German.

    The fields are those that XRechnung asks of a seller (BR-DE-2 to BR-DE-7, BR-CO-26).
    """
    partner = issuer.partner
    gaps = [
        text
        for given, text in (
            (
                partner.street and partner.postal_code and partner.city,
                "Die Anschrift ist nicht vollständig.",
            ),
            (
                partner.vat_id or partner.tax_number,
                "Es fehlt eine USt-IdNr. oder eine Steuernummer.",
            ),
            (partner.iban, "Es fehlt die IBAN, auf die gezahlt werden soll."),
            (partner.contact_name, "Es fehlt der Name einer Ansprechperson."),
            (
                sum(sign.isdigit() for sign in partner.contact_phone) >= 3,
                "Es fehlt die Telefonnummer der Ansprechperson.",
            ),
            (partner.contact_email, "Es fehlt die E-Mail-Adresse der Ansprechperson."),
        )
        if not given
    ]
    code = issuer.exemption_code.strip()
    if code and code.upper() not in CODES and issuer.tax_category == TaxCategory.EXEMPT:
        gaps.append(f"Den Schlüssel „{code}“ für die Steuerbefreiung gibt es nicht.")
    if partner.tax_number and not (partner.vat_id or issuer.seller_id):
        gaps.append(
            "Es gibt nur eine Steuernummer: dann verlangt die XRechnung zusätzlich eine Kennung "
            "des Verkäufers (unten auf dieser Seite)."
        )
    return gaps


# --- Doors ----------------------------------------------------------------------------------
def save_issuer(issuer: Issuer, *, by: User) -> Issuer:
    """Save how a Logistikpartner bills; invoices that were issued stay as they are.

    Raises ``EditConflict``, also if somebody else wrote the first settings meanwhile.
    """
    with transaction.atomic(), acting(by):
        return _saved(issuer, partner=issuer.partner)


def save_buyer(buyer: Buyer, *, by: User) -> Buyer:
    """Save what a Kommune wants on its invoices. Raises ``EditConflict``."""
    with transaction.atomic(), acting(by):
        return _saved(buyer, municipality=buyer.municipality)


def save_order_number(order: OrderNumber, *, by: User) -> OrderNumber:
    """Save a Kommune's order number, which drafts take over.

    Raises ``EditConflict``, and ``Refused`` if the cycle has ended.
    """
    with transaction.atomic(), acting(by):
        held_open(order.participation.cycle)
        return _saved(order, participation=order.participation)


def save_fee(fee: CycleFee, *, by: User) -> CycleFee:
    """Save what a Durchgang costs; invoices and drafts that are there stay as they are.

    Raises ``EditConflict``, and ``Refused`` if the cycle has ended or the way the costs are
    divided changes after something was billed: fee and share cannot be set against each other.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(fee.cycle)
        if fee.cost_model != fee_for(cycle).cost_model and _billed(cycle):
            raise Refused(ALREADY_BILLED)
        return _saved(fee, cycle=cycle)


def copy_fee(old: Cycle, new: Cycle, by: User) -> None:
    """Take the fee and how costs are divided over into ``new``; the period is its own."""
    fee = fee_for(old)
    if not fee._state.adding:
        with acting(by):
            CycleFee.objects.create(
                cycle=new, cost_model=fee.cost_model, fee=fee.fee, shared_costs=fee.shared_costs
            )


def _billed(cycle: Cycle) -> bool:
    return (
        InvoiceLine.objects.filter(
            invoice__cycle=cycle, invoice__kind=InvoiceKind.INVOICE, mentees__isnull=False
        )
        .exclude(invoice__state=InvoiceState.CANCELLED)
        .exists()
    )


def _saved(record: Any, **owner: Any) -> Any:
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        first = type(record).objects.filter(**owner).first()
        if first is None or not record._state.adding:
            raise
        raise EditConflict(first) from None
    return record
