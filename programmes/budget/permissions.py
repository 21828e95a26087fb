"""Who sees and plans the budget."""

from typing import Any

import rules
from django.db.models import Q

from programmes.billing.permissions import keeps_books
from programmes.cycles.permissions import inside_council, leads, runs_logistics
from programmes.suppliers.permissions import visible_spending


def visible_budget_lines(user: Any) -> Q:
    """The planned amounts ``user`` may see, over ``BudgetLine``."""
    return visible_spending(user)


rules.add_rule("budget.view", inside_council | keeps_books)
rules.add_rule("budget.plan", leads | runs_logistics)
