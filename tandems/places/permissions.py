"""Who takes part in the Platzvergabe, and who tells its outcome."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import house_takes_part, leads, roles_of, sits_on_council
from programmes.people.permissions import NOBODY, posts_of


def visible_allocations(user: Any) -> Q:
    """The allocations of the cycles in whose Beirat ``user`` sits, over ``Allocation``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    return Q(cycle__in=roles_of(user).council)


def visible_texts(user: Any) -> Q:
    """The texts to an outcome ``user`` may read, over ``OutcomeText``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    roles, posts = roles_of(user), posts_of(user)
    common = Q(municipality=None) & Q(cycle__in=roles.council | roles.houses)
    return common | Q(municipality__in=posts.municipalities, cycle__in=roles.houses)


@rules.predicate
def places_are_due(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.state not in (CycleState.PLANNING, *CycleState.ended())


rules.add_rule("places.deliberate", sits_on_council & places_are_due)
rules.add_rule("places.lead", sits_on_council & leads & places_are_due)
rules.add_rule("places.tell", house_takes_part & places_are_due)
