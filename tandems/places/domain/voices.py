"""The voices: one a Kommune, whatever its size (design, rule 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Participation, ParticipationState
from tandems.places.domain.locks import held_open
from tandems.places.models import Allocation, Stance, Voice


@dataclass(frozen=True)
class VoiceEntry:
    """What is to be recorded for a Kommune; ``version`` is that of the voice shown, 0 if none."""

    participation: Participation
    stance: str
    text: str
    version: int


def record_voices(allocation: Allocation, entries: Sequence[VoiceEntry], *, by: User) -> int:
    """Record the voices of some Kommunen, all or none; returns how many.

    Given again unchanged a voice is confirmed: it counts as given now. Raises ``Refused``
    for an objection without text, a Kommune that does not take part, and if somebody else
    recorded one of them meanwhile.
    """
    with transaction.atomic(), acting(by):
        stored = held_open(allocation)
        known = {voice.participation_id: voice for voice in Voice.objects.filter(allocation=stored)}
        for entry in entries:
            _record(stored, known.get(entry.participation.pk), entry, by)
        return len(entries)


def _record(allocation: Allocation, voice: Voice | None, entry: VoiceEntry, by: User) -> None:
    participation = entry.participation
    name = participation.municipality.short_name
    taking_part = Participation.objects.filter(
        pk=participation.pk, cycle=allocation.cycle_id, state=ParticipationState.CONFIRMED
    )
    if not taking_part.exists():
        raise Refused(f"{name} nimmt an diesem Durchgang nicht teil und hat deshalb keine Stimme.")
    if (voice.version if voice else 0) != entry.version:
        given = voice.get_stance_display() if voice else "keine Stimme"
        raise Refused(
            f"Für {name} hat inzwischen jemand anderes „{given}“ eingetragen. Ihre Eingabe steht "
            "noch da: speichern Sie noch einmal, wenn sie gelten soll."
        )
    stance, text = Stance(entry.stance), entry.text.strip()
    if stance == Stance.OBJECT and not text:
        raise Refused(f"Bitte schreiben Sie, worin der Einwand von {name} besteht.")
    voice = voice or Voice(allocation=allocation, participation=participation)
    voice.stance, voice.text = stance, text if stance == Stance.OBJECT else ""
    voice.recorded_at, voice.recorded_by = timezone.now(), by
    voice.save()
