"""What a mentee or mentor fetches for themselves."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from programmes.certificates.attendance import candidates
from programmes.certificates.models import CertificateText
from programmes.cycles.frame import participations
from programmes.cycles.models import Cycle, Participant
from programmes.events.models import Event, EventKind
from programmes.roadmap.models import Milestone, MilestoneState


@dataclass(frozen=True)
class Own:
    """A certificate that is ready for who it is about."""

    row: Participant
    text: CertificateText


def own_certificates(user: Any) -> list[Own]:
    """Those of ``user`` that were released, after the closing event, and that they fulfil.

    One query for a mentee or mentor as long as nothing is released, none for others.
    """
    entries = participations(user)
    if not entries:
        return []
    texts = CertificateText.objects.filter(
        cycle__in={entry.cycle_id for entry in entries}, released_at__isnull=False
    ).select_related("cycle__programme")
    found: list[Own] = []
    for text in texts:
        if closing_is_over(text.cycle):
            mine = candidates(text.cycle, user).filter(
                pk__in=[entry.pk for entry in entries], attended__gte=text.events_at_least
            )
            found += [Own(row, text) for row in mine]
    return found


def closing_is_over(cycle: Cycle) -> bool:
    """Whether the closing event is behind; where none is planned its milestone counts."""
    closings = Event.objects.planned().filter(cycle=cycle, kind=EventKind.CLOSING)
    ends = list(closings.values_list("ends_at", flat=True))
    if ends:
        return bool(max(ends) <= timezone.now())
    milestones = Milestone.objects.filter(cycle=cycle, key="abschluss")
    days = list(milestones.exclude(state=MilestoneState.DROPPED).values_list("ends_on", flat=True))
    return not days or bool(max(days) < timezone.localdate())
