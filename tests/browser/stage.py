"""What the stories of the browser play on: a small programme, a cycle for each of them.

Runs inside the product that is tried, whose database is its own: see ``town``.
"""

import json
from datetime import date, timedelta

from django.utils import timezone

from programmes.cycles.models import Cycle, CycleState, ParticipantRole, Programme
from programmes.events.domain import create_event, invite
from programmes.events.models import Event, EventKind
from programmes.organisations.models import Municipality
from programmes.people.models import Person
from programmes.roadmap.domain import plan_roadmap
from tandems.applications.models import ApplicationState
from tests.browser import billed, matched, paid, phase
from tests.browser.names import APPLICANTS, MENTEES, MENTORS, names
from tests.factories import (
    make_application,
    make_cycle,
    make_hr,
    make_logistics,
    make_municipality,
    make_participant,
    make_participation,
    make_partner,
    make_permanent_member,
    make_person,
    make_programme,
    make_seat,
)

FRESH = "plan"
PRINTED = "certificates"
STORIES = (
    *(FRESH, "tasks", "invitations", "door", "public", "mail", "secret", "stop", "plain"),
    *("spending", "lists"),
    billed.STORY,
    PRINTED,
    paid.STORY,
)
"""Each has a cycle of its own; that of ``FRESH`` has no Fahrplan yet."""

CONTACT = "mentoring@institut.example"


def workshop_day() -> date:
    """A Wednesday some months ahead: no movable public holiday falls on one."""
    day = timezone.localdate() + timedelta(weeks=24)
    return day + timedelta(days=2 - day.weekday())


def build() -> None:
    """Fill the empty database; prints the primary key of each story's cycle as JSON."""
    ahausen, uebelheim = (
        make_municipality(name, regional_group=name[0]) for name in ("Ahausen", "Übelheim")
    )
    cehausen = make_municipality("Cehausen")
    partner = make_partner(name="Studieninstitut Musterland", contact_email=CONTACT)
    programme = make_programme(name="Mentoring im Musterland", logistics_partner=partner)
    people = {
        "lead": somebody("Lena", "Leitung", ahausen),
        "member": somebody("Mara", "Mit-Glied", uebelheim),
    }
    logistics = make_logistics(partner, **names("Lotte", "Lager"))
    make_permanent_member(programme, municipality=ahausen, **names("Petra", "Plan"))
    for house, name in ((ahausen, "Haus"), (uebelheim, "Größe")):
        make_hr(house, **names("Hanna", name))
    mentees = [make_person(municipality=ahausen, **names(*name)) for name in MENTEES]
    mentors = [make_person(municipality=uebelheim, **names(*name)) for name in MENTORS]
    applicants = [make_person(municipality=uebelheim, **names(*name)) for name in APPLICANTS]
    found = {}
    for number, story in enumerate(STORIES, start=1):
        cycle = _cycle(programme, number, (ahausen, uebelheim), people)
        for role, some in (
            (ParticipantRole.MENTEE, mentees),
            (ParticipantRole.MENTOR, mentors),
            (ParticipantRole.APPLICANT, applicants),
        ):
            for person in some:
                assert person.municipality is not None
                make_participant(cycle, person.municipality, role, person=person)
        for rank, person in enumerate(applicants, start=1):
            make_application(cycle, uebelheim, ApplicationState.NOMINATED, person=person, rank=rank)
        if story != FRESH:
            plan_roadmap(cycle, start_on=workshop_day(), by=people["lead"].user)
        if story in ("door", PRINTED):
            event = _event_of_today(cycle, [*mentees, *mentors], by=logistics)
        if story == PRINTED:
            event.attendees.filter(person__in=mentees[:2]).update(attended=True)
        if story == billed.STORY:
            billed.play(cycle, (ahausen, uebelheim))
        if story == paid.STORY:
            paid.play(cycle)
        found[story] = cycle.pk
    for number, story in enumerate(phase.STORIES, start=len(STORIES) + 1):
        cycle = _cycle(
            programme, number, (ahausen, uebelheim), people, state=CycleState.APPLICATION
        )
        if story == "paper":
            plan_roadmap(cycle, start_on=workshop_day(), by=people["lead"].user)
        phase.play(story, cycle, (ahausen, uebelheim))
        found[story] = cycle.pk
    for number, (story, state) in enumerate(matched.STORIES.items(), start=len(found) + 1):
        cycle = _cycle(programme, number, (ahausen, uebelheim), people, state=state)
        make_participation(cycle, cehausen)
        matched.play(story, cycle, (ahausen, uebelheim, cehausen))
        found[story] = cycle.pk
    print(json.dumps(found))  # noqa: T201  # for the process that started this one


def somebody(first_name: str, last_name: str, house: Municipality) -> Person:
    """A person with a sign-in."""
    return make_person(municipality=house, sign_in=True, **names(first_name, last_name))


def _cycle(
    programme: Programme,
    number: int,
    houses: tuple[Municipality, Municipality],
    people: dict[str, Person],
    state: CycleState = CycleState.RUNNING,
) -> Cycle:
    """A cycle with a Beirat of two, in which secret mails need four eyes."""
    year = timezone.localdate().year
    cycle = make_cycle(
        programme,
        number=number,
        title=f"Durchgang Nr. {number}",
        state=state,
        four_eyes=True,
        start_year=year,
        end_year=year + 2,
    )
    for house, (key, person) in zip(houses, people.items(), strict=True):
        make_seat(make_participation(cycle, house), person=person, lead=key == "lead")
    return cycle


def _event_of_today(cycle: Cycle, people: list[Person], *, by: Person) -> Event:
    """One that has begun, so that its door is open."""
    now = timezone.now()
    event = Event(
        cycle=cycle,
        kind=EventKind.OTHER,
        title="Auftakt im Rathaus",
        venue="Rathaus Ahausen",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=3),
    )
    invite(create_event(event, by=by.user), people, by=by.user)
    return event
