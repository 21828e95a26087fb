"""The doors of the Fahrplan: planning, milestones, moves and templates.

Each function takes the acting user as ``by``, works in one transaction, locks the cycle
first and raises ``Refused`` if the state forbids the change. The Aufgaben have their doors
in ``domain.tasks``.
"""

from programmes.roadmap.domain.milestones import (
    add_milestone,
    drop,
    mark_done,
    reopen,
    save_milestone,
)
from programmes.roadmap.domain.moves import latest_move, move, undo
from programmes.roadmap.domain.planning import PlannedMilestone, plan_roadmap, preview_plan
from programmes.roadmap.domain.preview import Preview, preview_move
from programmes.roadmap.domain.template import (
    delete_template_milestone,
    delete_template_task,
    reset_template,
    save_template_milestone,
    save_template_task,
    shipped_template,
)
from programmes.roadmap.domain.workshop import check_year_of_workshop

__all__ = [
    "PlannedMilestone",
    "Preview",
    "add_milestone",
    "check_year_of_workshop",
    "delete_template_milestone",
    "delete_template_task",
    "drop",
    "latest_move",
    "mark_done",
    "move",
    "plan_roadmap",
    "preview_move",
    "preview_plan",
    "reopen",
    "reset_template",
    "save_milestone",
    "save_template_milestone",
    "save_template_task",
    "shipped_template",
    "undo",
]
