"""What mentee and mentor do on their own pages.

A tandem is fetched from ``tandems.pairs.permissions.own_tandems`` alone: what is not one's
own, or not known yet, is not there.
"""

from typing import Any

import rules

from tandems.pairs.models import Tandem, TandemState


@rules.predicate
def is_known(user: Any, tandem: Tandem | None) -> bool:
    """A mentor told first knows the name, and no more until the reveal."""
    return tandem is not None and tandem.is_known


@rules.predicate
def is_running(user: Any, tandem: Tandem | None) -> bool:
    return tandem is not None and tandem.state in TandemState.running()


rules.add_rule("portal.view", rules.always_allow)  # fetched through own_tandems
rules.add_rule("portal.read", is_known)
rules.add_rule("portal.write", is_known & is_running)
