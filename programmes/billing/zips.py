"""Many invoices as one ZIP: each with its PDF and its XML."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from mentoring.ui.errors import Refused
from programmes.billing.domain import whole
from programmes.billing.models import Invoice
from programmes.cycles.models import Cycle

FIRST_DAY = date(1980, 1, 1)
DIRECT = 50
"""So many invoices are packed while the user waits; more become a job."""


def with_files(invoices: Any) -> list[Invoice]:
    """Those of a queryset that have a PDF, by number."""
    found: list[Invoice] = list(
        invoices.exclude(pdf=None)
        .select_related("pdf", "xml")
        .order_by("year", "sequence", "number", "pk")
        .distinct()
    )
    return found


def zip_of(
    invoices: Sequence[Invoice], done: Callable[[int, int], Any] = lambda count, total: None
) -> bytes:
    """The files of ``invoices``; ``done`` is told how many are packed.

    Raises ``Refused`` if one is not the file that was made.
    """
    packed = BytesIO()
    names: set[str] = set()
    # The PDF is packed already, and XML is small: storing is quicker and hardly larger.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for count, invoice in enumerate(invoices, start=1):
            for stored in (invoice.pdf, invoice.xml):
                if stored is None:
                    continue
                data = whole(stored, invoice)
                if data is None:
                    raise Refused(
                        f"Die Datei der Rechnung {invoice.number} fehlt oder wurde verändert. "
                        "Bitte wenden Sie sich an die Betreuung des Systems."
                    )
                archive.writestr(_entry(_free(names, stored.name), invoice), data)
            done(count, len(invoices))
    return packed.getvalue()


def name_of(cycle: Cycle) -> str:
    """What the ZIP of a cycle is called."""
    return f"Rechnungen Durchgang {cycle.number}.zip"


def _free(names: set[str], name: str) -> str:
    """``name``, numbered where another file has it: two PDFs of another system may be alike."""
    stem, _, ending = name.rpartition(".")
    count, found = 1, name
    while found.lower() in names:
        count += 1
        found = f"{stem} ({count}).{ending}"
    names.add(found.lower())
    return found


def _entry(name: str, invoice: Invoice) -> zipfile.ZipInfo:
    # A ZIP knows no day before 1980, whatever somebody once typed.
    day = max(invoice.issued_on or invoice.created_at.date(), FIRST_DAY)
    return zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
