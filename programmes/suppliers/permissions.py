"""Who sees and decides what is spent."""

from typing import Any

import rules
from django.db.models import Q

from programmes.billing.permissions import keeps_books
from programmes.cycles.models import Cycle, Programme
from programmes.cycles.permissions import inside_council, leads, roles_of, runs_logistics
from programmes.people.permissions import NOBODY, posts_of


def visible_spending(user: Any) -> Q:
    """What a cycle spends, over rows with a ``cycle``: for its Beirat and Logistikpartner.

    The Logistikpartner still reads it when the cycle has ended: the law wants its books kept
    readable (§ 147 Abs. 2 AO).
    """
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    seen = Q(cycle__in=roles_of(user).inside | roles_of(user).logistics)
    if partners := posts_of(user).partners:
        programmes = Programme.objects.filter(logistics_partner__in=partners)
        seen |= Q(cycle__programme__in=programmes.values("pk"))
    return seen


def visible_speakers(user: Any) -> Q:
    """The Referent/innen ``user`` may see, over ``Speaker``."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles = roles_of(user)
    cycles = Cycle.objects.filter(pk__in=roles.inside | roles.logistics)
    return Q(programme__in=cycles.values("programme"))


rules.add_rule("suppliers.list", inside_council | keeps_books)
rules.add_rule("suppliers.speakers", inside_council | runs_logistics)
rules.add_rule("suppliers.commission", inside_council | runs_logistics)
rules.add_rule("suppliers.enter", inside_council | runs_logistics)
rules.add_rule("suppliers.check", inside_council | runs_logistics)
rules.add_rule("suppliers.approve", leads)
# What was released has to be paid, even if the cycle was called off meanwhile.
rules.add_rule("suppliers.pay", keeps_books)
