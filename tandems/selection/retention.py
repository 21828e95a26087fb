"""How long notes are kept, what is known of a person by them, and erasure."""

from collections.abc import Collection

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.people.retention import PersonalData
from programmes.privacy.periods import DataOfCycle, Found, running_day
from programmes.privacy.release import release
from tandems.selection.models import ApplicationNote


def found(cycle: Cycle) -> Found:
    """The notes of the cycle, once its Tandemphase has begun."""
    day = running_day(cycle)
    if day is None:
        return []
    notes = ApplicationNote.objects.filter(application__cycle=cycle)
    return [(pk, day) for pk in notes.values_list("pk", flat=True)]


def remove(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete the notes with these keys."""
    notes = ApplicationNote.objects.filter(pk__in=keys)
    authors = set(notes.values_list("author", flat=True))
    notes.delete()
    forget(ApplicationNote, keys)
    release(authors)


def before_deletion(applications: list[int]) -> None:
    """Delete the notes on applications that go, with what the log says of them."""
    notes = ApplicationNote.objects.filter(application__in=applications)
    keys = list(notes.values_list("pk", flat=True))
    ApplicationNote.objects.filter(pk__in=keys).delete()
    forget(ApplicationNote, keys)


def known(person: Person) -> list[tuple[str, str]]:
    """How many notes the person wrote.

    Not their texts, which are about others, and not what others noted about the person: the
    Beirat deliberates in confidence (Art. 15 Abs. 4 DSGVO; docs/decisions/0010).
    """
    count = ApplicationNote.objects.filter(author=person).count()
    return [("Von Ihnen verfasste Notizen zu Bewerbungen", str(count))] if count else []


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """Nothing: who took notes in the Beirat is no business of a Personalstelle."""
    return []


def erase(person: Person, by: User) -> None:
    """Delete the notes the person wrote; those about them go with their application."""
    keys = list(ApplicationNote.objects.filter(author=person).values_list("pk", flat=True))
    with acting(by):
        ApplicationNote.objects.filter(pk__in=keys).delete()
    forget(ApplicationNote, keys)


SHARE = PersonalData("Notizen", known, erase, known_to)
NOTES = DataOfCycle(
    label="Notizen des Beirats zu Bewerbungen",
    counts_from="Beginn der Tandemphase",
    days=28,
    least=1,
    most=180,
    found=found,
    remove=remove,
    begins=running_day,
    why="Über Plätze und Tandems ist dann entschieden.",
    effect="Die Notizen aller Mitglieder, geteilte und eigene.",
)
