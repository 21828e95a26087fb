"""An applicant who changes the Kommune during the Durchgang."""

import rules
from django.db import transaction
from django.urls import reverse

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from mentoring.ui.views import Action
from programmes.cycles.domain import add_participant
from programmes.cycles.models import Participant, ParticipantRole
from programmes.organisations.models import Municipality
from programmes.people import domain as people
from programmes.people.models import Person
from tandems.applications.checks import check_confirmed, check_rank
from tandems.applications.locks import locked
from tandems.applications.models import Application, ApplicationState

NOT_YET = (
    "Diese Bewerbung liegt noch nicht beim Beirat. Die bisherige Personalstelle löscht den Entwurf "
    "oder zieht die Bewerbung zurück; die neue Kommune legt sie neu an."
)


def change_house(
    application: Application, *, municipality: Municipality, rank: int, reason: str, by: User
) -> Application:
    """Hand a nominated application over to another Kommune, with ``rank`` (1 to 99) there.

    The old Kommune's Personalstelle loses sight of it, its statement goes; person and
    participant follow. Raises ``Refused`` before the nomination, without a ``reason``, and
    unless both Kommunen take part.
    """
    with transaction.atomic(), acting(by):
        stored = locked(application)
        if stored.state not in ApplicationState.with_council():
            raise Refused(NOT_YET)
        if not reason.strip():
            raise Refused("Bitte nennen Sie den Grund.")
        if municipality.pk == stored.municipality_id:
            raise Refused(f"Die Bewerbung liegt schon bei {municipality}.")
        for house in (stored.municipality, municipality):
            check_confirmed(stored.cycle, house)
        check_rank(rank)
        stored.municipality = municipality
        stored.rank = rank
        stored.statement = ""
        stored.moved_reason = reason.strip()[:1000]
        stored.save()
        person = Person.objects.select_for_update().get(pk=stored.person_id)
        if person.municipality_id != municipality.pk:
            person.municipality = municipality
            people.change(person, by=by)
        roles = (ParticipantRole.APPLICANT, ParticipantRole.MENTEE)
        for row in Participant.objects.filter(
            cycle=stored.cycle, person=person, role__in=roles
        ).present():
            add_participant(
                cycle=stored.cycle, person=person, municipality=municipality, role=row.role, by=by
            )
        return stored


def move_action(user: User, application: Application) -> Action | None:
    """A button of an application's page, for leads once the Beirat has it."""
    if application.state not in ApplicationState.with_council():
        return None
    if not rules.test_rule("applications.move", user, application):
        return None
    url = reverse("applications:move", args=[application.cycle_id, application.pk])
    return Action("Kommune wechseln", url, "tertiary")
