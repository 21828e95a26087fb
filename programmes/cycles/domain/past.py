"""Cycles from before the installation, entered as figures only."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import (
    Cycle,
    CycleState,
    Participation,
    ParticipationState,
    Programme,
)
from programmes.organisations.models import Municipality


@dataclass(frozen=True)
class PastHouse:
    """What is known of a Kommune in an earlier cycle; ``None`` is not known."""

    municipality: Municipality
    mentees: int | None = None
    mentors: int | None = None


def record_past_cycle(
    programme: Programme,
    *,
    number: int,
    title: str,
    start_year: int,
    end_year: int,
    tandems: int | None,
    houses: Iterable[PastHouse],
    by: User | None,
) -> Cycle:
    """Enter an earlier cycle as closed. Raises ``Refused`` if its number is taken.

    ``by`` is ``None`` where a command enters it.
    """
    with transaction.atomic(), acting(by):
        try:
            with transaction.atomic():
                cycle = Cycle.objects.create(
                    programme=programme,
                    number=number,
                    title=title,
                    start_year=start_year,
                    end_year=end_year,
                    state=CycleState.CLOSED,
                    places=max(tandems or 0, 1),
                    published_tandems=tandems,
                )
        except IntegrityError:
            raise Refused(f"Den Durchgang Nr. {number} gibt es schon.") from None
        for house in houses:
            Participation.objects.create(
                cycle=cycle,
                municipality=house.municipality,
                state=ParticipationState.CONFIRMED,
                mentees=house.mentees,
                mentors=house.mentors,
            )
        return cycle
