"""What this room adds to earlier ones."""

from typing import Any

from mentoring.files.domain import readers
from mentoring.files.models import StoredFile
from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.cycles.models import Cycle
from programmes.cycles.registries import ended_actions, must_be_finished, step_warnings
from programmes.events.registries import event_sections
from programmes.people.retention import data_periods, erasure
from programmes.suppliers import frame
from programmes.suppliers.domain.invoices import PURPOSE, UPLOADED, unfinished
from programmes.suppliers.models import Commission, CommissionState, Speaker, SupplierInvoice
from programmes.suppliers.registries import spending_tabs
from programmes.suppliers.retention import SHARE, SPEAKERS, VOUCHERS


def _reads_file(user: Any, stored: StoredFile) -> bool:
    """Whoever sees the invoice reads its file."""
    return SupplierInvoice.objects.visible_to(user).filter(file=stored).exists()


def _reads_upload(user: Any, stored: StoredFile) -> bool:
    """Until the form is filled in, only who uploaded it."""
    return stored.created_by_id == user.pk


def _before_step(cycle: Cycle, step: str) -> list[str]:
    """Before a cycle is closed: what was ordered and never billed; before it is called off:
    the invoices nobody has decided about."""
    if step == "cancel":
        return unfinished(cycle)
    if step != "close":
        return []
    waiting = Commission.objects.filter(
        cycle=cycle, state=CommissionState.AGREED, fee__gt=0, invoices=None
    )
    number = waiting.count()
    if not number:
        return []
    what = "einem zugesagten Auftrag" if number == 1 else f"{number} zugesagten Aufträgen"
    return [f"Zu {what} ist noch keine Rechnung da."]


readers.add(PURPOSE, _reads_file)
readers.add(UPLOADED, _reads_upload)
ended_actions.add("suppliers", frame.books_button, order=63)
must_be_finished.add("suppliers", unfinished)
step_warnings.add("suppliers", _before_step)
spending_tabs.add("invoices", frame.tab("invoices", "Rechnungen", "suppliers.list"), order=10)
spending_tabs.add("commissions", frame.tab("commissions", "Aufträge", "suppliers.list"), order=20)
spending_tabs.add(
    "speakers", frame.tab("speakers", "Referent/innen", "suppliers.speakers"), order=30
)
navigation.add("suppliers", frame.navigation_items, order=63)
start_items.add("suppliers", frame.start_items_of)
event_sections.add("suppliers", frame.event_section, order=55)
data_periods.add("supplier invoices", VOUCHERS)
data_periods.add("speakers", SPEAKERS)
erasure.add("suppliers", SHARE)

# Read only by who sees the record: they name people, accounts and amounts.
track(Speaker, personal=True)
track(Commission, personal=True, cycle_of=lambda commission: commission.cycle_id)
track(SupplierInvoice, personal=True, cycle_of=lambda invoice: invoice.cycle_id)
