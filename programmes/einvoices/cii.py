"""An invoice as XRechnung 3.0, in the XML of UN/CEFACT (CII).

Source: EN 16931-1 (the numbers BT-… and BG-…), KoSIT, XRechnung 3.0.2. drafthorse leaves out
what is empty without a word, so ``checks.missing`` must have found nothing before.
"""

from decimal import Decimal

from drafthorse.models.accounting import ApplicableTradeTax
from drafthorse.models.document import Document
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import TaxRegistration, TradeParty
from drafthorse.models.payment import PaymentMeans, PaymentTerms
from drafthorse.models.tradelines import LineItem

from programmes.einvoices.snapshot import CREDIT_NOTE, Line, Party, Snapshot, TaxGroup

PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
GUIDELINE = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
EURO = "EUR"
SEPA_TRANSFER = "58"
CLEARING = "97"
"""Of UNTDID 4461 (BT-81). A Storno asks for no transfer; a way of payment must be named all
the same (BR-DE-1)."""
VAT_ID, TAX_NUMBER = "VA", "FC"


def xml_of(snapshot: Snapshot) -> bytes:
    """The XML of ``snapshot``, byte for byte the same whenever it is made.

    Raises ``lxml.etree.XMLSyntaxError`` for what the schema of CII (Factur-X 1.0.07, EN 16931)
    does not take, such as an invoice without lines.
    """
    document = Document()
    document.context.business_parameter.id = PROCESS
    document.context.guideline_parameter.id = GUIDELINE
    document.header.id = snapshot.number
    document.header.type_code = snapshot.kind
    document.header.issue_date_time = snapshot.issued_on
    for text in (snapshot.introduction, snapshot.closing):
        if text.strip():
            note = IncludedNote()
            note.content = text.strip()
            document.header.notes.add(note)
    _agreement(document, snapshot)
    _settlement(document, snapshot)
    for number, line in enumerate(snapshot.lines, start=1):
        document.trade.items.add(_line(number, line))
    return bytes(document.serialize(schema="FACTUR-X_EN16931"))


def _agreement(document: Document, snapshot: Snapshot) -> None:
    agreement = document.trade.agreement
    agreement.buyer_reference = snapshot.buyer_reference.strip()
    agreement.buyer_order.issuer_assigned_id = snapshot.order_number.strip()
    _party(agreement.seller, snapshot.seller)
    seller = agreement.seller
    seller.id = snapshot.seller.seller_id.strip()
    seller.contact.person_name = snapshot.seller.contact_name.strip()
    seller.contact.telephone.number = snapshot.seller.contact_phone.strip()
    seller.contact.email.address = snapshot.seller.contact_email.strip()
    for scheme, value in (
        (VAT_ID, snapshot.seller.vat_id),
        (TAX_NUMBER, snapshot.seller.tax_number),
    ):
        if value.strip():
            registration = TaxRegistration()
            registration.id = (scheme, value.strip())
            seller.tax_registrations.add(registration)
    _party(agreement.buyer, snapshot.buyer)


def _party(party: TradeParty, said: Party) -> None:
    party.name = said.name.strip()
    party.address.line_one = said.street.strip()
    party.address.postcode = said.postal_code.strip()
    party.address.city_name = said.city.strip()
    party.address.country_id = said.country
    if said.electronic_address.strip():
        party.electronic_address.uri_ID = (said.scheme, said.electronic_address.strip())


def _settlement(document: Document, snapshot: Snapshot) -> None:
    settlement = document.trade.settlement
    settlement.payment_reference = snapshot.number
    settlement.currency_code = EURO
    settlement.payment_means.add(_payment_means(snapshot))
    for group in snapshot.taxes:
        settlement.trade_tax.add(_tax(group))
    settlement.period.start = snapshot.service_from
    settlement.period.end = snapshot.service_until
    terms = PaymentTerms()
    terms.description = snapshot.payment_terms
    if snapshot.due_on and snapshot.kind != CREDIT_NOTE:
        terms.due = snapshot.due_on
    settlement.terms.add(terms)
    if snapshot.preceding_number:
        preceding = settlement.invoice_referenced_document
        preceding.issuer_assigned_id = snapshot.preceding_number
        preceding.issue_date_time = snapshot.preceding_on
    sums = settlement.monetary_summation
    sums.line_total = _number(snapshot.net)
    sums.tax_basis_total = snapshot.net
    sums.tax_total = (snapshot.tax, EURO)
    sums.grand_total = snapshot.gross
    sums.due_amount = _number(snapshot.gross)


def _payment_means(snapshot: Snapshot) -> PaymentMeans:
    means = PaymentMeans()
    if snapshot.kind == CREDIT_NOTE:
        means.type_code = CLEARING
        return means
    means.type_code = SEPA_TRANSFER
    means.payee_account.iban = snapshot.iban.replace(" ", "")
    means.payee_account.account_name = snapshot.account_holder.strip()
    means.payee_institution.bic = snapshot.bic.strip()
    return means


def _tax(group: TaxGroup) -> ApplicableTradeTax:
    tax = ApplicableTradeTax()
    tax.calculated_amount = _number(group.tax)
    tax.type_code = "VAT"
    tax.exemption_reason = group.reason.strip()
    tax.exemption_reason_code = group.code.strip()
    tax.basis_amount = _number(group.basis)
    tax.category_code = group.category
    tax.rate_applicable_percent = _number(group.rate)
    return tax


def _line(number: int, line: Line) -> LineItem:
    item = LineItem()
    item.document.line_id = str(number)
    item.product.name = line.name.strip()
    item.agreement.net.amount = _number(line.price)
    item.delivery.billed_quantity = (_number(line.quantity), line.unit)
    item.settlement.trade_tax.type_code = "VAT"
    item.settlement.trade_tax.category_code = line.category
    item.settlement.trade_tax.rate_applicable_percent = _number(line.rate)
    item.settlement.monetary_summation.total_amount = _number(line.amount)
    return item


def _number(value: Decimal) -> str:
    """Without an exponent, which ``str`` may write and no schema takes."""
    return format(value, "f")
