"""The objects the rows of the matrix point at: one of each, own and foreign."""

from dataclasses import dataclass
from typing import Any

from programmes.cycles.models import Cycle, CycleState
from tandems.applications.models import ApplicationState
from tests import factories as make
from tests.conftest import Cast, Stage


@dataclass(frozen=True)
class World:
    """The stage, its cast, and records made for the matrix.

    "own" is what the Kommune of ``cast.hr`` holds; "foreign" belongs to a programme in
    which nobody of the cast has a part.
    """

    stage: Stage
    cast: Cast
    records: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.records[name]
        except KeyError:
            raise AttributeError(name) from None


def build(stage: Stage, cast: Cast) -> World:
    """Everything a row may name, beyond stage and cast."""
    foreign_programme = make.make_programme(name="Fremdes Programm")
    foreign_cycle = make.make_cycle(foreign_programme, number=1)
    foreign_house = make.make_municipality("Fernstadt")
    foreign_participation = make.make_participation(foreign_cycle, foreign_house)
    foreign_seat = make.make_seat(foreign_participation, lead=True).seats.get()
    planned = make.make_cycle(stage.programme, number=12, state=CycleState.PLANNING)
    records = {
        "foreign_programme": foreign_programme,
        "foreign_cycle": foreign_cycle,
        "foreign_house": foreign_house,
        "foreign_participation": foreign_participation,
        "foreign_seat": foreign_seat,
        "foreign_person": make.make_person(municipality=foreign_house),
        "closed_cycle": Cycle.objects.get(programme=stage.programme, number=10),
        "planned_cycle": planned,
        "draft": make.make_application(stage.cycle, stage.own),
        "submitted": make.make_application(stage.cycle, stage.own, ApplicationState.SUBMITTED),
        "nominated": make.make_application(stage.cycle, stage.own, ApplicationState.NOMINATED),
        "foreign_application": make.make_application(
            foreign_cycle, foreign_house, ApplicationState.NOMINATED
        ),
    }
    return World(stage, cast, records)
