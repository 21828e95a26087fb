"""Seats in the Beirat: at most two per Kommune, one or two leads per Durchgang."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open, no_operator
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    Participation,
    ParticipationState,
    SeatFunction,
)
from programmes.people.models import Person

CHAIRS = (1, 2)
MOST_LEADS = 2


def appoint(
    participation: Participation,
    *,
    person: Person,
    function: SeatFunction | str,
    lead: bool,
    by: User,
) -> CouncilSeat:
    """Give ``person`` a seat for the Kommune of ``participation`` from today on.

    Raises ``Refused`` if the Kommune does not take part or has two seats already, if the
    person is of another Kommune, seated already or an operator, or for a third lead.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(participation.cycle)
        found = Participation.objects.select_related("municipality").get(pk=participation.pk)
        house = found.municipality
        if found.state != ParticipationState.CONFIRMED:
            raise Refused(
                f"{house} nimmt an {cycle} nicht teil oder hat noch nicht zugesagt. Tragen Sie "
                "zuerst die Zusage ein."
            )
        if person.municipality_id != house.pk:
            raise Refused(
                f"{person} ist nicht als Person von {house} eingetragen. Einen Sitz vergibt jede "
                "Kommune an eigene Leute."
            )
        no_operator(person)
        held_seats = CouncilSeat.objects.held().filter(participation__cycle=cycle)
        if held_seats.filter(person=person).exists():
            raise Refused(f"{person} hat in diesem Durchgang schon einen Sitz.")
        chair = free_chair(found)
        if lead:
            _room_for_a_lead(cycle)
        try:
            with transaction.atomic():
                return CouncilSeat.objects.create(
                    participation=found,
                    person=person,
                    chair=chair,
                    function=function,
                    lead=lead,
                    since=timezone.localdate(),
                )
        except IntegrityError:
            raise _both_taken(found) from None


def change_seat(
    seat: CouncilSeat, *, function: SeatFunction | str, lead: bool, by: User
) -> CouncilSeat:
    """Change function and lead of a held seat.

    Raises ``Refused`` if the seat has ended, for a third lead, and if it would take the
    last lead from a confirmed Beirat; ``EditConflict`` if somebody else changed it.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(seat.participation.cycle)
        stored = _held_seat(seat)
        if lead and not stored.lead:
            _room_for_a_lead(cycle)
        if stored.lead and not lead:
            _somebody_else_leads(cycle, stored)
        # The version the caller read decides, so that a second editor is told.
        stored.version = seat.version
        stored.function = function
        stored.lead = lead
        stored.save(update_fields=["function", "lead"])
        return stored


def end_seat(seat: CouncilSeat, *, by: User, on: date | None = None) -> CouncilSeat:
    """End a seat: no access from ``on`` (today, or an earlier day) on.

    Raises ``Refused`` if it has ended already, for a day to come or before its first, and
    if it is the last lead of a confirmed Beirat.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(seat.participation.cycle)
        stored = _held_seat(seat)
        day = on or timezone.localdate()
        if day > timezone.localdate():
            raise Refused("Ein Sitz endet heute oder an einem früheren Tag, nicht im Voraus.")
        if day < stored.since:
            raise Refused(f"Der Sitz besteht erst seit dem {stored.since:%d.%m.%Y}.")
        if stored.lead:
            _somebody_else_leads(cycle, stored)
        stored.until = day
        stored.save(update_fields=["until"])
        return stored


def free_chair(participation: Participation) -> int:
    """The first free chair of a Kommune; raises ``Refused`` if both are taken."""
    taken = set(
        CouncilSeat.objects.held()
        .filter(participation=participation)
        .values_list("chair", flat=True)
    )
    for chair in CHAIRS:
        if chair not in taken:
            return chair
    raise _both_taken(participation)


def _both_taken(participation: Participation) -> Refused:
    return Refused(
        f"{participation.municipality} hat schon zwei Sitze im Beirat, mehr hat keine Kommune. "
        "Beenden Sie zuerst einen der beiden."
    )


def _held_seat(seat: CouncilSeat) -> CouncilSeat:
    stored: CouncilSeat | None = (
        CouncilSeat.objects.held().select_related("person").filter(pk=seat.pk).first()
    )
    if stored is None:
        raise Refused("Dieser Sitz ist schon beendet.")
    return stored


def _room_for_a_lead(cycle: Cycle) -> None:
    leads = CouncilSeat.objects.held().filter(participation__cycle=cycle, lead=True)
    if leads.count() >= MOST_LEADS:
        raise Refused(
            "Ein Durchgang hat eine oder zwei Treiber/innen, und zwei sind schon eingetragen. "
            "Nehmen Sie zuerst einer Person die Leitung ab."
        )


def _somebody_else_leads(cycle: Cycle, seat: CouncilSeat) -> None:
    """A confirmed Beirat is never without a lead: nobody could name a new one."""
    others = CouncilSeat.objects.held().filter(participation__cycle=cycle, lead=True)
    if cycle.council_confirmed_at and not others.exclude(pk=seat.pk).exists():
        raise Refused(
            f"{seat.person} leitet den Beirat allein. Tragen Sie zuerst eine zweite Person als "
            "Treiber/in ein."
        )
