"""The doors of this room: payments, and what bank statements tell of them."""

from programmes.payments.domain.amounts import (
    open_amount,
    owed_amount,
    paid_amount,
    paid_totals,
    with_paid,
)
from programmes.payments.domain.entries import (
    KEPT_DAYS,
    certain,
    confirm,
    confirm_certain,
    delete_old,
    ignore,
    ignore_rest,
    rest_seen,
    seen,
    unmatched,
)
from programmes.payments.domain.importing import Imported, import_statement
from programmes.payments.domain.matching import Matcher, Share, Suggestion, suggestions
from programmes.payments.domain.overdue import overdue, unpaid
from programmes.payments.domain.recording import record, undo

__all__ = [
    "KEPT_DAYS",
    "Imported",
    "Matcher",
    "Share",
    "Suggestion",
    "certain",
    "confirm",
    "confirm_certain",
    "delete_old",
    "ignore",
    "ignore_rest",
    "import_statement",
    "open_amount",
    "overdue",
    "owed_amount",
    "paid_amount",
    "paid_totals",
    "record",
    "rest_seen",
    "seen",
    "suggestions",
    "undo",
    "unmatched",
    "unpaid",
    "with_paid",
]
