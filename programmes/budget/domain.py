"""The doors of this room: every change of what is planned."""

from django.db import transaction

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.budget.models import BudgetLine
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle

GONE = "Dieser Planansatz wurde inzwischen von jemand anderem gelöscht."


def create(line: BudgetLine, *, by: User) -> BudgetLine:
    """Save a new line whose fields were checked. Raises ``Refused`` if the cycle has ended."""
    with transaction.atomic(), acting(by):
        held_open(line.cycle)
        _fit(line)
        line.save()
    return line


def save(line: BudgetLine, *, by: User) -> BudgetLine:
    """Save changed fields. Raises ``Refused`` or ``EditConflict``."""
    with transaction.atomic(), acting(by):
        held_open(line.cycle)
        _fit(line)
        line.save()
    return line


def delete(line: BudgetLine, *, by: User) -> None:
    """Delete a line. Raises ``Refused`` if it is gone or the cycle has ended."""
    with transaction.atomic(), acting(by):
        held_open(line.cycle)
        stored = BudgetLine.objects.select_for_update().filter(pk=line.pk).first()
        if stored is None:
            raise Refused(GONE)
        stored.delete()


def copy_to_new_cycle(old: Cycle, new: Cycle, by: User) -> None:
    """Take over what was planned. The events are made later: their names go to the labels."""
    lines = BudgetLine.objects.filter(cycle=old).select_related("event").order_by("pk")
    BudgetLine.objects.bulk_create(
        BudgetLine(
            cycle=new,
            category=line.category,
            planned=line.planned,
            label=(f"{line.event}: {line.label}" if line.event else line.label)[:160],
        )
        for line in lines
    )


def _fit(line: BudgetLine) -> None:
    if line.event is not None and line.event.cycle_id != line.cycle_id:
        raise Refused("Diese Veranstaltung gehört zu einem anderen Durchgang.")
