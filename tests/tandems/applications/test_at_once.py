"""Two HR people at the same moment: one decides, the other is told."""

import pytest

from programmes.cycles.models import Participant
from tandems.applications import domain
from tandems.applications.models import Application, ApplicationState
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.tandems.applications.conftest import answers

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_nominate(by_hr, cast):
    application, user = by_hr("submitted"), cast.user("hr")
    found = at_once(
        lambda: domain.nominate(application, rank=1, by=user),
        lambda: domain.nominate(application, rank=2, by=user),
    )
    assert len(refusals(found)) == 1
    won = next(row for row in found if isinstance(row, Application))
    assert Application.objects.get(pk=application.pk).rank == won.rank
    assert Participant.objects.filter(person=application.person_id).count() == 1


def test_one_nominates_while_the_other_declines(by_hr, cast):
    application, user = by_hr("submitted"), cast.user("hr")
    found = at_once(
        lambda: domain.nominate(application, rank=1, by=user),
        lambda: domain.not_nominate(application, by=user),
    )
    assert len(refusals(found)) == 1
    state = Application.objects.get(pk=application.pk).state
    participants = Participant.objects.filter(person=application.person_id).count()
    assert participants == (1 if state == ApplicationState.NOMINATED else 0)


def test_both_enter_the_same_known_person(by_hr, stage, cast):
    user = cast.user("hr")
    person = domain.withdraw(by_hr(), by=user).person

    def enter():
        return domain.create_draft(
            cycle=stage.cycle, municipality=stage.own, values=answers(), person=person, by=user
        )

    assert len(refusals(at_once(enter, enter))) == 1
    drafts = Application.objects.filter(person=person, state=ApplicationState.DRAFT)
    assert drafts.count() == 1
