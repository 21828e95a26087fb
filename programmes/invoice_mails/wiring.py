"""What this room adds to earlier ones."""

from mentoring.jobs.sweep import sweepers
from mentoring.log.domain import track
from mentoring.ui.navigation import start_items
from programmes.billing.registries import invoice_actions, invoice_sections, list_actions
from programmes.billing.retention import goes_with
from programmes.invoice_mails.domain import wake_sender
from programmes.invoice_mails.frame import (
    LAST_REMINDER,
    invoice_section,
    mailings_button,
    reminder_button,
    send_button,
    start_entries,
)
from programmes.invoice_mails.models import InvoiceMailing
from programmes.invoice_mails.retention import PERIOD, forget_letters
from programmes.payments.registries import overdue_actions, overdue_columns
from programmes.people.retention import data_periods
from programmes.rundmails.registries import archive_links

# Before the outbox wakes its senders, so that one sweep does both.
sweepers.add("invoice_mails.due", wake_sender, order=61)
invoice_sections.add("invoice_mails", invoice_section, order=30)
invoice_actions.add("invoice_mails", send_button, order=30)
list_actions.add("invoice_mails", mailings_button, order=110)
overdue_actions.add("invoice_mails", reminder_button)
overdue_columns.add("invoice_mails", LAST_REMINDER)
archive_links.add("invoice_mails", mailings_button)
start_items.add("invoice_mails", start_entries, order=73)
data_periods.add("invoice_mails", PERIOD)
goes_with.add("invoice_mails", forget_letters)
track(InvoiceMailing, cycle_of=lambda mailing: mailing.cycle_id, exclude=("body", "batch"))
