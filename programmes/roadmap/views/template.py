"""Pages of the template of a programme's Fahrplan, for ständige Mitglieder."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from mentoring.ui.navigation import Crumb
from mentoring.ui.views import (
    Action,
    ActionPage,
    CreatePage,
    ObjectActionPage,
    ObjectMixin,
    PageView,
    UpdatePage,
)
from programmes.cycles.views.base import acting_user
from programmes.roadmap import domain
from programmes.roadmap.forms.template import TemplateMilestoneForm, TemplateTaskForm
from programmes.roadmap.models import TemplateMilestone, TemplateTask
from programmes.roadmap.views.base import OfTemplate

RULE = "roadmap.change_template"


def weeks(entry: TemplateMilestone) -> str:
    """The weeks of a milestone as people say them: "Woche −26 bis −15"."""
    first, last = _signed(entry.start_week), _signed(entry.end_week)
    return f"Woche {first}" if first == last else f"Woche {first} bis {last}"


def _signed(week: int) -> str:
    return f"−{-week}" if week < 0 else str(week)


class TemplatePage(OfTemplate, PageView):
    """All milestones of the template with their tasks."""

    rule = RULE
    title = "Fahrplan-Vorlage"
    template_name = "roadmap/template.html"

    def breadcrumbs(self) -> list[Crumb]:
        """Below the programme."""
        return super().breadcrumbs()[:-1]

    def actions(self) -> list[Action]:
        """Add, or begin again."""
        return [
            Action("Meilenstein", self.page("template_milestone_add"), "primary", "add"),
            Action("Aufgabe", self.page("template_task_add"), "secondary", "add"),
            Action("Zurück zur Vorlage des Hauses", self.page("template_reset"), "tertiary"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The entries; a programme gets the shipped ones on first use."""
        domain.shipped_template(self.programme)
        entries = (
            TemplateMilestone.objects.visible_to(self.request.user)
            .filter(programme=self.programme)
            .prefetch_related("tasks")
        )
        rows = [(entry, weeks(entry), _tasks(entry)) for entry in entries]
        return super().get_context_data(programme=self.programme, rows=rows, **kwargs)


def _tasks(entry: TemplateMilestone) -> list[tuple[TemplateTask, str]]:
    return [(task, _when(task.week)) for task in entry.tasks.all()]


def _when(week: int) -> str:
    if week == 0:
        return "am selben Tag"
    number = abs(week)
    word = "Woche" if number == 1 else "Wochen"
    return f"{number} {word} {'vorher' if week < 0 else 'danach'}"


class TemplateReset(OfTemplate, ActionPage):
    """Put the shipped template in place of the programme's own."""

    rule = RULE
    title = "Zurück zur Vorlage des Hauses"
    question = "Soll die mitgelieferte Vorlage wieder gelten?"
    button_label = "Vorlage des Hauses wiederherstellen"
    danger = True
    success_message = "Die Vorlage des Hauses gilt wieder."

    def consequences(self) -> list[str]:
        """What is lost, and what is not."""
        return [
            "Alle eigenen Meilensteine, Aufgaben und Änderungen dieser Vorlage werden gelöscht.",
            "Fahrpläne, die schon angelegt sind, bleiben, wie sie sind.",
        ]

    def perform(self) -> None:
        """By way of the domain."""
        domain.reset_template(self.programme, by=acting_user(self.request))


class OfEntry(OfTemplate, ObjectMixin):
    """A page of one entry of the template: a milestone or a task."""

    rule: ClassVar[str | None] = RULE
    pk_url_kwarg = "entry_pk"

    def get_queryset(self) -> QuerySet[Any]:
        """The entries of this programme."""
        return super().get_queryset().filter(programme=self.programme).select_related("programme")

    def get_rule_object(self) -> Any:
        """The programme; the entry must be one of its."""
        return self.object.programme


class EntryCreate(OfTemplate, CreatePage):
    """A new entry of the template."""

    rule = RULE

    def get_form_kwargs(self) -> dict[str, Any]:
        """One of this programme, whose template begins with the shipped one."""
        domain.shipped_template(self.programme)
        instance = self.model(programme=self.programme)
        return {**super().get_form_kwargs(), "instance": instance}


class EntryChange(OfEntry, UpdatePage):
    """Change an entry."""

    def get_title(self) -> str:
        """Which one."""
        return f"{self.object} bearbeiten"


class EntryDelete(OfEntry, ObjectActionPage):
    """Take an entry out."""

    button_label = "Löschen"
    danger = True

    def get_question(self) -> str:
        """Which one."""
        return f"Soll „{self.object}“ aus der Vorlage gelöscht werden?"

    def consequences(self) -> list[str]:
        """What stays."""
        return ["Fahrpläne, die schon angelegt sind, bleiben, wie sie sind."]


class WithMilestone:
    """A form of a milestone of the template."""

    request: HttpRequest
    model: ClassVar[type[Model]] = TemplateMilestone
    form_class: Any = TemplateMilestoneForm

    def save(self, form: Any) -> TemplateMilestone:
        """By way of the domain."""
        return domain.save_template_milestone(form.instance, by=acting_user(self.request))


class TemplateMilestoneCreate(WithMilestone, EntryCreate):
    """A new milestone."""

    title = "Meilenstein der Vorlage anlegen"
    success_message = "Der Meilenstein steht jetzt in der Vorlage."


class TemplateMilestoneChange(WithMilestone, EntryChange):
    """Change a milestone."""

    template_name = "roadmap/template_milestone.html"


class TemplateMilestoneDelete(EntryDelete):
    """Take a milestone out."""

    model = TemplateMilestone
    title = "Meilenstein aus der Vorlage löschen"
    success_message = "Der Meilenstein ist aus der Vorlage gelöscht."

    def consequences(self) -> list[str]:
        """Its tasks go with it."""
        tasks = self.object.tasks.all()
        gone = [f"Auch gelöscht wird die Aufgabe „{task}“." for task in tasks]
        return [*gone, *super().consequences()]

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_template_milestone(self.object, by=acting_user(self.request))


class WithTask:
    """A form of a task of the template."""

    request: HttpRequest
    model: ClassVar[type[Model]] = TemplateTask
    form_class: Any = TemplateTaskForm

    def save(self, form: Any) -> TemplateTask:
        """By way of the domain."""
        return domain.save_template_task(form.instance, by=acting_user(self.request))


class TemplateTaskCreate(WithTask, EntryCreate):
    """A new task."""

    title = "Aufgabe der Vorlage anlegen"
    success_message = "Die Aufgabe steht jetzt in der Vorlage."

    def get_initial(self) -> dict[str, Any]:
        """The milestone of the address, if it names one."""
        return {"milestone": self.request.GET.get("meilenstein", "")}


class TemplateTaskChange(WithTask, EntryChange):
    """Change a task."""

    template_name = "roadmap/template_task.html"


class TemplateTaskDelete(EntryDelete):
    """Take a task out."""

    model = TemplateTask
    title = "Aufgabe aus der Vorlage löschen"
    success_message = "Die Aufgabe ist aus der Vorlage gelöscht."

    def perform(self) -> None:
        """By way of the domain."""
        domain.delete_template_task(self.object, by=acting_user(self.request))
