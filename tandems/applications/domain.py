"""The doors through which an application changes its state.

Each door locks the row, asks the state anew and writes in one transaction, so two people
who act at once do not both succeed. Whether the actor may act at all is asked by the page
(``applications.handle``); here it is asked whether the act makes sense.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.text import search_key
from mentoring.ui.errors import Refused
from programmes.cycles.domain import add_participant, mark_left
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
    check_rank,
    check_state,
)
from tandems.applications.models import Application, ApplicationState
from tandems.applications.permissions import takes_applications
from tandems.applications.profile import Kept, Kind, Needed, Question, questions


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
        _write(application, values, Kept.COLUMN)
        _write_answers(application, values)
        try:
            with transaction.atomic():
                application.save()
        except IntegrityError as error:
            raise Refused(NOT_POSSIBLE) from error
        _write_people(application, values)
        check_conflict(application, by)
        return application


def save_draft(application: Application, *, values: Mapping[str, Any], by: User) -> Application:
    """Change answers; a draft may stay incomplete, a submitted application may not.

    ``application`` and its ``person`` carry the versions the change began with. Raises
    ``EditConflict`` if either moved on, ``Refused`` if the state forbids the change. After
    nomination only questions marked ``late`` change.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        person = Person.objects.select_for_update().get(pk=stored.person_id)
        if (stored.version, person.version) != (application.version, application.person.version):
            raise EditConflict(stored)
        stored.person = person
        allowed = {question.key for question in changeable(stored)}
        changes = {key: value for key, value in values.items() if key in allowed}
        if not changes:
            raise Refused("In diesem Stand lässt sich die Bewerbung nicht mehr ändern.")
        if _write(person, changes, Kept.PERSON):
            if person.municipality_id != stored.municipality_id:
                raise Refused(
                    "Die Kontaktdaten dieser Person pflegt inzwischen eine andere Stelle. "
                    "Bitte lassen Sie sie hier unverändert."
                )
            people.change(person, by=by)
        _write(stored, changes, Kept.COLUMN)
        _write_answers(stored, changes)
        stored.save()
        _write_people(stored, changes)
        check_conflict(stored, by)
        if stored.state != ApplicationState.DRAFT:
            check_complete(stored, Needed.TO_SUBMIT, "So bliebe die Bewerbung unvollständig.")
        return stored


def submit(application: Application, *, by: User) -> Application:
    """Hand a complete draft over to the own Personalstelle's decision.

    Raises ``Refused`` naming what is missing.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        check_state(stored, ApplicationState.DRAFT)
        check_entry(stored.cycle, stored.municipality)
        check_complete(stored, Needed.TO_SUBMIT, "Die Bewerbung ist noch nicht vollständig.")
        stored.state = ApplicationState.SUBMITTED
        stored.submitted_at = timezone.now()
        stored.save()
        return stored


def return_to_draft(application: Application, *, by: User) -> Application:
    """Take a submitted application back to be worked on. Raises ``Refused``."""
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        check_state(stored, ApplicationState.SUBMITTED)
        stored.state = ApplicationState.DRAFT
        stored.submitted_at = None
        stored.save()
        return stored


def nominate(application: Application, *, rank: int, by: User) -> Application:
    """Hand a submitted application over to the Beirat; several may share a ``rank`` (1 to 99).

    The applicant becomes a participant, known to the Logistikpartner. Raises ``Refused``
    without a recorded consent, outside the application phase, or if the Kommune does not
    take part.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        check_state(stored, ApplicationState.SUBMITTED)
        check_phase(stored.cycle)
        check_entry(stored.cycle, stored.municipality)
        check_complete(stored, Needed.TO_NOMINATE, "Für die Nominierung fehlt noch etwas.")
        if stored.consent_on is not None and stored.consent_on > timezone.localdate():
            raise Refused("Die Einwilligung ist mit einem Tag in der Zukunft eingetragen.")
        check_rank(rank)
        stored.state = ApplicationState.NOMINATED
        stored.rank = rank
        stored.nominated_at = timezone.now()
        stored.save()
        add_participant(
            cycle=stored.cycle,
            person=stored.person,
            municipality=stored.municipality,
            role=ParticipantRole.APPLICANT,
            by=by,
        )
        return stored


def change_rank(application: Application, *, rank: int, by: User) -> Application:
    """Give a nominated application another rank before the matching. Raises ``Refused``."""
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        check_state(stored, ApplicationState.NOMINATED)
        check_phase(stored.cycle)
        check_rank(rank)
        stored.rank = rank
        stored.save()
        return stored


def not_nominate(application: Application, *, by: User) -> Application:
    """Decide not to hand the application over. Nobody outside the Kommune learns of it."""
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        check_state(stored, ApplicationState.SUBMITTED)
        stored.state = ApplicationState.NOT_NOMINATED
        stored.save()
        return stored


def reconsider(application: Application, *, by: User) -> Application:
    """Open the decision not to nominate again, in the application phase."""
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        check_state(stored, ApplicationState.NOT_NOMINATED)
        check_phase(stored.cycle)
        stored.state = ApplicationState.SUBMITTED
        stored.save()
        return stored


def withdraw(application: Application, *, reason: str = "", by: User) -> Application:
    """End an application from any state; the participant leaves the cycle's lists.

    Once nominated, others depend on it: then ``reason`` must say why, for Kommune and
    Beirat. Raises ``Refused``.
    """
    with transaction.atomic(), acting(by):
        stored = _locked(application)
        reason = reason.strip()[:1000]
        if stored.state == ApplicationState.WITHDRAWN:
            raise Refused("Diese Bewerbung ist schon zurückgezogen.")
        if stored.state in ApplicationState.with_council() and not reason:
            raise Refused("Der Beirat rechnet mit dieser Bewerbung: bitte nennen Sie den Grund.")
        stored.state = ApplicationState.WITHDRAWN
        stored.withdrawn_at = timezone.now()
        stored.withdrawal_reason = reason
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
        stored = _locked(application)
        check_state(stored, ApplicationState.DRAFT)
        person = stored.person
        stored.delete()
        if not has_other_records(person):
            person.delete()


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
        if found.exists():
            return True
    return False


def changeable(application: Application) -> list[Question]:
    """The questions whose answers may be changed in the application's state."""
    if not application.cycle.is_open:
        return []
    if application.state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED):
        return list(questions()) if takes_applications(application.cycle) else []
    if application.state in ApplicationState.with_council():
        return [question for question in questions() if question.late]
    return []


def _locked(application: Application) -> Application:
    """The row as it stands now, locked, after its cycle: always in this order."""
    cycle = Cycle.objects.select_for_update().get(pk=application.cycle_id)
    stored = Application.objects.select_for_update().filter(pk=application.pk).first()
    if stored is None:
        raise Refused("Diese Bewerbung wurde inzwischen gelöscht.")
    stored.cycle = cycle
    if not cycle.is_open:
        raise Refused("Dieser Durchgang ist beendet, seine Bewerbungen ändern sich nicht mehr.")
    return stored


def _person_for(
    cycle: Cycle,
    municipality: Municipality,
    person: Person | None,
    values: Mapping[str, Any],
    by: User,
) -> Person:
    """The known ``person`` with the contact data typed now, or somebody new."""
    if person is None:
        contact = {q.key: values[q.key] for q in _kept(Kept.PERSON) if q.key in values}
        return people.create_person(
            by=by, municipality=municipality, position=values.get("position", ""), **contact
        )
    known: Person = Person.objects.select_for_update().get(pk=person.pk)
    if known.municipality_id != municipality.pk:
        raise Refused(NOT_POSSIBLE)
    check_only_one(cycle, known, by)
    if _write(known, {key: value for key, value in values.items() if value}, Kept.PERSON):
        if not editable_people(by).filter(pk=known.pk).exists():
            raise Refused(
                f"Die Kontaktdaten von {known} ändern nicht Sie, sondern wer dieser Person ihre "
                "Aufgabe im Programm gegeben hat. Tragen Sie sie hier so ein, wie sie sind."
            )
        people.change(known, by=by)
    return known


def _kept(kept: Kept) -> list[Question]:
    return [question for question in questions() if question.kept == kept]


def _write(record: models.Model, values: Mapping[str, Any], kept: Kept) -> bool:
    """Set the answers kept on ``record``; whether any of them changed."""
    changed = False
    for question in _kept(kept):
        if question.key in values and question.kind != Kind.SEAT_HOLDERS:
            value = values[question.key]
            changed = changed or getattr(record, question.key) != value
            setattr(record, question.key, value)
    return changed


def _write_answers(application: Application, values: Mapping[str, Any]) -> None:
    """Set the answers that have no column; dates as ISO text."""
    for question in _kept(Kept.ANSWERS):
        if question.key in values:
            value = values[question.key]
            answer = value.isoformat() if hasattr(value, "isoformat") else value
            application.answers = {**application.answers, question.key: answer}


def _write_people(application: Application, values: Mapping[str, Any]) -> None:
    """Set the answers that name several people."""
    for question in questions():
        if question.kind == Kind.SEAT_HOLDERS and question.key in values:
            chosen: Iterable[Person] = values[question.key]
            getattr(application, question.key).set(chosen)
