"""What later rooms add to the path of a Durchgang."""

from collections.abc import Callable
from dataclasses import dataclass

from mentoring.accounts.models import User
from mentoring.registry import Registry
from programmes.cycles.models import Cycle


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

tandem_counts: Registry[Callable[[Cycle], int]] = Registry("tandems of a cycle")
"""For a cycle about to close, how many tandems it had."""
