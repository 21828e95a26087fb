"""The voices on a tandem: one of each Kommune concerned (design, rule 5)."""

from django.db import transaction
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import CouncilSeat, Participation
from programmes.cycles.permissions import roles_of
from programmes.people.permissions import posts_of
from tandems.pairs.domain.frame import touch
from tandems.pairs.domain.locks import check_state, held
from tandems.pairs.models import PairStance, Tandem, TandemState, TandemVoice
from tandems.pairs.standing import Standing


def speak(
    tandem: Tandem,
    participation: Participation,
    stance: str,
    text: str = "",
    *,
    version: int | None = None,
    by: User,
) -> TandemVoice:
    """Record what a Kommune concerned says to a proposed tandem.

    A seat holder of that Kommune does, or in the meeting a lead on its behalf. Given again
    unchanged it counts as given now. ``version`` is that of the voice the change began
    with, 0 if there was none. Raises ``Refused`` for an objection without text, a Kommune
    that is not concerned, to others, and if somebody else recorded one meanwhile.
    """
    with transaction.atomic(), acting(by):
        stored = held(tandem, by=by)
        check_state(stored, TandemState.PROPOSED)
        name = participation.municipality.short_name
        concerned = {part.pk for part in Standing(stored.cycle).concerned(stored)}
        if participation.pk not in concerned:
            raise Refused(f"{name} ist von diesem Tandem nicht betroffen und hat keine Stimme.")
        if participation.pk not in spoken_for(by, stored.cycle_id, concerned):
            raise Refused(
                f"Die Stimme von {name} gibt ein Mitglied des Beirats aus dieser Kommune ab, oder "
                "in der Sitzung eine Leitung für sie."
            )
        voice = TandemVoice.objects.filter(tandem=stored, participation=participation).first()
        if version is not None and version != (voice.version if voice else 0):
            given = voice.get_stance_display() if voice else "keine Stimme"
            raise Refused(
                f"Für {name} hat inzwischen jemand anderes „{given}“ eingetragen. Ihre Eingabe "
                "steht noch da: speichern Sie noch einmal, wenn sie gelten soll."
            )
        if stance not in PairStance.values:
            raise Refused("Bitte wählen Sie, was die Kommune sagt.")
        text = text.strip()
        if stance == PairStance.OBJECT and not text:
            raise Refused(f"Bitte schreiben Sie, worin der Einwand von {name} besteht.")
        voice = voice or TandemVoice(tandem=stored, participation=participation)
        voice.stance, voice.text = stance, text if stance == PairStance.OBJECT else ""
        voice.recorded_at, voice.recorded_by = timezone.now(), by
        voice.save()
        touch(stored.cycle)
        return voice


def spoken_for(by: User, cycle: int, participations: set[int]) -> frozenset[int]:
    """For which of ``participations`` (keys) of ``cycle`` the user may record a voice."""
    if cycle in roles_of(by).lead:
        return frozenset(participations)
    seats = CouncilSeat.objects.current().filter(
        person=posts_of(by).person, participation__in=participations
    )
    return frozenset(seats.values_list("participation", flat=True))
