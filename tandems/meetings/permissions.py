"""Who knows that the two met (design, rule 7)."""

from typing import Any

from django.db.models import Q

from programmes.cycles.models import CouncilSeat
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import NOBODY, posts_of
from tandems.pairs.models import Tandem
from tandems.pairs.permissions import council_tandems, own_tandems


def visible_meetings(user: Any) -> Q:
    """Over ``TandemMeeting``."""
    tandems = Tandem.objects.filter(own_tandems(user) | council_tandems(user))
    return Q(tandem__in=tandems.values("pk"))


def visible_help_calls(user: Any) -> Q:
    """Over ``HelpCall``: who asked, who is asked; a lead where nobody could see it otherwise."""
    person = posts_of(user).person if user.is_authenticated and user.is_active else None
    if person is None:
        return NOBODY
    own = Q(asked_by=person, tandem__in=Tandem.objects.filter(own_tandems(user)).values("pk"))
    followed = Tandem.objects.filter(council_tandems(user))
    seen = own | Q(contact=person, tandem__in=followed.values("pk"))
    for cycle in roles_of(user).lead:
        # A seat in another cycle does not help these two; without a sign-in one gets the
        # mail, but nobody could settle the call.
        seated = CouncilSeat.objects.current().filter(
            participation__cycle=cycle, person__user__is_active=True
        )
        led = followed.filter(cycle=cycle)
        seen |= Q(tandem__in=led.values("pk")) & ~Q(contact__in=seated.values("person"))
    return seen
