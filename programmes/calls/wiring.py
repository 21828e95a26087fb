"""What this room adds to earlier ones."""

from mentoring.log.domain import track
from mentoring.ui.navigation import navigation, start_items
from programmes.calls.domain import copy_to_new_cycle
from programmes.calls.frame import due, navigation_items
from programmes.calls.models import Call, Involvement
from programmes.cycles.registries import Copier, copied_on_new_cycle

track(Call, cycle_of=lambda call: call.cycle_id)
track(Involvement, cycle_of=lambda row: row.participation.cycle_id)
navigation.add("calls", navigation_items, order=54)
start_items.add("calls", due)
copied_on_new_cycle.add(
    "calls",
    Copier(
        "Ausschreibung",
        copy_to_new_cycle,
        "Text und Teilnahmebedingungen. Die Termine kommen aus dem neuen Fahrplan; vereinbaren "
        "muss der Beirat sie neu.",
    ),
)
