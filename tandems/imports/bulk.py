"""Many drafts at once: what ``applications.domain.create_draft`` does for one.

The same is checked and the same is written and logged, in a few statements for all: one by
one 3,000 drafts would hold the write lock of the database for the better part of a minute.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import log_created
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from programmes.people import domain as people
from programmes.people.models import Person
from programmes.people.permissions import editable_people, posts_of
from tandems.applications.checks import NOT_POSSIBLE, OWN_CONFLICT, check_only_one
from tandems.applications.models import Application, ApplicationState
from tandems.applications.permissions import conflicts_of
from tandems.profiles.domain import kept_in, write_answers, write_to
from tandems.profiles.models import Consent, SheetKind
from tandems.profiles.questions import Kept, Kind, Sheet, questions
from tandems.profiles.versions import sheet_of, version_of

BATCH = 500


@dataclass(frozen=True)
class Draft:
    """One draft to be: where it came from, its answers, and the known person, if it is one."""

    label: str
    """Named in a refusal: "Zeile 12"."""
    values: Mapping[str, Any]
    person: int | None = None


def create_drafts(
    drafts: Sequence[Draft], *, cycle: Cycle, municipality: Municipality, by: User
) -> int:
    """Make all ``drafts`` or none; returns how many.

    To be called in a transaction that holds the cycle's lock and has asked ``check_entry``.
    Raises ``Refused`` naming the draft that cannot be.
    """
    sheet = sheet_of(cycle, SheetKind.APPLICANT)
    known = _known_people(drafts, cycle, municipality, by)
    persons: list[Person] = []
    for draft in drafts:
        if draft.person is None:
            persons.append(_new_person(draft, municipality, sheet))
        else:
            persons.append(known[draft.person])
            _change_contact(persons[-1], draft, sheet, by)
    fresh = [person for person in persons if person.pk is None]
    Person.objects.bulk_create(fresh, batch_size=BATCH)
    log_created(fresh)
    applications = []
    for draft, person in zip(drafts, persons, strict=True):
        application = Application(cycle=cycle, municipality=municipality, person=person)
        write_to(application, draft.values, Kept.COLUMN, sheet)
        write_answers(application, draft.values, sheet)
        applications.append(application)
    Application.objects.bulk_create(applications, batch_size=BATCH)
    log_created(applications)
    _give_consents(drafts, persons, cycle, sheet, by)
    _check_conflicts(applications, drafts, by)
    return len(applications)


def values_of(answers: Mapping[str, Any], cycle: Cycle) -> dict[str, Any]:
    """Answers as a line keeps them in JSON, as the doors take them: days as dates."""
    days = {
        question.key
        for question in questions(sheet_of(cycle, SheetKind.APPLICANT))
        if question.kind in (Kind.DATE, Kind.CONSENT)
    }
    return {
        key: date.fromisoformat(value) if key in days and value else value
        for key, value in answers.items()
    }


def _known_people(
    drafts: Iterable[Draft], cycle: Cycle, municipality: Municipality, by: User
) -> dict[int, Person]:
    """The known people, locked; each of this Kommune, visible, and without an application."""
    labels = {draft.person: draft.label for draft in drafts if draft.person is not None}
    wanted = Person.objects.visible_to(by).filter(municipality=municipality)
    keys = sorted(labels)
    found: dict[int, Person] = {}
    taken: set[int] = set()
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        visible = set(wanted.filter(pk__in=part).values_list("pk", flat=True))
        rows = Person.objects.select_for_update().filter(pk__in=visible)
        found.update({person.pk: person for person in rows})
        others = Application.objects.filter(cycle=cycle, person__in=part)
        taken.update(
            others.exclude(state=ApplicationState.WITHDRAWN).values_list("person", flat=True)
        )
    own = posts_of(by).person
    for key, label in labels.items():
        if key == own:
            raise Refused(f"{label}: {OWN_CONFLICT}")
        if key not in found:
            raise Refused(f"{label}: {NOT_POSSIBLE}")
        if key in taken:
            # Tells a second application from one that must not be known of.
            try:
                check_only_one(cycle, found[key], by)
            except Refused as refusal:
                raise Refused(f"{label}: {refusal}") from refusal
    return found


def _new_person(draft: Draft, municipality: Municipality, sheet: Sheet) -> Person:
    asked = kept_in(sheet, Kept.PERSON)
    given = {q.key: draft.values[q.key] for q in asked if q.key in draft.values}
    position = draft.values.get("position") or ""
    person = Person(municipality=municipality, position=position, **given)
    people.tidy(person)
    try:
        # Not the Kommune: it is known, and asking for it again costs a query each.
        person.clean_fields(exclude=("municipality", "user", "sort_key", "search_key"))
    except ValidationError as error:
        raise Refused(f"{draft.label}: {' '.join(error.messages)}"[:400]) from error
    return person


def _change_contact(person: Person, draft: Draft, sheet: Sheet, by: User) -> None:
    """The contact data in the table hold from now on, where ``by`` may change them."""
    given = {key: value for key, value in draft.values.items() if value}
    if not write_to(person, given, Kept.PERSON, sheet):
        return
    if not editable_people(by).filter(pk=person.pk).exists():
        raise Refused(
            f"{draft.label}: Die Kontaktdaten von {person} ändern nicht Sie, sondern wer dieser "
            "Person ihre Aufgabe im Programm gegeben hat. Lassen Sie die Zeile weg oder tragen "
            "Sie die Kontaktdaten so ein, wie sie sind."
        )
    people.change(person, by=by)


def _give_consents(
    drafts: Iterable[Draft], persons: Iterable[Person], cycle: Cycle, sheet: Sheet, by: User
) -> None:
    """As ``profiles.domain.give_consent``: given again, the first one stays."""
    version = version_of(cycle)
    pairs = list(zip(drafts, persons, strict=True))
    consents = []
    for question in kept_in(sheet, Kept.CONSENT):
        if question.consent is None:
            continue
        valid = Consent.objects.valid().filter(cycle=cycle, kind=question.consent)
        given = set(valid.values_list("person", flat=True))
        for draft, person in pairs:
            day = draft.values.get(question.key)
            if not day or person.pk in given:
                continue
            if day > timezone.localdate():
                raise Refused(f"{draft.label}: Die Einwilligung liegt in der Zukunft.")
            consents.append(
                Consent(
                    cycle=cycle,
                    person=person,
                    kind=question.consent,
                    given_on=day,
                    text=question.text,
                    version_number=version.number if version else 0,
                    recorded_by=by,
                )
            )
    Consent.objects.bulk_create(consents, batch_size=BATCH)
    log_created(consents)


def _check_conflicts(
    applications: Sequence[Application], drafts: Sequence[Draft], by: User
) -> None:
    """As ``check_conflict``: nobody makes what they must not see."""
    labels = {
        application.pk: draft.label for application, draft in zip(applications, drafts, strict=True)
    }
    hidden = Application.objects.filter(cycle=applications[0].cycle).filter(conflicts_of(by))
    for key in hidden.values_list("pk", flat=True):
        if key in labels:
            raise Refused(f"{labels[key]}: {OWN_CONFLICT}")
