"""How long data are kept, what is known of a person, and how that is erased.

Later rooms register their own shares here; nothing else in this room knows of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.jobs.faults import Contained
from mentoring.log.domain import acting, forget, forget_actor
from mentoring.registry import Registry
from programmes.people.models import Invitation, LogisticsStaff, MunicipalityStaff, Person


@dataclass(frozen=True)
class DataPeriod:
    """How long one class of data is kept.

    ``label`` and ``counts_from`` are German and shown to people ("Einladungen", "Ende der
    Einladung"). ``days`` is the period where a cycle sets none of its own;
    ``days_in_cycle`` gives that of a cycle by its primary key, and is ``None`` for data that
    belong to no cycle. ``delete`` removes what is due today, bears being run again, and
    returns how many rows went; it must honour ``days_in_cycle`` itself.
    """

    label: str
    counts_from: str
    days: int
    delete: Callable[[], int]
    days_in_cycle: Callable[[int], int] | None = None


@dataclass(frozen=True)
class PersonalData:
    """What one room knows of a person.

    ``label`` is the heading in the answer to "Was wissen Sie über mich?" (Art. 15 DSGVO).
    ``known`` lists it as label and value, in German; it must keep what the person may not
    know yet (design, rule 1). ``erase`` removes it (Art. 17 DSGVO) and raises ``Refused``
    with the reason where something must be kept, an issued invoice for one; then nothing at
    all is erased. Nobody acts (``None``) where the last period of a person has passed.
    ``known_to`` lists what somebody who answers in the person's place may read; without it
    that is the same.
    """

    label: str
    known: Callable[[Person], list[tuple[str, str]]]
    erase: Callable[[Person, User], None]
    known_to: Callable[[Person, User], list[tuple[str, str]]] | None = None


hidden_cycles: Registry[Callable[[User, Person], frozenset[int]]] = Registry(
    "cycles in which somebody must not know of a person"
)
"""For a reader and a person, the cycles (primary keys) where a conflict of interest hides
that person's records from the reader (design, rule 2)."""

data_periods: Registry[DataPeriod] = Registry("data periods")
"""A later room registers each class of data it keeps."""

erasure: Registry[PersonalData] = Registry("what is known of a person")
"""A later room registers what it knows of one person. Rooms erase in order; this room, at
1000, comes last and deletes the person, so whatever protects it must be gone by then."""


class NotAllDeleted(Exception):
    """The deletion of a class of data failed; the others were done, the turn is repeated."""


def delete_due() -> int:
    """Delete everything whose period has passed; returns how many rows went.

    Raises ``NotAllDeleted`` at the end if a class failed: it must not hold up the others.
    """
    count, failed = 0, []
    for name in data_periods.names():
        contained = Contained(f"deletion of {name}")
        with contained:
            count += data_periods.get(name).delete()
        if contained.failed:
            failed.append(name)
    if failed:
        raise NotAllDeleted(", ".join(failed))
    return count


def known_about(
    person: Person, *, to: User | None = None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Per room the heading and what is known of ``person``; rooms without data are left out.

    ``to`` is who answers in the person's place; without it the person reads it.
    """
    found = []
    for share in erasure:
        if to is not None and share.known_to is not None:
            rows = share.known_to(person, to)
        else:
            rows = share.known(person)
        found.append((share.label, rows))
    return [(label, rows) for label, rows in found if rows]


def hidden_from(reader: User, person: Person) -> frozenset[int]:
    """The cycles in which ``reader`` must not know of ``person``, as later rooms tell."""
    return frozenset().union(*(hides(reader, person) for hides in hidden_cycles))


@transaction.atomic
def erase(person: Person, *, by: User | None) -> None:
    """Erase ``person`` everywhere or nowhere. Raises ``Refused`` with the reason.

    ``by`` is ``None`` where nobody asked and the last period has passed.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    for share in erasure:
        # ``acting(None)`` names no actor, and no share asks more of ``by``.
        share.erase(person, cast(User, by))


def own_share(person: Person) -> list[tuple[str, str]]:
    """What this room knows: contact data, posts, invitations."""
    rows = [
        ("Name", person.full_name),
        ("Anrede", person.get_salutation_display()),
        ("E-Mail-Adresse", person.email),
        ("Telefon", person.phone),
        ("Kommune", str(person.municipality or "")),
        ("Funktion", person.position),
        ("Zugang", person.user.email if person.user else ""),
    ]
    for post in (*person.municipality_posts.all(), *person.logistics_posts.all()):
        until = f" bis {post.until:%d.%m.%Y}" if post.until else ""
        rows.append(("Aufgabe", f"{post}, seit {post.since:%d.%m.%Y}{until}"))
    for invitation in person.invitations.all():
        sent = f"{invitation.created_at:%d.%m.%Y} an {invitation.email}"
        rows.append(("Einladung", f"{sent}, {invitation.state.label}"))
    return [(label, value) for label, value in rows if value]


def erase_own_share(person: Person, by: User) -> None:
    """Delete the person with posts, invitations, sign-in and what the log says of them.

    Raises ``ProtectedError`` if a later room has not erased its share: a fault of that room.
    """
    user, key = person.user, person.pk
    invitations = list(person.invitations.values_list("pk", flat=True))
    with acting(by):
        for model in (MunicipalityStaff, LogisticsStaff):
            model.objects.filter(person=person).delete()
        person.delete()
        if user is not None:
            user_key = user.pk
            forget_actor(user)
            user.delete()
            forget(User, [user_key])
    # Last, for the deletion itself was entered with all the values.
    forget(Person, [key])
    forget(Invitation, invitations)
