"""What this room knows of a person, and how it is erased on request."""

from collections.abc import Collection

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.ui.errors import Refused
from programmes.cycles.models import (
    CouncilSeat,
    CycleState,
    Participant,
    ParticipantRole,
    PermanentMember,
)
from programmes.people.models import Person, Post
from programmes.people.retention import PersonalData


def known(person: Person) -> list[tuple[str, str]]:
    """Posts, seats and participations.

    Not that somebody was nominated: their own Kommune tells them (design, rule 1).
    """
    seats = CouncilSeat.objects.filter(person=person).select_related(
        "participation__cycle", "participation__municipality"
    )
    participants = (
        Participant.objects.filter(person=person)
        .exclude(role=ParticipantRole.APPLICANT)
        .select_related("cycle")
    )
    posts = PermanentMember.objects.filter(person=person).select_related("programme")
    rows = [(str(post), _period(post)) for post in posts]
    rows += [
        (f"Sitz im Beirat, {seat.participation}", _period(seat)) for seat in seats.order_by("pk")
    ]
    for row in participants.order_by("pk"):
        left = f" bis {row.left_on:%d.%m.%Y}" if row.left_on else ""
        rows.append((str(row), f"seit {row.joined_on:%d.%m.%Y}{left}"))
    return rows


def erase(person: Person, by: User) -> None:
    """Delete posts, seats and participations; the published figures stay, they name nobody.

    Raises ``Refused`` while the person still sits in the Beirat of an open cycle.
    """
    seats = CouncilSeat.objects.filter(person=person)
    held = seats.held().exclude(participation__cycle__state__in=CycleState.ended())
    if seat := held.select_related("participation__cycle").first():
        raise Refused(
            f"{person} hat noch einen Sitz im Beirat von {seat.participation.cycle}. Beenden Sie "
            "ihn zuerst."
        )
    with acting(by):
        seats.delete()
        participants = list(Participant.objects.filter(person=person).values_list("pk", flat=True))
        for row in (PermanentMember, Participant):
            row.objects.filter(person=person).delete()
    forget(Participant, participants)


def forget_participants(cycle: int, people: Collection[int], role: ParticipantRole) -> int:
    """Delete these people's rows in ``role`` with what the log says of them.

    For rooms whose record about them was deleted; returns how many went.
    """
    rows = Participant.objects.filter(cycle=cycle, person__in=people, role=role)
    keys = list(rows.values_list("pk", flat=True))
    rows.delete()
    forget(Participant, keys)
    return len(keys)


def _period(post: Post | CouncilSeat) -> str:
    until = f" bis {post.until:%d.%m.%Y}" if post.until else ""
    return f"seit {post.since:%d.%m.%Y}{until}"


SHARE = PersonalData("Mitwirkung in Durchgängen", known, erase)
