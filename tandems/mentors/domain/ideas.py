"""Ideas: who might become a mentor, without a name."""

from collections.abc import Iterable

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.text import search_key
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from tandems.mentors.domain.checks import actor, check_house, check_state, locked
from tandems.mentors.domain.people import forget
from tandems.mentors.models import Mentor, MentorState
from tandems.mentors.registries import before_deletion


def similar(cycle: Cycle, municipality: Municipality, position: str, *, by: User) -> list[Mentor]:
    """Entries of the same Kommune whose function reads alike, as far as ``by`` sees them.

    Alike is a function that contains the other, whatever the umlauts' spelling.
    """
    wanted = search_key(position)
    if not wanted:
        return []
    known = Mentor.objects.visible_to(by).filter(cycle=cycle, municipality=municipality)
    keys = [
        pk
        for pk, found in known.values_list("pk", "position")
        if (key := search_key(found)) and (wanted in key or key in wanted)
    ]
    return list(
        Mentor.objects.filter(pk__in=keys[:20])
        .select_related("person", "had_by", "municipality")
        .order_by("pk")
    )


def add_idea(
    *,
    cycle: Cycle,
    municipality: Municipality,
    position: str,
    department: str = "",
    topics: Iterable[str] = (),
    by: User,
) -> Mentor:
    """Enter an idea. Raises ``Refused`` in an ended cycle or for a Kommune outside it."""
    with transaction.atomic(), acting(by):
        cycle = held_open(cycle)
        check_house(cycle, municipality)
        idea = Mentor(
            cycle=cycle,
            municipality=municipality,
            position=" ".join(position.split()),
            department=" ".join(department.split()),
            topics=list(topics),
            had_by=actor(by),
        )
        idea.save()
        return idea


def change_idea(idea: Mentor, *, by: User) -> Mentor:
    """Save a changed idea. Raises ``EditConflict``, ``Refused`` once it is more than one."""
    with transaction.atomic(), acting(by):
        stored = locked(idea)
        check_state(stored, MentorState.IDEA)
        for name in ("position", "department"):
            setattr(stored, name, " ".join(getattr(idea, name).split()))
        stored.topics = idea.topics
        stored.version = idea.version
        stored.save()
        return stored


def delete_idea(idea: Mentor, *, by: User) -> None:
    """Delete an idea. Raises ``Refused`` once somebody was approached."""
    with transaction.atomic(), acting(by):
        stored = locked(idea)
        check_state(stored, MentorState.IDEA)
        drop(stored)


def drop(mentor: Mentor) -> None:
    """Delete an entry, and its person if nothing else hangs on them."""
    person = mentor.person
    for follow in before_deletion:
        follow([mentor.pk])
    mentor.delete()
    if person is not None:
        forget(person)
