"""How long consents and exclusions are kept, what is known of a person by them, and erasure."""

from collections.abc import Callable, Collection
from datetime import date

from django.db.models import Q

from mentoring.accounts.models import User
from mentoring.log.domain import acting, forget
from mentoring.registry import Registry
from programmes.cycles.models import Cycle
from programmes.people.models import Person
from programmes.people.retention import PersonalData, hidden_from
from programmes.privacy.periods import DataOfCycle, Found, ended_day
from programmes.privacy.release import release
from tandems.profiles.models import Consent, Exclusion

has_sheet: Registry[Callable[[Cycle], Collection[int]]] = Registry("people with a sheet")
"""For a cycle, the people (primary keys) whose Profilbogen a later room still keeps: so long
consent and exclusions stay. Without its exclusions a sheet would open to who was named."""


def people_with_sheets(cycle: Cycle) -> set[int]:
    """Whose Profilbogen is still kept in ``cycle``."""
    return {pk for people in has_sheet for pk in people(cycle)}


def found_consents(cycle: Cycle) -> Found:
    """The consents of those without a sheet, once the cycle has ended."""
    return _once_ended(cycle, Consent, "person")


def found_exclusions(cycle: Cycle) -> Found:
    """The exclusions of those without a sheet, once the cycle has ended."""
    return _once_ended(cycle, Exclusion, "subject")


def _once_ended(cycle: Cycle, model: type[Consent] | type[Exclusion], field: str) -> Found:
    day = ended_day(cycle)
    if day is None:
        return []
    rows = model._default_manager.filter(cycle=cycle).values_list("pk", field)
    kept = people_with_sheets(cycle)
    return [(pk, day) for pk, person in rows if person not in kept]


def remove_consents(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete the proofs, and the people whom nothing else keeps."""
    rows = Consent.objects.filter(pk__in=keys)
    people = set(rows.values_list("person", flat=True))
    rows.delete()
    forget(Consent, keys)
    release(people)


def remove_exclusions(cycle: Cycle, keys: Collection[int]) -> None:
    """Delete the exclusions with these keys."""
    rows = Exclusion.objects.filter(pk__in=keys)
    people = set(rows.values_list("subject", flat=True))
    rows.delete()
    forget(Exclusion, keys)
    release(people)


def forget_exclusions(cycle: int, people: Collection[int]) -> None:
    """Delete what these people named in the cycle: their sheet is gone."""
    keys = list(
        Exclusion.objects.filter(cycle=cycle, subject__in=people).values_list("pk", flat=True)
    )
    Exclusion.objects.filter(pk__in=keys).delete()
    forget(Exclusion, keys)


def known(person: Person) -> list[tuple[str, str]]:
    """Each consent with its words; never who was named as not coming into question."""
    return _known(person, frozenset())


def known_to(person: Person, reader: User) -> list[tuple[str, str]]:
    """As ``known``, without cycles in which ``reader`` must not know of the person."""
    return _known(person, hidden_from(reader, person))


def _known(person: Person, hidden: Collection[int]) -> list[tuple[str, str]]:
    rows = []
    consents = Consent.objects.filter(person=person).exclude(cycle__in=hidden)
    for row in consents.select_related("cycle").order_by("pk"):
        until = f", widerrufen am {row.withdrawn_on:%d.%m.%Y}" if row.withdrawn_on else ""
        rows.append(
            (
                f"{row.get_kind_display()}, {row.cycle}",
                f"gegeben am {row.given_on:%d.%m.%Y}{until}\nWortlaut: {row.text}",
            )
        )
    return rows


def erase(person: Person, by: User) -> None:
    """Delete consents, what the person named, and where others named the person."""
    named = Q(subject=person) | Q(person=person)
    consents = list(Consent.objects.filter(person=person).values_list("pk", flat=True))
    exclusions = list(Exclusion.objects.filter(named).values_list("pk", flat=True))
    with acting(by):
        Consent.objects.filter(pk__in=consents).delete()
        Exclusion.objects.filter(pk__in=exclusions).delete()
    forget(Consent, consents)
    forget(Exclusion, exclusions)


def ended(cycle: Cycle) -> date | None:
    """The day these periods count from."""
    return ended_day(cycle)


SHARE = PersonalData("Einwilligungen", known, erase, known_to)
CONSENTS = DataOfCycle(
    label="Einwilligungen",
    counts_from="Ende des Durchgangs, frühestens Löschung des Profilbogens",
    days=3 * 365,
    least=365,
    most=4 * 365,
    found=found_consents,
    remove=remove_consents,
    begins=ended,
    why="Dass die Person eingewilligt hat, muss sich beweisen lassen, solange sie aus der "
    "Verarbeitung noch Ansprüche herleiten kann (Art. 7 Abs. 1, Art. 82 DSGVO): drei Jahre "
    "(§ 195 BGB). Der Nachweis überdauert deshalb die Daten; von der Person bleiben so lange nur "
    "Name und Kommune.",
    effect="Wortlaut und Tag jeder Einwilligung und jedes Widerrufs, danach auch Name und Kommune, "
    "wenn sonst nichts über die Person gespeichert ist.",
)
EXCLUSIONS = DataOfCycle(
    label="Wer nicht in Frage kommt",
    counts_from="Ende des Durchgangs, frühestens Löschung des Profilbogens",
    days=28,
    least=1,
    most=90,
    found=found_exclusions,
    remove=remove_exclusions,
    begins=ended,
    why="Solange es den Profilbogen gibt, darf ihn nicht zu sehen bekommen, wer ausgeschlossen "
    "wurde; danach braucht die Angaben niemand mehr.",
    effect="Alle Angaben dazu, wer für jemanden nicht in Frage kommt.",
)
