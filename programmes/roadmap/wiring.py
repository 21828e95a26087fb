"""What this room adds to earlier ones."""

from django.urls import reverse

from mentoring.jobs.turns import mornings
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.models import Cycle
from programmes.cycles.registries import programme_actions, workshop_planned
from programmes.documents.models import Document
from programmes.documents.registries import document_uses
from programmes.people.retention import data_periods, erasure
from programmes.roadmap.frame import roadmap_navigation, task_navigation, template_button
from programmes.roadmap.milestone import START
from programmes.roadmap.models import Milestone, Task, TemplateMilestone, TemplateTask
from programmes.roadmap.reminders import remind
from programmes.roadmap.retention import PERIOD, SHARE
from programmes.roadmap.start_milestones import milestone_items
from programmes.roadmap.start_tasks import own_items, unassigned_items
from programmes.roadmap.weekly import summarise


def where_the_workshop_moves(cycle: Cycle) -> str:
    """The page that moves the Startworkshop, once the cycle has a Fahrplan."""
    start = Milestone.objects.filter(cycle=cycle, key=START).values_list("pk", flat=True).first()
    return reverse("roadmap:milestone_move", args=[cycle.pk, start]) if start else ""


def milestones_with(document: Document) -> list[str]:
    """The milestones on whose pages ``document`` stands."""
    titles = Milestone.objects.filter(documents=document).values_list("title", flat=True)
    return [f"Meilenstein „{title}“" for title in titles]


workshop_planned.add("roadmap", where_the_workshop_moves)
programme_actions.add("template of the Fahrplan", template_button)
navigation.add("roadmap", roadmap_navigation, order=30)
navigation.add("tasks", task_navigation, order=31)
# After the cycles and before the events: of the same date the latest item is shown.
start_items.add("Fahrplan", milestone_items, order=110)
document_uses.add("milestones", milestones_with)

# Notes are the Beirat's alone, and the log is read by others too.
track(
    Milestone,
    cycle_of=lambda milestone: milestone.cycle_id,
    exclude=("notes", "uid", "sequence"),
    m2m=("seats", "documents"),
)
track(TemplateMilestone)
track(TemplateTask)

start_items.add("own tasks", own_items)
start_items.add("tasks of nobody", unassigned_items)
mornings.add("roadmap.reminders", remind)
mornings.add("roadmap.weekly", summarise)
data_periods.add("reminders", PERIOD)
erasure.add("roadmap", SHARE)
# The description may say more than the readers of the log are meant to know.
track(Task, cycle_of=lambda task: task.cycle_id, exclude=("description",))
