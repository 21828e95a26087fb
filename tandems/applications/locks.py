"""Holding an application while its state changes."""

from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from tandems.applications.models import Application


def locked(application: Application) -> Application:
    """The row as it stands now, locked, after its cycle: always in this order.

    Raises ``Refused`` if it is gone or its cycle has ended.
    """
    cycle = Cycle.objects.select_for_update().get(pk=application.cycle_id)
    stored: Application | None = (
        Application.objects.select_for_update().filter(pk=application.pk).first()
    )
    if stored is None:
        raise Refused("Diese Bewerbung wurde inzwischen gelöscht.")
    stored.cycle = cycle
    if not cycle.is_open:
        raise Refused("Dieser Durchgang ist beendet, seine Bewerbungen ändern sich nicht mehr.")
    return stored
