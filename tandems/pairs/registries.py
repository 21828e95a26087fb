"""What later rooms add to the page of a pair."""

from collections.abc import Callable

from mentoring.accounts.models import User
from mentoring.registry import Registry
from mentoring.ui.views import Action
from tandems.applications.models import Application
from tandems.applications.registries import Section
from tandems.mentors.models import Mentor
from tandems.pairs.models import Tandem

pair_sections: Registry[Callable[[User, Application, Mentor], Section | None]] = Registry(
    "parts of a pair's page"
)
"""For a user and a pair both halves of which they match, what stands below (``first``:
above) the two halves."""

pair_actions: Registry[Callable[[User, Application, Mentor], Action | None]] = Registry(
    "buttons of a pair's page"
)
"""For a user and a pair both halves of which they match, a button if they may use it."""

dissolved: Registry[Callable[[Tandem, str, User], None]] = Registry("when a tandem is dissolved")
"""For a tandem about to be deleted by the Beirat, the reason given and who gave it."""
