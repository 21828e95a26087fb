"""The applicants of a cycle as the audience of a confidential Rundmail."""

from typing import Any

from django.db.models import Q, QuerySet

from programmes.cycles.models import Cycle
from programmes.cycles.permissions import roles_of
from programmes.people.models import Person
from programmes.rundmails.registries import Audience
from tandems.applications.models import Application, ApplicationState

DECIDED = (ApplicationState.PLACED, ApplicationState.WAITING, ApplicationState.DECLINED)
LABELS = {
    ApplicationState.NOMINATED: "Bewerber/innen, über die noch nicht entschieden ist (nominiert)",
    ApplicationState.PLACED: "Bewerber/innen mit Platz, die es schon wissen",
    ApplicationState.WAITING: "Bewerber/innen auf der Warteliste, die es schon wissen",
    ApplicationState.DECLINED: "Bewerber/innen ohne Platz, die es schon wissen",
}
TOLD = ~Q(state__in=DECIDED) | Q(informed_on__isnull=False)
"""The outcome is told by the own Kommune; no mail may be quicker."""


def _choices(cycle: Cycle, user: Any) -> list[tuple[str, str]]:
    return [(state.value, label) for state, label in LABELS.items()]


def _applications(cycle: Cycle, user: Any) -> QuerySet[Application]:
    """What the Beirat sees of the cycle: nominated, and not in conflict with ``user``.

    Whoever is not of the Beirat writes to none of them, the own Kommune's staff included.
    """
    found: QuerySet[Application] = Application.objects.visible_to(user).filter(
        cycle=cycle, nominated_at__isnull=False
    )
    return found if cycle.pk in roles_of(user).council else found.none()


def _members(cycle: Cycle, value: str, user: Any) -> QuerySet[Person]:
    state = value if value in ApplicationState.with_council() else None
    rows = _applications(cycle, user).filter(TOLD, state=state)
    found: QuerySet[Person] = Person.objects.filter(pk__in=rows.values("person"))
    return found


def _withdrawn(cycle: Cycle, value: str, user: Any) -> QuerySet[Person]:
    rows = _applications(cycle, user).filter(state=ApplicationState.WITHDRAWN)
    found: QuerySet[Person] = Person.objects.filter(pk__in=rows.values("person"))
    return found


BY_STATE = Audience(
    "Bewerber/innen nach Stand", _choices, _members, gone=_withdrawn, confidential=True
)
