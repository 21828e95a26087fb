"""The close: what the Beirat has decided becomes the state of the applications."""

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from tandems.applications.models import Application, ApplicationState
from tandems.applications.outcomes import decide
from tandems.applications.reasons import ReasonMissing
from tandems.places.board import VoiceRow, voices_of
from tandems.places.domain.locks import held_open, lines_of, note_change
from tandems.places.models import Allocation, AllocationLine, AllocationState, Outcome, Stance
from tandems.places.order import stands
from tandems.profiles.models import Consent, ConsentKind


def close(
    allocation: Allocation, *, resolution: str = "", missing_note: str = "", by: User
) -> Allocation:
    """Close the Platzvergabe. Nobody is told by it; that is for the Kommunen.

    ``resolution`` says how the Beirat decides over an objection, ``missing_note`` why it
    does without the voice of a Kommune. Raises ``Refused`` while something is missing, and
    to whoever comes second.
    """
    with transaction.atomic(), acting(by):
        stored = held_open(allocation)
        _drop_withdrawn(stored)
        lines = lines_of(stored)
        _check_lines(stored, lines)
        _check_voices(voices_of(stored), resolution.strip(), missing_note.strip())
        for pk, stand in stands(lines).items():
            line = next(one for one in lines if one.pk == pk)
            line.position = stand.number
        AllocationLine.objects.bulk_update(
            [line for line in lines if line.outcome == Outcome.WAITING], ["position"]
        )
        for line in lines:
            decide(line.candidate, outcome=line.outcome, by=by)
        stored.resolution, stored.missing_note = resolution.strip(), missing_note.strip()
        stored.state = AllocationState.CLOSED
        stored.closed_at, stored.closed_by = timezone.now(), by
        stored.save()
        return stored


def _drop_withdrawn(allocation: Allocation) -> None:
    """Lines of applications that are not before the Beirat any more decide nothing."""
    AllocationLine.objects.filter(allocation=allocation).exclude(
        application__state=ApplicationState.NOMINATED
    ).delete()


def follow_withdrawn_consent(consent: Consent, by: User | None) -> None:
    """Without the consent to be handed on there is nothing to deliberate about any more.

    The line goes, so that nobody's page counts as hidden what is gone for all. After the
    close it stays for the deletion to find; no page shows it.
    """
    if consent.kind != ConsentKind.FORWARD:
        return
    with transaction.atomic(), acting(by):
        lines = AllocationLine.objects.filter(
            allocation__state=AllocationState.OPEN,
            application__cycle=consent.cycle_id,
            application__person=consent.person_id,
        )
        found = list(lines.select_related("allocation"))
        for line in found:
            allocation = line.allocation
            line.delete()
            note_change(allocation)


def _check_lines(allocation: Allocation, lines: list[AllocationLine]) -> None:
    # The sentences hold no numbers: whoever closes may not see every line.
    nominated = Application.objects.filter(
        cycle=allocation.cycle_id, state=ApplicationState.NOMINATED
    )
    if nominated.exclude(pk__in=[line.application_id for line in lines]).exists():
        raise Refused(
            "Seit dem Vorschlag ist jemand nominiert worden. Lassen Sie den Vorschlag neu machen: "
            "Ihre Entscheidungen bleiben dabei stehen."
        )
    if any(line.outcome == "" for line in lines):
        raise Refused(
            "Noch ist nicht über jede Bewerbung entschieden. Lösen Sie zuerst die Gleichstände "
            "auf, die auf der Seite stehen."
        )
    if sum(line.outcome == Outcome.PLACED for line in lines) > allocation.places:
        raise Refused(
            "Es sind mehr Plätze vergeben, als es gibt. Nehmen Sie jemanden auf die Warteliste, "
            "oder ändern Sie die Zahl der Plätze."
        )


def _check_voices(voices: list[VoiceRow], resolution: str, missing_note: str) -> None:
    lacking = [row.name for row in voices if row.voice is None or row.outdated]
    if lacking and not missing_note:
        raise ReasonMissing(
            "missing_note",
            f"Es fehlt die (noch geltende) Stimme von {', '.join(lacking)}. Tragen Sie sie ein, "
            "oder schreiben Sie, warum ohne sie beschlossen wird.",
        )
    against = [row.name for row in voices if row.voice and row.voice.stance == Stance.OBJECT]
    if against and not resolution:
        raise ReasonMissing(
            "resolution",
            f"Gegen den Vorschlag steht der Einwand von {', '.join(against)}. Schreiben Sie, was "
            "der Beirat dazu beschlossen hat.",
        )
