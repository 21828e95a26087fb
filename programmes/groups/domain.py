"""The groups of a Vernetzungstreffen: taking a proposal over, changing it, one event each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeVar
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Participant, ParticipantRole
from programmes.events.domain.invitations import invite, take_back
from programmes.events.domain.planning import create_event
from programmes.events.guests import Guest
from programmes.events.models import Event, EventKind, EventState
from programmes.groups.board import GroupRow, board, mentees_of
from programmes.groups.grouping import Proposed
from programmes.groups.models import Group, GroupMember
from programmes.roadmap.models import Milestone

Value = TypeVar("Value")


@dataclass(frozen=True)
class State:
    """Names of the groups and who is in which, as somebody saw them or wants them."""

    names: Mapping[int, str]
    places: Mapping[int, int | None]


class Contradiction(Refused):
    """Somebody else changed the same meanwhile. ``stored`` is what stands by now."""

    def __init__(self, stored: State) -> None:
        super().__init__(
            "Während Sie die Gruppen bearbeitet haben, hat jemand anderes dasselbe geändert. Es "
            "wurde noch nichts gespeichert: prüfen Sie die markierten Stellen und speichern Sie "
            "noch einmal."
        )
        self.stored = stored


def state_of(milestone: Milestone) -> State:
    """The groups as stored."""
    names = dict(Group.objects.filter(milestone=milestone).values_list("pk", "name"))
    members = GroupMember.objects.filter(milestone=milestone)
    return State(names, dict(members.values_list("participant", "group")))


def take_over(milestone: Milestone, groups: Sequence[Proposed], *, by: User) -> list[Group]:
    """Store a proposal; who left since it was made is left out.

    Raises ``Refused`` if there are groups already.
    """
    with transaction.atomic(), acting(by):
        held_open(milestone.cycle)
        if Group.objects.filter(milestone=milestone).exists():
            raise Refused(
                "Für dieses Treffen gibt es schon Gruppen. Ändern Sie diese, oder verwerfen Sie "
                "sie zuerst."
            )
        there = {mentee.pk for mentee in mentees_of(milestone, by)}
        made = []
        for proposed in groups:
            members = [pk for pk in proposed.members if pk in there]
            if not members:
                continue
            group = Group.objects.create(milestone=milestone, name=proposed.name)
            for pk in members:
                GroupMember.objects.create(group=group, milestone=milestone, participant_id=pk)
            made.append(group)
        if not made:
            raise Refused("In diesem Vorschlag ist niemand mehr, der im Durchgang ist.")
    return made


def add_group(milestone: Milestone, name: str, *, by: User) -> Group:
    """Make another group, empty at first. Raises ``Refused`` for a name that is taken."""
    with transaction.atomic(), acting(by):
        held_open(milestone.cycle)
        if Group.objects.filter(milestone=milestone, name=name).exists():
            raise Refused(f"„{name}“ gibt es schon. Bitte wählen Sie einen anderen Namen.")
        group: Group = Group.objects.create(milestone=milestone, name=name)
    return group


def save_groups(milestone: Milestone, *, opened: State, wanted: State, by: User) -> None:
    """Bring what the user changed, and only that, over what is stored.

    ``opened`` is what the form had shown. What somebody else changed meanwhile stays; raises
    ``Contradiction`` where both changed the same, and ``Refused`` for names given twice.
    """
    with transaction.atomic(), acting(by):
        held_open(milestone.cycle)
        stored = state_of(milestone)
        names = _changes(opened.names, wanted.names, stored.names)
        places = _changes(opened.places, wanted.places, stored.places)
        if names is None or places is None:
            raise Contradiction(stored)
        groups = {group.pk: group for group in Group.objects.filter(milestone=milestone)}
        names = {pk: name for pk, name in names.items() if pk in groups}
        touched = _move(milestone, groups, places, by)
        _rename(groups, names)
        for pk in touched - set(names):
            groups[pk].save()


def _changes(
    opened: Mapping[int, Value], wanted: Mapping[int, Value], stored: Mapping[int, Value]
) -> dict[int, Value] | None:
    """What the user changed; ``None`` if somebody else changed the same to something else."""
    mine = {pk: value for pk, value in wanted.items() if value != opened.get(pk)}
    for pk, value in mine.items():
        if stored.get(pk) not in (opened.get(pk), value):
            return None
    return {pk: value for pk, value in mine.items() if stored.get(pk) != value}


def _move(
    milestone: Milestone, groups: Mapping[int, Group], places: Mapping[int, int | None], by: User
) -> set[int]:
    """Put mentees where they are to be; returns which groups are others afterwards."""
    there = {mentee.pk for mentee in mentees_of(milestone, by)}
    members = {
        member.participant_id: member
        for member in GroupMember.objects.filter(milestone=milestone, participant__in=places)
    }
    touched: set[int] = set()
    for pk, group in places.items():
        if pk not in there or (group is not None and group not in groups):
            continue
        member = members.get(pk)
        if member is not None:
            touched.add(member.group_id)
        if group is None:
            if member is not None:
                member.delete()
            continue
        touched.add(group)
        if member is None:
            member = GroupMember(milestone=milestone, participant_id=pk)
        member.group = groups[group]
        member.save()
    return touched


def _rename(groups: Mapping[int, Group], names: Mapping[int, str]) -> None:
    """Give the groups their new names, also where two of them change names."""
    after = [names.get(pk, group.name) for pk, group in groups.items()]
    if twice := next((name for name in after if after.count(name) > 1), ""):
        raise Refused(f"„{twice}“ hießen dann zwei Gruppen. Bitte geben Sie jeder einen Namen.")
    taken = {group.name for group in groups.values()}
    for pk in names:
        if names[pk] in taken:
            groups[pk].name = uuid4().hex
            groups[pk].save(update_fields=["name"])
    for pk, name in names.items():
        groups[pk].name = name
        groups[pk].save(update_fields=["name"])


def delete_group(group: Group, *, by: User) -> None:
    """Delete a group; its mentees are in none then. Raises ``Refused`` if its event stands."""
    with transaction.atomic(), acting(by):
        held_open(group.milestone.cycle)
        _check_no_event([group])
        group.delete()


def discard_groups(milestone: Milestone, *, by: User) -> None:
    """Delete all groups, to begin anew. Raises ``Refused`` if an event of theirs stands."""
    with transaction.atomic(), acting(by):
        held_open(milestone.cycle)
        groups = list(Group.objects.filter(milestone=milestone).select_related("event"))
        _check_no_event(groups)
        for group in groups:
            group.delete()


def _check_no_event(groups: Sequence[Group]) -> None:
    for group in groups:
        if group.event is not None and group.event.state == EventState.PLANNED:
            raise Refused(
                f"Für „{group}“ ist schon eine Veranstaltung angelegt. Sagen Sie diese zuerst ab."
            )


def plan_events(milestone: Milestone, *, begins: time, ends: time, by: User) -> list[Event]:
    """Make an event on the milestone's first day for each group that has none, and invite.

    Done twice, it makes none the second time. Nobody is written to by this. Raises
    ``Refused`` for a day that is past.
    """
    with transaction.atomic(), acting(by):
        held_open(milestone.cycle)
        fresh = Milestone.objects.get(pk=milestone.pk)
        starts_at, ends_at = _moment(fresh, begins), _moment(fresh, ends)
        made = []
        for row in board(fresh, by).rows:
            if row.group is None or row.event is not None or not row.members:
                continue
            if ends_at <= timezone.now():
                raise Refused(
                    "Der Termin liegt in der Vergangenheit. Verschieben Sie zuerst den Meilenstein."
                )
            event = create_event(
                Event(
                    cycle=milestone.cycle,
                    milestone=fresh,
                    kind=EventKind.NETWORKING,
                    title=event_title(fresh, row.group),
                    starts_at=starts_at,
                    ends_at=ends_at,
                    venue=fresh.venue,
                ),
                by=by,
            )
            _invite(event, row.members, by)
            row.group.event = event
            row.group.save(update_fields=["event"])
            made.append(event)
    return made


def settle_invitations(milestone: Milestone, *, by: User) -> list[GroupRow]:
    """Invite to each event who came into its group, take back who went; returns what was done.

    Nobody is written to by this.
    """
    with transaction.atomic(), acting(by):
        held_open(milestone.cycle)
        changed = [row for row in board(milestone, by).rows if row.to_invite or row.to_take_back]
        for row in changed:
            for attendee in row.to_take_back:
                take_back(attendee, by=by)
            if row.event is not None and row.to_invite:
                _invite(row.event, row.to_invite, by)
    return changed


def event_title(milestone: Milestone, group: Group) -> str:
    """What the event of a group is called, no longer than a title may be."""
    return f"{milestone.title[: 158 - len(group.name)]}, {group.name}"


def _invite(event: Event, members: Sequence[Participant], by: User) -> None:
    role = str(ParticipantRole.MENTEE.label)
    invite(
        event,
        [member.person for member in members],
        guests={member.person_id: Guest(role, member.municipality_id) for member in members},
        by=by,
    )


def _moment(milestone: Milestone, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(milestone.starts_on, at))
