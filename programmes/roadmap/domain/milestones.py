"""Adding, changing, dropping and finishing single milestones."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import CouncilSeat, Participation
from programmes.documents.models import Document
from programmes.roadmap import calendar
from programmes.roadmap.domain.preview import preview_move
from programmes.roadmap.models import Milestone, MilestoneState

MOST_DAYS_APART = 3660
"""So far from its anchor a milestone may lie: ten years."""

_IN_CALENDARS = ("title", "starts_on", "ends_on", "venue", "description")


def add_milestone(
    milestone: Milestone,
    *,
    seats: Iterable[CouncilSeat] = (),
    documents: Iterable[Document] = (),
    by: User,
) -> Milestone:
    """Add ``milestone`` (not saved yet) to its cycle's Fahrplan.

    Raises ``Refused`` if there is no Fahrplan yet, the cycle has ended, or the milestone
    does not fit in.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(milestone.cycle)
        if not Milestone.objects.filter(cycle=cycle).exists():
            raise Refused("Legen Sie zuerst den Fahrplan an: von ihm aus wird gezählt.")
        _fit_in(milestone)
        milestone.save()
        _choose(milestone, seats, documents)
    return milestone


def save_milestone(
    milestone: Milestone,
    *,
    seats: Iterable[CouncilSeat] | None = None,
    documents: Iterable[Document] | None = None,
    by: User,
) -> Milestone:
    """Save a changed milestone; ``None`` leaves seats or documents as they are.

    Raises ``Refused`` if it does not fit in, or if its new date would take others along
    (then it is moved, see ``move``); ``EditConflict`` if somebody else changed it.
    """
    with transaction.atomic(), acting(by):
        held_open(milestone.cycle)
        stored = Milestone.objects.get(pk=milestone.pk)
        if stored.state == MilestoneState.DROPPED:
            raise Refused(
                f"„{stored}“ entfällt. Nehmen Sie den Meilenstein zuerst wieder in den Fahrplan "
                "auf."
            )
        moved = (stored.starts_on, stored.ends_on) != (milestone.starts_on, milestone.ends_on)
        if moved:
            _goes_alone(stored, milestone, by)
        _fit_in(milestone)
        if any(getattr(stored, name) != getattr(milestone, name) for name in _IN_CALENDARS):
            milestone.sequence = stored.sequence + 1
        milestone.save()
        _choose(milestone, seats, documents)
    return milestone


def drop(milestone: Milestone, *, reason: str, by: User) -> Milestone:
    """Take a planned milestone out of the plan, for a reason.

    What hung on it hangs on what it hung on itself, at the dates it has. Raises ``Refused``
    without a reason, for the Startworkshop, and for one that is no longer planned.
    """
    if not reason.strip():
        raise Refused("Bitte nennen Sie den Grund.")
    with transaction.atomic(), acting(by):
        found = _held_milestone(milestone)
        if found.is_start:
            raise Refused(
                "Der Startworkshop kann nicht entfallen: von ihm aus wird gezählt. Verschieben "
                "Sie ihn, oder sagen Sie den Durchgang ab."
            )
        _only(found, MilestoneState.PLANNED)
        for linked in Milestone.objects.filter(anchor=found):
            linked.anchor = found.anchor
            linked.anchor_days = days_after(linked, found.anchor)
            linked.save(update_fields=["anchor", "anchor_days"])
        found.state = MilestoneState.DROPPED
        found.drop_reason = reason.strip()
        found.sequence += 1
        found.save(update_fields=["state", "drop_reason", "sequence"])
    return found


def mark_done(milestone: Milestone, *, by: User) -> Milestone:
    """Say that a planned milestone is done, today. Raises ``Refused`` for any other."""
    with transaction.atomic(), acting(by):
        found = _held_milestone(milestone)
        _only(found, MilestoneState.PLANNED)
        found.state = MilestoneState.DONE
        found.done_on = timezone.localdate()
        found.save(update_fields=["state", "done_on"])
    return found


def reopen(milestone: Milestone, *, by: User) -> Milestone:
    """Plan a milestone again that was done or dropped. Raises ``Refused`` for a planned one."""
    with transaction.atomic(), acting(by):
        found = _held_milestone(milestone)
        _only(found, MilestoneState.DONE, MilestoneState.DROPPED)
        found.state = MilestoneState.PLANNED
        found.done_on = None
        found.drop_reason = ""
        found.sequence += 1
        found.save(update_fields=["state", "done_on", "drop_reason", "sequence"])
    return found


def days_after(milestone: Milestone, anchor: Milestone | None) -> int | None:
    """How many days after ``anchor`` a milestone begins; ``None`` if it hangs on nothing."""
    return None if anchor is None else (milestone.starts_on - anchor.starts_on).days


def _held_milestone(milestone: Milestone) -> Milestone:
    """As stored, the cycle held."""
    held_open(milestone.cycle)
    return Milestone.objects.select_related("anchor").get(pk=milestone.pk)


def _only(milestone: Milestone, *states: MilestoneState) -> None:
    if milestone.state not in states:
        raise Refused(
            f"„{milestone}“ ist jetzt {milestone.get_state_display()}. Vermutlich war jemand "
            "anderes schneller."
        )


def _goes_alone(stored: Milestone, wanted: Milestone, by: User) -> None:
    """Raise ``Refused`` if the new dates of ``wanted`` take others along."""
    if stored.state == MilestoneState.DONE and not stored.is_start:
        return
    preview = preview_move(stored, starts_on=wanted.starts_on, ends_on=wanted.ends_on, user=by)
    if not preview.alone:
        raise Refused(
            f"An „{stored}“ hängt anderes, das mitgehen soll. Ändern Sie das Datum über "
            "„Verschieben“: dort sehen Sie vorher, was sich alles ändert."
        )


def _fit_in(milestone: Milestone) -> None:
    """Complete a milestone that is about to be saved. Raises ``Refused`` if it cannot stand."""
    for day in (milestone.starts_on, milestone.ends_on):
        calendar.check_day(day)
    if milestone.ends_on < milestone.starts_on:
        raise Refused("Das Ende liegt vor dem Beginn.")
    house = milestone.municipality_id
    takes_part = Participation.objects.filter(cycle=milestone.cycle_id, municipality=house)
    if house is not None and not takes_part.exists():
        raise Refused(f"{milestone.municipality} nimmt an diesem Durchgang nicht teil.")
    _check_anchor(milestone)
    milestone.anchor_days = days_after(milestone, milestone.anchor)
    if abs(milestone.anchor_days or 0) > MOST_DAYS_APART:
        raise Refused(
            f"„{milestone.title}“ läge mehr als zehn Jahre von „{milestone.anchor}“ entfernt."
        )


def _check_anchor(milestone: Milestone) -> None:
    anchor = milestone.anchor
    if anchor is None:
        return
    if milestone.is_start:
        raise Refused("Der Startworkshop hängt an nichts: von ihm aus wird gezählt.")
    if anchor.cycle_id != milestone.cycle_id:
        raise Refused("Ein Meilenstein kann nur an einem anderen desselben Durchgangs hängen.")
    above = dict(Milestone.objects.filter(cycle=milestone.cycle_id).values_list("pk", "anchor"))
    step: int | None = anchor.pk
    while step is not None:
        if step == milestone.pk:
            raise Refused(
                f"„{anchor}“ hängt selbst an „{milestone.title}“. Im Kreis kann nichts hängen."
            )
        step = above.get(step)


def _choose(
    milestone: Milestone,
    seats: Iterable[CouncilSeat] | None,
    documents: Iterable[Document] | None,
) -> None:
    if seats is not None:
        chosen = list(seats)
        inside = CouncilSeat.objects.filter(participation__cycle=milestone.cycle_id)
        if inside.filter(pk__in=[seat.pk for seat in chosen]).count() != len(chosen):
            raise Refused("Zuständig kann nur sein, wer im Beirat dieses Durchgangs sitzt.")
        milestone.seats.set(chosen)
    if documents is not None:
        files = list(documents)
        if any(document.cycle_id != milestone.cycle_id for document in files):
            raise Refused("Die Unterlage gehört zu einem anderen Durchgang.")
        milestone.documents.set(files)
