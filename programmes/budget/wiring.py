"""What this room adds to earlier ones."""

from typing import Any

import rules
from django.urls import reverse

from mentoring.log.domain import track
from programmes.budget.domain import copy_to_new_cycle
from programmes.budget.models import BudgetLine
from programmes.cycles.models import Cycle
from programmes.cycles.registries import Copier, copied_on_new_cycle
from programmes.suppliers.registries import Tab, spending_tabs


def _tab(user: Any, cycle: Cycle) -> Tab | None:
    """The budget beside invoices and commissions."""
    if not rules.test_rule("budget.view", user, cycle):
        return None
    return Tab("budget", "Budget", reverse("budget:budget", args=[cycle.pk]))


spending_tabs.add("budget", _tab, order=5)
copied_on_new_cycle.add(
    "budget",
    Copier(
        "Planansätze",
        copy_to_new_cycle,
        "Was für Räume, Catering und Referent/innen geplant war. Die Veranstaltungen entstehen "
        "neu: ordnen Sie die Beträge ihnen danach zu.",
        chosen=False,
    ),
)
track(BudgetLine, personal=True, cycle_of=lambda line: line.cycle_id)
