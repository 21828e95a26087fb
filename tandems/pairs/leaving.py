"""What becomes of secret tandems when a half of them goes: a Kommune leaves, a consent ends."""

from django.db import transaction
from django.db.models import Q, QuerySet

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from programmes.cycles.models import Cycle, Participation
from programmes.cycles.registries import Leaving
from tandems.mentors.models import Mentor
from tandems.pairs.domain.frame import touch
from tandems.pairs.models import Tandem, TandemState
from tandems.pairs.permissions import decided_tandems
from tandems.profiles.models import Consent, ConsentKind


def mentees_known(mentor: Mentor) -> int:
    """How many mentees ``mentor`` has, as far as they are known.

    A secret tandem must not show through what is refused for it: not to the Personalstelle,
    not to the mentor (design, rule 1).
    """
    return Tandem.objects.filter(
        mentor=mentor, state__in=TandemState.running(), revealed_at__isnull=False
    ).count()


def _secret_of_house(participation: Participation) -> QuerySet[Tandem]:
    house = participation.municipality_id
    return Tandem.objects.filter(
        Q(application__municipality=house) | Q(mentor__municipality=house),
        cycle=participation.cycle_id,
        state__in=TandemState.secret(),
    )


def consequences(participation: Participation, user: User) -> list[str]:
    """How many secret tandems go with the Kommune, of those ``user`` decides on."""
    number = _secret_of_house(participation).filter(decided_tandems(user)).count()
    if not number:
        return []
    what = "1 Tandem, das noch nicht bekannt gegeben ist, wird"
    if number > 1:
        what = f"{number} Tandems, die noch nicht bekannt gegeben sind, werden"
    return [f"{what} aufgelöst."]


def leave(participation: Participation, reason: str, by: User) -> None:
    """Dissolve the secret tandems of the Kommune's people; known ones are ended elsewhere."""
    _dissolve(_secret_of_house(participation), participation.cycle, by)


def follow_withdrawn_consent(consent: Consent, by: User | None) -> None:
    """Without the consent to be handed on the Beirat loses the mentee, and with them the pair.

    Nobody could see the tandem any more, so nobody could dissolve it.
    """
    if consent.kind != ConsentKind.FORWARD:
        return
    secret = Tandem.objects.filter(
        cycle=consent.cycle_id,
        application__person=consent.person_id,
        state__in=TandemState.secret(),
    )
    _dissolve(secret, consent.cycle, by)


def _dissolve(tandems: QuerySet[Tandem], cycle: Cycle, by: User | None) -> None:
    with transaction.atomic(), acting(by):
        found = list(tandems)
        for tandem in found:
            tandem.delete()
        if found:
            touch(cycle)


LEAVING = Leaving(consequences, leave)
