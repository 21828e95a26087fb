"""Importing 3,000 applicants from a workbook: the check, the write, and both."""

import io
from functools import cache
from statistics import median
from time import perf_counter

from openpyxl import Workbook

from mentoring.files.checks import check_upload
from tandems.applications.models import Application
from tandems.imports import domain
from tandems.imports.checking import check_lines, known_people, open_table
from tandems.imports.columns import columns_of
from tandems.imports.models import ApplicantImport, ImportLine, ImportState
from tests import factories as make
from tests.bench import figure
from tests.tandems.imports.makers import upload

ROWS = 3_000
KNOWN = 100
TRIES = 3
NAMES = ("Müller", "Öztürk", "Schmidt-Rüße", "von der Heide", "Nowak", "Çelik", "Groß", "Abt")
CELLS = {
    "email": lambda n: f"erika{n}@ort.example",
    "phone": lambda n: f"02501 {n}",
    "salutation": lambda n: "Frau",
    "target_group": lambda n: "Erste Führungsrolle",
    "role_since": lambda n: "26.09.2025",
    "topics": lambda n: "Führung; Konflikte; Netzwerk",
    "motivation": lambda n: f"Ich möchte in meine Rolle hineinwachsen, Fall {n}. " * 8,
    "consent_forward": lambda n: "10.01.2026",
}


def table(cycle: object) -> bytes:
    """A workbook with all columns of the sheet and ``ROWS`` lines."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Bewerbungen")
    columns = columns_of(cycle)  # type: ignore[arg-type]  # a stand-in
    sheet.append([column.marked for column in columns])
    for number in range(ROWS):
        values = {
            "first_name": f"Erika{number % 97}",
            "last_name": f"{NAMES[number % len(NAMES)]}-Ort{number}",
        }
        row = []
        for column in columns:
            make_cell = CELLS.get(column.question.key)
            row.append(
                values.get(column.question.key) or (make_cell(number) if make_cell else None)
            )
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def seconds() -> tuple[float, float]:
    """Median seconds of the check and of the write, each of all ``ROWS`` lines."""
    cycle = make.make_cycle(number=51)
    checks, writes = [], []
    for _ in range(TRIES):
        house = make.make_municipality()
        make.make_participation(cycle, house)
        hr = make.make_hr(house).user
        assert hr is not None
        for number in range(KNOWN):
            make.make_person(f"Ida {number}", f"Kollegin {number}", municipality=house)
        data = table(cycle)
        began = perf_counter()
        file = upload(data)
        check_upload(file, allowed=domain.ALLOWED, max_bytes=len(data))
        lines = check_lines(open_table(file.file, cycle), known=known_people(house, hr))
        run = ApplicantImport.objects.create(
            cycle=cycle, municipality=house, file_name="bench.xlsx", created_by=hr
        )
        for line in lines:
            line.run = run
        ImportLine.objects.bulk_create(lines, batch_size=domain.BATCH)
        checks.append(perf_counter() - began)
        assert run.lines.all().takes().count() == ROWS
        ApplicantImport.objects.filter(pk=run.pk).update(state=ImportState.WRITING)
        began = perf_counter()
        assert domain.write(run, by=hr) == ROWS
        writes.append(perf_counter() - began)
    assert Application.objects.filter(cycle=cycle).count() == TRIES * ROWS
    return median(checks), median(writes)


@figure("import.rows_per_second", "rows/s")
def both() -> float:
    """Check and write together."""
    check, write = seconds()
    return ROWS / (check + write)


@figure("import.rows_per_second.check", "rows/s")
def check_only() -> float:
    """Reading, checking and keeping the lines."""
    return ROWS / seconds()[0]


@figure("import.rows_per_second.write", "rows/s")
def write_only() -> float:
    """Making the drafts, in one transaction."""
    return ROWS / seconds()[1]
