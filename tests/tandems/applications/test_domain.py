"""The doors of the applications room."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.models import (
    CycleState,
    Participant,
    ParticipantRole,
    ParticipationState,
)
from programmes.people.models import Person
from tandems.applications import domain
from tandems.applications.models import Application, ApplicationState
from tandems.profiles.domain import Named, Naming
from tandems.profiles.models import Consent, Exclusion
from tests import factories as make
from tests.tandems.applications.conftest import answers


def present(application):
    return Participant.objects.filter(
        cycle=application.cycle_id, person=application.person_id, role=ParticipantRole.APPLICANT
    ).present()


def set_cycle(cycle, state):
    cycle.state = state
    cycle.save()


def test_a_draft_needs_a_name_only(stage, cast):
    draft = domain.create_draft(
        cycle=stage.cycle,
        municipality=stage.own,
        values={"first_name": "Käthe", "last_name": "Öztürk"},
        by=cast.user("hr"),
    )
    assert draft.state == ApplicationState.DRAFT
    assert draft.person.municipality == stage.own
    with pytest.raises(
        Refused, match="Aktuelle Funktion, Zielgruppe, Werdegang und Ausbildung, Motivation"
    ):
        domain.submit(draft, by=cast.user("hr"))


def test_blanks_are_no_answer(by_hr, cast):
    draft = by_hr(motivation=" \n ")
    with pytest.raises(Refused, match="Motivation zur Teilnahme"):
        domain.submit(draft, by=cast.user("hr"))


def test_from_draft_to_nomination(by_hr, stage, cast):
    application = by_hr("submitted")
    assert not present(application).exists()
    nominated = domain.nominate(application, rank=2, by=cast.user("hr"))
    assert (nominated.state, nominated.rank) == (ApplicationState.NOMINATED, 2)
    assert present(application).get().municipality == stage.own


def test_two_nominations_at_once_do_not_double(by_hr, cast):
    application = by_hr("submitted")
    seen_by_second = Application.objects.get(pk=application.pk)
    domain.nominate(application, rank=1, by=cast.user("hr"))
    with pytest.raises(Refused, match="nominiert"):
        domain.nominate(seen_by_second, rank=2, by=cast.user("hr"))
    assert Application.objects.get(pk=application.pk).rank == 1
    assert present(application).count() == 1


def test_several_may_share_a_rank(by_hr):
    first = by_hr("nominated", rank=1)
    second = by_hr("nominated", rank=1, last_name="Anders", email="a@ahausen.example")
    assert first.rank == second.rank == 1


@pytest.mark.parametrize("rank", [0, -1, 100])
def test_a_rank_is_1_to_99(by_hr, cast, rank):
    with pytest.raises(Refused, match="1 bis 99"):
        domain.nominate(by_hr("submitted"), rank=rank, by=cast.user("hr"))


def test_no_nomination_without_consent(by_hr, cast):
    application = by_hr("submitted", consent_forward=None)
    with pytest.raises(Refused, match="Einwilligung"):
        domain.nominate(application, rank=1, by=cast.user("hr"))
    assert not present(application).exists()


@pytest.mark.parametrize("state", [CycleState.PLANNING, CycleState.MATCHING, CycleState.RUNNING])
def test_no_nomination_outside_the_application_phase(by_hr, stage, cast, state):
    application = by_hr("submitted")
    set_cycle(stage.cycle, state)
    with pytest.raises(Refused):
        domain.nominate(application, rank=1, by=cast.user("hr"))
    assert not present(application).exists()


@pytest.mark.parametrize("state", CycleState.ended())
def test_nothing_changes_in_an_ended_cycle(by_hr, stage, cast, state):
    application = by_hr("submitted")
    stage.cycle.state = state
    stage.cycle.cancel_reason = "entfällt"
    stage.cycle.save()
    user = cast.user("hr")
    for act in (
        lambda: domain.withdraw(application, reason="x", by=user),
        lambda: domain.not_nominate(application, by=user),
        lambda: domain.return_to_draft(application, by=user),
    ):
        with pytest.raises(Refused, match="beendet"):
            act()


@pytest.mark.parametrize("state", [ParticipationState.INVITED, ParticipationState.DECLINED])
def test_only_a_kommune_that_takes_part(by_hr, stage, cast, state):
    application = by_hr("submitted")
    participation = stage.cycle.participations.get(municipality=stage.own)
    participation.state = state
    participation.save()
    with pytest.raises(Refused, match="nimmt an diesem Durchgang nicht"):
        domain.nominate(application, rank=1, by=cast.user("hr"))
    with pytest.raises(Refused):
        domain.create_draft(
            cycle=stage.cycle, municipality=stage.own, values=answers(), by=cast.user("hr")
        )


def test_not_nominated_never_becomes_a_participant(by_hr, cast):
    application = by_hr("not_nominated")
    assert not Participant.objects.filter(person=application.person).exists()
    again = domain.reconsider(application, by=cast.user("hr"))
    assert again.state == ApplicationState.SUBMITTED
    assert not Participant.objects.filter(person=application.person).exists()


def test_taking_back_and_changing_the_rank(by_hr, cast):
    draft = domain.return_to_draft(by_hr("submitted"), by=cast.user("hr"))
    assert (draft.state, draft.submitted_at) == (ApplicationState.DRAFT, None)
    with pytest.raises(Refused):
        domain.change_rank(draft, rank=3, by=cast.user("hr"))
    nominated = by_hr("nominated", last_name="Anders", email="a@ahausen.example")
    assert domain.change_rank(nominated, rank=3, by=cast.user("hr")).rank == 3


def test_withdrawing_a_nominated_one_needs_a_reason_and_ends_participation(by_hr, cast):
    application = by_hr("nominated")
    with pytest.raises(Refused, match="Grund"):
        domain.withdraw(application, reason="  ", by=cast.user("hr"))
    withdrawn = domain.withdraw(application, reason="Neue Stelle", by=cast.user("hr"))
    assert withdrawn.state == ApplicationState.WITHDRAWN
    assert not present(application).exists()
    with pytest.raises(Refused, match="schon zurückgezogen"):
        domain.withdraw(application, reason="Neue Stelle", by=cast.user("hr"))


def test_withdrawing_before_nomination_needs_no_reason(by_hr, cast):
    assert domain.withdraw(by_hr("submitted"), by=cast.user("hr")).nominated_at is None


def test_after_withdrawal_the_person_may_apply_again(by_hr, stage, cast):
    application = by_hr("withdrawn")
    again = domain.create_draft(
        cycle=stage.cycle,
        municipality=stage.own,
        values=answers(),
        person=application.person,
        by=cast.user("hr"),
    )
    again = domain.nominate(domain.submit(again, by=cast.user("hr")), rank=1, by=cast.user("hr"))
    assert present(again).count() == 1


def test_one_application_for_a_person_and_cycle(by_hr, stage, cast):
    application = by_hr()
    with pytest.raises(Refused, match="schon eine Bewerbung"):
        domain.create_draft(
            cycle=stage.cycle,
            municipality=stage.own,
            values=answers(),
            person=application.person,
            by=cast.user("hr"),
        )
    with pytest.raises(IntegrityError):
        make.make_application(stage.cycle, stage.own, person=application.person)


def test_a_foreign_application_of_the_person_is_not_told(stage, cast):
    moved = make.make_person(municipality=stage.other)
    make.make_application(stage.cycle, stage.other, person=moved, motivation="fremd")
    moved.municipality = stage.own
    moved.save()
    with pytest.raises(Refused) as refusal:
        domain.create_draft(
            cycle=stage.cycle,
            municipality=stage.own,
            values=answers(),
            person=moved,
            by=cast.user("hr"),
        )
    assert "schon" not in str(refusal.value)
    assert stage.other.short_name not in str(refusal.value)


def test_nobody_of_another_kommune_is_picked(stage, cast):
    stranger = make.make_person(municipality=stage.other)
    with pytest.raises(Refused):
        domain.create_draft(
            cycle=stage.cycle,
            municipality=stage.own,
            values=answers(),
            person=stranger,
            by=cast.user("hr"),
        )


def test_similar_people_are_found_in_the_own_kommune_only(stage, cast):
    mueller = make.make_person("Jörg", "Müller", municipality=stage.own)
    same_mail = make.make_person(email="poststelle@ahausen.example", municipality=stage.own)
    make.make_person("Jörg", "Müller", municipality=stage.other)
    find = {"municipality": stage.own, "by": cast.user("hr")}
    assert list(
        domain.similar_people(first_name="Joerg", last_name="Mueller", email="", **find)
    ) == [mueller]
    assert list(
        domain.similar_people(
            first_name="X", last_name="Y", email="Poststelle@Ahausen.example", **find
        )
    ) == [same_mail]
    assert not domain.similar_people(first_name="", last_name="", email="", **find)


def test_picking_a_known_person_keeps_what_was_left_blank(stage, cast):
    known = make.make_person("Jörg", "Müller", municipality=stage.own, phone="02501 1")
    domain.create_draft(
        cycle=stage.cycle,
        municipality=stage.own,
        values=answers(first_name="Jörg", last_name="Müller", phone=""),
        person=known,
        by=cast.user("hr"),
    )
    known.refresh_from_db()
    assert (known.phone, known.email) == ("02501 1", "kaethe@ahausen.example")


def test_a_second_editor_is_told(by_hr, cast):
    application = by_hr()
    second = Application.objects.select_related("person").get(pk=application.pk)
    domain.save_draft(application, values={"goals": "eins"}, by=cast.user("hr"))
    with pytest.raises(EditConflict):
        domain.save_draft(second, values={"goals": "zwei"}, by=cast.user("hr"))
    assert Application.objects.get(pk=application.pk).goals == "eins"


def test_a_second_editor_of_the_person_is_told(by_hr, cast):
    application = by_hr()
    seen = Application.objects.select_related("person").get(pk=application.pk)
    other = Person.objects.get(pk=seen.person_id)
    other.phone = "neu"
    other.save()
    with pytest.raises(EditConflict):
        domain.save_draft(seen, values={"phone": "alt"}, by=cast.user("hr"))


def test_a_submitted_application_stays_complete(by_hr, cast):
    application = by_hr("submitted")
    with pytest.raises(Refused, match="Motivation"):
        domain.save_draft(application, values={"motivation": ""}, by=cast.user("hr"))
    assert Application.objects.get(pk=application.pk).motivation


def test_after_nomination_only_late_answers_change(by_hr, cast, second_seat):
    application = by_hr("nominated")
    changed = domain.save_draft(
        application,
        values={
            "motivation": "anders",
            "phone": "0251 9",
            "excluded": Naming((Named(person=second_seat),)),
        },
        by=cast.user("hr"),
    )
    assert changed.motivation != "anders"
    assert changed.person.phone == "0251 9"
    assert [row.person for row in Exclusion.objects.filter(subject=changed.person)] == [second_seat]


def test_hr_cannot_hide_an_application_from_themselves(by_hr, stage, cast):
    for values in ({"superior": cast.hr}, {"excluded": [cast.hr]}):
        with pytest.raises(Refused, match="andere Person Ihrer Personalstelle"):
            by_hr(**values)
    with pytest.raises(Refused, match="andere Person"):
        domain.create_draft(
            cycle=stage.cycle,
            municipality=stage.own,
            values=answers(),
            person=cast.hr,
            by=cast.user("hr"),
        )


def test_deleting_a_draft_takes_a_person_nothing_else_hangs_on(by_hr, cast):
    application = by_hr()
    domain.delete_draft(application, by=cast.user("hr"))
    assert not Person.objects.filter(pk=application.person_id).exists()


def test_deleting_a_draft_keeps_a_person_others_know(by_hr, stage, cast):
    application = by_hr()
    earlier = make.make_cycle(stage.programme, number=3, state=CycleState.CLOSED)
    make.make_participant(earlier, stage.own, person=application.person)
    domain.delete_draft(application, by=cast.user("hr"))
    assert Person.objects.filter(pk=application.person_id).exists()


def test_only_drafts_are_deleted(by_hr, cast):
    with pytest.raises(Refused):
        domain.delete_draft(by_hr("submitted"), by=cast.user("hr"))


def test_erasing_a_person_takes_all_applications(by_hr, cast, second_seat):
    from programmes.people.retention import erase, known_about

    application = by_hr("submitted", excluded=[second_seat])
    shares = dict(known_about(application.person))
    said = " ".join(value for _, value in shares["Bewerbungen"])
    assert "Motivation" in said
    assert "Geheime Stellungnahme" not in said
    assert str(second_seat) not in said
    erase(application.person, by=cast.user("hr"))
    assert not Application.objects.filter(pk=application.pk).exists()


def test_dates_of_the_future_are_no_consent(by_hr, cast):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Refused, match="Einwilligung"):
        by_hr("submitted", consent_forward=tomorrow)
    assert not Consent.objects.exists()
