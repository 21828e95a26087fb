"""What later rooms add to the pages of what is spent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mentoring.registry import Registry
from programmes.cycles.models import Cycle

SPENDING = "Ausgaben"
"""What all the views together are called, in the navigation and above each of them."""


@dataclass(frozen=True)
class Tab:
    """One of the views of what a Durchgang spends, beside each other."""

    key: str
    label: str
    url: str


spending_tabs: Registry[Callable[[Any, Cycle], Tab | None]] = Registry("views of the spending")
"""For a user and a cycle; ``None`` where they may not open it."""


def tabs_for(user: Any, cycle: Cycle) -> list[Tab]:
    """Those ``user`` may open, in order."""
    found = (make(user, cycle) for make in spending_tabs)
    return [tab for tab in found if tab is not None]
