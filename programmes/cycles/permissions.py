"""Who sees and does what in a Durchgang."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rules
from django.db.models import Q
from django.utils import timezone

from mentoring.registry import Registry
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participant,
    Participation,
    ParticipationState,
    PermanentMember,
    Programme,
)
from programmes.organisations.permissions import is_operator, knows_organisations
from programmes.people.permissions import NOBODY, posts_of

hidden_participants: Registry[Callable[[Any], Q]] = Registry("who never sees a participant")
"""For a user, a ``Q`` over ``Participant`` of rows they never see, whatever their role:
where a later room hides a record (rule 2), the row must not give it away."""

cancelled_kept: Registry[Callable[[Any], Q]] = Registry("who still opens a cancelled cycle")
"""For a user, a ``Q`` over ``Cycle`` of those they still have to do with when they are called
off: money that was asked for has to be paid, taken back or returned."""


@dataclass(frozen=True)
class Roles:
    """Primary keys of what a user has a part in today.

    ``lead`` is a subset of ``council``. ``acting`` are cycles without a confirmed Beirat
    that a ständiges Mitglied leads meanwhile. ``former`` are cycles of an ended seat.
    ``houses`` are open cycles in which a Kommune takes part whose HR staff the user is.
    """

    council: frozenset[int]
    lead: frozenset[int]
    acting: frozenset[int]
    former: frozenset[int]
    permanent: frozenset[int]
    logistics: frozenset[int]
    houses: frozenset[int]

    @property
    def leading(self) -> frozenset[int]:
        """Cycles the user moderates and releases in, with a seat or before there are any."""
        return self.lead | self.acting

    @property
    def inside(self) -> frozenset[int]:
        """Cycles whose Beirat the user belongs to or stands in for."""
        return self.council | self.acting


NO_ROLES = Roles(*[frozenset()] * 7)


def roles_of(user: Any) -> Roles:
    """The roles of ``user``, read once per user object, that is once per request."""
    found: Roles | None = getattr(user, "_roles", None)
    if found is None:
        found = _read_roles(user)
        user._roles = found
    return found


def _read_roles(user: Any) -> Roles:
    posts = posts_of(user)
    if posts.person is None or user.is_operator:
        return NO_ROLES  # an operator is a member of no cycle
    seats = dict(
        CouncilSeat.objects.current()
        .filter(person=posts.person)
        .values_list("participation__cycle", "lead")
        .order_by("lead")
    )
    former = (
        CouncilSeat.objects.filter(person=posts.person)
        .filter(
            Q(until__lte=timezone.localdate())
            | Q(participation__cycle__state__in=CycleState.ended())
        )
        .values_list("participation__cycle", flat=True)
    )
    permanent = frozenset(
        PermanentMember.objects.current()
        .filter(person=posts.person)
        .values_list("programme", flat=True)
    )
    open_cycles = Cycle.objects.exclude(state__in=CycleState.ended())
    acting = (
        open_cycles.filter(programme__in=permanent, council_confirmed_at=None)
        if permanent
        else open_cycles.none()
    )
    logistics = (
        open_cycles.filter(programme__logistics_partner__in=posts.partners)
        if posts.partners
        else open_cycles.none()
    )
    houses = (
        Participation.objects.filter(
            municipality__in=posts.municipalities, state=ParticipationState.CONFIRMED
        )
        .exclude(cycle__state__in=CycleState.ended())
        .values_list("cycle", flat=True)
        if posts.municipalities
        else ()
    )
    return Roles(
        council=frozenset(seats),
        lead=frozenset(cycle for cycle, lead in seats.items() if lead),
        acting=frozenset(acting.values_list("pk", flat=True)),
        former=frozenset(former) - frozenset(seats),
        permanent=permanent,
        logistics=frozenset(logistics.values_list("pk", flat=True)),
        houses=frozenset(houses),
    )


def works_in_programme(user: Any) -> bool:
    """Whether ``user`` is staff, permanent member or holds or held a seat."""
    roles = roles_of(user)
    posts = posts_of(user)
    return bool(
        posts.municipalities or posts.partners or roles.council or roles.permanent or roles.former
    )


def visible_programmes(user: Any) -> Q:
    """The programmes ``user`` may open, over ``Programme``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    if user.is_operator:
        return Q()
    roles, posts = roles_of(user), posts_of(user)
    seats = Cycle.objects.filter(pk__in=roles.council | roles.former)
    houses = Participation.objects.filter(municipality__in=posts.municipalities)
    return (
        Q(pk__in=roles.permanent)
        | Q(logistics_partner__in=posts.partners)
        | Q(pk__in=seats.values("programme"))
        | Q(pk__in=houses.values("cycle__programme"))
    )


def managed_programmes(user: Any) -> Q:
    """The programmes whose ständige Mitglieder ``user`` may name, over ``Programme``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    return Q() if user.is_operator else Q(pk__in=roles_of(user).permanent)


def visible_cycles(user: Any) -> Q:
    """The cycles ``user`` may open, over ``Cycle``.

    Open ones by role; closed ones with their published figures for everybody who works
    in the programme; cancelled ones for the ständige Mitglieder, who plan the next, and whom
    later rooms name. What is shown inside is decided by the rules below.
    """
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    if not works_in_programme(user):
        return NOBODY
    roles, posts = roles_of(user), posts_of(user)
    houses = Participation.objects.filter(municipality__in=posts.municipalities).exclude(
        state=ParticipationState.DECLINED
    )
    is_open = ~Q(state__in=CycleState.ended())
    programmes = Programme.objects.filter(visible_programmes(user))
    kept = NOBODY
    for keeps in cancelled_kept:
        kept |= keeps(user)
    return (
        Q(pk__in=roles.inside | roles.logistics)
        | (~Q(state=CycleState.CLOSED) & Q(programme__in=roles.permanent))
        | (is_open & Q(pk__in=houses.values("cycle")))
        | (Q(state=CycleState.CLOSED) & Q(programme__in=programmes.values("pk")))
        | (Q(state=CycleState.CANCELLED) & kept)
    )


def visible_participants(user: Any) -> Q:
    """The participants ``user`` may see, over ``Participant`` (design, rule 2)."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles, posts = roles_of(user), posts_of(user)
    is_open = ~Q(cycle__state__in=CycleState.ended())
    seen = is_open & (
        Q(cycle__in=roles.inside | roles.logistics)
        | Q(municipality__in=posts.municipalities)
        | Q(person=posts.person)
    )
    for hides in hidden_participants:
        seen &= ~hides(user)
    return seen


def hidden_people(user: Any) -> frozenset[tuple[int, int]]:
    """Cycle and person (primary keys) of whom ``user`` must not know that they are in it.

    For rows of later rooms that name a person of a cycle; read once per user object.
    Whoever is in the cycle in a role ``user`` does see is not hidden.
    """
    found: frozenset[tuple[int, int]] | None = getattr(user, "_hidden_people", None)
    if found is None:
        concealed = NOBODY
        for hides in hidden_participants:
            concealed |= hides(user)
        pairs = ("cycle", "person")
        found = frozenset(Participant.objects.filter(concealed).values_list(*pairs))
        if found:
            found -= frozenset(
                Participant.objects.exclude(concealed)
                .filter(person__in=[person for _, person in found])
                .values_list(*pairs)
            )
        user._hidden_people = found
    return found


@rules.predicate
def sits_on_council(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.pk in roles_of(user).council


@rules.predicate
def inside_council(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.pk in roles_of(user).inside


@rules.predicate
def leads(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.pk in roles_of(user).leading


@rules.predicate
def runs_logistics(user: Any, cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.pk in roles_of(user).logistics


@rules.predicate
def house_takes_part(user: Any, cycle: Cycle | None) -> bool:
    """HR staff of a Kommune that confirmed to take part in an open cycle."""
    return cycle is not None and cycle.pk in roles_of(user).houses


@rules.predicate
def is_permanent_member(user: Any, programme: Programme | None) -> bool:
    return programme is not None and programme.pk in roles_of(user).permanent


@rules.predicate
def has_programme_work(user: Any, anything: Any = None) -> bool:
    return works_in_programme(user)


@rules.predicate
def reads_log(user: Any, anything: Any = None) -> bool:
    return knows_organisations(user) and (user.is_operator or bool(roles_of(user).leading))


rules.add_rule("cycles.list_cycles", has_programme_work)
rules.add_rule("cycles.view_cycle", has_programme_work)
rules.add_rule("cycles.view_council", inside_council | runs_logistics | house_takes_part)
rules.add_rule("cycles.view_participations", inside_council | runs_logistics | house_takes_part)
rules.add_rule("cycles.view_participants", inside_council | runs_logistics | house_takes_part)
rules.add_rule("cycles.invite_participants", leads)
rules.add_rule("cycles.view_wishes", inside_council)
rules.add_rule("cycles.change_cycle", leads)
rules.add_rule("cycles.manage_participations", leads)
rules.add_rule("cycles.manage_seats", leads)
rules.add_rule("cycles.move_on", leads)
rules.add_rule("cycles.list_programmes", is_operator | has_programme_work)
rules.add_rule("cycles.add_programme", is_operator)
rules.add_rule("cycles.change_programme", is_operator | is_permanent_member)
rules.add_rule("cycles.manage_permanent_members", is_operator | is_permanent_member)
rules.add_rule("cycles.start_cycle", is_permanent_member)
rules.add_rule("cycles.view_log", reads_log)
rules.add_rule("cycles.view_history", has_programme_work)
