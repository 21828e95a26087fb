"""Columns of what was paid and what is open, for lists of invoices with ``with_paid``."""

from decimal import Decimal
from typing import Any

from mentoring.ui.lists import Column
from programmes.einvoices.amounts import rounded

NOUGHT = Decimal("0.00")


def _paid(row: Any) -> Any:
    # SQLite gives back an amount without its last noughts.
    return rounded(row.paid)


def _open(row: Any) -> Any:
    return max(rounded(row.open), NOUGHT)


def _too_much(row: Any) -> Any:
    # Empty, not nought: who looks for money to give back sees it at once.
    return -rounded(row.open) if row.open < 0 else None


PAID = Column("paid", "bezahlt (Euro)", _paid, sort="paid", numeric=True)
OPEN = Column("open", "offen (Euro)", _open, sort="open", numeric=True)
TOO_MUCH = Column("too_much", "zu viel gezahlt (Euro)", _too_much, sort="-open", numeric=True)
