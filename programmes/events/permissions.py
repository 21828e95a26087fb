"""Who sees an event, its invitations and its minutes, and who works on them."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import CycleState
from programmes.cycles.permissions import (
    hidden_people,
    inside_council,
    leads,
    roles_of,
    runs_logistics,
)
from programmes.events.models import Attendee
from programmes.people.permissions import NOBODY, posts_of


def visible_events(user: Any) -> Q:
    """The events ``user`` may open, over ``Event``.

    Beirat and Logistikpartner all of their cycles; Personalstellen, mentees and mentors
    those they are invited to.
    """
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles, posts = roles_of(user), posts_of(user)
    seen = Q(cycle__in=roles.inside | roles.logistics)
    if posts.person is not None:
        invited = Attendee.objects.filter(person=posts.person).values("event")
        seen |= Q(pk__in=invited)
    return seen & ~Q(cycle__state__in=CycleState.ended())


def visible_attendees(user: Any) -> Q:
    """The invitations ``user`` may see, over ``Attendee``.

    Beirat and Logistikpartner those of their cycles, everybody the own. Whoever must not
    know of an application does not meet the applicant here either.
    """
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles, posts = roles_of(user), posts_of(user)
    seen = Q(event__cycle__in=roles.inside | roles.logistics)
    for cycle, person in hidden_people(user):
        seen &= ~Q(event__cycle=cycle, person=person)
    if posts.person is not None:
        seen |= Q(person=posts.person)
    return seen & ~Q(event__cycle__state__in=CycleState.ended())


rules.add_rule("events.list", inside_council | runs_logistics)
rules.add_rule("events.change", inside_council | runs_logistics)
rules.add_rule("events.see_needs", leads | runs_logistics)
rules.add_rule("events.minutes", inside_council)
