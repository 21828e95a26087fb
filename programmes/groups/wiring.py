"""What the groups add to other rooms."""

from typing import Any

import rules
from django.urls import reverse

from mentoring.log.domain import track
from programmes.events.models import Event
from programmes.events.registries import event_sections
from programmes.groups.board import board, holds_groups
from programmes.groups.models import Group, GroupMember
from programmes.roadmap.models import Milestone
from programmes.roadmap.registries import Section, milestone_blockers, milestone_sections


def groups_section(request: Any, milestone: Milestone) -> Section | None:
    """The groups on the page of a Vernetzungstreffen, for the Beirat."""
    if not rules.test_rule("groups.form", request.user, milestone.cycle):
        return None
    if not holds_groups(milestone):
        return None
    found = board(milestone, request.user)
    return Section(
        "groups/section.html",
        {
            "groups": len(found.rows),
            "members": len(found.members),
            "without": len(found.without),
            "url": reverse("groups:groups", args=[milestone.cycle_id, milestone.pk]),
        },
    )


def groups_of(milestone: Milestone) -> list[str]:
    """That mentees are shared out for this milestone."""
    number = Group.objects.filter(milestone=milestone).count()
    if not number:
        return []
    formed = "ist 1 Vernetzungsgruppe" if number == 1 else f"sind {number} Vernetzungsgruppen"
    return [f"Für diesen Meilenstein {formed} gebildet."]


def event_section(request: Any, event: Event) -> Section | None:
    """The way from the meeting of a group to all groups, for the Beirat."""
    if not rules.test_rule("groups.form", request.user, event.cycle):
        return None
    group = Group.objects.visible_to(request.user).filter(event=event).first()
    if group is None:
        return None
    url = reverse("groups:groups", args=[event.cycle_id, group.milestone_id])
    return Section("groups/event_section.html", {"group": group, "url": url})


milestone_sections.add("groups", groups_section)
milestone_blockers.add("groups", groups_of)
event_sections.add("groups", event_section)

track(Group, cycle_of=lambda group: group.milestone.cycle_id)
track(GroupMember, personal=True, cycle_of=lambda member: member.milestone.cycle_id)
