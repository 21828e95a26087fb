"""What the story of payments plays on: two issued invoices, one of them overdue.

As ``stage`` it runs inside the product that is tried.
"""

from programmes.billing.models import Issuer
from programmes.cycles.models import Cycle
from tests.factories import make_participation
from tests.programmes.billing.makers import fill_partner, make_house, make_issued
from tests.programmes.payments.makers import let_be_due

STORY = "payments"
PAYS, FORGETS = "Dornbach", "Eichfeld"
ADDRESS = "rechnungen@eichfeld.example"


def play(cycle: Cycle) -> None:
    """Each of two Kommunen owes 1,000 euros; one has owed them for three weeks."""
    partner = cycle.programme.logistics_partner
    assert partner is not None
    fill_partner(partner, contact_email=partner.contact_email)
    Issuer.objects.get_or_create(partner=partner)
    for name in (PAYS, FORGETS):
        house = make_house(name, billing_email=ADDRESS if name == FORGETS else "")
        make_participation(cycle, house)
        invoice = make_issued(cycle, house)
        if name == FORGETS:
            let_be_due(invoice, 21)
