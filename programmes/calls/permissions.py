"""Who reads and who writes the Ausschreibung."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import Cycle, CycleState, Participation, ParticipationState
from programmes.cycles.permissions import (
    house_takes_part,
    inside_council,
    roles_of,
    runs_logistics,
)
from programmes.people.permissions import NOBODY, posts_of


def visible_calls(user: Any) -> Q:
    """The calls of cycles ``user`` works in, over ``Call``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    roles = roles_of(user)
    return Q(cycle__in=roles.inside | roles.houses | roles.logistics)


def visible_involvements(user: Any) -> Q:
    """Those of the own house and of the own Beirat's cycles, over ``Involvement``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    own = Q(participation__municipality__in=posts_of(user).municipalities)
    return own | Q(participation__cycle__in=roles_of(user).inside)


def involved_houses(user: Any, cycle: Cycle) -> Any:
    """The participations of ``cycle`` of whose involvement ``user`` may read.

    The Beirat reads of all that take part, a Personalstelle of its own Kommune.
    """
    if not cycle.is_open:
        return Participation.objects.none()
    rows = Participation.objects.visible_to(user).filter(
        cycle=cycle, state=ParticipationState.CONFIRMED
    )
    if cycle.pk in roles_of(user).inside:
        return rows
    return rows.filter(municipality__in=posts_of(user).municipalities)


@rules.predicate
def own_participation(user: Any, participation: Participation | None) -> bool:
    return (
        participation is not None
        and participation.municipality_id in posts_of(user).municipalities
        and participation.state == ParticipationState.CONFIRMED
        and participation.cycle.state not in CycleState.ended()
    )


rules.add_rule("calls.read", inside_council | house_takes_part | runs_logistics)
rules.add_rule("calls.write", inside_council)
rules.add_rule("calls.list_involvements", inside_council)
rules.add_rule("calls.note_involvement", own_participation)
