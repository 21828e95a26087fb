"""Naming who does not come into question: rows are added, and all deleted, never shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from tandems.profiles.models import Exclusion, name_key

MOST = 40
"""So many exclusions one person names in a cycle."""


@dataclass(frozen=True)
class Named:
    """Somebody or something named: a known person, or words and a Kommune."""

    person: Person | None = None
    name: str = ""
    municipality: Municipality | None = None
    department: str = ""


@dataclass(frozen=True)
class Naming:
    """What a form says about exclusions: ``clear`` deletes those kept so far, first."""

    named: tuple[Named, ...] = ()
    clear: bool = False

    def __bool__(self) -> bool:
        return bool(self.named) or self.clear


def name_exclusions(*, cycle: Cycle, subject: Person, naming: Naming, by: User | None) -> None:
    """Add what was named for ``subject``; the same named twice is kept once.

    Raises ``Refused`` for oneself, for a name that could be anybody, and beyond ``MOST``.
    """
    with transaction.atomic(), acting(by):
        cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
        kept = Exclusion.objects.filter(cycle=cycle, subject=subject)
        if naming.clear:
            kept.delete()
        known = {_identity(row) for row in kept}
        for named in _tidied(naming.named):
            _check(named, subject)
            row = Exclusion(
                cycle=cycle,
                subject=subject,
                person=named.person,
                name=named.name,
                municipality=named.municipality,
                department=named.department,
                name_key=name_key(named.name),
            )
            if _identity(row) not in known:
                row.save()
                known.add(_identity(row))
        if len(known) > MOST:
            raise Refused(f"Es sind höchstens {MOST} Angaben möglich, wer nicht in Frage kommt.")


def _identity(row: Exclusion) -> tuple[int | None, str, int | None, str]:
    return (row.person_id, row.name_key, row.municipality_id, row.department)


def _tidied(named: Iterable[Named]) -> Iterable[Named]:
    for one in named:
        name, department = (" ".join(text.split()) for text in (one.name, one.department))
        if one.person or name or department or one.municipality:
            yield Named(one.person, name, one.municipality, department)


def _check(named: Named, subject: Person) -> None:
    if named.person is not None and named.person.pk == subject.pk:
        raise Refused("Man selbst kann nicht ausgeschlossen sein.")
    check_named(named)


def check_named(named: Named) -> None:
    """Raise ``Refused`` for words that could mean anybody."""
    if named.person is not None:
        return
    if named.name and not name_key(named.name):
        raise Refused("Bitte nennen Sie einen Namen, nicht nur Anrede oder Titel.")
    if named.municipality is None:
        if named.name and len(name_key(named.name).split()) < 2:
            raise Refused(
                "Ein Nachname allein reicht nicht: bitte nennen Sie auch den Vornamen oder die "
                "Kommune."
            )
        if named.department and not named.name:
            raise Refused("Bitte nennen Sie zum Fachbereich oder Amt auch die Kommune.")
