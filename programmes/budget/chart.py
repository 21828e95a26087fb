"""The bars of the budget, ready to be written as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from programmes.budget.summary import Figures, Row

LENGTH = 1000
"""The length of the longest bar, in units of the drawing."""

MEASURES = (
    ("planned", "geplant"),
    ("committed", "beauftragt"),
    ("billed", "in Rechnung"),
    ("paid", "bezahlt"),
)


@dataclass(frozen=True)
class Bar:
    """One amount. ``within`` and ``over`` are lengths: up to the plan, and beyond it."""

    kind: str
    label: str
    amount: Decimal
    within: int
    over: int


@dataclass(frozen=True)
class Group:
    """The bars of an event. ``plan`` is where the line of the plan stands, if there is one."""

    label: str
    verdict: str
    is_over: bool
    plan: int | None
    bars: tuple[Bar, ...]


def groups_of(rows: Sequence[Row]) -> list[Group]:
    """A group an event, all to one scale."""
    figures = [(row.label, row.total) for row in rows]
    scale = max((_largest(total) for _, total in figures), default=Decimal(0))
    return [group_of(label, total, scale) for label, total in figures]


def group_of(label: str, figures: Figures, scale: Decimal | None = None) -> Group:
    """The bars of ``figures``; without a ``scale`` to their own."""
    scale = scale or _largest(figures) or Decimal(1)
    plan = _length(figures.planned, scale)
    bars = []
    for kind, name in MEASURES:
        amount: Decimal = getattr(figures, kind)
        length = _length(amount, scale)
        within = min(length, plan) if figures.has_plan else length
        bars.append(Bar(kind, name, amount, within, length - within))
    over = figures.free < 0
    return Group(label, figures.verdict, over, plan if figures.has_plan else None, tuple(bars))


def _length(amount: Decimal, scale: Decimal) -> int:
    return int(amount * LENGTH / scale)


def _largest(figures: Figures) -> Decimal:
    return max(figures.planned, figures.committed, figures.billed, figures.paid)
