"""Who knows of a pair, and who decides on it (design, rules 1 and 2)."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import leads, roles_of, sits_on_council
from programmes.people.permissions import NOBODY, posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.applications.permissions import conflicts_of, visible_applications
from tandems.mentors.models import Mentor, MentorState
from tandems.mentors.permissions import visible_mentors
from tandems.pairs.models import Tandem, TandemState
from tandems.profiles.exclusions import subjects_excluding


def matching_cycles(user: Any) -> frozenset[int]:
    """The cycles whose matching ``user`` takes part in (primary keys).

    Who is a possible half of a pair there takes no part in it, whatever their seat: from all
    other pairs they would know their own. Read once per user object.
    """
    found: frozenset[int] | None = getattr(user, "_matching_cycles", None)
    if found is None:
        found = _read_matching_cycles(user)
        user._matching_cycles = found
    return found


def _read_matching_cycles(user: Any) -> frozenset[int]:
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    council, person = roles_of(user).council, posts_of(user).person
    if not council:
        return frozenset()
    applied = Application.objects.filter(
        cycle__in=council, person=person, state__in=ApplicationState.with_council()
    ).exclude(state=ApplicationState.DECLINED)
    sought = Mentor.objects.filter(
        cycle__in=council, person=person, state__in=(MentorState.APPROACHED, MentorState.AGREED)
    )
    # A half that has withdrawn since still belongs to a pair nobody may know of.
    paired = Tandem.objects.filter(
        Q(mentee_person=person) | Q(mentor_person=person),
        cycle__in=council,
        state__in=TandemState.secret(),
    )
    concerned: set[int] = set()
    for rows in (applied, sought, paired):
        concerned.update(rows.values_list("cycle", flat=True))
    return council - concerned


def is_concerned(user: Any, cycle: Cycle) -> bool:
    """Whether ``user`` has a seat in ``cycle`` and is kept out of its matching."""
    return cycle.pk in roles_of(user).council and cycle.pk not in matching_cycles(user)


def visible_pairs(user: Any) -> Q:
    """Pairs at the wall both halves of which ``user`` may see.

    Over a model with ``application`` and ``mentor``.
    """
    cycles = matching_cycles(user)
    if not cycles:
        return NOBODY
    applications = Application.objects.filter(visible_applications(user), cycle__in=cycles)
    mentors = Mentor.objects.filter(visible_mentors(user), cycle__in=cycles)
    return Q(application__in=applications.values("pk"), mentor__in=mentors.values("pk"))


def decided_tandems(user: Any) -> Q:
    """The tandems on which ``user`` decides in the Beirat, over ``Tandem``: secret ones too."""
    cycles = matching_cycles(user)
    return Q(cycle__in=cycles) & visible_pairs(user) if cycles else NOBODY


def own_tandems(user: Any) -> Q:
    """The tandems one half of which ``user`` is, once they may know, over ``Tandem``."""
    person = posts_of(user).person if user.is_authenticated and user.is_active else None
    if person is None:
        return NOBODY
    told = Q(revealed_at__isnull=False) | Q(mentor_told_at__isnull=False)
    open_cycle = ~Q(cycle__state__in=CycleState.ended())
    return open_cycle & (
        Q(mentee_person=person, revealed_at__isnull=False) | (Q(mentor_person=person) & told)
    )


def council_tandems(user: Any) -> Q:
    """The tandems the Beirat follows through their year, over ``Tandem``: revealed ones.

    A seat holder kept out of the matching follows the others' too, once they are known.
    """
    council = roles_of(user).council if user.is_authenticated and user.is_active else frozenset()
    if not council:
        return NOBODY
    return Q(cycle__in=council, revealed_at__isnull=False) & ~conflicting_tandems(user)


def house_tandems(user: Any) -> Q:
    """The revealed tandems one half of which works in the user's house, over ``Tandem``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    houses = posts_of(user).municipalities
    if not houses:
        return NOBODY
    own = Q(application__municipality__in=houses) | Q(mentor__municipality__in=houses)
    open_cycle = ~Q(cycle__state__in=CycleState.ended())
    return own & open_cycle & Q(revealed_at__isnull=False) & ~conflicting_tandems(user)


def visible_tandems(user: Any) -> Q:
    """All tandems ``user`` may know of, over ``Tandem``.

    Until its reveal a pair is known to those who decide on it alone. After it to the two,
    to the Beirat, and to the Personalstelle of either half; never to the Logistikpartner.
    """
    return decided_tandems(user) | own_tandems(user) | council_tandems(user) | house_tandems(user)


def conflicting_tandems(user: Any) -> Q:
    """Tandems with a half that must not be known to ``user``, over ``Tandem``."""
    applications = Application.objects.filter(conflicts_of(user))
    person = posts_of(user).person
    mentors = Mentor.objects.filter(Q(person=person) | subjects_excluding(user))
    return Q(application__in=applications.values("pk")) | Q(mentor__in=mentors.values("pk"))


def matching_is_due(cycle: Cycle) -> bool:
    """Whether there is a wall: from the end of the application phase to the cycle's."""
    return cycle.state in (CycleState.MATCHING, CycleState.RUNNING)


@rules.predicate
def is_due(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and matching_is_due(cycle)


@rules.predicate
def is_running(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.state == CycleState.RUNNING


@rules.predicate
def matches(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.pk in matching_cycles(user)


rules.add_rule("pairs.match", is_due & sits_on_council & matches)
rules.add_rule("pairs.lead", is_due & sits_on_council & matches & leads)
rules.add_rule("pairs.follow", is_due & sits_on_council)
rules.add_rule("pairs.follow_lead", is_due & sits_on_council & leads)
