"""What later rooms, and the link room's pages, add to this one."""

from collections.abc import Callable

from mentoring.accounts.models import User
from mentoring.registry import Registry
from mentoring.ui.views import Action
from tandems.applications.registries import Section
from tandems.mentors.models import Mentor

mentees_of: Registry[Callable[[Mentor], int]] = Registry("mentees a mentor has")
"""For a mentor, how many mentees a later room counts on: capacity is never less."""

mentor_sections: Registry[Callable[[User, Mentor], Section | None]] = Registry(
    "parts of a mentor's page"
)
"""For a user and a mentor they see, what stands above the Profilbogen."""

mentor_actions: Registry[Callable[[User, Mentor], Action | None]] = Registry(
    "buttons of a mentor's page"
)
"""For a user and a mentor they see, a button if they may use it."""

goes_with: Registry[Callable[[User, Mentor], list[str]]] = Registry("what goes with a mentor")
"""For a user and an idea they may delete, sentences about what a later room loses by it."""

before_deletion: Registry[Callable[[list[int]], None]] = Registry("before mentors go")
"""With primary keys, in the transaction that deletes them: what a later room keeps of them
besides rows that cascade, log entries above all."""


def mentees_held(mentor: Mentor) -> int:
    """How many mentees ``mentor`` has, or is meant to have, as later rooms tell."""
    return sum(count(mentor) for count in mentees_of)
