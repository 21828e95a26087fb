"""Who reads and who handles a Profilbogen (design, rule 2)."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import Cycle, CycleState
from programmes.cycles.permissions import house_takes_part, roles_of, sits_on_council
from programmes.people.permissions import NOBODY, posts_of
from tandems.applications.models import Application, ApplicationState


def visible_applications(user: Any) -> Q:
    """The applications ``user`` may read, over ``Application``.

    Its own Kommune always; the Beirat of an open cycle from nomination on. Never the
    applicant, and never a seat holder who is the superior or was named as excluded.
    """
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    posts, council = posts_of(user), roles_of(user).council
    if posts.person is None:
        return NOBODY
    own_house = Q(municipality__in=posts.municipalities)
    handed_over = Q(nominated_at__isnull=False) & ~Q(state=ApplicationState.NOT_NOMINATED)
    excluded = Application.excluded.through.objects.filter(person=posts.person)
    conflict = Q(person=posts.person) | (
        Q(cycle__in=council)
        & (Q(superior=posts.person) | Q(pk__in=excluded.values("application")))
    )
    return (own_house | (Q(cycle__in=council) & handed_over)) & ~conflict


@rules.predicate
def own_house(user: Any, application: Application | None) -> bool:
    return (
        application is not None
        and application.municipality_id in posts_of(user).municipalities
        and application.cycle.state not in CycleState.ended()
    )


@rules.predicate
def reads_applications(user: Any, cycle: Cycle | None) -> bool:
    return bool(house_takes_part(user, cycle) or sits_on_council(user, cycle))


rules.add_rule("applications.list", reads_applications)
rules.add_rule("applications.add", house_takes_part)
rules.add_rule("applications.view", rules.always_allow)  # fetched through visible_to
rules.add_rule("applications.handle", own_house)
