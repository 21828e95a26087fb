"""Who reads and who changes the Profilbogen of a programme."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import Cycle, Programme
from programmes.cycles.permissions import house_takes_part, inside_council, leads, roles_of
from programmes.people.permissions import NOBODY, posts_of


def visible_versions(user: Any) -> Q:
    """The versions ``user`` may read, over ``ProfileVersion``; drafts for who works on them."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    edited = Q(programme__in=_edited(user))
    return edited | (Q(programme__in=_read(user)) & Q(published_at__isnull=False))


def visible_consents(user: Any) -> Q:
    """The consents ``user`` may read, over ``Consent``: those of their own house's people."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    posts = posts_of(user)
    return Q(person__municipality__in=posts.municipalities) & ~Q(person=posts.person)


def _edited(user: Any) -> frozenset[int]:
    """Programmes in which ``user`` is a ständiges Mitglied or leads an open cycle."""
    roles = roles_of(user)
    return roles.permanent | _programmes_of(roles.leading)


def _read(user: Any) -> frozenset[int]:
    """Programmes in whose open cycles ``user`` sits, or takes part for a Kommune."""
    roles = roles_of(user)
    return roles.permanent | _programmes_of(roles.inside | roles.houses)


def _programmes_of(cycles: frozenset[int]) -> frozenset[int]:
    return frozenset(
        Cycle.objects.filter(pk__in=cycles).values_list("programme", flat=True) if cycles else ()
    )


@rules.predicate
def reads_sheets(user: Any, programme: Programme | None) -> bool:
    return programme is not None and programme.pk in _read(user)


@rules.predicate
def edits_sheets(user: Any, programme: Programme | None) -> bool:
    return programme is not None and programme.pk in _edited(user)


rules.add_rule("profiles.read_versions", reads_sheets)
rules.add_rule("profiles.edit_versions", edits_sheets)
rules.add_rule("profiles.read_choice", inside_council | house_takes_part)
rules.add_rule("profiles.choose", leads)
