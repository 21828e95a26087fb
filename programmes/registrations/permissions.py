"""Who sees the registrations of outsiders, and who invites a Kommune because of one."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import CycleState
from programmes.cycles.permissions import leads, roles_of
from programmes.people.permissions import NOBODY


def visible_interests(user: Any) -> Q:
    """The registrations of outsiders ``user`` may see, over ``Interest``."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles = roles_of(user)
    return Q(event__cycle__in=roles.inside | roles.logistics) & ~Q(
        event__cycle__state__in=CycleState.ended()
    )


rules.add_rule("registrations.invite", leads)
