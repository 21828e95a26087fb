"""Who sees the Fahrplan and the Aufgaben, and who changes them."""

from typing import Any

import rules
from django.db.models import Q

from programmes.cycles.models import CycleState
from programmes.cycles.permissions import (
    house_takes_part,
    inside_council,
    is_permanent_member,
    leads,
    roles_of,
    runs_logistics,
)
from programmes.people.permissions import NOBODY, posts_of
from programmes.roadmap.models import Responsible, Task, TaskState


def visible_milestones(user: Any) -> Q:
    """The milestones ``user`` may see, over ``Milestone`` and ``Move``: Beirat, Logistikpartner
    and the Personalstellen of the cycle's Kommunen plan together (notes are the Beirat's alone).
    """
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles = roles_of(user)
    cycles = roles.inside | roles.logistics | roles.houses
    return Q(cycle__in=cycles) & ~Q(cycle__state__in=CycleState.ended())


def visible_tasks(user: Any) -> Q:
    """The tasks ``user`` may see, over ``Task``.

    The Beirat sees all, the Logistikpartner and the Kommunen theirs, everybody the own.
    """
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    roles, posts = roles_of(user), posts_of(user)
    seen = Q(cycle__in=roles.inside) | Q(
        cycle__in=roles.logistics, responsible=Responsible.LOGISTICS
    )
    house = Q(municipality=None) | Q(municipality__in=posts.municipalities)
    seen |= Q(cycle__in=roles.houses, responsible=Responsible.HOUSES) & house
    if posts.person is not None:
        working = roles.inside | roles.logistics | roles.houses
        seen |= Q(person=posts.person, cycle__in=working)
    return seen & ~Q(cycle__state__in=CycleState.ended())


@rules.predicate
def may_tick_off(user: Any, task: Task | None) -> bool:
    """Whoever sees a task may say that it is done; the rest is the Beirat's."""
    return task is not None and Task.objects.visible_to(user).filter(pk=task.pk).exists()


@rules.predicate
def may_take_over(user: Any, task: Task | None) -> bool:
    """The Beirat takes any task over, others those they see that are nobody's yet."""
    if task is None or task.state != TaskState.OPEN:
        return False
    if task.person_id is not None and task.cycle_id not in roles_of(user).inside:
        return False
    return posts_of(user).person != task.person_id and may_tick_off(user, task)


@rules.predicate
def inside_council_of(user: Any, record: Any) -> bool:
    return record is not None and record.cycle_id in roles_of(user).inside


rules.add_rule("roadmap.view", inside_council | runs_logistics | house_takes_part)
rules.add_rule("roadmap.change", inside_council)
rules.add_rule("roadmap.plan", leads)
rules.add_rule("roadmap.view_notes", inside_council)
rules.add_rule("roadmap.view_tasks", inside_council | runs_logistics | house_takes_part)
rules.add_rule("roadmap.change_task", inside_council_of)
rules.add_rule("roadmap.tick_off", may_tick_off)
rules.add_rule("roadmap.take_over", may_take_over)
rules.add_rule("roadmap.view_load", inside_council)
rules.add_rule("roadmap.change_template", is_permanent_member)
