"""Who reads and who handles a Profilbogen (design, rule 2)."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import (
    Cycle,
    CycleState,
    ParticipantRole,
    Participation,
    ParticipationState,
)
from programmes.cycles.permissions import house_takes_part, roles_of, sits_on_council
from programmes.people.permissions import NOBODY, posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.exclusions import subjects_excluding


def visible_applications(user: Any) -> Q:
    """The applications ``user`` may read, over ``Application``.

    Its own Kommune always; the Beirat of an open cycle from nomination on. Never the
    applicant, and never somebody who is the superior or was named as excluded: that stays
    so when the seat has ended and the person still works in the Personalstelle.
    """
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    posts, council = posts_of(user), roles_of(user).council
    if posts.person is None:
        return NOBODY
    own_house = Q(municipality__in=posts.municipalities)
    handed_over = Q(nominated_at__isnull=False) & ~Q(state=ApplicationState.NOT_NOMINATED)
    return (own_house | (Q(cycle__in=council) & handed_over)) & ~conflicts_of(user)


def conflicts_of(user: Any) -> Q:
    """The user's own applications, those of subordinates, and those that exclude the user.

    Over ``Application``; the person may be named by a known person or by a typed name.
    """
    person = posts_of(user).person
    if person is None:
        return NOBODY
    return Q(person=person) | Q(superior=person) | subjects_excluding(user)


def conflicting_applicants(user: Any) -> Q:
    """Rows in role applicant about whose application ``user`` must not know, over ``Participant``.

    Any application of the person in the cycle counts, a withdrawn one too: the row is the
    same for all of them. Who became a mentee is known to the whole cycle, in that role.
    """
    hidden = NOBODY
    for cycle, person in _conflicts_of(user):
        hidden |= Q(cycle=cycle, person=person, role=ParticipantRole.APPLICANT)
    return hidden


def _conflicts_of(user: Any) -> list[tuple[int, int]]:
    """Cycle and applicant of each conflict, read once per user object.

    There are few of them. Asked row by row inside a list's query, PostgreSQL compared
    every participant with every application.
    """
    found: list[tuple[int, int]] | None = getattr(user, "_conflicts", None)
    if found is None:
        conflicts = Application.objects.filter(conflicts_of(user)).distinct()
        found = list(conflicts.values_list("cycle", "person"))
        user._conflicts = found
    return found


def takes_applications(cycle: Cycle) -> bool:
    """Whether drafts are made, changed and submitted: until the matching begins."""
    return cycle.state in (CycleState.PLANNING, CycleState.APPLICATION)


@rules.predicate
def own_house(user: Any, application: Application | None) -> bool:
    return (
        application is not None
        and application.municipality_id in posts_of(user).municipalities
        and application.cycle.state not in CycleState.ended()
    )


@rules.predicate
def house_took_part(user: Any, cycle: Cycle | None) -> bool:
    """HR staff keep reading what their Kommune entered when the cycle is over."""
    return (
        cycle is not None
        and bool(posts_of(user).municipalities)
        and Participation.objects.filter(
            cycle=cycle,
            municipality__in=posts_of(user).municipalities,
            state=ParticipationState.CONFIRMED,
        ).exists()
    )


@rules.predicate
def still_takes_applications(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and takes_applications(cycle)


rules.add_rule("applications.list", house_took_part | sits_on_council)
rules.add_rule("applications.add", still_takes_applications & house_takes_part)
rules.add_rule("applications.view", rules.always_allow)  # fetched through visible_to


@rules.predicate
def leads_its_cycle(user: Any, application: Application | None) -> bool:
    return application is not None and application.cycle_id in roles_of(user).leading


rules.add_rule("applications.handle", own_house)
rules.add_rule("applications.rank", house_takes_part)
rules.add_rule("applications.move", leads_its_cycle)  # fetched through visible_to
