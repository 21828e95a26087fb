""" "Was steht an?": the user's own tasks, and those of nobody."""

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from mentoring.ui.navigation import StartItem
from programmes.cycles.frame import open_cycles
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of
from programmes.roadmap.filters import MINE, UNASSIGNED
from programmes.roadmap.models import Task, TaskState
from programmes.roadmap.responsibility import own_tasks, unassigned

SHOWN = 5
"""So many tasks stand on the start page; the rest is counted."""


def own_items(request: HttpRequest) -> list[StartItem]:
    """The next open tasks of the user or of their group; one query."""
    if posts_of(request.user).person is None:
        return []
    tasks = list(
        Task.objects.visible_to(request.user)
        .filter(own_tasks(request.user), state=TaskState.OPEN)
        .select_related("cycle")
        .defer("description", "search_key")
        .order_by("due_on", "sort_key", "pk")
    )
    tasks.sort(key=lambda task: task.due_on is None)  # without a date last, on both databases
    items = [_item(task) for task in tasks[:SHOWN]]
    for cycle in {task.cycle_id: task.cycle for task in tasks[SHOWN:]}.values():
        number = sum(task.cycle_id == cycle.pk for task in tasks[SHOWN:])
        items.append(
            StartItem(
                "Eine weitere Aufgabe" if number == 1 else f"{number} weitere Aufgaben",
                str(cycle),
                f"{reverse('roadmap:tasks', args=[cycle.pk])}?whose={MINE}",
                "aufgabe",
                count=number,
            )
        )
    return items


def _item(task: Task) -> StartItem:
    late = task.due_on is not None and task.due_on < timezone.localdate()
    where = str(task.cycle)
    return StartItem(
        task.title,
        f"Überfällig, {where}" if late else where,
        task.get_absolute_url(),
        "aufgabe",
        due=task.due_on,
    )


def unassigned_items(request: HttpRequest) -> list[StartItem]:
    """For leads: how many tasks nobody has taken over."""
    leading = roles_of(request.user).leading
    cycles = {cycle.pk: cycle for cycle in open_cycles(request) if cycle.pk in leading}
    if not cycles:
        return []
    counted = (
        Task.objects.filter(unassigned(), cycle__in=cycles, state=TaskState.OPEN)
        .order_by("cycle__number", "cycle")
        .values_list("cycle")
        .annotate(number=Count("pk"))
    )
    return [
        StartItem(
            "Eine Aufgabe ohne Zuständige" if number == 1 else f"{number} Aufgaben ohne Zuständige",
            str(cycles[cycle]),
            f"{reverse('roadmap:tasks', args=[cycle])}?whose={UNASSIGNED}",
            "fehlt",
            count=number,
        )
        for cycle, number in counted
    ]
