"""What later rooms add to the pages of the applications."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters

from mentoring.accounts.models import User
from mentoring.registry import Registry
from mentoring.ui.views import Action
from programmes.cycles.models import Cycle
from tandems.applications.models import Application


@dataclass(frozen=True)
class Section:
    """A part of an application's page: a template and what it is rendered with.

    One that is ``first`` says what to do and stands above the Profilbogen.
    """

    template: str
    context: dict[str, Any]
    first: bool = False


@dataclass(frozen=True)
class FurtherFilter:
    """A filter of the list whose rows a later room knows.

    ``make`` gives it for who may use it, and ``None`` for anybody else.
    """

    make: Callable[[User, Cycle], django_filters.Filter | None]


application_actions: Registry[Callable[[User, Application], Action | None]] = Registry(
    "buttons of an application's page"
)
"""For a user and an application they see, a button if they may use it."""

application_sections: Registry[Callable[[User, Application], Section | None]] = Registry(
    "parts of an application's page"
)
"""For a user and an application they see, what stands above or below the Profilbogen."""

list_actions: Registry[Callable[[User, Cycle], Action | None]] = Registry(
    "buttons of the list of applications"
)
"""For a user and a cycle whose list they may open, a button if they may use it."""

list_filters: Registry[FurtherFilter] = Registry("further filters of the list of applications")
"""By the parameter in the address."""

ranks_fixed: Registry[Callable[[Cycle], bool]] = Registry("when the ranks of a cycle stay")
"""For a cycle, whether the Kommunen may no longer change their ranks."""


def are_ranks_fixed(cycle: Cycle) -> bool:
    """Whether the ranks of ``cycle`` stay as they are: the Beirat deliberates on them."""
    return any(fixed(cycle) for fixed in ranks_fixed)
