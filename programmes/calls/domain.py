"""The doors of this room. Whether ``by`` may open them is asked by the page's rule."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.calls.models import Call, Involvement
from programmes.calls.placeholders import problems_in
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle, Participation, ParticipationState

_DEFAULTS = Path(__file__).parent / "defaults"


def shipped_text() -> str:
    """The text of the Ausschreibung a programme begins with."""
    return (_DEFAULTS / "ausschreibung.md").read_text(encoding="utf-8")


def shipped_conditions() -> str:
    """The conditions of entry a programme begins with."""
    return (_DEFAULTS / "bedingungen.md").read_text(encoding="utf-8")


def call_of(cycle: Cycle) -> Call | None:
    """The Ausschreibung of ``cycle``, if the Beirat has begun one."""
    found: Call | None = Call.objects.filter(cycle=cycle).first()
    if found is not None:
        found.cycle = cycle
    return found


def proposed_call(cycle: Cycle) -> Call:
    """What the Beirat begins with, not saved: the shipped text."""
    return Call(cycle=cycle, text=shipped_text(), conditions=shipped_conditions())


def save_call(call: Call, *, by: User) -> Call:
    """Save text, conditions and the day they were agreed on.

    Raises ``Refused`` in a cycle that has ended, for a day to come and for a placeholder
    that does not exist; ``EditConflict`` if somebody else was faster, with the first save too.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(call.cycle)
        for source in (call.text, call.conditions):
            if problems := problems_in(source):
                raise Refused(" ".join(problems))
        if call.agreed_on is not None and call.agreed_on > timezone.localdate():
            raise Refused("Vereinbart sein kann die Ausschreibung frühestens heute.")
        if call._state.adding:
            first = Call.objects.filter(cycle=cycle).first()
            if first is not None:
                raise EditConflict(first)
        call.save()
        return call


def save_involvement(involvement: Involvement, *, by: User) -> Involvement:
    """Note when Personalrat and Gleichstellung were involved in a Kommune.

    Raises ``Refused`` in a cycle that has ended, for a Kommune that does not take part and
    for a day to come; ``EditConflict`` if somebody else was faster.
    """
    with transaction.atomic(), acting(by):
        held_open(involvement.participation.cycle)
        part = Participation.objects.select_related("municipality").get(
            pk=involvement.participation_id
        )
        if part.state != ParticipationState.CONFIRMED:
            raise Refused(f"{part.municipality} nimmt an diesem Durchgang nicht (mehr) teil.")
        today = timezone.localdate()
        days = (involvement.staff_council_on, involvement.equality_on)
        if any(day is not None and day > today for day in days):
            raise Refused("Eine Beteiligung wird erst eingetragen, wenn sie stattgefunden hat.")
        if involvement._state.adding:
            first = Involvement.objects.filter(participation=part).first()
            if first is not None:
                raise EditConflict(first)
        involvement.save()
        return involvement


def copy_to_new_cycle(old: Cycle, new: Cycle, by: User) -> None:
    """Take text and conditions over into ``new``, where they have to be agreed on again."""
    found = call_of(old)
    if found is not None:
        Call.objects.create(cycle=new, text=found.text, conditions=found.conditions)
