"""Who seeks mentors, and who knows of them."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import house_takes_part, leads, roles_of, sits_on_council
from programmes.people.permissions import NOBODY, posts_of
from tandems.mentors.models import Mentor, MentorState, PoolEntry
from tandems.profiles.exclusions import subjects_excluding


def visible_mentors(user: Any) -> Q:
    """Mentors of the own Beirat's cycles and of the own house, over ``Mentor``.

    Never oneself, and never somebody whose sheet names the user as out of the question: who
    is sought as a mentor, or excluded, does not read along (design, rule 2).
    """
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    posts = posts_of(user)
    if posts.person is None:
        return NOBODY
    house = Q(municipality__in=posts.municipalities) & ~Q(cycle__state__in=CycleState.ended())
    concerned = Q(person=posts.person) | subjects_excluding(user)
    return (Q(cycle__in=roles_of(user).council) | house) & ~concerned


def visible_approaches(user: Any) -> Q:
    """The approaches of visible mentors, over ``Approach``."""
    mentors = Mentor.objects.filter(visible_mentors(user))
    return Q(mentor__in=mentors.values("pk"))


def visible_pool(user: Any) -> Q:
    """The pool of the programmes in whose open cycles ``user`` sits, over ``PoolEntry``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    cycles = Cycle.objects.filter(pk__in=roles_of(user).council)
    return Q(programme__in=cycles.values("programme")) & ~Q(person=posts_of(user).person)


def sought_people(user: Any) -> Q:
    """Whom ``user`` knows as (possible) mentors, over ``Person``."""
    if not user.is_authenticated or not roles_of(user).council:
        return NOBODY  # HR staff know the people of their own house anyway
    mentors = Mentor.objects.filter(visible_mentors(user), person__isnull=False)
    pool = PoolEntry.objects.filter(visible_pool(user))
    return Q(pk__in=mentors.values("person")) | Q(pk__in=pool.values("person"))


def contacts_kept(user: Any) -> Q:
    """Whose contact data the Beirat keeps: mentors without a sign-in of their own."""
    council = roles_of(user).council if user.is_authenticated else frozenset()
    if not council:
        return NOBODY
    states = (MentorState.APPROACHED, MentorState.AGREED)
    mentors = Mentor.objects.filter(visible_mentors(user), cycle__in=council, state__in=states)
    return Q(user=None) & Q(pk__in=mentors.values("person"))


@rules.predicate
def is_open(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.is_open


@rules.predicate
def seeks(user: Any, mentor: Mentor | None) -> bool:
    """The Beirat approaches people."""
    return mentor is not None and mentor.cycle_id in roles_of(user).council


@rules.predicate
def own_house(user: Any, mentor: Mentor | None) -> bool:
    return (
        mentor is not None
        and mentor.municipality_id in posts_of(user).municipalities
        and mentor.cycle.is_open
    )


@rules.predicate
def had_idea(user: Any, mentor: Mentor | None) -> bool:
    person = posts_of(user).person
    return mentor is not None and person is not None and mentor.had_by_id == person


@rules.predicate
def leads_search(user: Any, mentor: Mentor | None) -> bool:
    return mentor is not None and mentor.cycle_id in roles_of(user).lead


@rules.predicate
def asked_them(user: Any, mentor: Mentor | None) -> bool:
    """Who has the open approach, or made the last one."""
    person = posts_of(user).person
    if mentor is None or person is None or mentor.cycle_id not in roles_of(user).council:
        return False
    last = mentor.approaches.first()
    return last is not None and last.by_id == person


rules.add_rule("mentors.list", sits_on_council | house_takes_part)
rules.add_rule("mentors.add", is_open & (sits_on_council | house_takes_part))
rules.add_rule("mentors.overview", sits_on_council)
rules.add_rule("mentors.guide", sits_on_council)
rules.add_rule("mentors.view", rules.always_allow)  # fetched through visible_to
rules.add_rule("mentors.change_idea", own_house | leads_search | (seeks & had_idea))
rules.add_rule("mentors.approach", seeks)
rules.add_rule("mentors.answer", asked_them | leads_search)
rules.add_rule("mentors.ask_again", leads_search)
rules.add_rule("mentors.keep_sheet", seeks | own_house)
rules.add_rule("mentors.mentorship", leads_search)
rules.add_rule("mentors.pool", sits_on_council)
rules.add_rule("mentors.lead", leads & sits_on_council)
