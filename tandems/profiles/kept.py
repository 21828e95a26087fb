"""Answers that are rows of their own: consents and exclusions of the person in the cycle.

They are read once per record; for many records at once, ``attach`` reads them in two
queries. Who was named in an exclusion is read nowhere but in ``tandems.profiles.exclusions``.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from tandems.profiles.models import Consent, Exclusion

_CONSENTS, _EXCLUSIONS = "_kept_consents", "_kept_exclusions"


def consents_of(record: Any) -> dict[str, Consent]:
    """The valid consents of the record's person in its cycle, by their kind."""
    found: dict[str, Consent] | None = getattr(record, _CONSENTS, None)
    if found is None:
        found = {}
        if record.person_id and record.cycle_id:
            rows = Consent.objects.valid().filter(cycle=record.cycle_id, person=record.person_id)
            found = {row.kind: row for row in rows}
        setattr(record, _CONSENTS, found)
    return found


def count_exclusions(record: Any) -> int:
    """How many exclusions the record's person named in its cycle."""
    found: int | None = getattr(record, _EXCLUSIONS, None)
    if found is None:
        found = 0
        if record.person_id and record.cycle_id:
            rows = Exclusion.objects.filter(cycle=record.cycle_id, subject=record.person_id)
            found = rows.count()
        setattr(record, _EXCLUSIONS, found)
    return found


def attach(records: Iterable[Any]) -> None:
    """Read the consents and counts of many records of any cycles in two queries."""
    records = list(records)
    people = {record.person_id for record in records if record.person_id}
    consents: dict[tuple[int, int], dict[str, Consent]] = defaultdict(dict)
    for row in Consent.objects.valid().filter(person__in=people):
        consents[row.cycle_id, row.person_id][row.kind] = row
    counted = (
        Exclusion.objects.filter(subject__in=people)
        .order_by()
        .values_list("cycle", "subject")
        .annotate(number=Count("pk"))
    )
    counts = {(cycle, subject): number for cycle, subject, number in counted}
    for record in records:
        key = (record.cycle_id, record.person_id)
        setattr(record, _CONSENTS, consents.get(key, {}))
        setattr(record, _EXCLUSIONS, counts.get(key, 0))


def forget(record: Any) -> None:
    """Have both read anew: they were changed."""
    for name in (_CONSENTS, _EXCLUSIONS):
        record.__dict__.pop(name, None)


ARE_KEPT = "Es sind Angaben hinterlegt; sie werden nicht wieder angezeigt."
"""For whoever keeps the sheet. Never how many: the same name typed again is kept once, so a
number that does not rise would tell who typed it what the other had typed."""
