"""What later rooms add to the list of open invoices."""

from collections.abc import Callable
from typing import Any

from mentoring.registry import Registry
from mentoring.ui.views import Action
from programmes.billing.registries import ExtraColumns
from programmes.cycles.models import Cycle

overdue_columns: Registry[ExtraColumns] = Registry("columns of the list of open invoices")
"""When the Kommune was last reminded, say."""

overdue_actions: Registry[Callable[[Any, Cycle], Action | None]] = Registry(
    "buttons of the list of open invoices"
)
"""For a user and a cycle; ``None`` where the user may not."""
