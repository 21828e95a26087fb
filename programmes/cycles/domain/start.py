"""Starting a new Durchgang, with what it takes over from the last one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.council import MOST_LEADS
from programmes.cycles.domain.locks import no_operator
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participation,
    Programme,
)
from programmes.cycles.registries import copied_on_new_cycle
from programmes.organisations.models import Municipality


@dataclass(frozen=True)
class KeptSeat:
    """A seat of the last cycle whose holder goes on, with or without the lead."""

    seat: CouncilSeat
    lead: bool


@dataclass(frozen=True)
class CycleData:
    """What is typed about a new cycle."""

    number: int
    title: str
    start_year: int
    end_year: int
    places: int


def last_cycle(programme: Programme) -> Cycle | None:
    """The newest cycle of ``programme`` that was not called off."""
    found: Cycle | None = (
        programme.cycles.exclude(state=CycleState.CANCELLED).order_by("-number").first()
    )
    return found


def next_number(programme: Programme) -> int:
    """The number after the highest one, called off or not."""
    highest: int | None = programme.cycles.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def number_taken(programme: Programme, number: int) -> bool:
    """Whether ``programme`` has a cycle ``number``, called off or not."""
    taken: bool = programme.cycles.filter(number=number).exists()
    return taken


def start_cycle(
    programme: Programme,
    *,
    data: CycleData,
    municipalities: Iterable[Municipality],
    seats: Iterable[KeptSeat],
    copied: Iterable[str],
    by: User,
) -> Cycle:
    """Make a new cycle in planning: all of it or nothing.

    ``municipalities`` become invited; ``seats`` of the last cycle go on with their holders;
    ``copied`` names entries of ``copied_on_new_cycle``. Raises ``Refused`` if the number
    is taken, a kept seat's Kommune is not among the invited, more than two lead, or
    somebody is an operator.
    """
    with transaction.atomic(), acting(by):
        # One start at a time per programme, or two would take the same last cycle.
        held = Programme.objects.select_for_update().get(pk=programme.pk)
        last = last_cycle(held)
        try:
            with transaction.atomic():
                cycle = Cycle.objects.create(
                    programme=held,
                    number=data.number,
                    title=data.title,
                    start_year=data.start_year,
                    end_year=data.end_year,
                    places=data.places,
                    started_from=last,
                )
        except IntegrityError:
            raise Refused(
                f"Den Durchgang Nr. {data.number} gibt es schon. Vielleicht hat ihn gerade "
                "jemand anderes begonnen."
            ) from None
        going_on = {
            house.pk: Participation.objects.create(cycle=cycle, municipality=house)
            for house in municipalities
        }
        _keep_seats(going_on, list(seats), last)
        for name in copied:
            if last is None:
                raise Refused("Es gibt keinen früheren Durchgang, aus dem etwas kopiert würde.")
            copied_on_new_cycle.get(name).copy(last, cycle, by)
        return cycle


def _keep_seats(
    going_on: dict[int, Participation], kept: list[KeptSeat], last: Cycle | None
) -> None:
    if sum(keep.lead for keep in kept) > MOST_LEADS:
        raise Refused("Ein Durchgang hat eine oder zwei Treiber/innen. Wählen Sie weniger aus.")
    for keep in kept:
        seat = keep.seat
        participation = going_on.get(seat.participation.municipality_id)
        if seat.until is not None or last is None or seat.participation.cycle_id != last.pk:
            raise Refused(f"Der Sitz von {seat.person} ist inzwischen beendet.")
        if participation is None:
            raise Refused(
                f"{seat.person} kann den Sitz nur behalten, wenn auch "
                f"{seat.participation.municipality} weiter dabei ist."
            )
        no_operator(seat.person)
        CouncilSeat.objects.create(
            participation=participation,
            person=seat.person,
            chair=seat.chair,
            function=seat.function,
            lead=keep.lead,
            since=timezone.localdate(),
        )
