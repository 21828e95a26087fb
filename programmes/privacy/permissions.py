"""Who reads and who sets the periods of deletion; who answers for a person's data."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import Cycle
from programmes.cycles.permissions import (
    house_takes_part,
    inside_council,
    leads,
    roles_of,
    runs_logistics,
)
from programmes.people.models import Person
from programmes.people.permissions import NOBODY, posts_of


def visible_periods(user: Any) -> Q:
    """The periods of the cycles ``user`` works in, over ``CyclePeriod``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    roles = roles_of(user)
    programmes = Cycle.objects.filter(programme__in=roles.permanent)
    return Q(cycle__in=roles.inside | roles.houses) | Q(cycle__in=programmes.values("pk"))


@rules.predicate
def keeps_programme(user: Any, cycle: Cycle | None) -> bool:
    """A ständiges Mitglied of the cycle's programme, who leads where nobody else does."""
    return cycle is not None and cycle.programme_id in roles_of(user).permanent


@rules.predicate
def stands_in(user: Any, cycle: Cycle | None) -> bool:
    """As ``keeps_programme``, for a cycle that has ended: nobody else leads it any more."""
    return cycle is not None and not cycle.is_open and keeps_programme(user, cycle)


@rules.predicate
def own_person(user: Any, person: Person | None) -> bool:
    """HR staff of the Kommune the person works for; not the person."""
    posts = posts_of(user)
    return (
        person is not None
        and person.municipality_id in posts.municipalities
        and person.pk != posts.person
    )


@rules.predicate
def no_houses_person(user: Any, person: Person | None) -> bool:
    """For a lead: somebody of no Kommune, the Logistikpartner's staff above all."""
    if person is None or not roles_of(user).leading or person.pk == posts_of(user).person:
        return False
    return person.municipality_id is None


rules.add_rule("privacy.read", inside_council | keeps_programme | house_takes_part | runs_logistics)
rules.add_rule("privacy.set", leads | stands_in)
rules.add_rule("privacy.answer", own_person)
rules.add_rule("privacy.erase", own_person | no_houses_person)
