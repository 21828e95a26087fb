"""The Aufgaben of a Durchgang: list, page, form, and what one does with a task."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, QuerySet
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mentoring.ui.lists import Badge, Column, ListPage
from mentoring.ui.navigation import Crumb
from mentoring.ui.views import (
    Action,
    CreatePage,
    DetailPage,
    ObjectActionPage,
    ObjectMixin,
    UpdatePage,
)
from programmes.cycles.views.base import OfCycle, acting_user
from programmes.roadmap.domain import tasks as domain
from programmes.roadmap.filters import TaskFilter
from programmes.roadmap.forms.tasks import TaskForm
from programmes.roadmap.models import Milestone, Task, TaskState
from programmes.roadmap.responsibility import team_of

BACK = "liste"
"""Name of the hidden field that holds the filters of the list a task was ticked off in."""


def state_badge(task: Task) -> Badge:
    """The state as the list shows it; what is overdue stands out."""
    if task.state == TaskState.DONE:
        return Badge("success", "erledigt")
    if task.due_on is not None and task.due_on < timezone.localdate():
        return Badge("danger", "überfällig")
    return Badge("info", "offen")


def responsible_text(task: Task) -> str:
    """Person and Kommune if there are any, otherwise the group."""
    named = [str(part) for part in (task.person, task.municipality) if part is not None]
    return ", ".join(named) or str(task.get_responsible_display())


class InTasks(OfCycle):
    """A page of the Aufgaben below ``/durchgaenge/<cycle_pk>/``."""

    def page(self, name: str, *args: int) -> str:
        """The address of a page of the Aufgaben in the same cycle."""
        return reverse(f"roadmap:{name}", args=[self.cycle.pk, *args])

    def breadcrumbs(self) -> list[Crumb]:
        """The cycle and its Aufgaben."""
        return [*super().breadcrumbs(), Crumb("Aufgaben", self.page("tasks"))]


class TaskList(OfCycle, ListPage):
    """What is to be done, by whom, until when."""

    list_name = "roadmap.tasks"
    rule = "roadmap.view_tasks"
    title = "Aufgaben"
    filterset_class = TaskFilter
    default_sort = "due_on"
    empty_title = "Hier ist nichts zu tun"
    empty_text = (
        "Aufgaben entstehen mit dem Fahrplan des Durchgangs; der Beirat kann weitere anlegen."
    )

    def get_columns(self) -> list[Column]:
        """The last one ticks a task off; it is no part of exports."""
        return [
            Column("due_on", "Fällig am", "due_on", sort=("due_on", "sort_key")),
            Column("title", "Aufgabe", "title", sort="sort_key", link=Task.get_absolute_url),
            Column(
                "milestone", "Meilenstein", "milestone", sort=("milestone__starts_on", "due_on")
            ),
            Column(
                "responsible",
                "Zuständig",
                responsible_text,
                sort=("responsible", "municipality__sort_key", "person__sort_key"),
            ),
            Column("state", "Stand", state_badge, sort=("-state", "due_on")),
            Column("done", "Abhaken", self._tick_off_button, export=False),
        ]

    def _tick_off_button(self, task: Task) -> SafeString | str:
        """A form of its own: one click, and no script needed."""
        if task.state == TaskState.DONE:
            return ""
        return format_html(
            '<form method="post" action="{}" class="app-noprint">'
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="{}" value="{}">'
            '<button class="kern-btn kern-btn--secondary kern-btn--x-small" type="submit" '
            'aria-label="Erledigt: {}"><span class="kern-label">Erledigt</span></button></form>',
            reverse("roadmap:task_done", args=[task.cycle_id, task.pk]),
            get_token(self.request),
            BACK,
            self.request.GET.urlencode(),
            task.title,
        )

    def get_queryset(self) -> QuerySet[Task]:
        """What the user may see; without a date last."""
        return (
            Task.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("milestone", "municipality", "person")
        )

    def ordered(self, queryset: QuerySet) -> QuerySet:
        """Tasks without a date come last, on both databases."""
        found = super().ordered(queryset)
        fields = [
            F(name.removeprefix("-")).desc(nulls_last=True)
            if name.startswith("-")
            else F(name).asc(nulls_last=True)
            for name in map(str, found.query.order_by)
        ]
        return found.order_by(*fields)

    def actions(self) -> list[Action]:
        """Add one, and see how the load is shared."""
        found = []
        if self.allowed("roadmap.view_load", self.cycle):
            url = reverse("roadmap:load", args=[self.cycle.pk])
            found.append(Action("Verteilung ansehen", url))
        if action := self.get_empty_action():
            found.append(action)
        return found

    def get_empty_action(self) -> Action | None:
        """The Beirat adds tasks."""
        if not self.allowed("roadmap.change", self.cycle):
            return None
        url = reverse("roadmap:task_add", args=[self.cycle.pk])
        return Action("Aufgabe anlegen", url, "primary", "add")


class TaskCreate(InTasks, CreatePage):
    """Add a task; ``?meilenstein=`` chooses the milestone."""

    model = Task
    form_class = TaskForm
    rule = "roadmap.change"
    title = "Aufgabe anlegen"
    submit_label = "Aufgabe anlegen"
    success_message = "Die Aufgabe ist angelegt."

    def get_initial(self) -> dict[str, Any]:
        """What the page before had in mind; nonsense is no choice and so ignored."""
        wanted = self.request.GET.get("meilenstein", "")
        known = Milestone.objects.visible_to(self.request.user).filter(cycle=self.cycle)
        if wanted.isdecimal() and len(wanted) < 19:
            return {"milestone": known.filter(pk=int(wanted)).first()}
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """A task of this cycle."""
        return {
            **super().get_form_kwargs(),
            "instance": Task(cycle=self.cycle),
            "cycle": self.cycle,
            "user": self.request.user,
        }

    def save(self, form: Any) -> Task:
        """By way of the domain."""
        return domain.add_task(form.instance, by=acting_user(self.request))


class OnTask(InTasks, ObjectMixin):
    """A page about one task the user may see, of the cycle in the address."""

    model: ClassVar[type[models.Model]] = Task

    def get_queryset(self) -> QuerySet[Task]:
        """The visible tasks of the cycle."""
        return (
            Task.objects.visible_to(self.request.user)
            .filter(cycle=self.cycle)
            .select_related("cycle__programme", "milestone", "municipality", "person", "done_by")
        )

    def get_rule_object(self) -> Any:
        """The rule is asked about the task."""
        return self.get_object()

    @property
    def task(self) -> Task:
        """The task of this page."""
        found: Task = self.get_object()
        return found


class BelowTask(OnTask):
    """A page below the page of a task."""

    def breadcrumbs(self) -> list[Crumb]:
        """Down to the task."""
        return [*super().breadcrumbs(), Crumb(self.task.title, self.task.get_absolute_url())]

    def get_success_url(self) -> str:
        """Back to the task."""
        return self.task.get_absolute_url()


class TaskPage(OnTask, DetailPage):
    """One task, with what one does most often as buttons."""

    rule = "roadmap.tick_off"
    template_name = "roadmap/task.html"

    def actions(self) -> list[Action]:
        """The Beirat changes and deletes."""
        if not self.allowed("roadmap.change_task", self.task):
            return []
        return [
            Action("Bearbeiten", self.page("task_change", self.task.pk), icon="edit"),
            Action("Löschen", self.page("task_delete", self.task.pk), "tertiary", "delete"),
        ]

    def details(self) -> list[tuple[str, Any]]:
        """All there is to know; the description stands below."""
        found = self.task
        rows = [
            ("Stand", state_badge(found)),
            ("Fällig am", found.due_on),
            ("Meilenstein", self._milestone()),
            ("Zuständig", found.get_responsible_display()),
            ("Kommune", found.municipality),
            ("Person", found.person),
        ]
        if found.state == TaskState.DONE:
            person = getattr(found.done_by, "person", None)
            rows.append(("Erledigt am", found.done_at))
            rows.append(("Erledigt von", person))
        return rows

    def _milestone(self) -> Any:
        found = self.task.milestone
        if found is None:
            return None
        days = self.task.days_from_milestone
        link = format_html('<a class="kern-link" href="{}">{}</a>', found.get_absolute_url(), found)
        return format_html("{}{}", link, f" ({days_in_words(days)})" if days is not None else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which buttons there are, and whether the person has left."""
        found = self.task
        gone = found.person_id is not None and found.state == TaskState.OPEN
        return super().get_context_data(
            is_open=found.state == TaskState.OPEN,
            may_take_over=self.allowed("roadmap.take_over", found),
            has_left=gone and found.person_id not in team_of(found.cycle).everybody,
            **kwargs,
        )


def days_in_words(days: int) -> str:
    """So many days after a milestone, as one says it."""
    if days == 0:
        return "am ersten Tag"
    number = f"{abs(days)} Tag" if abs(days) == 1 else f"{abs(days)} Tage"
    return f"{number} {'danach' if days > 0 else 'vorher'}"


class TaskChange(BelowTask, UpdatePage):
    """Change a task."""

    form_class = TaskForm
    rule = "roadmap.change_task"
    title = "Aufgabe bearbeiten"

    def get_form_kwargs(self) -> dict[str, Any]:
        """What it may be given depends on cycle and user."""
        return {**super().get_form_kwargs(), "cycle": self.cycle, "user": self.request.user}

    def save(self, form: Any) -> Task:
        """By way of the domain."""
        return domain.save_task(form.instance, by=acting_user(self.request))


class TaskDone(BelowTask, ObjectActionPage):
    """Tick a task off; from the list it leads back there."""

    rule = "roadmap.tick_off"
    title = "Aufgabe erledigt"
    button_label = "Erledigt"

    def get_question(self) -> str:
        """Which."""
        return f"Ist „{self.task}“ erledigt?"

    def perform(self) -> Task:
        """By way of the domain."""
        return domain.tick_off(self.task, by=acting_user(self.request))

    def get_success_message(self) -> str:
        """Which one, since the list looks the same afterwards."""
        return f"„{self.task}“ ist erledigt."

    def get_success_url(self) -> str:
        """To the list with its filters, or to the task."""
        query = self.request.POST.get(BACK)
        if query is None:
            return super().get_success_url()
        return f"{self.page('tasks')}?{query}" if query else self.page("tasks")


class TaskReopen(BelowTask, ObjectActionPage):
    """Open a task again that was ticked off."""

    rule = "roadmap.tick_off"
    title = "Aufgabe wieder öffnen"
    button_label = "Wieder öffnen"
    success_message = "Die Aufgabe ist wieder offen."

    def get_question(self) -> str:
        """Which."""
        return f"Soll „{self.task}“ wieder offen sein?"

    def perform(self) -> Task:
        """By way of the domain."""
        return domain.reopen_task(self.task, by=acting_user(self.request))


class TaskTakeOver(BelowTask, ObjectActionPage):
    """ "Übernehme ich." """

    rule = "roadmap.take_over"
    title = "Aufgabe übernehmen"
    button_label = "Übernehme ich"
    success_message = "Die Aufgabe ist jetzt Ihre."

    def get_question(self) -> str:
        """Which, and from whom."""
        return f"Möchten Sie „{self.task}“ übernehmen?"

    def consequences(self) -> list[str]:
        """What follows."""
        before, due_on = self.task.person, self.task.due_on
        lines = [f"Bisher zuständig ist {before}."] if before is not None else []
        if due_on is not None:
            lines.append(f"Sie werden daran erinnert: fällig am {due_on:%d.%m.%Y}.")
        return lines

    def perform(self) -> Task:
        """By way of the domain."""
        return domain.take_over(self.task, by=acting_user(self.request))


class TaskDelete(BelowTask, ObjectActionPage):
    """Delete a task."""

    rule = "roadmap.change_task"
    title = "Aufgabe löschen"
    button_label = "Löschen"
    danger = True
    success_message = "Die Aufgabe ist gelöscht."

    def get_question(self) -> str:
        """Which."""
        return f"Soll „{self.task}“ gelöscht werden?"

    def consequences(self) -> list[str]:
        """What is lost."""
        return [
            "Die Aufgabe verschwindet aus allen Listen, auch aus der Übersicht der Verteilung.",
            "Ist sie getan, haken Sie sie stattdessen ab: dann bleibt sichtbar, wer das war.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_task(self.task, by=acting_user(self.request))

    def get_success_url(self) -> str:
        """To the list."""
        return self.page("tasks")
