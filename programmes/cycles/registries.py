"""What later rooms add to the path of a Durchgang."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mentoring.accounts.models import User
from mentoring.registry import Registry
from mentoring.ui.views import Action
from programmes.cycles.models import Cycle, Participation, Programme


@dataclass(frozen=True)
class Copier:
    """Something a new Durchgang may take over from the last one.

    ``label`` and ``help_text`` stand beside the check box; ``copy`` is called with the old
    cycle, the new one and who started it, inside the transaction that makes the new one.
    """

    label: str
    copy: Callable[[Cycle, Cycle, User], None]
    help_text: str = ""
    chosen: bool = True


copied_on_new_cycle: Registry[Copier] = Registry("copied on a new cycle")

must_be_finished: Registry[Callable[[Cycle], list[str]]] = Registry("finished before closing")
"""For a cycle, what is still open: German sentences, none if all is done."""

step_warnings: Registry[Callable[[Cycle, str], list[str]]] = Registry("warnings before a step")
"""For a cycle and the name of a step of its path, what to think of before: German sentences."""

tandem_counts: Registry[Callable[[Cycle], int]] = Registry("tandems of a cycle")
"""For a cycle about to close, how many tandems it had."""


@dataclass(frozen=True)
class Leaving:
    """What a later room does when a Kommune leaves a Durchgang that goes on.

    ``consequences`` are German sentences for the page that asks, of nothing but what
    ``user`` may know; ``leave`` does them, in the transaction of the decision, with its reason.
    """

    consequences: Callable[[Participation, User], list[str]]
    leave: Callable[[Participation, str, User], None]


house_leaves: Registry[Leaving] = Registry("when a Kommune leaves")

workshop_planned: Registry[Callable[[Cycle], str]] = Registry("where the Startworkshop is moved")
"""For a cycle, the address where its Startworkshop is moved, or "" while that is open.

Once a later room has planned from that date, it changes there alone.
"""


def where_the_workshop_moves(cycle: Cycle) -> str:
    """The address where the Startworkshop of ``cycle`` is moved, "" while that is open."""
    return next((url for find in workshop_planned if (url := find(cycle))), "")


programme_actions: Registry[Callable[[User, Programme], Action | None]] = Registry(
    "buttons of a programme's page"
)
"""For a user and a programme they may open, a button if they may use it."""

ended_actions: Registry[Callable[[Any, Cycle], Action | None]] = Registry(
    "buttons of the page of an ended cycle"
)
"""For a user and a cycle that is not in the navigation any more, a button if they may use it."""

partner_held: Registry[Callable[[Programme], list[str]]] = Registry(
    "what holds the change of a Logistikpartner"
)
"""For a programme as stored, what its Logistikpartner must finish first: German sentences."""

participant_sheets: Registry[Callable[[User, Cycle], list[tuple[str, str]]]] = Registry(
    "what is printed of the participant list"
)
"""For a user and a cycle, label and address of sheets that take the filters of the list."""
