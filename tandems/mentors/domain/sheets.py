"""The Profilbogen of somebody who agreed, typed by Personalstelle, Beirat or the mentor."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.people import domain as people
from programmes.people.models import Person
from tandems.mentors.domain.checks import check_state, locked
from tandems.mentors.models import Mentor, MentorState
from tandems.mentors.registries import mentees_held
from tandems.profiles.domain import write_answers, write_rows, write_to
from tandems.profiles.models import SheetKind
from tandems.profiles.questions import Kept, Needed, Question, missing, questions


def changeable(mentor: Mentor) -> list[Question]:
    """The questions whose answers may be changed in the mentor's state."""
    if mentor.state != MentorState.AGREED or not mentor.cycle.is_open:
        return []
    return list(questions(mentor.sheet))


def save_sheet(mentor: Mentor, *, values: Mapping[str, Any], by: User | None) -> Mentor:
    """Save answers; until it is handed in a sheet may stay incomplete.

    ``mentor`` and its ``person`` carry the versions the change began with. Raises
    ``EditConflict`` if either moved on, ``Refused`` for who has not agreed and for fewer
    mentees than there are. ``by`` is ``None`` for the mentor's own link, by which nothing
    changes that only others answer.
    """
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        check_state(stored, MentorState.AGREED)
        person: Person = Person.objects.select_for_update(of=("self",)).get(
            pk=stored.person_id or 0
        )
        begun = mentor.person.version if mentor.person is not None else 0
        if (stored.version, person.version) != (mentor.version, begun):
            raise EditConflict(stored)
        stored.person = person
        allowed = {q.key for q in changeable(stored) if by is not None or not q.house_only}
        changes = {key: value for key, value in values.items() if key in allowed}
        if write_to(person, changes, Kept.PERSON, stored.sheet):
            people.change(person, by=by)
        write_to(stored, changes, Kept.COLUMN, stored.sheet)
        if stored.capacity < mentees_held(stored):
            raise Refused(
                f"{stored.called} begleitet schon mehr Mentees. Lösen Sie erst die Tandems, bevor "
                "Sie die Zahl senken."
            )
        write_answers(stored, changes, stored.sheet)
        stored.save()
        write_rows(stored, changes, stored.sheet, SheetKind.MENTOR, by=by)
        if stored.handed_in_at is not None:
            _check_complete(stored, "So bliebe der Bogen unvollständig.")
        return stored


def hand_in(mentor: Mentor, *, by: User | None) -> Mentor:
    """Note that the sheet is complete. Raises ``Refused`` naming what is missing."""
    with transaction.atomic(), acting(by):
        stored = locked(mentor)
        check_state(stored, MentorState.AGREED)
        _check_complete(stored, "Der Profilbogen ist noch nicht vollständig.")
        if stored.handed_in_at is None:
            stored.handed_in_at = timezone.now()
            stored.save()
        return stored


def _check_complete(mentor: Mentor, sentence: str) -> None:
    labels = [question.label for question in missing(mentor, Needed.TO_SUBMIT, mentor.sheet)]
    if labels:
        raise Refused(f"{sentence} Es fehlt: {', '.join(labels)}.")
