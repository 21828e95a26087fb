"""Columns of what was paid and what is open, for lists of invoices with ``with_paid``."""

from typing import Any

from mentoring.ui.lists import Column
from programmes.einvoices.amounts import rounded


def _paid(row: Any) -> Any:
    # SQLite gives back an amount without its last noughts.
    return rounded(row.paid)


def _open(row: Any) -> Any:
    return rounded(row.open)


PAID = Column("paid", "bezahlt (Euro)", _paid, sort="paid", numeric=True)
OPEN = Column("open", "offen (Euro)", _open, sort="open", numeric=True)
