"""Who sees, edits and invites people; the posts somebody holds for an organisation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import rules
from django.db.models import Q, QuerySet

from mentoring.registry import Registry
from programmes.organisations.permissions import (
    is_operator,
    knows_organisations,
    reads_organisations,
)
from programmes.people.models import Invitation, LogisticsStaff, MunicipalityStaff, Person

person_visibility: Registry[Callable[[Any], Q]] = Registry("who sees a person")
"""For a user, a ``Q`` over ``Person``. No lookup by a reverse name of a later room:
use ``pk__in`` with a subquery."""

invitable: Registry[Callable[[Any], Q]] = Registry("who invites whom")
person_editors: Registry[Callable[[Any], Q]] = Registry("who edits a person")

rights_of_others: Registry[Callable[[Any], Q]] = Registry("rights a user cannot hand over")
"""For a user, a ``Q`` over ``Person``: who holds something the user could not give them."""

NOBODY = Q(pk__in=[])


@dataclass(frozen=True)
class Posts:
    """Primary keys of the organisations a user works for today."""

    person: int | None
    municipalities: frozenset[int]
    partners: frozenset[int]


def posts_of(user: Any) -> Posts:
    """The posts of ``user``, read once per user object, that is once per request."""
    found: Posts | None = getattr(user, "_posts", None)
    if found is None:
        found = _read_posts(user)
        user._posts = found
    return found


def _read_posts(user: Any) -> Posts:
    # An operator is a member of nothing, even if a post was left from an earlier time.
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return Posts(None, frozenset(), frozenset())
    person = Person.objects.filter(user=user).values_list("pk", flat=True).first()
    if person is None:
        return Posts(None, frozenset(), frozenset())
    staff = MunicipalityStaff.objects.current().filter(person=person)
    logistics = LogisticsStaff.objects.current().filter(person=person)
    return Posts(
        person,
        frozenset(staff.values_list("municipality", flat=True)),
        frozenset(logistics.values_list("partner", flat=True)),
    )


def _union(registry: Registry[Callable[[Any], Q]], user: Any) -> Q:
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    union = NOBODY
    for part in registry:
        union |= part(user)
    return union


def visible_people(user: Any) -> Q:
    """The people ``user`` may see, over ``Person``."""
    return _union(person_visibility, user)


def _could_become(user: Any) -> Q:
    """People without a sign-in whose rights ``user`` must not get hold of.

    Whoever changes such a person's address and then invites them becomes them. Operators
    look after all sign-ins anyway.
    """
    if user.is_operator:
        return NOBODY
    return Q(user=None) & _union(rights_of_others, user)


def invitable_people(user: Any) -> QuerySet[Person]:
    """The people ``user`` may invite to sign in."""
    if not user.is_authenticated or not user.is_active:
        return Person.objects.none()
    return Person.objects.filter(_union(invitable, user)).exclude(_could_become(user))


def visible_invitations(user: Any) -> Q:
    """The invitations ``user`` may see and handle, over ``Invitation``.

    Who named the first staff of an organisation may not invite them for ever after, but
    does send their own invitation again when it got lost.
    """
    if not knows_organisations(user):
        return NOBODY
    return Q(person__in=invitable_people(user)) | Q(created_by=user)


def editable_people(user: Any) -> QuerySet[Person]:
    """The people whose contact data ``user`` may change."""
    if not user.is_authenticated or not user.is_active:
        return Person.objects.none()
    return Person.objects.filter(_union(person_editors, user)).exclude(_could_become(user))


@rules.predicate
def is_hr(user: Any, anything: Any = None) -> bool:
    return bool(posts_of(user).municipalities)


@rules.predicate
def is_logistics(user: Any, anything: Any = None) -> bool:
    return bool(posts_of(user).partners)


@rules.predicate
def edits_person(user: Any, person: Person | None) -> bool:
    return person is not None and editable_people(user).filter(pk=person.pk).exists()


@rules.predicate
def invites_person(user: Any, person: Person | None) -> bool:
    return person is not None and invitable_people(user).filter(pk=person.pk).exists()


staff_grantors: Registry[Callable[[Any, Any], bool]] = Registry("who names staff")
"""For a user and a Municipality or LogisticsPartner, whether they may name its staff."""


@rules.predicate
def names_staff(user: Any, organisation: Any) -> bool:
    return organisation is not None and any(names(user, organisation) for names in staff_grantors)


@rules.predicate
def invites_anybody(user: Any, anything: Any = None) -> bool:
    """Whether ``user`` is in a position to invite, whoever there may be to invite now."""
    if not user.is_authenticated or not user.is_active:
        return False
    return any(part(user) != NOBODY for part in invitable)


@rules.predicate
def handles_invitation(user: Any, invitation: Invitation | None) -> bool:
    """Whether ``user`` may send it again or withdraw it."""
    return (
        invitation is not None
        and Invitation.objects.filter(visible_invitations(user)).filter(pk=invitation.pk).exists()
    )


# Whom one sees is decided by ``visible_to``; this says who opens such pages at all.
rules.add_rule("people.view", reads_organisations)
# The Logistikpartner knows name, Kommune, role, e-mail and phone of anybody, and no more.
rules.add_rule("people.view_details", ~is_logistics | edits_person)
rules.add_rule("people.list_invitations", invites_anybody)
rules.add_rule("people.change", edits_person)
rules.add_rule("people.invite", invites_person)
rules.add_rule("people.handle_invitation", handles_invitation)
rules.add_rule("people.name_staff", is_operator | names_staff)
