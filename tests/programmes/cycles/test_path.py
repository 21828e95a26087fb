"""The path of a Durchgang, step by step, each taken once."""

import pytest
from django.db import IntegrityError, transaction

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles import domain
from programmes.cycles.domain.path import missing_for, next_step
from programmes.cycles.models import Cycle, CycleState, ParticipantRole, ParticipationState
from programmes.cycles.registries import must_be_finished, tandem_counts
from tests import factories as make


@pytest.fixture
def user(db):
    return make.make_user()


@pytest.fixture
def cycle(db):
    return make.make_cycle(state=CycleState.PLANNING)


@pytest.fixture
def house(cycle):
    return make.make_participation(cycle, make.make_municipality("Ahausen"))


def add(monkeypatch, registry, entry):
    monkeypatch.setattr(registry, "_entries", {**registry._entries, "test": (1, entry)})


def test_the_whole_path(cycle, house, user):
    make.make_seat(house, lead=True)
    domain.confirm_council(cycle, by=user)
    for step, state in (
        (domain.open_application, CycleState.APPLICATION),
        (domain.start_matching, CycleState.MATCHING),
        (domain.start_running, CycleState.RUNNING),
        (domain.close, CycleState.CLOSED),
    ):
        step(cycle, by=user)
        cycle.refresh_from_db()
        assert cycle.state == state
    assert next_step(cycle) is None


def test_nobody_leads_then_nobody_confirms(cycle, house, user):
    make.make_seat(house)
    with pytest.raises(Refused, match="niemand als Treiber/in"):
        domain.confirm_council(cycle, by=user)
    cycle.refresh_from_db()
    assert cycle.council_confirmed_at is None


def test_a_kommune_with_a_seat_must_have_confirmed(cycle, user):
    house = make.make_participation(
        cycle, make.make_municipality("Ahausen"), state=ParticipationState.INVITED
    )
    make.make_seat(house, lead=True)
    with pytest.raises(Refused, match="Ahausen hat einen Sitz"):
        domain.confirm_council(cycle, by=user)


def test_planning_is_left_only_with_a_confirmed_beirat(cycle, house, user):
    make.make_seat(house, lead=True)
    with pytest.raises(Refused, match="nicht der nächste Schritt"):
        domain.open_application(cycle, by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.filter(pk=cycle.pk).update(state=CycleState.APPLICATION)


def test_the_second_of_two_leads_is_told(cycle, house, user):
    make.make_seat(house, lead=True)
    mine, theirs = Cycle.objects.get(), Cycle.objects.get()
    confirmed = domain.confirm_council(theirs, by=user).council_confirmed_at
    with pytest.raises(Refused, match="jemand anderes schneller"):
        domain.confirm_council(mine, by=user)
    assert Cycle.objects.get().council_confirmed_at == confirmed


def test_closing_asks_the_later_rooms(monkeypatch, user):
    cycle = make.make_cycle(state=CycleState.RUNNING)
    add(monkeypatch, must_be_finished, lambda cycle: ["Zwei Rechnungen sind offen."])
    assert missing_for(cycle, next_step(cycle)) == ["Zwei Rechnungen sind offen."]
    with pytest.raises(Refused, match="Zwei Rechnungen"):
        domain.close(cycle, by=user)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.RUNNING


def test_closing_publishes_the_figures(monkeypatch, user):
    cycle = make.make_cycle(state=CycleState.RUNNING)
    one = make.make_participation(cycle, make.make_municipality())
    none = make.make_participation(cycle, make.make_municipality())
    declined = make.make_participation(cycle, make.make_municipality(), state="declined")
    for role in (
        ParticipantRole.MENTEE,
        ParticipantRole.MENTEE,
        ParticipantRole.MENTOR,
        ParticipantRole.APPLICANT,
    ):
        make.make_participant(cycle, one.municipality, role)
    left = make.make_participant(cycle, one.municipality, ParticipantRole.MENTEE)
    domain.mark_left(left, on=left.joined_on, by=user)
    closed = domain.close(cycle, by=user)
    for participation in (one, none, declined):
        participation.refresh_from_db()
    assert (one.mentees, one.mentors) == (2, 1)
    assert (none.mentees, none.mentors) == (0, 0)
    assert (declined.mentees, declined.mentors) == (None, None)
    assert closed.published_tandems == 2


def test_a_later_room_counts_the_tandems(monkeypatch, user):
    add(monkeypatch, tandem_counts, lambda cycle: 23)
    closed = domain.close(make.make_cycle(state=CycleState.RUNNING), by=user)
    assert closed.published_tandems == 23


def test_cancelling_needs_a_reason_and_ends_access(cast, stage, user):
    with pytest.raises(Refused, match="Grund"):
        domain.cancel(stage.cycle, reason=" ", by=user)
    domain.cancel(stage.cycle, reason="zu wenige Kommunen", by=user)
    assert not Cycle.objects.visible_to(cast.user("member")).filter(pk=stage.cycle.pk).exists()
    with pytest.raises(Refused, match="abgesagt"):
        domain.cancel(stage.cycle, reason="noch einmal", by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.filter(pk=stage.cycle.pk).update(cancel_reason="")


def test_each_step_is_in_the_log_with_its_actor(cycle, house, user):
    make.make_seat(house, lead=True)
    domain.confirm_council(cycle, by=user)
    domain.open_application(cycle, by=user)
    entries = LogEntry.objects.get_for_object(cycle).filter(actor=user)
    assert {name for entry in entries for name in entry.changes} == {
        "council_confirmed_at",
        "state",
    }


def test_constraints_of_a_cycle(cycle):
    for wrong in ({"state": "dreaming"}, {"end_year": cycle.start_year - 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Cycle.objects.filter(pk=cycle.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_cycle(cycle.programme, number=cycle.number)
