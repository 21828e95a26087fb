"""Invoices: number, snapshot, XML and PDF; two workers against one in the same run."""

import tempfile
import uuid
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median
from time import perf_counter

from mentoring.files.models import StoredFile
from programmes.billing import domain
from programmes.billing.models import Invoice, InvoiceState
from programmes.cycles.models import Cycle
from programmes.organisations.models import Municipality
from tests import factories as make
from tests.bench import figure
from tests.programmes.billing.makers import fee_line, fill_house, make_draft, taxed_line
from tests.stack import Stack
from tests.waiting import wait_until

INVOICES = 96
STARTING = 16
"""Not counted: until then a worker may still be loading what makes a PDF."""

ROUNDS = 3


def waiting() -> bool:
    """Whether an invoice still waits for its files."""
    return Invoice.objects.filter(state=InvoiceState.ISSUING).exists()


@cache
def place() -> tuple[Cycle, Municipality]:
    """A cycle and a Kommune with all that an invoice needs."""
    return make.make_cycle(), fill_house(make.make_municipality("Ahausen"))


def issue() -> float:
    """Issue ``INVOICES`` invoices with five lines; returns seconds per invoice."""
    cycle, house = place()
    lines = [fee_line(3), *(taxed_line(f"{10 + n}.99", name=f"Fahrt {n}") for n in range(4))]
    drafts = [make_draft(cycle, house, lines=lines) for _ in range(INVOICES)]
    by = make.make_user()
    began = perf_counter()
    for draft in drafts:
        domain.issue(draft, by=by)
    return (perf_counter() - began) / INVOICES


def made_per_second(folder: Path, workers: int) -> float:
    """How many invoices get their files, by ``workers`` real workers as the product runs them."""
    before = StoredFile.objects.count()
    stack = Stack.on_test_database(folder / uuid.uuid4().hex, env={"SWEEP_SECONDS": "0.5"})
    try:
        for _ in range(workers):
            stack.start_worker(concurrency=2)
        wait_until(lambda: not waiting(), timeout=300, what="all files are made", every=0.2)
    finally:
        stack.close()
    pdfs = StoredFile.objects.filter(purpose=domain.PURPOSE, content_type="application/pdf")
    moments: list[datetime] = list(
        pdfs.order_by("created_at").values_list("created_at", flat=True)
    )[-INVOICES:]
    assert StoredFile.objects.count() - before == 2 * INVOICES
    counted = moments[STARTING:]
    return (len(counted) - 1) / (counted[-1] - counted[0]).total_seconds()


@cache
def rates() -> tuple[float, float]:
    """Invoices per minute with one worker, and two workers against one: medians."""
    per_minute, against_one = [], []
    with tempfile.TemporaryDirectory() as name:
        for _ in range(ROUNDS):
            issuing = issue()
            one = made_per_second(Path(name), 1)
            issue()
            two = made_per_second(Path(name), 2)
            per_minute.append(60 / (issuing + 1 / one))
            against_one.append(two / one)
    return median(per_minute), median(against_one)


@figure("invoices.per_minute", "invoices")
def per_minute() -> float:
    """From draft to stored XML and PDF: issuing and one worker's files, one after the other."""
    return rates()[0]


@figure("invoices.two_workers_ratio", "ratio")
def two_workers_ratio() -> float:
    """Invoices per second of two workers, as a multiple of one worker's."""
    return rates()[1]
