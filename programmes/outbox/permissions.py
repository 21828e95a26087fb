"""Who looks after the outbox."""

from typing import Any

import rules


@rules.predicate
def is_operator(user: Any) -> bool:
    """Operators see that mail is stuck and why, never what stands in it."""
    return bool(user.is_authenticated and user.is_operator)


rules.add_rule("outbox.operate", is_operator)
