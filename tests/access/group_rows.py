"""The access matrix: the groups of a Vernetzungstreffen."""

from datetime import date
from typing import Any

from programmes.groups.models import Group
from programmes.roadmap.models import Milestone
from tests.access.grammar import row
from tests.conftest import Cast, Stage

EVENTS = "durchgaenge/<int:cycle_pk>/veranstaltungen/"
GROUPS = f"{EVENTS}gruppen/<int:milestone_pk>/"

OUTSIDE = "404: mentee mentor stranger operator former"
UNSEEN = f"{OUTSIDE} permanent"
COUNCIL = f"{UNSEEN} | 200: lead member | 403: *"
COUNCIL_ACTS = f"{UNSEEN} | ok: lead member | 403: *"


def meeting(name):
    return lambda world: {
        "cycle_pk": getattr(world, name).cycle_id,
        "milestone_pk": getattr(world, name).pk,
    }


def group(world):
    return {**meeting("grouped_meeting")(world), "pk": world.spare_group.pk}


ROWS = [
    row(GROUPS, meeting("grouped_meeting"), get=COUNCIL),
    row(
        GROUPS,
        lambda w: {"cycle_pk": w.closed_cycle.pk, "milestone_pk": w.grouped_meeting.pk},
        get="404: *",
        label="another cycle's",
    ),
    row(GROUPS, meeting("plain_milestone"), get="404: *", label="no Vernetzungstreffen"),
    row(f"{GROUPS}vorschlag/", meeting("new_meeting"), get=COUNCIL, post=COUNCIL),
    row(f"{GROUPS}aendern/", meeting("grouped_meeting"), get=COUNCIL, post=COUNCIL),
    row(
        f"{GROUPS}neu/",
        meeting("grouped_meeting"),
        get=COUNCIL,
        post=COUNCIL_ACTS,
        data=lambda w: {"name": "Gruppe Süd"},
    ),
    row(f"{GROUPS}<int:pk>/loeschen/", group, get=COUNCIL, post=COUNCIL_ACTS),
    row(
        f"{GROUPS}<int:pk>/loeschen/",
        lambda w: {**meeting("new_meeting")(w), "pk": w.spare_group.pk},
        get="404: *",
        post="404: *",
        label="another meeting's",
    ),
    row(f"{GROUPS}verwerfen/", meeting("grouped_meeting"), get=COUNCIL, post=COUNCIL_ACTS),
    row(
        f"{GROUPS}termine/",
        meeting("grouped_meeting"),
        get=COUNCIL,
        post=COUNCIL_ACTS,
        data=lambda w: {"begins": "10:00", "ends": "12:00"},
    ),
    row(f"{GROUPS}einladungen/", meeting("grouped_meeting"), get=COUNCIL, post=COUNCIL_ACTS),
    row(f"{GROUPS}gruppen.pdf", meeting("grouped_meeting"), get=COUNCIL),
]


def records(stage: Stage, cast: Cast) -> dict[str, Any]:
    """Vernetzungstreffen with and without groups."""

    def milestone(title: str, key: str) -> Milestone:
        day = date(2030, 3, 1)
        return Milestone.objects.create(
            cycle=stage.cycle, title=title, key=key, starts_on=day, ends_on=day
        )

    grouped = milestone("1. Vernetzungstreffen", "vernetzung8")
    return {
        "grouped_meeting": grouped,
        "new_meeting": milestone("2. Vernetzungstreffen", "vernetzung9"),
        "plain_milestone": milestone("Sommerfest", ""),
        "spare_group": Group.objects.create(milestone=grouped, name="Gruppe West"),
    }
