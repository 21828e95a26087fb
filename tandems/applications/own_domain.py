"""What the applicant does by the personal link, and how the Personalstelle sends it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mentoring.accounts.models import User
from mentoring.log.domain import acting
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle
from programmes.people.permissions import NOBODY, posts_of
from tandems.applications import domain
from tandems.applications.checks import check_entry, check_state
from tandems.applications.models import Application, ApplicationState
from tandems.applications.permissions import takes_applications
from tandems.applications.retention import LINK
from tandems.links import domain as links
from tandems.links.models import PersonalLink
from tandems.links.registry import Purpose
from tandems.profiles.questions import Needed, Question, missing, questions

PURPOSE = LINK


def handled_by(user: Any) -> Q:
    """The own Kommune's Personalstelle, of the applications it sees; over ``PersonalLink``."""
    houses = posts_of(user).municipalities
    if not houses:
        return NOBODY
    seen = Application.objects.visible_to(user).filter(municipality__in=houses)
    return Q(record__in=seen.values("pk"))


def wanted(link: PersonalLink) -> bool:
    """While it is a draft that the applicant has not handed in, and drafts are taken."""
    drafts = Application.objects.filter(
        pk=link.record, person=link.person_id, state=ApplicationState.DRAFT, handed_in_at=None
    )
    return takes_applications(link.cycle) and drafts.exists()


def ended(link: PersonalLink) -> str:
    """What the applicant may know of an ended link. Nothing of what was decided (rule 1)."""
    application = Application.objects.filter(pk=link.record, person=link.person_id).first()
    if application is not None and application.handed_in_at is not None:
        day = timezone.localtime(application.handed_in_at)
        return (
            f"Sie haben Ihren Profilbogen am {day:%d.%m.%Y} abgegeben. Vielen Dank! Ihre "
            "Personalstelle liest ihn jetzt und meldet sich bei Ihnen. Möchten Sie noch etwas "
            "ändern, sagen Sie dort Bescheid: Sie bekommen dann einen neuen Link."
        )
    if not takes_applications(link.cycle):
        return (
            "Die Bewerbungsphase ist beendet, deshalb lässt sich Ihr Profilbogen nicht mehr "
            "ändern. Was Sie vorher gespeichert haben, liegt Ihrer Personalstelle vor. Bitte "
            "wenden Sie sich dorthin, wenn noch etwas fehlt."
        )
    return (
        "Ihr Profilbogen lässt sich über diesen Link nicht mehr ändern: der Link ist abgelaufen "
        "oder beendet, oder Ihre Personalstelle führt den Bogen jetzt selbst. Was Sie vorher "
        "gespeichert haben, ist erhalten. Bitte wenden Sie sich an Ihre Personalstelle."
    )


FILLED_IN = Purpose("Profilbogen", "applications:own_sheet", handled_by, wanted, ended)


def invite(application: Application, *, by: User, until: date | None = None) -> PersonalLink:
    """Mail the applicant a link to the own sheet; a sheet handed in is open again then.

    Raises ``Refused`` for anything but a draft, after the end of the application phase, and
    as ``links.open_link`` does.
    """
    with transaction.atomic(), acting(by):
        stored = held(application)
        check_state(stored, ApplicationState.DRAFT)
        check_entry(stored.cycle, stored.municipality)
        if stored.handed_in_at is not None:
            stored.handed_in_at = None
            stored.save()
        return links.open_link(
            purpose=PURPOSE,
            record=stored.pk,
            cycle=stored.cycle,
            person=stored.person,
            until=until,
            by=by,
        )


def held(application: Application) -> Application:
    """The row as it stands now, locked after its cycle. Raises ``Refused`` if it is gone."""
    cycle = Cycle.objects.select_for_update().get(pk=application.cycle_id)
    found = Application.objects.select_for_update(of=("self",)).select_related("person")
    stored: Application | None = found.filter(pk=application.pk).first()
    if stored is None:
        raise Refused("Diese Bewerbung wurde inzwischen gelöscht.")
    stored.cycle = cycle
    return stored


def may_invite(application: Application) -> bool:
    """Whether a link may be sent; the door checks it again."""
    return application.state == ApplicationState.DRAFT and takes_applications(application.cycle)


def save_own(
    link: PersonalLink, application: Application, *, values: Mapping[str, Any]
) -> Application:
    """Save what the applicant typed; a draft may stay incomplete.

    Raises ``Refused`` once the link has ended, ``EditConflict`` if the Personalstelle changed
    the sheet meanwhile.
    """
    with transaction.atomic():
        held(application)
        links.still_open(link)
        own = {question.key for question in own_questions(application)}
        typed = {key: value for key, value in values.items() if key in own}
        return domain.save_draft(application, values=typed, by=None)


def hand_in(link: PersonalLink, application: Application) -> Application:
    """The applicant is done: the Personalstelle reads it, the link ends.

    Raises ``Refused`` naming what is missing, and once the link has ended.
    """
    with transaction.atomic():
        stored = held(application)
        links.still_open(link)
        if missing := missing_own(stored, Needed.TO_SUBMIT):
            raise Refused(
                f"Es fehlt noch: {', '.join(missing)}. Bitte ergänzen Sie es und geben Sie den "
                "Bogen dann ab."
            )
        stored.handed_in_at = timezone.now()
        stored.save()
        links.close_links_of(PURPOSE, stored.pk, by=None)
        return stored


def own_questions(application: Application) -> list[Question]:
    """What the applicant answers: all but what only the Kommune does."""
    return [question for question in questions(application.sheet) if not question.house_only]


def missing_own(application: Application, needed: Needed) -> list[str]:
    """The labels of what the applicant has not answered yet."""
    return [
        question.label
        for question in missing(application, needed, application.sheet)
        if not question.house_only
    ]
