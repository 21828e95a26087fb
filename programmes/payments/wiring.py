"""What this room adds to earlier ones."""

from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.billing.registries import (
    ExtraColumns,
    before_cancel,
    invoice_actions,
    invoice_sections,
    journal_columns,
    list_actions,
    list_columns,
    still_open,
)
from programmes.billing.retention import goes_with
from programmes.cycles.registries import ended_actions, must_be_finished, step_warnings
from programmes.payments.columns import OPEN, PAID, TOO_MUCH
from programmes.payments.domain import KEPT_DAYS, delete_old, paid_totals, with_paid
from programmes.payments.frame import (
    before_cancelling,
    books_button,
    navigation_items,
    open_button,
    start_entries,
    unfinished,
)
from programmes.payments.models import BankEntry, BankStatement, Payment
from programmes.payments.retention import forget_payments
from programmes.payments.sections import before_storno, invoice_section, record_button
from programmes.people.retention import DataPeriod, data_periods

list_columns.add("payments", ExtraColumns(with_paid, [OPEN], paid_totals))
journal_columns.add("payments", ExtraColumns(with_paid, [PAID, OPEN, TOO_MUCH]))
still_open.add("payments", with_paid)
list_actions.add("payments", open_button)
invoice_sections.add("payments", invoice_section, order=20)
invoice_actions.add("payments", record_button, order=20)
before_cancel.add("payments", before_storno)
navigation.add("payments", navigation_items, order=72)
start_items.add("payments", start_entries, order=72)
must_be_finished.add("payments", unfinished)
step_warnings.add("payments", before_cancelling)
ended_actions.add("payments", books_button, order=60)
goes_with.add("payments", forget_payments)
data_periods.add(
    "payments.entries",
    DataPeriod(
        "Gutschriften aus Kontoauszügen ohne Rechnung",
        "Einlesen des Kontoauszugs",
        KEPT_DAYS,
        delete_old,
    ),
)
track(Payment, cycle_of=lambda payment: payment.invoice.cycle_id, exclude=("note",))
# Who paid, and what for, may be about anybody: it must not outlive its row.
track(BankStatement, exclude=("file_name",))
track(BankEntry, personal=True, exclude=("payer", "text", "fingerprint"))
