"""The doors through which a Kommune ranks its applications and hands them to the Beirat."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.domain import add_participant
from programmes.cycles.models import Cycle, CycleState, ParticipantRole
from programmes.organisations.models import Municipality
from tandems.applications.checks import (
    check_complete,
    check_entry,
    check_not_mentor,
    check_phase,
    check_rank,
    check_state,
)
from tandems.applications.deadline import deadline_of
from tandems.applications.locks import locked
from tandems.applications.models import Application, ApplicationState
from tandems.applications.registries import are_ranks_fixed
from tandems.profiles.questions import Needed

RANKED = (ApplicationState.SUBMITTED, ApplicationState.NOMINATED)
"""States in which the own Kommune ranks an application."""

FIXED = (
    "Die Platzvergabe hat begonnen: Die Ränge der nominierten Bewerbungen ändern sich nicht "
    "mehr. Wenden Sie sich an die Leitung des Beirats, wenn ein Rang falsch ist."
)
MOVED = (
    "Während Sie die Rangfolge bearbeitet haben, hat jemand anderes sie geändert. Noch ist nichts "
    "überschrieben: In der Tabelle steht bei jeder geänderten Bewerbung, was inzwischen gilt. "
    "Prüfen Sie Ihre Ränge und speichern Sie noch einmal."
)

Read = Mapping[int, tuple[str, int | None]]
"""State and rank of each application (primary key), as somebody read them."""


class RanksMoved(Refused):
    """Somebody else ranked, nominated or withdrew since the page was read."""

    def __init__(self, stored: Read) -> None:
        super().__init__(MOVED)
        self.stored = stored


class NotReady(Refused):
    """Nothing was nominated; ``faults`` says of which application what is in the way."""

    def __init__(self, faults: Mapping[int, str]) -> None:
        super().__init__(
            "Noch ist niemand nominiert und kein Rang gespeichert: Unten steht bei jeder Person, "
            "was im Weg ist."
        )
        self.faults = faults


def nominate(
    application: Application, *, rank: int, late_reason: str = "", by: User
) -> Application:
    """Hand a submitted application over to the Beirat; several may share a ``rank`` (1 to 99).

    The applicant becomes a participant, known to the Logistikpartner. Raises ``Refused``
    without a recorded consent, outside the application phase, if the Kommune does not take
    part, and after the deadline without ``late_reason``, which the Beirat reads.
    """
    with transaction.atomic(), acting(by):
        stored = locked(application)
        check_state(stored, ApplicationState.SUBMITTED)
        check_phase(stored.cycle)
        check_entry(stored.cycle, stored.municipality)
        check_not_mentor(stored.cycle, stored.person)
        check_complete(stored, Needed.TO_NOMINATE, "Für die Nominierung fehlt noch etwas.")
        check_rank(rank)
        stored.late_reason = _late_reason(stored.cycle, late_reason)
        stored.state = ApplicationState.NOMINATED
        stored.rank = rank
        stored.nominated_at = timezone.now()
        stored.save()
        add_participant(
            cycle=stored.cycle,
            person=stored.person,
            municipality=stored.municipality,
            role=ParticipantRole.APPLICANT,
            by=by,
        )
        return stored


def _late_reason(cycle: Cycle, typed: str) -> str:
    """What is kept as the reason: none in time. Raises ``Refused`` if it is due and missing."""
    deadline = deadline_of(cycle)
    if deadline is None or not deadline.passed:
        return ""
    reason = typed.strip()[:1000]
    if not reason:
        raise Refused(f"{deadline} Bitte nennen Sie den Grund.")
    return reason


def change_rank(application: Application, *, rank: int, by: User) -> Application:
    """Give a nominated application another rank, until the Beirat deliberates.

    Raises ``Refused``.
    """
    with transaction.atomic(), acting(by):
        stored = locked(application)
        check_state(stored, ApplicationState.NOMINATED)
        check_phase(stored.cycle)
        check_rank(rank)
        if stored.rank != rank:
            if are_ranks_fixed(stored.cycle):
                raise Refused(FIXED)
            stored.rank = rank
            stored.save()
        return stored


def ranks_change(cycle: Cycle) -> bool:
    """Whether the Kommunen may still change the ranks of what they have nominated."""
    return cycle.state == CycleState.APPLICATION and not are_ranks_fixed(cycle)


def read_ranks(cycle: Cycle, municipality: Municipality, by: User) -> dict[int, Application]:
    """The applications of the Kommune that ``by`` ranks, by primary key, in their order."""
    rows = (
        Application.objects.visible_to(by)
        .filter(cycle=cycle, municipality=municipality, state__in=RANKED)
        .select_related("person", "municipality")
        .order_by("rank", "person__sort_key", "pk")
    )
    # Who has no rank yet comes last, on both databases.
    found = {row.pk: row for row in sorted(rows, key=lambda row: row.rank is None)}
    for row in found.values():
        row.cycle = cycle  # one object, which knows its sheet
    return found


def as_read(rows: Mapping[int, Application]) -> dict[int, tuple[str, int | None]]:
    """What is remembered of ``rows`` to notice that somebody else was there meanwhile."""
    return {pk: (str(row.state), row.rank) for pk, row in rows.items()}


def save_ranking(
    cycle: Cycle,
    municipality: Municipality,
    *,
    ranks: Mapping[int, int | None],
    read: Read,
    nominated: Collection[int] = (),
    late_reason: str = "",
    by: User,
) -> list[Application]:
    """Save the ranks of a Kommune's applications together, and nominate some: all or nothing.

    ``ranks`` by primary key, ``None`` for none yet; equal ones are allowed. ``read`` is what
    the page showed. Returns those nominated now. Raises ``RanksMoved`` if something else is
    stored by now, ``NotReady`` with the faults of each person, ``Refused``.
    """
    with transaction.atomic(), acting(by):
        held = Cycle.objects.select_for_update().get(pk=cycle.pk)
        check_entry(held, municipality)
        rows = read_ranks(held, municipality, by)
        if as_read(rows) != dict(read):
            raise RanksMoved(as_read(rows))
        for pk, row in rows.items():
            rank = ranks.get(pk, row.rank)
            if rank == row.rank:
                continue
            if row.state == ApplicationState.NOMINATED:
                _check_change(held, rank)
            if rank is not None:
                check_rank(rank)
            row.rank = rank
            row.save(update_fields=["rank"])
        return _nominate_all([rows[pk] for pk in nominated if pk in rows], late_reason, by)


def _check_change(cycle: Cycle, rank: int | None) -> None:
    check_phase(cycle)
    if are_ranks_fixed(cycle):
        raise Refused(FIXED)
    if rank is None:
        raise Refused("Wer nominiert ist, behält einen Rang.")


def _nominate_all(rows: list[Application], late_reason: str, by: User) -> list[Application]:
    faults: dict[int, str] = {}
    done = []
    for row in rows:
        if row.rank is None:
            faults[row.pk] = "Geben Sie zuerst einen Rang."
            continue
        try:
            # A savepoint each: the next one is looked at, too, and all are undone below.
            with transaction.atomic():
                done.append(nominate(row, rank=row.rank, late_reason=late_reason, by=by))
        except Refused as refusal:
            faults[row.pk] = str(refusal)
    if faults:
        raise NotReady(faults)
    return done


def equal_ranks(rows: Collection[Application]) -> dict[int, list[Application]]:
    """The ranks that several of ``rows`` share, with those who share them."""
    by_rank: dict[int, list[Application]] = {}
    for row in rows:
        if row.rank is not None:
            by_rank.setdefault(row.rank, []).append(row)
    return {rank: found for rank, found in sorted(by_rank.items()) if len(found) > 1}
