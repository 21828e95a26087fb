"""An uploaded table names many people; it goes after a week, or when one of them asks."""

from datetime import date, datetime, timedelta

import pytest

from mentoring.files.domain import store_bytes
from mentoring.files.models import StoredFile
from programmes.people.retention import erase, known_about
from tandems.imports.domain import PURPOSE
from tandems.imports.models import ApplicantImport, ImportLine
from tests import factories as make
from tests.programmes.privacy.makers import BERLIN, night_of

UPLOADED = date(2026, 5, 1)


@pytest.fixture
def person(stage):
    return make.make_person("Xaver", "Unikum", municipality=stage.own)


@pytest.fixture
def run(stage, person, cast):
    file = store_bytes(b"x", name="tabelle.csv", content_type="text/csv", purpose=PURPOSE, by=None)
    made = ApplicantImport.objects.create(
        cycle=stage.cycle,
        municipality=stage.own,
        file=file,
        file_name="tabelle.csv",
        created_at=datetime(2026, 5, 1, 12, tzinfo=BERLIN),
        created_by=cast.user("hr"),
    )
    ImportLine.objects.create(
        run=made,
        number=2,
        name="Unikum, Xaver",
        search_key="unikum xaver",
        answers={"motivation": "Mein Weg", "statement": "Geheim", "email": person.email},
    )
    return made


def test_gone_with_its_file_on_its_day_and_not_before(run):
    night_of(UPLOADED + timedelta(days=6))
    assert ApplicantImport.objects.exists()
    night_of(UPLOADED + timedelta(days=7))
    assert not ApplicantImport.objects.exists()
    assert not StoredFile.objects.filter(purpose=PURPOSE).exists()


def test_the_person_reads_the_own_line_without_what_the_kommune_says(run, person):
    text = str(known_about(person))
    assert "Mein Weg" in text
    assert "Geheim" not in text


def test_somebody_else_of_another_kommune_reads_nothing(run, stage):
    namesake = make.make_person("Xaver", "Unikum", municipality=stage.other)
    assert "Mein Weg" not in str(known_about(namesake))


def test_erasure_takes_the_whole_table(run, person, cast):
    erase(person, by=cast.user("hr"))
    assert not ApplicantImport.objects.exists()
    assert not StoredFile.objects.filter(purpose=PURPOSE).exists()
