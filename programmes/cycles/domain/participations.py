"""Which Kommunen take part in a Durchgang."""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.council import end_seat
from programmes.cycles.domain.locks import held_open
from programmes.cycles.domain.participants import mark_left
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participant,
    Participation,
    ParticipationState,
)
from programmes.cycles.registries import house_leaves
from programmes.organisations.models import Municipality


def invite_municipality(
    cycle: Cycle,
    *,
    municipality: Municipality,
    by: User,
    places_wished: int | None = None,
    note: str = "",
) -> Participation:
    """Enter a Kommune as invited. Raises ``Refused`` if it is entered already."""
    with transaction.atomic(), acting(by):
        found = held_open(cycle)
        try:
            with transaction.atomic():
                return Participation.objects.create(
                    cycle=found, municipality=municipality, places_wished=places_wished, note=note
                )
        except IntegrityError:
            raise Refused(f"{municipality} ist in diesem Durchgang schon eingetragen.") from None


def answer_invitation(
    participation: Participation, *, state: ParticipationState | str, by: User, reason: str = ""
) -> Participation:
    """Record what the Kommune answered; ``INVITED`` takes a refusal back.

    A Kommune that takes part does not simply answer otherwise: it leaves, with all that
    hangs on it (``house_leaves``), which needs a ``reason``. It is asked for whatever there
    is, so that nobody reads from the question what they must not know of. Raises ``Refused``,
    also if the Kommune has the last lead of the Beirat.
    """
    with transaction.atomic(), acting(by):
        held_open(participation.cycle)
        stored = _stored(participation)
        if stored.state == state:
            return stored
        reason = reason.strip()[:300]
        if stored.state == ParticipationState.CONFIRMED:
            _leave(stored, reason, by)
        stored.state = ParticipationState(state)
        stored.left_reason = "" if state == ParticipationState.CONFIRMED else reason
        stored.save(update_fields=["state", "left_reason"])
        return stored


def consequences_of_leaving(participation: Participation, *, user: User) -> list[str]:
    """What ends when the Kommune leaves, in German, of nothing but what ``user`` may know."""
    lines = []
    seats = CouncilSeat.objects.held().filter(participation=participation)
    names = [str(seat.person) for seat in seats.select_related("person")]
    if names:
        lines.append(
            f"{', '.join(names)}: Der Sitz im Beirat endet heute, und mit ihm der Zugriff."
        )
    for leaving in house_leaves:
        lines += leaving.consequences(participation, user)
    present = (
        Participant.objects.visible_to(user)
        .filter(cycle=participation.cycle_id, municipality=participation.municipality_id)
        .present()
        .select_related("person")
        .order_by("person__sort_key", "role")
    )
    leaving_list = [f"{row.person.full_name} ({row.get_role_display()})" for row in present]
    if leaving_list:
        lines.append(f"Aus der Teilnehmerliste scheiden heute aus: {', '.join(leaving_list)}.")
    lines.append(
        "Die Personalstelle kann den Durchgang danach nicht mehr öffnen. Was sie noch nicht an "
        "den Beirat gegeben hat, endet mit."
    )
    return lines


def save_participation(participation: Participation, *, by: User) -> Participation:
    """Save wishes and note of a Kommune. Raises ``Refused`` or ``EditConflict``."""
    with transaction.atomic(), acting(by):
        held_open(participation.cycle)
        participation.save()
    return participation


def remove_participation(participation: Participation, *, by: User) -> None:
    """Take out a Kommune that was entered by mistake.

    Raises ``Refused`` if it confirmed or ever had a seat in this cycle.
    """
    with transaction.atomic(), acting(by):
        held_open(participation.cycle)
        stored = _stored(participation)
        if stored.state == ParticipationState.CONFIRMED:
            raise Refused(
                f"{stored.municipality} hat zugesagt. Tragen Sie zuerst ein, dass die Kommune "
                "doch nicht teilnimmt."
            )
        if stored.seats.exists():
            raise Refused(
                f"{stored.municipality} hatte einen Sitz im Beirat und bleibt deshalb verzeichnet."
            )
        try:
            stored.delete()
        except ProtectedError as error:
            # Later rooms hold on to it: a voice recorded in the minutes, for one.
            raise Refused(
                f"{stored.municipality} hat in diesem Durchgang schon mitgewirkt und bleibt "
                "deshalb verzeichnet."
            ) from error


def _stored(participation: Participation) -> Participation:
    found: Participation | None = (
        Participation.objects.select_related("municipality").filter(pk=participation.pk).first()
    )
    if found is None:
        raise Refused("Diese Kommune wurde inzwischen aus dem Durchgang herausgenommen.")
    return found


def _leave(participation: Participation, reason: str, by: User) -> None:
    """End all that hangs on a Kommune that takes part; nothing of it is named in a refusal."""
    if not reason:
        raise Refused(
            f"{participation.municipality} nimmt am Durchgang teil. Nennen Sie den Grund, warum "
            "die Kommune ausscheidet."
        )
    for leaving in house_leaves:
        leaving.leave(participation, reason, by)
    # Who is still there is of no later room.
    for participant in Participant.objects.filter(
        cycle=participation.cycle_id, municipality=participation.municipality_id
    ).present():
        mark_left(participant, on=timezone.localdate(), by=by)
    for seat in CouncilSeat.objects.held().filter(participation=participation):
        end_seat(seat, by=by)
