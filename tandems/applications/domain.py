"""The doors through which an application changes its state.

Each door locks the row, asks the state anew and writes in one transaction, so two people
who act at once do not both succeed. Whether the actor may act at all is asked by the page
(``applications.handle``); here it is asked whether the act makes sense.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.text import search_key
from mentoring.ui.errors import Refused
from programmes.cycles.domain import mark_left
from programmes.cycles.models import (
    Cycle,
    Participant,
    ParticipantRole,
)
from programmes.organisations.models import Municipality
from programmes.people import domain as people
from programmes.people.models import Person
from programmes.people.permissions import editable_people
from tandems.applications.checks import (
    NOT_POSSIBLE,
    check_complete,
    check_conflict,
    check_entry,
    check_only_one,
    check_phase,
    check_state,
)
from tandems.applications.locks import locked
from tandems.applications.models import Application, ApplicationState
from tandems.applications.nominate import change_rank, nominate
from tandems.applications.permissions import takes_applications
from tandems.applications.retention import LINK
from tandems.links.domain import close_links_of
from tandems.links.models import PersonalLink
from tandems.profiles.domain import kept_in, write_answers, write_rows, write_to
from tandems.profiles.models import Consent, Exclusion, SheetKind
from tandems.profiles.questions import Kept, Needed, Question, questions
from tandems.profiles.versions import sheet_of

__all__ = [
    "change_rank",
    "changeable",
    "create_draft",
    "delete_draft",
    "has_other_records",
    "nominate",
    "not_nominate",
    "reconsider",
    "return_to_draft",
    "save_draft",
    "similar_people",
    "submit",
    "withdraw",
]


def similar_people(
    municipality: Municipality, *, first_name: str, last_name: str, email: str, by: User
) -> models.QuerySet[Person]:
    """People of this Kommune who may be the one meant: same name or same e-mail address.

    Only those whom ``by`` may see: nobody learns here who is known elsewhere.
    """
    name = search_key(f"{last_name} {first_name}")
    alike = Q(pk__in=[])
    if name:
        alike |= Q(search_key=name) | Q(search_key__startswith=f"{name} ")
    if email:
        alike |= Q(email__iexact=email)
    return Person.objects.visible_to(by).filter(alike, municipality=municipality)


def create_draft(
    *,
    cycle: Cycle,
    municipality: Municipality,
    values: Mapping[str, Any],
    by: User,
    person: Person | None = None,
) -> Application:
    """A draft for a new person, or for ``person`` who is known already.

    ``values`` holds answers by the key of their question. Raises ``Refused`` if the cycle
    takes no applications, the Kommune does not take part, ``person`` works elsewhere or
    already has an application in this cycle.
    """
    with transaction.atomic(), acting(by):
        cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
        check_entry(cycle, municipality)
        person = _person_for(cycle, municipality, person, values, by)
        application = Application(cycle=cycle, municipality=municipality, person=person)
        write_to(application, values, Kept.COLUMN, application.sheet)
        write_answers(application, values, application.sheet)
        try:
            with transaction.atomic():
                application.save()
        except IntegrityError as error:
            raise Refused(NOT_POSSIBLE) from error
        write_rows(application, values, application.sheet, SheetKind.APPLICANT, by=by)
        check_conflict(application, by)
        return application


def save_draft(
    application: Application, *, values: Mapping[str, Any], by: User | None
) -> Application:
    """Change answers; a draft may stay incomplete, a submitted application may not.

    ``application`` and its ``person`` carry the versions the change began with. Raises
    ``EditConflict`` if either moved on, ``Refused`` if the state forbids the change. After
    nomination only questions marked ``late`` change. ``by`` is ``None`` for the person's
    own link, by which nothing changes that only the Kommune answers.
    """
    with transaction.atomic(), acting(by):
        stored = locked(application)
        person = Person.objects.select_for_update().get(pk=stored.person_id)
        if (stored.version, person.version) != (application.version, application.person.version):
            raise EditConflict(stored)
        stored.person = person
        allowed = {
            question.key
            for question in changeable(stored)
            if by is not None or not question.house_only
        }
        changes = {key: value for key, value in values.items() if key in allowed}
        if not changes:
            raise Refused("In diesem Stand lässt sich die Bewerbung nicht mehr ändern.")
        if write_to(person, changes, Kept.PERSON, stored.sheet):
            if person.municipality_id != stored.municipality_id:
                raise Refused(
                    "Die Kontaktdaten dieser Person pflegt inzwischen eine andere Stelle. "
                    "Bitte lassen Sie sie hier unverändert."
                )
            people.change(person, by=by)
        write_to(stored, changes, Kept.COLUMN, stored.sheet)
        write_answers(stored, changes, stored.sheet)
        stored.save()
        write_rows(stored, changes, stored.sheet, SheetKind.APPLICANT, by=by)
        check_conflict(stored, by)
        if stored.state != ApplicationState.DRAFT:
            check_complete(stored, Needed.TO_SUBMIT, "So bliebe die Bewerbung unvollständig.")
        return stored


def submit(application: Application, *, by: User) -> Application:
    """Hand a complete draft over to the own Personalstelle's decision.

    Raises ``Refused`` naming what is missing.
    """
    with transaction.atomic(), acting(by):
        stored = locked(application)
        check_state(stored, ApplicationState.DRAFT)
        check_entry(stored.cycle, stored.municipality)
        check_complete(stored, Needed.TO_SUBMIT, "Die Bewerbung ist noch nicht vollständig.")
        stored.state = ApplicationState.SUBMITTED
        stored.submitted_at = timezone.now()
        stored.save()
        # Taken back later, the sheet is the Kommune's: the old link does not open it again.
        close_links_of(LINK, stored.pk, by=by)
        return stored


def return_to_draft(application: Application, *, by: User) -> Application:
    """Take a submitted application back to be worked on. Raises ``Refused``."""
    with transaction.atomic(), acting(by):
        stored = locked(application)
        check_state(stored, ApplicationState.SUBMITTED)
        stored.state = ApplicationState.DRAFT
        stored.submitted_at = None
        stored.save()
        return stored


def not_nominate(application: Application, *, by: User) -> Application:
    """Decide not to hand the application over. Nobody outside the Kommune learns of it."""
    with transaction.atomic(), acting(by):
        stored = locked(application)
        check_state(stored, ApplicationState.SUBMITTED)
        stored.state = ApplicationState.NOT_NOMINATED
        stored.save()
        return stored


def reconsider(application: Application, *, by: User) -> Application:
    """Open the decision not to nominate again, in the application phase."""
    with transaction.atomic(), acting(by):
        stored = locked(application)
        check_state(stored, ApplicationState.NOT_NOMINATED)
        check_phase(stored.cycle)
        stored.state = ApplicationState.SUBMITTED
        stored.save()
        return stored


def withdraw(
    application: Application,
    *,
    reason: str = "",
    by: User | None,
    consent_withdrawn: bool = False,
) -> Application:
    """End an application from any state; the participant leaves the cycle's lists.

    Once nominated, others depend on it: then ``reason`` must say why, for Kommune and
    Beirat. With ``consent_withdrawn`` the Beirat does not see it any more, as if it had
    never been handed over. Raises ``Refused``.
    """
    with transaction.atomic(), acting(by):
        stored = locked(application)
        reason = reason.strip()[:1000]
        if stored.state == ApplicationState.WITHDRAWN:
            raise Refused("Diese Bewerbung ist schon zurückgezogen.")
        if stored.state in ApplicationState.with_council() and not reason:
            raise Refused("Der Beirat rechnet mit dieser Bewerbung: bitte nennen Sie den Grund.")
        stored.state = ApplicationState.WITHDRAWN
        stored.withdrawn_at = timezone.now()
        stored.withdrawal_reason = reason
        if consent_withdrawn:
            stored.nominated_at = stored.rank = None
        stored.save()
        roles = (ParticipantRole.APPLICANT, ParticipantRole.MENTEE)
        for participant in Participant.objects.filter(
            cycle=stored.cycle, person=stored.person, role__in=roles
        ).present():
            mark_left(participant, on=timezone.localdate(), by=by)
        return stored


def delete_draft(application: Application, *, by: User) -> None:
    """Delete a draft, and its person if nothing else hangs on them. Raises ``Refused``."""
    with transaction.atomic(), acting(by):
        stored = locked(application)
        check_state(stored, ApplicationState.DRAFT)
        person = stored.person
        alone = not has_other_records(person, besides=stored)
        stored.delete()
        if alone:
            person.delete()
        elif not Participant.objects.filter(cycle=stored.cycle, person=person).exists():
            # The sheet is gone, and with it what was consented to and said for this cycle.
            for rows in (Consent.objects.filter(person=person), _named_by(person)):
                rows.filter(cycle=stored.cycle).delete()


_OF_THE_SHEET = (Consent, Exclusion, PersonalLink)
"""What goes with the sheet of a person in a cycle."""


def _named_by(person: Person) -> models.QuerySet[Exclusion]:
    return Exclusion.objects.filter(subject=person)


def has_other_records(person: Person, *, besides: Application | None = None) -> bool:
    """Whether anything hangs on ``person``: an access, a post, a seat, another application.

    Asks every relation that points to ``Person``, also those of rooms not yet built.
    """
    if person.user_id is not None:
        return True
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.field.model is None:
            continue
        found = relation.field.model._base_manager.filter(**{relation.field.name: person.pk})
        if besides is not None and relation.field.model is Application:
            found = found.exclude(pk=besides.pk)
        if besides is not None and relation.field.model in _OF_THE_SHEET:
            found = found.exclude(cycle=besides.cycle_id)
        if relation.field.model is Exclusion and relation.field.name == "person":
            continue  # somebody else's sheet: it must not tell that this person is named there
        if found.exists():
            return True
    return False


def changeable(application: Application) -> list[Question]:
    """The questions whose answers may be changed in the application's state."""
    if not application.cycle.is_open:
        return []
    if application.state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED):
        return list(questions(application.sheet)) if takes_applications(application.cycle) else []
    if application.state in ApplicationState.with_council():
        return [
            question
            for question in questions(application.sheet)
            if question.late or (question.key == "statement" and _may_state(application))
        ]
    return []


def _may_state(application: Application) -> bool:
    """A Kommune the applicant moved to has no statement yet, and may write its own."""
    return application.state == ApplicationState.NOMINATED and not application.statement


def _person_for(
    cycle: Cycle,
    municipality: Municipality,
    person: Person | None,
    values: Mapping[str, Any],
    by: User,
) -> Person:
    """The known ``person`` with the contact data typed now, or somebody new."""
    if person is None:
        asked = kept_in(sheet_of(cycle, SheetKind.APPLICANT), Kept.PERSON)
        contact = {q.key: values[q.key] for q in asked if q.key in values}
        return people.create_person(
            by=by, municipality=municipality, position=values.get("position", ""), **contact
        )
    known: Person = Person.objects.select_for_update().get(pk=person.pk)
    if known.municipality_id != municipality.pk:
        raise Refused(NOT_POSSIBLE)
    check_only_one(cycle, known, by)
    given = {key: value for key, value in values.items() if value}
    if write_to(known, given, Kept.PERSON, sheet_of(cycle, SheetKind.APPLICANT)):
        if not editable_people(by).filter(pk=known.pk).exists():
            raise Refused(
                f"Die Kontaktdaten von {known} ändern nicht Sie, sondern wer dieser Person ihre "
                "Aufgabe im Programm gegeben hat. Tragen Sie sie hier so ein, wie sie sind."
            )
        people.change(known, by=by)
    return known
