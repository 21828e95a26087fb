"""Two people at the same moment: a place is given once, a mail goes out once."""

import pytest

from programmes.events import domain
from programmes.events.models import Attendee
from programmes.outbox.models import Delivery
from tests import factories as make
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.programmes.events.makers import make_attendee, make_event, send_invitations

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_take_the_last_place():
    event = make_event(make.make_cycle(), capacity=1)
    rows = [make_attendee(event) for _ in range(2)]
    found = at_once(*[lambda row=row: domain.answer(row, answer="yes") for row in rows])
    assert len(refusals(found)) == 1
    assert "alle Plätze" in refusals(found)[0]
    assert Attendee.objects.filter(answer="yes").count() == 1


def test_two_send_the_invitations():
    cycle = make.make_cycle()
    participation = make.make_participation(cycle, make.make_municipality())
    leads = [make.make_seat(participation, lead=True) for _ in range(2)]
    event = make_event(cycle)
    rows = [make_attendee(event) for _ in range(3)]
    found = at_once(
        *[lambda user=lead.user: send_invitations(event, rows, by=user) for lead in leads]
    )
    assert sorted(found) == [0, 3]
    assert Delivery.objects.count() == 3


def test_two_invite_the_same_person():
    cycle = make.make_cycle()
    participation = make.make_participation(cycle, make.make_municipality())
    lead = make.make_seat(participation, lead=True)
    event, person = make_event(cycle), make.make_person()
    found = at_once(*[lambda: domain.invite(event, [person], by=lead.user)] * 2)
    assert sorted(map(len, found)) == [0, 1]
    assert Attendee.objects.count() == 1
