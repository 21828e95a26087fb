"""Who sees payments and bank statements."""

from typing import Any

import rules
from django.db.models import Q

from programmes.billing.permissions import issues, keeps_books
from programmes.cycles.permissions import leads
from programmes.people.permissions import NOBODY, posts_of


def visible_statements(user: Any) -> Q:
    """The bank statements ``user`` may see, over ``BankStatement``: their own institute's."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return NOBODY
    return Q(issuer__partner__in=posts_of(user).partners)


@rules.predicate
def keeps_accounts(user: Any, anything: Any = None) -> bool:
    """Staff of a Logistikpartner."""
    if not user.is_authenticated or not user.is_active or user.is_operator:
        return False
    return bool(posts_of(user).partners)


rules.add_rule("payments.record", issues)
rules.add_rule("payments.overdue", leads | keeps_books)
rules.add_rule("payments.statements", keeps_accounts)
