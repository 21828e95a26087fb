"""People who are known only because they were asked, and how they are forgotten."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from mentoring.accounts.models import User
from mentoring.text import search_key
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people import domain as people
from programmes.people.models import Person
from programmes.privacy.release import held_by, release
from tandems.mentors.models import Mentor

CONTACT = ("salutation", "email", "phone")


@dataclass(frozen=True)
class Named:
    """Somebody new, as named with an approach or for the pool."""

    first_name: str
    last_name: str
    title: str = ""
    email: str = ""
    phone: str = ""


def create_named(named: Named, municipality: Municipality, *, position: str, by: User) -> Person:
    """Enter who was named. Raises ``ValidationError`` by field."""
    return people.create_person(
        by=by,
        municipality=municipality,
        position=position,
        title=named.title,
        first_name=named.first_name,
        last_name=named.last_name,
        email=named.email,
        phone=named.phone,
    )


def namesakes(
    cycle: Cycle, municipality: Municipality, named: Named, *, by: User
) -> QuerySet[Person]:
    """People who may be the one meant: of this Kommune, or sought in this cycle already.

    The name or the address agree, whatever the umlauts' spelling and the order of the
    names. Only people whom ``by`` may see: nobody learns here who is known elsewhere.
    """
    alike = Q(pk__in=[])
    for order in (
        f"{named.last_name} {named.first_name}",
        f"{named.first_name} {named.last_name}",
    ):
        if name := search_key(order):
            alike |= Q(search_key=name) | Q(search_key__startswith=f"{name} ")
    if named.email:
        alike |= Q(email__iexact=named.email.strip())
    sought = Mentor.objects.visible_to(by).filter(cycle=cycle, person__isnull=False)
    near = Q(municipality=municipality) | Q(pk__in=sought.values("person"))
    return Person.objects.visible_to(by).filter(alike & near)


def hangs_on_nothing(person: Person, *, besides: Mentor) -> bool:
    """Whether nothing but ``besides`` needs ``person``: no access, no post, no other record."""
    if person.user_id is not None:
        return False
    others = Mentor.objects.filter(person=person).exclude(pk=besides.pk)
    return held_by([person.pk])[person.pk] <= {Mentor} and not others.exists()


def forget(person: Person) -> None:
    """Delete ``person`` if nothing hangs on them any more."""
    release([person.pk])


def forget_contact(mentor: Mentor) -> None:
    """Leave of who was asked no more than the name, so that nobody asks again.

    Contact data of somebody who is known for another reason stay.
    """
    person = mentor.person
    if person is not None and hangs_on_nothing(person, besides=mentor):
        for name in CONTACT:
            setattr(person, name, "")
        person.save()
