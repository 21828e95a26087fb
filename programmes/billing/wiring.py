"""What this room adds to earlier ones."""

from mentoring.files.domain import readers
from mentoring.jobs.domain import JobKind, kinds
from mentoring.jobs.sweep import sweepers
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.billing import frame, jobs
from programmes.billing.domain import PURPOSE
from programmes.billing.domain.files import wake_maker
from programmes.billing.domain.issuing import ISSUE_KIND
from programmes.billing.held import holds_partner
from programmes.billing.models import Buyer, CycleFee, Invoice, Issuer, OrderNumber
from programmes.billing.permissions import keeps_cancelled
from programmes.billing.reading import reads_file
from programmes.billing.retention import PERIOD
from programmes.billing.settings import copy_fee
from programmes.cycles.permissions import cancelled_kept
from programmes.cycles.registries import (
    Copier,
    Leaving,
    copied_on_new_cycle,
    house_leaves,
    must_be_finished,
    partner_held,
    step_warnings,
)
from programmes.organisations.sections import municipality_sections, partner_sections
from programmes.people.retention import data_periods

readers.add(PURPOSE, reads_file)
sweepers.add("billing.files", wake_maker)
kinds.add(ISSUE_KIND, JobKind("Rechnungen ausstellen", jobs.issue_all, jobs.readable))
kinds.add(jobs.ZIP_KIND, JobKind("Rechnungen als ZIP", jobs.pack, jobs.readable))
# What an invoice says stands in its snapshot; the log tells who did what to it.
track(
    Invoice,
    cycle_of=lambda invoice: invoice.cycle_id,
    exclude=("snapshot", "note", "claim", "claimed_at", "attempts", "trouble"),
)
track(Issuer)
track(Buyer)
track(OrderNumber, cycle_of=lambda order: order.participation.cycle_id)
track(CycleFee, cycle_of=lambda fee: fee.cycle_id)

navigation.add("billing", frame.navigation_items, order=60)
start_items.add("billing: to bill", frame.logistics_items)
start_items.add("billing: to pay", frame.house_items)
partner_held.add("billing", holds_partner)
must_be_finished.add("billing", frame.unfinished)
step_warnings.add("billing", frame.before_closing)
cancelled_kept.add("billing", keeps_cancelled)
house_leaves.add("billing", Leaving(frame.consequences_of_leaving, frame.nothing_to_do))
copied_on_new_cycle.add(
    "fee",
    Copier(
        "Gebühr und Kostenmodell",
        copy_fee,
        "Was für den letzten Durchgang abweichend vom Programm festgelegt war.",
    ),
)
municipality_sections.add("billing", frame.municipality_section, order=60)
partner_sections.add("billing", frame.partner_section, order=60)
data_periods.add("invoices", PERIOD, order=90)
