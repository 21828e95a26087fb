"""What this room knows of a person, and how it is erased on request."""

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from programmes.events.models import Attendee
from programmes.events.wording import when
from programmes.people.models import Person
from programmes.people.retention import PersonalData, hidden_from


def known(person: Person) -> list[tuple[str, str]]:
    """Each invitation with what the person answered, and whether they came."""
    return _known(person, frozenset())


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """As ``known``, without cycles in which ``reader`` must not know of the person."""
    return _known(person, hidden_from(reader, person))


def _known(person: Person, hidden: frozenset[int]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    invitations = Attendee.objects.filter(person=person).exclude(event__cycle__in=hidden)
    invitations = invitations.select_related("event")
    for row in invitations.order_by("event__starts_at", "pk"):
        told = [when(row.event), row.get_answer_display()]
        if row.attended is not None:
            told.append("war da" if row.attended else "war nicht da")
        told += [row.note, row.diet, row.access_needs]
        rows.append((row.event.title, ", ".join(part for part in told if part)))
    return rows


def erase(person: Person, by: User) -> None:
    """Delete the person's invitations with their answers, and what the log says of them."""
    rows = Attendee.objects.filter(person=person)
    keys = list(rows.values_list("pk", flat=True))
    with acting(by):
        rows.delete()
    forget(Attendee, keys)


SHARE = PersonalData("Veranstaltungen", known, erase, known_to)
