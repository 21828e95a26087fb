"""Thousands of applicants and mentors: pages ask no more of the database than with 60."""

from datetime import date

import pytest
from django.urls import reverse

from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tandems.mentors.models import Approach, Mentor, MentorState, PoolEntry
from tandems.places.domain import propose_anew, start_allocation
from tandems.selection.models import ApplicationNote
from tests.conftest import Cast, Stage
from tests.factories import SOME_TIME
from tests.test_large_cycle import analyse, queries

FEW, MANY = 60, 2_000
NOMINATIONS = 400
"""A joint decision about more has no meaning: a cycle has 24 places."""


def add_people(stage: Stage, numbers: range) -> list[Person]:
    return Person.objects.bulk_create(
        Person(
            first_name="Erika",
            last_name=f"Muster{number:05}",
            email=f"m{number}@stadt.example",
            municipality=stage.own,
        )
        for number in numbers
    )


def add_applications(stage: Stage, cast: Cast, numbers: range, state: ApplicationState) -> None:
    nominated = state == ApplicationState.NOMINATED
    rows = Application.objects.bulk_create(
        Application(
            cycle=stage.cycle,
            municipality=stage.own,
            person=person,
            state=state,
            rank=number % 99 + 1 if nominated else None,
            submitted_at=SOME_TIME,
            nominated_at=SOME_TIME if nominated else None,
            motivation="Ich möchte wachsen.",
        )
        for number, person in zip(numbers, add_people(stage, numbers), strict=True)
    )
    ApplicationNote.objects.bulk_create(
        ApplicationNote(application=row, author=cast.lead, text="Klar und ruhig.") for row in rows
    )
    analyse()


def add_mentors(stage: Stage, cast: Cast, numbers: range) -> None:
    people = add_people(stage, numbers)
    mentors = Mentor.objects.bulk_create(
        Mentor(
            cycle=stage.cycle,
            municipality=stage.own,
            person=person,
            position="Amtsleitung",
            topics=["leadership"],
            had_by=cast.member,
            state=MentorState.APPROACHED,
        )
        for person in people
    )
    Approach.objects.bulk_create(Approach(mentor=row, by=cast.member) for row in mentors)
    PoolEntry.objects.bulk_create(
        PoolEntry(programme=stage.programme, person=person, consent_on=date(2026, 1, 1))
        for person in people
    )
    analyse()


def counted(browser, addresses: list[str]) -> dict[str, int]:
    return {address: queries(browser, address) for address in addresses}


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("lead", ("applications:list", "selection:notes", "selection:choose", "selection:booklet")),
        ("hr", ("applications:list",)),
    ],
)
def test_applications(stage, cast, client_of, name, pages) -> None:
    browser = client_of(name)
    addresses = [*(reverse(page, args=[stage.cycle.pk]) for page in pages), "/"]
    add_applications(stage, cast, range(FEW), ApplicationState.NOMINATED)
    before = counted(browser, addresses)
    add_applications(stage, cast, range(FEW, MANY), ApplicationState.NOMINATED)
    assert counted(browser, addresses) == before


def test_ranking_of_a_very_eager_house(stage, cast, client_of) -> None:
    browser, address = client_of("hr"), reverse("applications:ranking", args=[stage.cycle.pk])
    add_applications(stage, cast, range(20), ApplicationState.SUBMITTED)
    before = queries(browser, address)
    # As many as the log of who read what writes in one statement on SQLite.
    add_applications(stage, cast, range(20, 50), ApplicationState.SUBMITTED)
    assert queries(browser, address) == before


def test_mentors_and_pool(stage, cast, client_of) -> None:
    pages = ("mentors:list", "mentors:approaches", "mentors:overview", "mentors:pool")
    addresses = [*(reverse(page, args=[stage.cycle.pk]) for page in pages), "/"]
    lead = client_of("lead")
    add_mentors(stage, cast, range(FEW))
    before = counted(lead, addresses)
    add_mentors(stage, cast, range(FEW, MANY))
    assert counted(lead, addresses) == before


def test_platzvergabe(stage, cast, client_of) -> None:
    pages = ("places:meeting", "places:voices", "places:close")
    addresses = [reverse(page, args=[stage.cycle.pk]) for page in pages]
    lead = client_of("lead")
    allocation = None

    def add_lines(numbers: range) -> None:
        nonlocal allocation
        add_applications(stage, cast, numbers, ApplicationState.NOMINATED)
        by = cast.lead.user
        if allocation is None:
            allocation = start_allocation(stage.cycle, rule="rounds", by=by)
        else:
            allocation = propose_anew(allocation, by=by)

    add_lines(range(FEW))
    before = counted(lead, addresses)
    add_lines(range(FEW, NOMINATIONS))
    assert counted(lead, addresses) == before
