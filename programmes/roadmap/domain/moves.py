"""Moving a milestone with all that hangs on it, in one transaction; and taking it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting, log_changes
from mentoring.ui.errors import Refused
from programmes.cycles.domain.locks import held_open
from programmes.cycles.models import Cycle
from programmes.roadmap.domain.preview import Preview, preview_move
from programmes.roadmap.domain.workshop import mirror_workshop
from programmes.roadmap.models import Milestone, MilestoneState, Move, Task
from programmes.roadmap.registries import milestone_followers

CHANGED = (
    "Seit Sie diese Vorschau aufgerufen haben, hat sich im Durchgang etwas geändert. Es wurde "
    "nichts verschoben: bitte prüfen Sie die neue Vorschau und bestätigen Sie noch einmal."
)
_BATCH = 200


@dataclass(frozen=True)
class _Change:
    """One record with what its fields are going to hold."""

    record: Any
    values: dict[str, Any]

    @property
    def pairs(self) -> dict[str, list[Any]]:
        """What was and what will be in each field, as JSON."""
        return {
            name: [_plain(getattr(self.record, name)), _plain(value)]
            for name, value in self.values.items()
        }


def move(
    milestone: Milestone,
    *,
    starts_on: date,
    ends_on: date | None = None,
    by: User,
    seen: str | None = None,
) -> Move:
    """Move ``milestone`` with everything that follows it, all of it or nothing.

    ``seen`` is the fingerprint of the preview the user confirmed. Raises ``Refused`` if the
    consequences are others by now, if the milestone stands there already, or if it cannot
    move.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(milestone.cycle)
        preview = preview_move(milestone, starts_on=starts_on, ends_on=ends_on, user=by)
        if seen is not None and seen != preview.fingerprint:
            raise Refused(CHANGED)
        if preview.nothing_changes:
            raise Refused(f"„{preview.milestone}“ steht schon auf diesem Datum.")
        found = preview.milestone
        done = Move(
            cycle=cycle,
            milestone=found,
            title=found.title,
            from_on=found.starts_on,
            to_on=preview.starts_on,
            moved_by=by,
        )
        # Followers first: they compare the dates as stored with those of the shifts.
        done.followed = {
            name: milestone_followers.get(name).apply(cycle, preview.shifts, by)
            for name in milestone_followers.names()
        }
        done.changes = _write_all(preview, cycle)
        done.save()
    return done


def undo(done: Move, *, by: User) -> Move:
    """Take back the latest move of a cycle, with all that followed.

    Raises ``Refused`` for any other move, and naming what was changed since.
    """
    with transaction.atomic(), acting(by):
        cycle = held_open(done.cycle)
        latest = latest_move(cycle)
        if latest is None or latest.pk != done.pk:
            raise Refused(
                "Nur die letzte Verschiebung lässt sich zurücknehmen. Vermutlich war jemand "
                "anderes schneller, oder es gibt inzwischen eine neuere."
            )
        milestones = _changes_back(Milestone, latest.changes, "milestone")
        tasks = _changes_back(Task, latest.changes, "task")
        touched = [*_touched(latest.changes, milestones, tasks), *_cycle_touched(latest, cycle)]
        if touched:
            raise Refused(
                "Diese Verschiebung lässt sich nicht mehr zurücknehmen. Seither geändert wurde: "
                f"{', '.join(touched)}. Verschieben Sie stattdessen neu."
            )
        for name in reversed(milestone_followers.names()):
            if name in latest.followed:
                milestone_followers.get(name).undo(cycle, latest.followed[name], by)
        _write(Milestone, milestones)
        _write(Task, tasks)
        _mirror_back(latest, cycle)
        latest.undone_at = timezone.now()
        latest.undone_by = by
        latest.save(update_fields=["undone_at", "undone_by"])
    return latest


def latest_move(cycle: Cycle) -> Move | None:
    """The move that may be taken back, if there is one."""
    return Move.objects.filter(cycle=cycle, undone_at=None).first()


# --- Writing ------------------------------------------------------------------------------
def _write_all(preview: Preview, cycle: Cycle) -> list[dict[str, Any]]:
    milestones = [
        _Change(shift.milestone, {"starts_on": shift.starts_on, "ends_on": shift.ends_on})
        for shift in preview.shifts
    ]
    first, anchor = milestones[0], preview.milestone.anchor
    if anchor is not None:
        # It was put there by hand: from now on it hangs at this distance.
        first.values["anchor_days"] = (preview.starts_on - anchor.starts_on).days
    tasks = [_Change(shift.task, {"due_on": shift.due_on}) for shift in preview.tasks]
    changes = [
        *({"what": "milestone", "pk": change.record.pk, **change.pairs} for change in milestones),
        *({"what": "task", "pk": change.record.pk, **change.pairs} for change in tasks),
    ]
    _write(Milestone, milestones)
    _write(Task, tasks)
    if preview.milestone.is_start:
        before = (cycle.start_workshop_on, cycle.reveal_at)
        mirror_workshop(cycle, preview.starts_on)
        changes.append(
            {
                "what": "cycle",
                "pk": cycle.pk,
                "start_workshop_on": [_plain(before[0]), _plain(cycle.start_workshop_on)],
                "reveal_at": [_plain(before[1]), _plain(cycle.reveal_at)],
            }
        )
    return changes


def _write(model: Any, changes: list[_Change]) -> None:
    """Write many records at once; their numbers rise and the log knows the values."""
    log_changes([(change.record, change.pairs) for change in changes])
    for change in changes:
        for name, value in change.values.items():
            setattr(change.record, name, value)
    # Django's own queryset, for ours would enter each row in the log once more.
    plain: models.QuerySet[Any] = models.QuerySet(model)
    together: dict[tuple[str, ...], list[Any]] = {}
    for change in changes:
        together.setdefault(tuple(change.values), []).append(change.record)
    for names, records in together.items():
        plain.bulk_update(records, names, batch_size=_BATCH)
    rising = [name for name in ("version", "sequence") if hasattr(model, name)]
    keys = [change.record.pk for change in changes]
    for start in range(0, len(keys), _BATCH):
        models.QuerySet(model).filter(pk__in=keys[start : start + _BATCH]).update(
            **{name: F(name) + 1 for name in rising}
        )


# --- Taking back --------------------------------------------------------------------------
_FIELDS = {
    "milestone": ("starts_on", "ends_on", "anchor_days"),
    "task": ("due_on",),
}


def _changes_back(model: Any, changes: Iterable[dict[str, Any]], what: str) -> list[_Change]:
    """What restores the records of one kind that are still there."""
    wanted = {entry["pk"]: entry for entry in changes if entry["what"] == what}
    records = model.objects.in_bulk(list(wanted))
    return [
        _Change(
            record,
            {
                name: _value(name, wanted[pk][name][0])
                for name in _FIELDS[what]
                if name in wanted[pk]
            },
        )
        for pk, record in records.items()
    ]


def _touched(
    changes: Iterable[dict[str, Any]], milestones: list[_Change], tasks: list[_Change]
) -> list[str]:
    """Titles of what no longer is as the move left it."""
    left = {(entry["what"], entry["pk"]): entry for entry in changes}
    found = []
    for what, written in (("milestone", milestones), ("task", tasks)):
        for change in written:
            entry = left[what, change.record.pk]
            moved_on = any(
                _plain(getattr(change.record, name)) != entry[name][1] for name in change.values
            )
            ended = what == "milestone" and change.record.state != MilestoneState.PLANNED
            if moved_on or ended:
                found.append(f"„{change.record.title}“")
    return found


def _cycle_entry(done: Move) -> dict[str, Any] | None:
    return next((entry for entry in done.changes if entry["what"] == "cycle"), None)


def _cycle_touched(done: Move, cycle: Cycle) -> list[str]:
    entry = _cycle_entry(done)
    if entry is None or _plain(cycle.reveal_at) == entry["reveal_at"][1]:
        return []
    return ["die Zeit, zu der das Matching bekannt wird"]


def _mirror_back(done: Move, cycle: Cycle) -> None:
    entry = _cycle_entry(done)
    if entry is None:
        return
    before, reveal = entry["start_workshop_on"][0], entry["reveal_at"][0]
    cycle.start_workshop_on = date.fromisoformat(before) if before else None
    cycle.reveal_at = datetime.fromisoformat(reveal) if reveal else None
    cycle.save(update_fields=["start_workshop_on", "reveal_at"])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, plain: Any) -> Any:
    return date.fromisoformat(plain) if name.endswith("_on") and plain else plain
