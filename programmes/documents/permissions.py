"""Who reads and who keeps the documents of a Durchgang."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import CycleState, Participant, ParticipantRole
from programmes.cycles.permissions import (
    house_takes_part,
    inside_council,
    roles_of,
    runs_logistics,
)
from programmes.people.permissions import NOBODY, posts_of


def visible_documents(user: Any) -> Q:
    """The documents ``user`` may read, over ``Document``: those of open cycles, by audience."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles, posts = roles_of(user), posts_of(user)
    seen = (
        Q(cycle__in=roles.inside)
        | Q(cycle__in=roles.logistics, for_logistics=True)
        | Q(cycle__in=roles.houses, for_hr=True)
    )
    if posts.person is not None:
        own = Participant.objects.filter(person=posts.person).present()
        for role, field in (
            (ParticipantRole.MENTEE, "for_mentees"),
            (ParticipantRole.MENTOR, "for_mentors"),
        ):
            seen |= Q(cycle__in=own.filter(role=role).values("cycle"), **{field: True})
    return seen & ~Q(cycle__state__in=CycleState.ended())


rules.add_rule("documents.list", inside_council | runs_logistics | house_takes_part)
rules.add_rule("documents.keep", inside_council | runs_logistics)
