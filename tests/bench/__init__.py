"""Figures: how quick, how many. They tell, they never fail (`make bench`)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Something that is measured, in ``unit``."""

    name: str
    unit: str
    measure: Callable[[], float]


figures: dict[str, Figure] = {}


def figure(name: str, unit: str) -> Callable[[Callable[[], float]], Callable[[], float]]:
    """Register the decorated function as the measure of ``name``."""

    def register(measure: Callable[[], float]) -> Callable[[], float]:
        if name in figures:
            raise ValueError(f"figure {name!r} is registered twice")
        figures[name] = Figure(name, unit, measure)
        return measure

    return register
