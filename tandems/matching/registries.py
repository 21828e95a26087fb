"""What later rooms add to the wall."""

from collections.abc import Callable

from mentoring.accounts.models import User
from mentoring.registry import Registry
from mentoring.ui.views import Action
from programmes.cycles.models import Cycle
from tandems.applications.models import Application
from tandems.applications.registries import Section

mentee_sections: Registry[Callable[[User, Application], Section | None]] = Registry(
    "parts of a mentee's page at the wall"
)
"""For a user and a mentee they match, what stands below (``first``: above) the ideas."""

wall_actions: Registry[Callable[[User, Cycle], Action | None]] = Registry("buttons of the wall")
"""For a user and a cycle whose wall they may open, a button if they may use it."""
