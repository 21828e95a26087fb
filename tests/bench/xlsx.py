"""The export of the participant list as a workbook, over a bare write of the same cells.

Both in one run, of processor time, so that other work on the machine touches both alike. The
bare write has what the export has to find out first: the finished values in a list.
"""

import io

from openpyxl import Workbook, load_workbook

from mentoring.ui.background import ExportRequest
from mentoring.ui.list_exports import list_for, write_export
from programmes.cycles.models import Participant, ParticipantRole
from programmes.people.models import Person
from tests import factories as make
from tests.bench import figure
from tests.bench.matching import least

ROWS = 10_000
NAMES = ("Müller", "Öztürk", "Schmidt-Rüße", "von der Heide", "Nowak", "Çelik", "Groß", "Abt")


def fill() -> tuple[object, int]:
    """A lead, and the key of their cycle with ``ROWS`` participants of 17 Kommunen."""
    cycle = make.make_cycle(number=71)
    houses = [make.make_municipality(f"Stadt am Fluss {number:02}") for number in range(17)]
    seats = [make.make_participation(cycle, house) for house in houses]
    lead = make.make_seat(seats[0], lead=True)
    people = Person.objects.bulk_create(
        Person(
            first_name=f"Erika {number % 97}",
            last_name=f"{NAMES[number % len(NAMES)]} {number}",
            email=f"mensch{number}@stadt.example",
            phone=f"0251 {number:06}",
            municipality=houses[number % len(houses)],
        )
        for number in range(ROWS)
    )
    Participant.objects.bulk_create(
        Participant(
            cycle=cycle,
            person=person,
            municipality_id=person.municipality_id,
            role=ParticipantRole.values[number % 3],
        )
        for number, person in enumerate(people)
    )
    return lead.user, cycle.pk


@figure("xlsx.ratio_to_openpyxl", "x")
def ratio() -> float:
    """The whole export, from query to file, over openpyxl's quickest way."""
    user, cycle = fill()

    def export() -> bytes:
        request = ExportRequest("cycles.participants", "", {"cycle_pk": cycle}, "", "xlsx", ROWS)
        out = io.BytesIO()
        write_export(list_for(request, user), "xlsx", out)
        return out.getvalue()

    cells = [list(row) for row in load_workbook(io.BytesIO(export())).active.values]
    assert len(cells) == ROWS + 1

    def bare() -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in cells:
            sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    assert [list(row) for row in load_workbook(io.BytesIO(bare())).active.values] == cells
    ours, theirs = least(export, bare)
    return ours / theirs
