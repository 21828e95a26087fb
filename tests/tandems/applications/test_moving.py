"""An applicant changes the Kommune during the Durchgang: the application goes along."""

import pytest
from django.urls import reverse

from mentoring.ui.errors import Refused
from programmes.cycles.models import Participant, ParticipationState
from programmes.people.models import Person
from tandems.applications import domain
from tandems.applications.models import Application, ApplicationState
from tandems.applications.moving import change_house
from tests import factories as make
from tests.tandems.applications.ranking_makers import STATEMENT

pytestmark = pytest.mark.django_db
WHY = "Neue Stelle ab Juli"


@pytest.fixture
def nominated(by_hr):
    return by_hr("nominated", rank=1, statement=STATEMENT)


def page_of(name, application):
    return reverse(f"applications:{name}", args=[application.cycle_id, application.pk])


def text_of(page):
    return page.content.decode()


def move(application, stage, cast, **values):
    values = {"municipality": stage.other, "rank": 4, "reason": WHY, **values}
    return change_house(application, by=cast.user("lead"), **values)


def test_application_person_and_participant_go_to_the_new_kommune(nominated, stage, client_of):
    data = {"municipality": stage.other.pk, "rank": "4", "agreed": "on", "reason": WHY}
    answer = client_of("lead").post(page_of("move", nominated), data, follow=True)
    assert "liegt jetzt bei Übelheim" in text_of(answer)
    found = Application.objects.get()
    assert (found.municipality, found.rank, found.statement) == (stage.other, 4, "")
    assert Person.objects.get(pk=found.person_id).municipality == stage.other
    row = Participant.objects.get(person=found.person)
    assert (row.municipality, row.left_on, row.role) == (stage.other, None, "applicant")


def test_the_old_personalstelle_loses_sight_and_the_new_one_reads_no_old_statement(
    nominated, stage, cast, client_of
):
    assert client_of("other_hr").get(nominated.get_absolute_url()).status_code == 404
    move(nominated, stage, cast)
    assert client_of("hr").get(nominated.get_absolute_url()).status_code == 404
    listed = reverse("applications:list", args=[stage.cycle.pk])
    assert "Öztürk" not in text_of(client_of("hr").get(listed))
    text = text_of(client_of("other_hr").get(nominated.get_absolute_url()))
    assert "Käthe" in text
    assert WHY in text
    assert STATEMENT not in text
    assert STATEMENT not in text_of(client_of("member").get(nominated.get_absolute_url()))


def test_the_new_kommune_may_write_its_own_statement_once(nominated, stage, cast):
    assert "statement" not in {question.key for question in domain.changeable(nominated)}
    moved = move(nominated, stage, cast)
    assert "statement" in {question.key for question in domain.changeable(moved)}


def test_without_agreement_or_kommune_nothing_is_handed_on(nominated, stage, client_of):
    third = make.make_municipality("Unbeteiligt")
    data = {"municipality": third.pk, "rank": "4", "reason": WHY}
    page = client_of("lead").post(page_of("move", nominated), data)
    assert set(page.context["form"].errors) == {"municipality", "agreed"}
    assert Application.objects.get().municipality == stage.own


def test_both_kommunen_must_take_part(nominated, stage, cast):
    third = make.make_municipality("Neudorf")
    part = make.make_participation(stage.cycle, third, state="invited")
    with pytest.raises(Refused, match="Neudorf nimmt an diesem Durchgang nicht"):
        move(nominated, stage, cast, municipality=third)
    part.state = ParticipationState.CONFIRMED
    part.save()
    stage.cycle.participations.filter(municipality=stage.own).update(state="declined")
    with pytest.raises(Refused, match="Ahausen nimmt an diesem Durchgang nicht"):
        move(nominated, stage, cast, municipality=third)


def test_the_door_needs_a_reason_a_rank_and_another_kommune(nominated, stage, cast):
    for values, match in (
        ({"reason": "  "}, "Grund"),
        ({"rank": 0}, "1 bis 99"),
        ({"municipality": stage.own}, "liegt schon bei"),
    ):
        with pytest.raises(Refused, match=match):
            move(nominated, stage, cast, **values)


@pytest.mark.parametrize("state", ["draft", "submitted", "not_nominated", "withdrawn"])
def test_before_the_nomination_the_personalstellen_do_it_themselves(by_hr, stage, cast, state):
    with pytest.raises(Refused, match="noch nicht beim Beirat"):
        move(by_hr(state), stage, cast)


def test_hr_is_told_so_where_it_deletes_or_withdraws(by_hr, client_of):
    hr = client_of("hr")
    draft = by_hr("draft")
    for name in ("delete", "withdraw"):
        assert "legt die Personalstelle der neuen Kommune" in text_of(hr.get(page_of(name, draft)))


def test_a_mentee_moves_as_mentee(nominated, stage, cast):
    Application.objects.filter(pk=nominated.pk).update(state=ApplicationState.PLACED)
    Participant.objects.filter(person=nominated.person).delete()
    make.make_participant(stage.cycle, stage.own, person=nominated.person)
    moved = move(nominated, stage, cast)
    assert moved.state == ApplicationState.PLACED
    row = Participant.objects.get(person=nominated.person)
    assert (row.role, row.municipality) == ("mentee", stage.other)


def test_who_has_left_the_lists_stays_out(nominated, stage, cast):
    Application.objects.filter(pk=nominated.pk).update(state=ApplicationState.DECLINED)
    Participant.objects.filter(person=nominated.person).update(
        joined_on=make.LONG_AGO, left_on=make.SOME_TIME.date()
    )
    move(nominated, stage, cast)
    assert not Participant.objects.present().filter(person=nominated.person).exists()


def test_only_a_lead_who_may_see_it_moves_it(nominated, cast, client_of):
    url = page_of("move", nominated)
    assert client_of("member").get(url).status_code == 403
    assert client_of("hr").get(url).status_code == 403
    assert "Kommune wechseln" in text_of(client_of("lead").get(nominated.get_absolute_url()))
    assert "Kommune wechseln" not in text_of(client_of("member").get(nominated.get_absolute_url()))
    Application.objects.filter(pk=nominated.pk).update(superior=cast.lead)
    assert client_of("lead").get(url).status_code == 404


def test_a_superior_in_the_new_personalstelle_still_does_not_see_it(
    nominated, stage, cast, client_of
):
    Application.objects.filter(pk=nominated.pk).update(superior=cast.other_hr)
    nominated.refresh_from_db()
    move(nominated, stage, cast)
    assert client_of("other_hr").get(nominated.get_absolute_url()).status_code == 404
