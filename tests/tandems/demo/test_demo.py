"""What `manage.py demo` builds: the same every time, and nowhere near real people."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import F
from django.test import TestCase, override_settings
from django.utils import timezone

from mentoring.accounts.demo import shown_signins
from mentoring.accounts.models import User
from mentoring.log.models import LogEntry
from programmes.billing.domain import whole
from programmes.billing.models import Invoice, InvoiceKind, InvoiceState
from programmes.billing.run import propose
from programmes.cycles.models import (
    CouncilSeat,
    Cycle,
    CycleState,
    Participant,
    ParticipantRole,
    Participation,
    Programme,
    ProgrammeKind,
)
from programmes.organisations.models import LogisticsPartner, Municipality
from programmes.payments.domain import overdue, with_paid
from programmes.payments.models import BankEntry
from programmes.people.models import MunicipalityStaff, Person
from tandems.applications.models import Application, ApplicationState
from tandems.demo.signins import COMMON_KEY, SIGN_INS, sign_in
from tandems.mentors.models import Mentor
from tandems.pairs.models import Tandem, TandemState
from tandems.places.models import Allocation
from tests.programmes.einvoices.validation import pdf_problems, problems_of
from tests.tandems.demo.command import run

OURS = ("mentoring", "programmes", "tandems")


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The demo around all tests of this module: it takes seconds to build, so only once.

    Each test has its own transaction within it, and nobody here may go without the demo.
    """

    class Around(TestCase):
        @classmethod
        def setUpTestData(cls) -> None:
            with override_settings(DEMO=True):
                run()
            # Otherwise they would be looked up again at the end of every test.
            connection.check_constraints()

    with django_db_blocker.unblock():
        Around.setUpClass()
        yield
        Around.tearDownClass()
        Around.doClassCleanups()


@pytest.fixture
def demo(built: None, db: None, settings) -> None:
    settings.DEMO = True


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
        "invoices": list(
            Invoice.objects.order_by("pk").values_list("number", "state", "gross", "issued_on")
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
    """That of the Mentoring; the other programme has one of its own."""
    return Cycle.objects.get(number=number, programme__kind=ProgrammeKind.CROSS_MENTORING)


def test_a_second_start_keeps_what_is_there(demo):
    Programme.objects.filter(kind=ProgrammeKind.CROSS_MENTORING).update(name="Von Hand umbenannt")
    before = contents()
    assert "nothing was changed" in run()
    assert contents() == before
    assert Programme.objects.get(kind=ProgrammeKind.CROSS_MENTORING).name == "Von Hand umbenannt"


def test_it_is_the_same_every_time(demo):
    first = contents()
    for model in (Participant, Allocation, Application, Mentor, CouncilSeat, Participation):
        model._base_manager.all().delete()
    for model in reversed(list(apps.get_app_config("programmes").get_models())):
        if model is Invoice:
            # Past the guard: nothing else deletes what has a number.
            models.QuerySet(Invoice)._raw_delete(connection.alias)
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
    programme = Programme.objects.get(kind=ProgrammeKind.CROSS_MENTORING)
    assert (programme.fee_per_mentee, programme.tandem_months) == (500, 12)
    assert (programme.meetings_min, programme.meetings_max) == (8, 10)
    assert programme.logistics_partner == LogisticsPartner.objects.get()
    assert programme.permanent_members.count() == 5
    third = cycle(3)
    assert third.participations.count() == 7
    assert (third.published_tandems, str(third.start_workshop_on)) == (23, "2011-09-30")
    assert {row.ags for row in Municipality.objects.filter(ags=None)} == {None}


def test_ten_cycles_lie_behind_or_run(demo):
    cycles = Cycle.objects.filter(programme__kind=ProgrammeKind.CROSS_MENTORING)
    years = list(cycles.order_by("number").values_list("number", "start_year"))
    assert [number for number, _ in years] == list(range(1, 12))
    assert [year for _, year in years] == sorted(year for _, year in years)
    assert set(cycles.filter(number__lt=10).values_list("state", flat=True)) == {"closed"}


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
        eleven.participants.filter(role="applicant").values_list("person", flat=True)
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
    # Those of the demo itself are asked above.
    known = {(type(record), record.pk) for record in records()}
    assert "300 people" in run("--people", "300")
    twelve = cycle(12)
    assert twelve.participants.count() == twelve.applications.count() == 300
    lead = User.objects.get(email=sign_in("lead").email)
    assert Application.objects.visible_to(lead).filter(cycle=twelve).count() == 300
    assert Person.objects.filter(participants__cycle=twelve, sort_key="").count() == 0
    assert "there already" in run("--people", "300")
    added = [record for record in records() if (type(record), record.pk) not in known]
    assert len(added) > 1000
    for record in added:
        record.full_clean()


def test_the_sign_ins_are_shown_in_the_demo_alone(demo, settings):
    shown = shown_signins()
    assert [entry.email for entry in shown] == [entry.email for entry in SIGN_INS]
    assert {entry.password for entry in shown} == {COMMON_KEY}
    settings.DEMO = False
    assert shown_signins() == []


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


# --- Matching and the tandems' year ---------------------------------------------------------
def test_every_mentee_of_the_running_cycle_has_a_tandem(demo):
    tandems = Tandem.objects.filter(cycle=cycle(10))
    assert tandems.count() == 24
    assert not tandems.filter(revealed_at=None).exists()
    assert not tandems.filter(application__municipality=F("mentor__municipality")).exists()
    mine = tandems.get(mentee_person__email=sign_in("mentee").email)
    assert mine.mentor_person.email == sign_in("mentor").email
    assert mine.meetings.filter(met_on__lte=timezone.localdate()).exists()
    ended = tandems.get(state=TandemState.ENDED_EARLY)
    assert ended.application.match_ideas.count() == 2


def test_the_other_programme_is_in_the_middle_of_its_matching(demo):
    talents = Cycle.objects.get(programme__kind=ProgrammeKind.TALENT_CIRCLE)
    assert talents.state == CycleState.MATCHING
    states = Counter(talents.tandems.values_list("state", flat=True))
    assert states == {"proposed": 1, "agreed": 1, "sealed": 1}
    without = talents.applications.filter(match_ideas=None)
    assert without.count() == 3


# --- Invoices -------------------------------------------------------------------------------
def test_the_running_cycle_is_billed_in_every_state(demo):
    invoices = Invoice.objects.filter(cycle=cycle(10))
    states = Counter(invoices.filter(kind=InvoiceKind.INVOICE).values_list("state", flat=True))
    assert states == {"paid": 7, "issued": 4, "draft": 1, "cancelled": 1}
    numbers = list(invoices.exclude(number=None).order_by("issued_on", "sequence"))
    assert [invoice.sequence for invoice in numbers] == list(range(1, len(numbers) + 1))
    storno = invoices.get(kind=InvoiceKind.CANCELLATION)
    assert (
        storno.cancels.gross
        > invoices.get(municipality=storno.municipality, state=InvoiceState.PAID).gross
    )
    assert invoices.filter(lines__tax_rate=19, tax__gt=0).count() == 1
    paid = with_paid(invoices.filter(state=InvoiceState.ISSUED, kind=InvoiceKind.INVOICE))
    assert sorted(invoice.paid for invoice in paid) == [0, 0, 0, 1000]
    assert len(overdue(cycle(10), timezone.localdate())) == 2
    assert BankEntry.objects.filter(state="open").count() == 2
    assert not Invoice.objects.filter(cycle=cycle(9)).exclude(state=InvoiceState.PAID).exists()


def test_what_is_left_to_bill_fits_the_participants(demo):
    running = propose(cycle(10))
    assert [str(row.municipality) for row in running.rows if row.has_work] == ["Ostbevern"]
    assert not any(row.warnings or row.gaps for row in running.rows)
    assert not running.gaps
    shared = propose(Cycle.objects.get(programme__kind=ProgrammeKind.TALENT_CIRCLE))
    assert (shared.terms.is_shared, shared.total) == (True, shared.terms.shared_costs)


@pytest.mark.schematron
def test_every_invoice_of_the_demo_keeps_the_rules(demo, tmp_path):
    found, paths = {}, []
    for invoice in Invoice.objects.exclude(pdf=None).select_related("pdf", "xml"):
        if invoice.xml is not None:
            found[invoice.number] = problems_of(whole(invoice.xml, invoice))
        paths.append(tmp_path / f"{invoice.number}.pdf")
        paths[-1].write_bytes(whole(invoice.pdf, invoice))
    assert len(paths) == 13
    assert not any(found.values()), found
    assert len(found) == 12, "one Kommune takes plain PDF"
    assert pdf_problems(paths) == {path.name: [] for path in paths}
