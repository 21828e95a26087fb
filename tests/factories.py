"""One maker per record: plain functions with defaults that a test may override."""

from datetime import date, datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from mentoring.accounts.models import User
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Participation,
    ParticipationState,
    PermanentMember,
    Programme,
    SeatFunction,
)
from programmes.organisations.models import LogisticsPartner, Municipality, MunicipalityKind
from programmes.people.models import LogisticsStaff, MunicipalityStaff, Person
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.models import Consent, ConsentKind, Exclusion, TargetGroup

PASSWORD = "ein langes Testkennwort"
LONG_AGO = date(2020, 1, 1)
SOME_TIME = datetime(2026, 1, 15, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
_number = count(1)
# Cycles count on their own: their number is a small integer, and the tests of large houses
# take more of the others than that holds.
_cycle_number = count(10_001)


def make_user(email: str = "", **fields: Any) -> User:
    """A sign-in; with ``is_superuser=True`` an operator."""
    return User.objects.create_user(
        email or f"zugang{next(_number)}@stadt.example", PASSWORD, **fields
    )


def make_municipality(short_name: str = "", **fields: Any) -> Municipality:
    short_name = short_name or f"Ort {next(_number)}"
    fields.setdefault("name", f"Stadt {short_name}")
    fields.setdefault("kind", MunicipalityKind.CITY)
    return Municipality.objects.create(short_name=short_name, **fields)


def make_partner(**fields: Any) -> LogisticsPartner:
    fields.setdefault("name", f"Institut {next(_number)}")
    return LogisticsPartner.objects.create(**fields)


def make_person(
    first_name: str = "Erika", last_name: str = "", *, sign_in: bool = False, **fields: Any
) -> Person:
    """A person; with ``sign_in`` also the user an accepted invitation would have linked."""
    number = next(_number)
    last_name = last_name or f"Muster{number}"
    fields.setdefault("email", f"person{number}@stadt.example")
    if sign_in:
        fields.setdefault("user", make_user(fields["email"]))
    return Person.objects.create(first_name=first_name, last_name=last_name, **fields)


def make_hr(municipality: Municipality, **fields: Any) -> Person:
    """HR staff of ``municipality`` with a sign-in."""
    person = make_person(municipality=municipality, sign_in=True, **fields)
    MunicipalityStaff.objects.create(person=person, municipality=municipality, since=LONG_AGO)
    return person


def make_logistics(partner: LogisticsPartner, **fields: Any) -> Person:
    """Staff of the Logistikpartner with a sign-in."""
    person = make_person(sign_in=True, **fields)
    LogisticsStaff.objects.create(person=person, partner=partner, since=LONG_AGO)
    return person


def make_programme(**fields: Any) -> Programme:
    fields.setdefault("name", f"Programm {next(_number)}")
    return Programme.objects.create(**fields)


def make_permanent_member(programme: Programme, **fields: Any) -> Person:
    person = make_person(sign_in=True, **fields)
    PermanentMember.objects.create(programme=programme, person=person, since=LONG_AGO)
    return person


def make_cycle(programme: Programme | None = None, **fields: Any) -> Cycle:
    """A cycle; beyond ``planning`` its Beirat counts as confirmed."""
    fields.setdefault("number", next(_cycle_number))
    fields.setdefault("title", f"Durchgang {fields['number']}")
    fields.setdefault("start_year", 2025)
    fields.setdefault("end_year", 2027)
    fields.setdefault("state", CycleState.APPLICATION)
    if fields["state"] != CycleState.PLANNING:
        fields.setdefault("council_confirmed_at", SOME_TIME)
    return Cycle.objects.create(programme=programme or make_programme(), **fields)


def make_participation(cycle: Cycle, municipality: Municipality, **fields: Any) -> Participation:
    fields.setdefault("state", ParticipationState.CONFIRMED)
    return Participation.objects.create(cycle=cycle, municipality=municipality, **fields)


def make_seat(
    participation: Participation, *, lead: bool = False, person: Person | None = None, **fields: Any
) -> Person:
    """A seat in the Beirat; returns the person who holds it."""
    person = person or make_person(municipality=participation.municipality, sign_in=True)
    taken = participation.seats.filter(until=None).count()
    fields.setdefault("chair", taken + 1)
    fields.setdefault("function", SeatFunction.HR_DEVELOPMENT)
    fields.setdefault("since", LONG_AGO)
    CouncilSeat.objects.create(participation=participation, person=person, lead=lead, **fields)
    return person


def make_participant(
    cycle: Cycle,
    municipality: Municipality,
    role: ParticipantRole = ParticipantRole.MENTEE,
    *,
    person: Person | None = None,
    sign_in: bool = False,
    **fields: Any,
) -> Participant:
    person = person or make_person(municipality=municipality, sign_in=sign_in)
    return Participant.objects.create(
        cycle=cycle, municipality=municipality, person=person, role=role, **fields
    )


def make_application(
    cycle: Cycle,
    municipality: Municipality,
    state: ApplicationState = ApplicationState.DRAFT,
    *,
    person: Person | None = None,
    consent_on: date | None = None,
    **fields: Any,
) -> Application:
    """An application in any state, with the times that state needs.

    From nomination on, or with ``consent_on``, it has the consent to be handed on.
    """
    if state != ApplicationState.DRAFT:
        fields.setdefault("submitted_at", SOME_TIME)
    if state in ApplicationState.with_council():
        fields.setdefault("nominated_at", SOME_TIME)
        fields.setdefault("rank", 1)
        consent_on = consent_on or SOME_TIME.date()
        if state != ApplicationState.NOMINATED:
            fields.setdefault("informed_on", SOME_TIME.date())
    if state == ApplicationState.WITHDRAWN:
        fields.setdefault("withdrawn_at", SOME_TIME)
    fields.setdefault("target_group", TargetGroup.LEADERSHIP)
    fields.setdefault("position", "Sachgebietsleitung")
    fields.setdefault("motivation", "Ich möchte in meine Rolle hineinwachsen.")
    fields["answers"] = {**SHEET_ANSWERS, **fields.get("answers", {})}
    application = Application.objects.create(
        cycle=cycle,
        municipality=municipality,
        person=person or make_person(municipality=municipality),
        state=state,
        **fields,
    )
    if consent_on is not None:
        make_consent(cycle, application.person, given_on=consent_on)
    return application


SHEET_ANSWERS = {
    "career": "Verwaltungsfachwirtin, seit 2012 im Haus",
    "time_commitment": True,
    "superior_agreed": "Frau Beispiel",
    "superior_agreed_on": "2026-01-05",
    "hr_agreed": "Herr Beispiel",
    "hr_agreed_on": "2026-01-06",
}
"""The answers without a column that a nomination needs."""


def make_consent(
    cycle: Cycle, person: Person, kind: ConsentKind = ConsentKind.FORWARD, **fields: Any
) -> Consent:
    """A consent, once per kind, cycle and person."""
    fields.setdefault("given_on", SOME_TIME.date())
    found: Consent = Consent.objects.get_or_create(
        cycle=cycle,
        person=person,
        kind=kind,
        withdrawn_on=None,
        defaults={"text": f"Wortlaut {kind.label}", **fields},
    )[0]
    return found


def make_exclusion(
    cycle: Cycle, subject: Person, person: Person | None = None, **fields: Any
) -> Exclusion:
    """``subject`` names somebody who does not come into question."""
    return Exclusion.objects.create(cycle=cycle, subject=subject, person=person, **fields)
