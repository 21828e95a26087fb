"""Who sees and who changes Kommunen and Logistikpartner.

The rooms that know roles come later and register here.
"""

from collections.abc import Callable
from typing import Any

import rules

from mentoring.registry import Registry
from programmes.organisations.models import LogisticsPartner, Municipality

organisation_readers: Registry[Callable[[Any], bool]] = Registry("readers of organisations")
municipality_editors: Registry[Callable[[Any, Municipality], bool]] = Registry(
    "editors of a municipality"
)
partner_editors: Registry[Callable[[Any, LogisticsPartner], bool]] = Registry(
    "editors of a logistics partner"
)


def knows_organisations(user: Any) -> bool:
    """Whether ``user`` works for the programme or the installation."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_operator or any(reads(user) for reads in organisation_readers)


@rules.predicate
def reads_organisations(user: Any, organisation: Any = None) -> bool:
    return knows_organisations(user)


@rules.predicate
def is_operator(user: Any, anything: Any = None) -> bool:
    return bool(user.is_authenticated and user.is_operator)


@rules.predicate
def edits_municipality(user: Any, municipality: Municipality | None) -> bool:
    return municipality is not None and any(
        edits(user, municipality) for edits in municipality_editors
    )


@rules.predicate
def edits_partner(user: Any, partner: LogisticsPartner | None) -> bool:
    return partner is not None and any(edits(user, partner) for edits in partner_editors)


rules.add_rule("operator", is_operator)
rules.add_rule("organisations.view", reads_organisations)
rules.add_rule("organisations.add_municipality", is_operator)
rules.add_rule("organisations.change_municipality", is_operator | edits_municipality)
rules.add_rule("organisations.add_partner", is_operator)
rules.add_rule("organisations.change_partner", is_operator | edits_partner)
