"""What the story of the invoices plays on: an institute and two Kommunen that can be billed.

As ``stage`` it runs inside the product that is tried.
"""

from programmes.cycles.models import Cycle, ParticipantRole
from programmes.organisations.models import Municipality
from tests.browser.names import OTHER_MENTEE, names
from tests.factories import make_participant, make_person
from tests.programmes.billing.makers import fill_house, fill_partner

STORY = "billing"


def play(cycle: Cycle, houses: tuple[Municipality, Municipality]) -> None:
    """Three mentees of Ahausen are in ``cycle`` already; Übelheim has one, and no Leitweg-ID."""
    ahausen, uebelheim = houses
    partner = cycle.programme.logistics_partner
    assert partner is not None
    fill_partner(partner, contact_email=partner.contact_email)
    fill_house(ahausen)
    fill_house(uebelheim, leitweg_id="", city="Übelheim")
    person = make_person(municipality=uebelheim, **names(*OTHER_MENTEE))
    make_participant(cycle, uebelheim, ParticipantRole.MENTEE, person=person)
