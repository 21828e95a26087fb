"""Who writes, sees and releases a Rundmail (design, rule 3)."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import (
    hidden_people,
    inside_council,
    is_permanent_member,
    roles_of,
    runs_logistics,
)
from programmes.people.permissions import NOBODY
from programmes.rundmails.models import Rundmail


def visible_rundmails(user: Any) -> Q:
    """The mails ``user`` may open, over ``Rundmail``.

    The Beirat all of its cycle, the Logistikpartner those that are not confidential.
    """
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles = roles_of(user)
    seen = Q(cycle__in=roles.inside) | Q(cycle__in=roles.logistics, confidential=False)
    return seen & ~Q(cycle__state__in=CycleState.ended())


def visible_recipients(user: Any) -> Q:
    """The recipients ``user`` may see, over ``Recipient``; who is hidden stays hidden."""
    return Q(rundmail__in=Rundmail.objects.filter(visible_rundmails(user))) & not_hidden(user)


def not_hidden(user: Any, mail: str = "rundmail") -> Q:
    """Whom nothing hides from ``user``, over rows with a ``person`` that lead to their ``mail``."""
    known = Q()
    for cycle, person in hidden_people(user):
        known &= ~Q(**{f"{mail}__cycle": cycle, "person": person})
    return known


def hidden_in(cycle: int, user: Any) -> frozenset[int]:
    """The people (primary keys) of whom ``user`` must not know that they are in ``cycle``."""
    return frozenset(person for hidden_in, person in hidden_people(user) if hidden_in == cycle)


def visible_templates(user: Any) -> Q:
    """The templates ``user`` may use, over ``RundmailTemplate``."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles = roles_of(user)
    cycles = Cycle.objects.filter(pk__in=roles.inside | roles.logistics)
    return Q(programme__in=roles.permanent) | Q(programme__in=cycles.values("programme"))


def may_release(user: Any, mail: Rundmail | None) -> bool:
    """Organisational mails: Beirat or Logistikpartner. Confidential ones: a lead."""
    if mail is None or not user.is_active:
        return False
    roles = roles_of(user)
    if mail.confidential:
        return mail.cycle_id in roles.leading
    return mail.cycle_id in roles.inside | roles.logistics


@rules.predicate
def writes(user: Any, mail: Rundmail | None) -> bool:
    return mail is not None and Rundmail.objects.visible_to(user).filter(pk=mail.pk).exists()


@rules.predicate
def releases(user: Any, mail: Rundmail | None) -> bool:
    return may_release(user, mail)


@rules.predicate
def approves(user: Any, mail: Rundmail | None) -> bool:
    """The second pair of eyes: anybody of the Beirat (who released is asked in the domain)."""
    return mail is not None and mail.cycle_id in roles_of(user).inside


rules.add_rule("rundmails.list", inside_council | runs_logistics)
rules.add_rule("rundmails.create", inside_council | runs_logistics)
rules.add_rule("rundmails.view", writes)
rules.add_rule("rundmails.write", writes)
rules.add_rule("rundmails.release", releases)
rules.add_rule("rundmails.approve", approves)
rules.add_rule("rundmails.change_templates", is_permanent_member)
