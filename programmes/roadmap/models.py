"""All models of the room, for `programmes.models`."""

from programmes.roadmap.milestone import (
    Milestone,
    MilestoneKind,
    MilestoneState,
    Move,
    Track,
)
from programmes.roadmap.notices import FeedToken, NoticeChoice, Reminder, WeeklySummary
from programmes.roadmap.task import Responsible, Task, TaskState
from programmes.roadmap.template import TemplateMilestone, TemplateTask

__all__ = [
    "FeedToken",
    "Milestone",
    "MilestoneKind",
    "MilestoneState",
    "Move",
    "NoticeChoice",
    "Reminder",
    "Responsible",
    "Task",
    "TaskState",
    "TemplateMilestone",
    "TemplateTask",
    "Track",
    "WeeklySummary",
]
