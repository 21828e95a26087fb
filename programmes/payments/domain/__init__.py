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
from programmes.payments.domain.importing import Imported, Unreadable, import_statement
from programmes.payments.domain.matching import Matcher, Share, Suggestion, suggestions
from programmes.payments.domain.overdue import overdue, unpaid, unsettled
from programmes.payments.domain.recording import record, too_early, undo, why_closed

__all__ = [
    "KEPT_DAYS",
    "Imported",
    "Matcher",
    "Share",
    "Suggestion",
    "Unreadable",
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
    "too_early",
    "undo",
    "unmatched",
    "unpaid",
    "unsettled",
    "why_closed",
    "with_paid",
]
