"""What a Kommune must still say before an invoice can be made out to it."""

from dataclasses import dataclass

from programmes.billing.domain.words import buyer_party
from programmes.billing.models import Buyer
from programmes.billing.settings import form_of_invoices
from programmes.organisations.models import Municipality


@dataclass(frozen=True)
class Gap:
    """Why a Kommune gets no invoice yet, and where that is mended: "address" or "buyer"."""

    text: str
    where: str


def gaps_of(house: Municipality, buyer: Buyer) -> list[Gap]:
    """All that is missing, in German; empty if an invoice can go out."""
    party = buyer_party(house)
    gaps = []
    if not (party.street and party.postal_code and party.city):
        gaps.append(Gap("Es fehlt die Anschrift für Rechnungen.", "address"))
    possible, sentence = form_of_invoices(house, buyer)
    if not possible:
        gaps.append(Gap(sentence, "buyer"))
    elif not party.electronic_address and not _plain(house, buyer):
        # BT-49, which XRechnung asks for whatever the way of delivery (PEPPOL-EN16931-R010).
        gaps.append(Gap("Es fehlt die E-Mail-Adresse für Rechnungen.", "address"))
    return gaps


def _plain(house: Municipality, buyer: Buyer) -> bool:
    return buyer.plain_pdf and not (house.leitweg_id or buyer.reference)
