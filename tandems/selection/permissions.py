"""Who reads Steckbriefe, compares applications and takes notes: the Beirat of the cycle."""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of, sits_on_council
from programmes.people.permissions import NOBODY, posts_of
from tandems.applications.models import Application, ApplicationState
from tandems.applications.permissions import visible_applications
from tandems.selection.models import ApplicationNote


def visible_notes(user: Any) -> Q:
    """Own notes and shared ones of the Beirat, over ``ApplicationNote``."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    applications = Application.objects.filter(
        visible_applications(user),
        cycle__in=roles_of(user).council,
        nominated_at__isnull=False,
    )
    own = Q(author=posts_of(user).person)
    return Q(application__in=applications.values("pk")) & (own | Q(shared=True))


def own_notes(user: Any) -> QuerySet[ApplicationNote]:
    """What ``user`` noted, without what was emptied again."""
    found: QuerySet[ApplicationNote] = ApplicationNote.objects.visible_to(user).filter(
        author=posts_of(user).person
    )
    return found.exclude(text="")


def shared_notes(user: Any) -> QuerySet[ApplicationNote]:
    """What others in the Beirat let ``user`` read, with its author."""
    found: QuerySet[ApplicationNote] = (
        ApplicationNote.objects.visible_to(user)
        .filter(shared=True)
        .exclude(author=posts_of(user).person)
        .exclude(text="")
    )
    return found.select_related("author").order_by("author__sort_key", "pk")


def with_council(user: Any, cycle: Cycle) -> QuerySet[Application]:
    """The applications of ``cycle`` about which the Beirat decides, as far as ``user`` reads them.

    None for anybody who does not sit on it, whatever they read of their own Kommune.
    """
    found: QuerySet[Application] = Application.objects.visible_to(user).filter(
        cycle=cycle, state__in=ApplicationState.with_council()
    )
    return found if sits_on_council(user, cycle) else found.none()


@rules.predicate
def decides_on(user: Any, application: Application | None) -> bool:
    """The Beirat, about what was nominated and not withdrawn. The page fetched it as visible."""
    return (
        application is not None
        and application.state in ApplicationState.with_council()
        and sits_on_council(user, application.cycle)
    )


@rules.predicate
def of_own_house(user: Any, application: Application | None) -> bool:
    return application is not None and application.municipality_id in posts_of(user).municipalities


rules.add_rule("selection.use", sits_on_council)
rules.add_rule("selection.decide", decides_on)
rules.add_rule("selection.sheet", of_own_house | decides_on)
