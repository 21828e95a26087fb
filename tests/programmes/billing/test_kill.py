"""A real worker, killed between the number and the files: no gap, no double, nothing missing."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from mentoring.files.models import StoredFile
from programmes.billing import domain
from programmes.billing.models import Invoice, InvoiceState
from tests import factories as make
from tests.programmes.billing.makers import fill_house, make_draft
from tests.stack import Stack
from tests.waiting import pass_time, wait_until

pytestmark = pytest.mark.kill

INVOICES = 12
KILLS = 2


@pytest.fixture
def workers(transactional_db: None, tmp_path: Path) -> Iterator[Stack]:
    """Worker processes on this test's own database, which soon notice what was left behind."""
    folder = tmp_path / "data"
    env = {"SWEEP_SECONDS": "0.5", "JOB_LOST_SECONDS": "3"}
    stack = Stack.on_test_database(folder, env=env)
    yield stack
    stack.close()


def issued() -> int:
    return int(Invoice.objects.filter(state=InvoiceState.ISSUED).count())


@pytest.mark.smoke
def test_no_invoice_stays_without_its_files_however_often_the_worker_is_killed(
    workers: Stack, settings
) -> None:
    # The test reads what the workers store.
    settings.MEDIA_ROOT = workers.folder / "files"
    chance = random.Random(6)
    cycle, by = make.make_cycle(), make.make_user()
    house = fill_house(make.make_municipality("Ahausen"))
    for _ in range(INVOICES):
        domain.issue(make_draft(cycle, house), by=by)
    for _ in range(KILLS):
        before = issued()
        worker = workers.start_worker()
        wait_until(lambda before=before: issued() > before, 90, "files are made")
        pass_time(chance.uniform(0, 0.5))
        workers.kill(worker)
    worker = workers.start_worker()
    wait_until(lambda: issued() == INVOICES, 90, "all invoices have their files")
    invoices = Invoice.objects.select_related("pdf", "xml").order_by("sequence")
    assert [invoice.sequence for invoice in invoices] == list(range(1, INVOICES + 1))
    for invoice in invoices:
        assert domain.whole(invoice.pdf, invoice)
        assert invoice.number.encode() in domain.whole(invoice.xml, invoice)
    # What a killed worker had begun to store is nobody's, and no row knows it.
    assert StoredFile.objects.filter(purpose=domain.PURPOSE).count() == 2 * INVOICES
    workers.stop(worker)
