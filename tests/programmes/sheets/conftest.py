"""What the tests of lists and sheets share."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from programmes.cycles.models import ParticipantRole
from tests import factories as make

PEOPLE = [
    ("Zoe", "Ärmel", ParticipantRole.MENTEE, "own"),
    ("Ida", "Ader", ParticipantRole.APPLICANT, "own"),
    ("Max", "Zander", ParticipantRole.MENTOR, "other"),
]


@pytest.fixture
def people(stage, cast):
    """Three participants of two Kommunen, one of which has an address."""
    stage.own.street, stage.own.postal_code, stage.own.city = "Am Markt 1", "01067", "Ahausen"
    stage.own.save()
    found = {}
    for first, last, role, house in PEOPLE:
        person = make.make_person(
            first, last, municipality=getattr(stage, house), position="Leitung Geheimamt"
        )
        found[last] = make.make_participant(stage.cycle, getattr(stage, house), role, person=person)
    return found


@pytest.fixture
def page(stage):
    """A function from the name of a page of this room to its address in the open cycle."""
    return lambda name, *args: reverse(f"sheets:{name}", args=[stage.cycle.pk, *args])


def rows_of(answer):
    """The rows of a workbook, without empty cells."""
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [[cell for cell in row if cell is not None] for row in sheet.values]


def words_of(data):
    """What a PDF says, in one line."""
    reader = PdfReader(io.BytesIO(data))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def days(number):
    """A time so many days from now."""
    return timezone.now() + timedelta(days=number)
