"""Which Kommunen take part in a Durchgang."""

from django.db import IntegrityError, transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.council import end_seat
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participant,
    Participation,
    ParticipationState,
)
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
    participation: Participation,
    *,
    state: ParticipationState | str,
    by: User,
    end_seats: bool = False,
) -> Participation:
    """Record what the Kommune answered; ``INVITED`` takes an answer back.

    Raises ``Refused`` if a Kommune with participants, or (without ``end_seats``) with
    seats in the Beirat, would no longer take part.
    """
    with transaction.atomic(), acting(by):
        found = held_open(participation.cycle)
        stored = _stored(participation)
        if stored.state == state:
            return stored
        if stored.state == ParticipationState.CONFIRMED or state == ParticipationState.DECLINED:
            _release(stored, found, by, end_seats)
        stored.state = ParticipationState(state)
        stored.save(update_fields=["state"])
        return stored


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
        stored.delete()


def _stored(participation: Participation) -> Participation:
    found: Participation | None = (
        Participation.objects.select_related("municipality").filter(pk=participation.pk).first()
    )
    if found is None:
        raise Refused("Diese Kommune wurde inzwischen aus dem Durchgang herausgenommen.")
    return found


def _release(participation: Participation, cycle: Cycle, by: User, end_seats: bool) -> None:
    house = participation.municipality
    present = Participant.objects.filter(cycle=cycle, municipality=house).present()
    if present.exists():
        # No number: who may not know of an applicant could find the difference to the list.
        raise Refused(
            f"{house} hat in diesem Durchgang noch Teilnehmer/innen. Erst wenn sie "
            "ausgeschieden sind, kann die Teilnahme enden."
        )
    seats = CouncilSeat.objects.held().filter(participation=participation)
    if not end_seats and seats.exists():
        names = ", ".join(str(seat.person) for seat in seats.select_related("person"))
        raise Refused(
            f"{house} hat noch Sitze im Beirat ({names}). Beenden Sie sie zuerst oder kreuzen "
            "Sie an, dass sie mit enden."
        )
    for seat in seats:
        end_seat(seat, by=by)
