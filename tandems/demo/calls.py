"""The Ausschreibungen of the demo, and which Kommune has involved whom already."""

from datetime import timedelta

from mentoring.accounts.models import User
from programmes.calls import domain
from programmes.calls.models import Involvement
from programmes.cycles.models import ParticipationState
from tandems.demo import calendar
from tandems.demo.cycles import Cast

NOTES = ("Mitbestimmung ohne Bedenken", "", "in der Monatsbesprechung")


def build_call(cast: Cast, *, by: User) -> None:
    """The shipped text as agreed by the Beirat of ``cast``'s cycle.

    Of its Kommunen every third has noted both involvements, every third one, the rest none:
    so the list "Beteiligung" has something to show.
    """
    call = domain.proposed_call(cast.cycle)
    begins = cast.dates.week(calendar.APPLICATION_BEGINS)
    call.agreed_on = begins - timedelta(weeks=2)
    domain.save_call(call, by=by)
    parts = cast.cycle.participations.filter(state=ParticipationState.CONFIRMED)
    for number, part in enumerate(parts.order_by("municipality__sort_key")):
        if number % 3 == 2:
            continue
        day = begins - timedelta(days=number)
        noted = Involvement(participation=part, staff_council_on=day, note=NOTES[number % 3])
        if number % 3 == 0:
            noted.equality_on = day + timedelta(days=3)
        domain.save_involvement(noted, by=by)
