"""Writing the answers of a sheet where each is kept. The room of the record opens the door:
it locks, checks the state, and saves."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mentoring.accounts.models import User
from tandems.profiles import kept as kept_rows
from tandems.profiles.domain.consents import give_consent
from tandems.profiles.domain.exclusions import Naming, name_exclusions
from tandems.profiles.models import SheetKind
from tandems.profiles.questions import Kept, Question, Sheet, questions


def kept_in(sheet: Sheet, kept: Kept) -> list[Question]:
    """The questions of ``sheet`` whose answers are kept there."""
    return [question for question in questions(sheet) if question.kept == kept]


def write_to(owner: Any, values: Mapping[str, Any], kept: Kept, sheet: Sheet) -> bool:
    """Set the answers kept as attributes of ``owner``, record or person; whether any changed."""
    changed = False
    for question in kept_in(sheet, kept):
        if question.key in values:
            value = values[question.key]
            changed = changed or getattr(owner, question.key) != value
            setattr(owner, question.key, value)
    return changed


def write_answers(record: Any, values: Mapping[str, Any], sheet: Sheet) -> None:
    """Set the answers that have no column; dates as ISO text, nothing as ""."""
    for question in kept_in(sheet, Kept.ANSWERS):
        if question.key in values:
            value = values[question.key]
            answer = value.isoformat() if isinstance(value, date) else value
            record.answers = {
                **record.answers,
                question.key: "" if answer is None else answer,
            }


def write_rows(
    record: Any,
    values: Mapping[str, Any],
    sheet: Sheet,
    sheet_kind: SheetKind,
    *,
    by: User | None,
) -> None:
    """Note consents and exclusions of the record's person, which have rows of their own.

    A consent is given with its day (``True`` is today) and never taken back here. Raises
    ``Refused``.
    """
    for question in kept_in(sheet, Kept.CONSENT):
        given = values.get(question.key)
        if given and question.consent is not None:
            give_consent(
                cycle=record.cycle,
                person=record.person,
                kind=question.consent,
                sheet_kind=sheet_kind,
                on=None if given is True else given,
                by=by,
            )
    for question in kept_in(sheet, Kept.EXCLUSIONS):
        naming = values.get(question.key)
        if isinstance(naming, Naming) and naming:
            name_exclusions(cycle=record.cycle, subject=record.person, naming=naming, by=by)
    kept_rows.forget(record)
