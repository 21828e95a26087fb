"""Who reads what stands at the wall, and who changes it."""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from programmes.cycles.models import CouncilSeat, Cycle, Participation, ParticipationState
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import NOBODY, posts_of
from tandems.applications.models import Application
from tandems.applications.permissions import visible_applications
from tandems.matching.models import MatchIdea
from tandems.mentors.models import Mentor
from tandems.mentors.permissions import visible_mentors
from tandems.pairs.permissions import matching_cycles, matching_is_due


def visible_biases(user: Any) -> Q:
    """Declarations about visible people of the cycles ``user`` matches in, over ``Bias``."""
    cycles = matching_cycles(user)
    if not cycles:
        return NOBODY
    applications = Application.objects.filter(visible_applications(user), cycle__in=cycles)
    mentors = Mentor.objects.filter(visible_mentors(user), cycle__in=cycles)
    return Q(application__in=applications.values("pk")) | Q(mentor__in=mentors.values("pk"))


def speaking_for(user: Any, cycle: Cycle) -> QuerySet[Participation]:
    """The Kommunen of ``cycle`` whose voice ``user`` may record: the own, for a lead any."""
    found: QuerySet[Participation] = Participation.objects.filter(
        cycle=cycle, state=ParticipationState.CONFIRMED
    )
    if cycle.pk not in matching_cycles(user):
        return found.none()
    if cycle.pk not in roles_of(user).lead:
        seats = CouncilSeat.objects.current().filter(person=posts_of(user).person)
        found = found.filter(pk__in=seats.values("participation"))
    return found.select_related("municipality").order_by("municipality__sort_key")


@rules.predicate
def is_open(user: Any, idea: MatchIdea | None) -> bool:
    return (
        idea is not None
        and idea.mentor.cycle_id in matching_cycles(user)
        and matching_is_due(idea.mentor.cycle)
    )


@rules.predicate
def had_it(user: Any, idea: MatchIdea | None) -> bool:
    person = posts_of(user).person
    return idea is not None and person is not None and idea.had_by_id == person


@rules.predicate
def leads_it(user: Any, idea: MatchIdea | None) -> bool:
    return idea is not None and idea.mentor.cycle_id in roles_of(user).lead


rules.add_rule("matching.change_idea", is_open & (had_it | leads_it))
rules.add_rule("matching.mark_idea", is_open & leads_it)
