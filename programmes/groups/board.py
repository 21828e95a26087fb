"""The groups of a Vernetzungstreffen as somebody sees them, and what the computer proposes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mentoring.text import sort_key
from programmes.cycles.models import Participant, ParticipantRole
from programmes.events.models import Attendee, Event, EventKind, EventState
from programmes.groups import grouping
from programmes.groups.dividing import House
from programmes.groups.models import Group, GroupMember
from programmes.organisations.distance import Point
from programmes.organisations.models import Municipality
from programmes.roadmap.models import Milestone

REGION, DISTANCE = "region", "entfernung"


@dataclass
class GroupRow:
    """A group with its mentees, in the order of their names.

    ``to_invite`` and ``to_take_back`` are what its event's invitations lack and have too
    much, as far as the reader sees them.
    """

    name: str
    members: list[Participant]
    group: Group | None = None
    to_invite: list[Participant] = field(default_factory=list)
    to_take_back: list[Attendee] = field(default_factory=list)

    @property
    def spread(self) -> grouping.Spread:
        """How far the members live from each other."""
        return grouping.spread(point_of(member.municipality) for member in self.members)

    @property
    def of_one_house(self) -> bool:
        """Whether several mentees would meet nobody of another Kommune."""
        return len(self.members) > 1 and len({m.municipality_id for m in self.members}) == 1

    @property
    def event(self) -> Event | None:
        """Its event, unless that was called off."""
        event = self.group.event if self.group is not None else None
        return event if event is not None and event.state == EventState.PLANNED else None


@dataclass(frozen=True)
class Board:
    """All groups of a Vernetzungstreffen, and the mentees who are in none."""

    rows: list[GroupRow]
    without: list[Participant]

    @property
    def members(self) -> list[Participant]:
        """Everybody who is in a group."""
        return [member for row in self.rows for member in row.members]


def holds_groups(milestone: Milestone) -> bool:
    """Whether mentees meet in groups at this milestone: it is a Vernetzungstreffen."""
    return (
        milestone.key.startswith("vernetzung")
        or Event.objects.filter(milestone=milestone, kind=EventKind.NETWORKING).exists()
        or Group.objects.filter(milestone=milestone).exists()
    )


def mentees_of(milestone: Milestone, user: Any) -> list[Participant]:
    """The mentees of the cycle whom ``user`` sees and who have not left, by name."""
    return list(
        Participant.objects.visible_to(user)
        .filter(cycle=milestone.cycle_id, role=ParticipantRole.MENTEE)
        .present()
        .select_related("person__user", "municipality")
        .order_by("person__sort_key", "pk")
    )


def board(milestone: Milestone, user: Any) -> Board:
    """The groups as they stand, in few queries however many there are."""
    groups = Group.objects.visible_to(user).filter(milestone=milestone).select_related("event")
    rows = {group.pk: GroupRow(group.name, [], group) for group in groups}
    places = dict(
        GroupMember.objects.filter(milestone=milestone).values_list("participant", "group")
    )
    without: list[Participant] = []
    for mentee in mentees_of(milestone, user):
        row = rows.get(places.get(mentee.pk, 0))
        (without if row is None else row.members).append(mentee)
    found = Board(sorted(rows.values(), key=_in_order), without)
    _compare_invitations(found, milestone, user)
    return found


def _in_order(row: GroupRow) -> tuple[str, int]:
    return sort_key(row.name), row.group.pk if row.group else 0


def _compare_invitations(found: Board, milestone: Milestone, user: Any) -> None:
    """Enter what the invitations of each event still ahead lack, and have too much.

    Too much are mentees of another group; whoever else was invited is left alone.
    """
    rows = {row.event.pk: row for row in found.rows if row.event and not row.event.is_over()}
    if not rows:
        return
    invited: dict[int, dict[int, Attendee]] = {event: {} for event in rows}
    for attendee in (
        Attendee.objects.visible_to(user)
        .filter(event__in=rows)
        .select_related("event", "person")
        .order_by("person__sort_key", "pk")
    ):
        invited[attendee.event_id][attendee.person_id] = attendee
    mentees = set(
        Participant.objects.visible_to(user)
        .filter(cycle=milestone.cycle_id, role=ParticipantRole.MENTEE)
        .values_list("person", flat=True)
    )
    for event, row in rows.items():
        members = {member.person_id for member in row.members}
        row.to_invite = [m for m in row.members if m.person_id not in invited[event]]
        row.to_take_back = [
            attendee
            for person, attendee in invited[event].items()
            if person in mentees and person not in members and not attendee.attended
        ]


# --- Proposals --------------------------------------------------------------------------
def point_of(municipality: Municipality) -> Point | None:
    """Where it lies, if both coordinates are known."""
    if municipality.latitude is None or municipality.longitude is None:
        return None
    return float(municipality.latitude), float(municipality.longitude)


def propose(mentees: Sequence[Participant], *, by: str, count: int) -> list[GroupRow]:
    """``count`` groups of ``mentees``, along the Regionalgruppen or by distance."""
    known = {mentee.municipality_id: mentee.municipality for mentee in mentees}
    houses = [
        House(house.pk, house.regional_group.strip(), point_of(house)) for house in known.values()
    ]
    plain = [grouping.Mentee(mentee.pk, mentee.municipality_id) for mentee in mentees]
    make = grouping.by_region if by == REGION else grouping.by_distance
    return rows_of(make(plain, houses, count), mentees)


def rows_of(groups: Iterable[grouping.Proposed], mentees: Sequence[Participant]) -> list[GroupRow]:
    """Proposed groups with the mentees they mean, by name; who has left is not among them."""
    rows = []
    for group in groups:
        keys = set(group.members)
        rows.append(GroupRow(group.name, [mentee for mentee in mentees if mentee.pk in keys]))
    return sorted(rows, key=_in_order)


def unplaced(mentees: Iterable[Participant]) -> list[Municipality]:
    """The Kommunen without coordinates, by name."""
    houses = {m.municipality for m in mentees if point_of(m.municipality) is None}
    return sorted(houses, key=lambda house: (house.sort_key, house.pk))


def unregioned(mentees: Iterable[Participant]) -> list[Municipality]:
    """The Kommunen without a Regionalgruppe, by name."""
    houses = {m.municipality for m in mentees if not m.municipality.regional_group.strip()}
    return sorted(houses, key=lambda house: (house.sort_key, house.pk))
