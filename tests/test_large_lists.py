"""The lists of a large region: 5,000 people, participants and applications."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mentoring.jobs.domain import claim_next, run_claimed
from mentoring.jobs.models import Job, JobState
from programmes.cycles.models import Participant, ParticipantRole
from programmes.people.models import Person
from tandems.applications.models import Application, ApplicationState
from tests import factories as make
from tests.conftest import Cast, Stage

ROWS = 5_000


def add_rows(stage: Stage, first: int, count: int) -> None:
    """Nominated applicants of the other Kommune, with what each list shows of them."""
    people = Person.objects.bulk_create(
        Person(
            first_name="Erika",
            last_name=f"Muster{number:05}",
            email=f"m{number}@stadt.example",
            municipality=stage.other,
        )
        for number in range(first, first + count)
    )
    Participant.objects.bulk_create(
        Participant(
            cycle=stage.cycle,
            municipality=stage.other,
            person=person,
            role=ParticipantRole.APPLICANT,
        )
        for person in people
    )
    Application.objects.bulk_create(
        Application(
            cycle=stage.cycle,
            municipality=stage.other,
            person=person,
            state=ApplicationState.NOMINATED,
            rank=number % 99 + 1,
            submitted_at=make.SOME_TIME,
            nominated_at=make.SOME_TIME,
        )
        for number, person in enumerate(people)
    )
    # As the database does by itself once the rows are committed; until then PostgreSQL
    # plans for tables as small as the other tests left them.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def addresses(stage: Stage) -> dict[str, str]:
    cycle = f"/durchgaenge/{stage.cycle.pk}"
    return {
        "people": "/personen/",
        "participants": f"{cycle}/teilnehmende/",
        "applications": f"{cycle}/bewerbungen/",
    }


def queries(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert browser.get(address).status_code == 200
    return len(counted)


def test_5000_rows_take_no_more_queries_than_60(
    stage: Stage, cast: Cast, client_of, addresses: dict[str, str]
) -> None:
    lead = client_of("lead")
    add_rows(stage, 0, 60)
    before = {name: queries(lead, address) for name, address in addresses.items()}
    add_rows(stage, 60, ROWS - 60)
    assert {name: queries(lead, address) for name, address in addresses.items()} == before


def test_5000_rows_are_exported_in_the_background_with_progress(
    stage: Stage, cast: Cast, client_of, addresses: dict[str, str]
) -> None:
    add_rows(stage, 0, ROWS)
    logistics = client_of("logistics")
    answer = logistics.post(f"{addresses['participants']}?role=applicant", {"export": "xlsx"})
    job = Job.objects.get()
    assert answer.headers["Location"] == job.get_absolute_url()

    claimed = claim_next()
    assert claimed is not None
    run_claimed(*claimed)

    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, ROWS, ROWS)
    assert job.result is not None
    with job.result.content.open() as stored:
        sheet = openpyxl.load_workbook(io.BytesIO(stored.read()), read_only=True).active
    assert sheet is not None
    names = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert sum(1 for name in names if str(name).startswith("Muster")) == ROWS
