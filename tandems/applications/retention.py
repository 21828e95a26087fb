"""What this room knows of a person, and how it is erased on request."""

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.people.models import Person
from programmes.people.retention import PersonalData
from tandems.applications.models import Application
from tandems.applications.profile import Kept, Reader, questions

# What others say about the person, or decided and have not told yet, is not theirs to read
# here (design, rule 1): neither statement nor rank nor state.
_OF_OTHERS = ("statement", "superior")


def known(person: Person) -> list[tuple[str, str]]:
    """The person's own answers, application by application."""
    rows: list[tuple[str, str]] = []
    applications = Application.objects.filter(person=person).select_related("cycle", "person")
    for application in applications.order_by("pk"):
        rows.append(("Bewerbung für", str(application.cycle)))
        for question in questions():
            if question.kept == Kept.PERSON or question.key in _OF_OTHERS:
                continue
            if question.seen_by & Reader.COUNCIL:
                rows.append((question.label, "\n".join(question.lines(application))))
    return [(label, value) for label, value in rows if value]


def erase(person: Person, by: User) -> None:
    """Delete the person's applications, and their name where others' applications hold it."""
    with acting(by):
        for application in Application.objects.filter(excluded=person):
            application.excluded.remove(person)
        for application in Application.objects.filter(superior=person):
            application.superior = None
            application.save()
        for application in Application.objects.filter(person=person):
            application.delete()


SHARE = PersonalData("Bewerbungen", known, erase)
