"""`manage.py demo`: once, the same every time, and nowhere near real people."""

import re
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import models
from django.utils import timezone

from mentoring.accounts.demo import shown_signins
from mentoring.accounts.models import User
from mentoring.log.models import LogEntry
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Participation,
    Programme,
)
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.people.models import MunicipalityStaff, Person
from tandems.applications.models import Application, ApplicationState
from tandems.demo.signins import COMMON_KEY, SIGN_INS, sign_in

OURS = ("mentoring", "programmes", "tandems")


def run(*options: str) -> str:
    """Run the command; returns what it said."""
    said = StringIO()
    call_command("demo", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def demo(db: None, settings) -> None:
    settings.DEMO = True
    run()


def contents() -> dict[str, list[str]]:
    """What the demo says about people, without what differs between two runs."""
    return {
        "people": list(
            Person.objects.order_by("pk").values_list("first_name", "last_name", "email", "phone")
        ),
        "applications": list(
            Application.objects.order_by("pk").values_list(
                "person__last_name",
                "cycle__number",
                "state",
                "rank",
                "topics",
                "submitted_at__date",
            )
        ),
        "participants": list(
            Participant.objects.order_by("pk").values_list("person__last_name", "role", "left_on")
        ),
        "seats": list(
            CouncilSeat.objects.order_by("pk").values_list("person__last_name", "lead", "until")
        ),
    }


def records() -> list[models.Model]:
    """Every record that people read or write; the log is the machine's own."""
    return [
        record
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if model is not LogEntry
        for record in model._base_manager.all()
    ]


def cycle(number: int) -> Cycle:
    return Cycle.objects.get(number=number)


def test_it_is_refused_outside_demo_mode(db):
    with pytest.raises(CommandError, match="DEMO=true"):
        run()
    assert not User.objects.exists()
    assert not Municipality.objects.exists()


def test_it_is_refused_where_somebody_has_a_sign_in(db, settings):
    settings.DEMO = True
    User.objects.create_user("echt@stadt.example", "ein langes Testkennwort")
    with pytest.raises(CommandError, match="not of the demo"):
        run()
    assert not Municipality.objects.exists()


def test_a_failure_leaves_nothing_behind(db, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("tandems.demo.build.build_open_applications", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run()
    assert not User.objects.exists()
    assert not Municipality.objects.exists()


def test_a_second_start_keeps_what_is_there(demo):
    Programme.objects.update(name="Von Hand umbenannt")
    before = contents()
    assert "nothing was changed" in run()
    assert contents() == before
    assert Programme.objects.get().name == "Von Hand umbenannt"


def test_it_is_the_same_every_time(demo):
    first = contents()
    for model in (Participant, Application, CouncilSeat, Participation):
        model._base_manager.all().delete()
    for model in reversed(list(apps.get_app_config("programmes").get_models())):
        model._base_manager.all().delete()
    User.objects.all().delete()
    run()
    assert contents() == first


def test_every_record_is_valid(demo):
    for record in records():
        record.full_clean()


def test_every_address_is_one_that_cannot_exist(demo):
    found = [
        (record, field.name, value)
        for record in records()
        for field in record._meta.fields
        if isinstance(field, models.EmailField) and (value := getattr(record, field.name))
    ]
    assert len(found) > 200
    odd = [entry for entry in found if not re.fullmatch(r"[a-z0-9.-]+@[a-z-]+\.example", entry[2])]
    assert odd == []


def test_the_frame_is_the_real_one(demo):
    assert Municipality.objects.count() == 17
    founders = Municipality.objects.filter(permanent_since=2006)
    assert {row.short_name for row in founders} == {
        "Emsdetten",
        "Kreis Steinfurt",
        "LWL",
        "Münster",
        "Rheine",
    }
    programme = Programme.objects.get()
    assert (programme.fee_per_mentee, programme.tandem_months) == (500, 12)
    assert (programme.meetings_min, programme.meetings_max) == (8, 10)
    assert programme.logistics_partner == LogisticsPartner.objects.get()
    assert programme.permanent_members.count() == 5
    third = cycle(3)
    assert third.participations.count() == 7
    assert (third.published_tandems, str(third.start_workshop_on)) == (23, "2011-09-30")
    assert {row.ags for row in Municipality.objects.filter(ags=None)} == {None}


def test_ten_cycles_lie_behind_or_run(demo):
    years = list(Cycle.objects.order_by("number").values_list("number", "start_year"))
    assert [number for number, _ in years] == list(range(1, 12))
    assert [year for _, year in years] == sorted(year for _, year in years)
    assert set(Cycle.objects.filter(number__lt=10).values_list("state", flat=True)) == {"closed"}


def test_the_running_cycle(demo):
    ten = cycle(10)
    assert ten.state == CycleState.RUNNING
    review = ten.start_workshop_on + timedelta(weeks=26)
    assert abs((review - timezone.localdate()).days - 42) <= 1
    roles = Counter(ten.participants.filter(left_on=None).values_list("role", flat=True))
    assert roles == {ParticipantRole.MENTEE: 24, ParticipantRole.MENTOR: 24}
    states = Counter(ten.applications.values_list("state", flat=True))
    assert states[ApplicationState.PLACED] == 24
    assert states[ApplicationState.WAITING] == 4
    assert states[ApplicationState.DECLINED] == 3
    mentees = Participant.objects.filter(cycle__number=9, role=ParticipantRole.MENTEE)
    back = ten.participants.filter(role=ParticipantRole.MENTOR, person__in=mentees.values("person"))
    assert back.count() == 4


def test_the_closed_cycle_published_what_it_had(demo):
    nine = cycle(9)
    for part in nine.participations.all():
        present = nine.participants.filter(municipality=part.municipality)
        assert present.filter(role=ParticipantRole.MENTEE).count() == part.mentees
        assert present.filter(role=ParticipantRole.MENTOR).count() == part.mentors
    assert nine.published_tandems == 22


def test_the_open_cycle_has_an_application_in_each_state_it_can_hold(demo):
    eleven = cycle(11)
    assert eleven.state == CycleState.APPLICATION
    assert set(eleven.applications.values_list("state", flat=True)) == {
        ApplicationState.DRAFT,
        ApplicationState.SUBMITTED,
        ApplicationState.NOMINATED,
        ApplicationState.NOT_NOMINATED,
        ApplicationState.WITHDRAWN,
    }
    assert set(eleven.participations.values_list("state", flat=True)) == {
        "confirmed",
        "invited",
        "declined",
    }
    nominated = eleven.applications.filter(state=ApplicationState.NOMINATED)
    assert set(nominated.values_list("person", flat=True)) == set(
        eleven.participants.values_list("person", flat=True)
    )


@pytest.mark.parametrize("number", [10, 11])
def test_each_beirat_has_two_leads_and_a_voice_per_kommune(demo, number):
    confirmed = cycle(number).participations.filter(state="confirmed")
    seats = CouncilSeat.objects.filter(participation__cycle__number=number)
    assert seats.filter(lead=True).count() == 2
    per_house = Counter(seats.values_list("participation", flat=True))
    assert set(per_house) == set(confirmed.values_list("pk", flat=True))
    assert set(per_house.values()) == {1, 2}
    staffed = MunicipalityStaff.objects.current().values("municipality")
    assert not confirmed.exclude(municipality__in=staffed).exists()


def test_the_member_does_not_see_the_own_employee(demo):
    member = User.objects.get(email=sign_in("member").email)
    lead = User.objects.get(email=sign_in("lead").email)
    hidden = Application.objects.get(superior__user=member)
    assert hidden.cycle.number == 11
    assert hidden not in Application.objects.visible_to(member)
    assert hidden in Application.objects.visible_to(lead)


def test_no_person_applies_twice_to_a_cycle_or_mentors_their_own_house_alone(demo):
    for number in (9, 10, 11):
        people = Counter(
            cycle(number).participants.filter(left_on=None).values_list("person", flat=True)
        )
        assert set(people.values()) <= {1}


def test_the_log_is_not_filled_with_the_demo_itself(demo):
    entries = LogEntry.objects.exclude(content_type__app_label="mentoring")
    assert 5 < entries.count() < 50
    assert not entries.filter(actor=None).exists()


def test_a_cycle_to_measure_with(demo):
    assert "300 people" in run("--people", "300")
    twelve = cycle(12)
    assert twelve.participants.count() == twelve.applications.count() == 300
    lead = User.objects.get(email=sign_in("lead").email)
    assert Application.objects.visible_to(lead).filter(cycle=twelve).count() == 300
    assert Person.objects.filter(participants__cycle=twelve, sort_key="").count() == 0
    assert "there already" in run("--people", "300")
    for record in records():
        record.full_clean()


def test_a_negative_number_of_people_is_refused(db, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="number of people"):
        run("--people=-1")


def test_the_sign_ins_are_shown_in_the_demo_alone(demo, settings):
    shown = shown_signins()
    assert [entry.email for entry in shown] == [entry.email for entry in SIGN_INS]
    assert {entry.password for entry in shown} == {COMMON_KEY}
    settings.DEMO = False
    assert shown_signins() == []


def test_no_sign_ins_are_shown_before_the_demo_is_built(db, settings):
    settings.DEMO = True
    assert shown_signins() == []


def test_the_command_prints_every_sign_in(db, settings):
    settings.DEMO = True
    said = run()
    assert COMMON_KEY in said
    assert all(entry.email in said and entry.role in said for entry in SIGN_INS)


@pytest.mark.parametrize("entry", SIGN_INS, ids=lambda entry: entry.key)
def test_each_sign_in_opens_its_start_page(demo, client, entry):
    assert client.login(username=entry.email, password=COMMON_KEY)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("credential", ["username", "email"])
def test_no_sign_in_works_when_the_demo_is_over(demo, client, settings, credential):
    address = SIGN_INS[0].email
    assert client.login(**{credential: address}, password=COMMON_KEY)
    settings.DEMO = False
    assert not client.login(**{credential: address.upper()}, password=COMMON_KEY)
