"""A Kommune leaves a Durchgang that goes on: what becomes of its tandems."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.cycles.models import Participation
from programmes.cycles.registries import Leaving
from tandems.meetings.domain.year import end_now
from tandems.pairs.models import EndReason, Tandem, TandemState
from tandems.pairs.permissions import council_tandems


def _running(participation: Participation) -> QuerySet[Tandem]:
    house = participation.municipality_id
    found: QuerySet[Tandem] = Tandem.objects.filter(
        Q(application__municipality=house) | Q(mentor__municipality=house),
        cycle=participation.cycle_id,
        state__in=TandemState.running(),
    ).select_related("cycle", "application", "mentee_person", "mentor_person")
    return found.order_by("pk")


def consequences(participation: Participation, user: User) -> list[str]:
    """The running tandems of the Kommune that ``user`` follows."""
    return [
        f"Das Tandem von {tandem.mentee_person.full_name} und {tandem.mentor_person.full_name} "
        "endet vorzeitig."
        for tandem in _running(participation).filter(council_tandems(user))
    ]


def leave(participation: Participation, reason: str, by: User) -> None:
    """End the running tandems of the Kommune today; the reason is a class, as always."""
    house = participation.municipality_id
    with transaction.atomic(), acting(by):
        for tandem in _running(participation):
            mentee = tandem.application.municipality_id == house
            why = EndReason.MENTEE_LEFT if mentee else EndReason.MENTOR_LEFT
            end_now(tandem, TandemState.ENDED_EARLY, timezone.localdate(), why)


LEAVING = Leaving(consequences, leave)
