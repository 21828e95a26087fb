"""Who may manage sign-ins."""

from typing import Any

import rules


@rules.predicate
def runs_the_installation(user: Any, other: Any = None) -> bool:
    return bool(user.is_authenticated and user.is_operator)


rules.add_rule("accounts.manage_users", runs_the_installation)
