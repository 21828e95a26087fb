"""From the nominations to the close: what the doors let through and what they refuse."""

import pytest

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.domain import remove_participation
from programmes.cycles.models import Participant
from tandems.applications import domain as applications
from tandems.applications.models import Application, ApplicationState
from tandems.applications.registries import are_ranks_fixed
from tandems.places import domain
from tandems.places.board import board
from tandems.places.domain import VoiceEntry
from tandems.places.models import Allocation, AllocationLine, Outcome, Stance, Voice
from tandems.places.order import stands
from tests import factories as make
from tests.tandems.places.makers import agree, closed, line, nominate, start

STATE = ApplicationState


@pytest.fixture
def lead(cast):
    return cast.user("lead")


@pytest.fixture
def two_each(stage):
    """Two of each Kommune, ranked."""
    return {
        (house.short_name[0], rank): nominate(stage.cycle, house, rank)
        for house in (stage.own, stage.other)
        for rank in (1, 2)
    }


def outcomes(applications):
    return {key: line(one).outcome for key, one in applications.items()}


def test_the_proposal_fills_the_lines(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=3)
    assert outcomes(two_each) == {
        ("A", 1): "placed",
        ("Ü", 1): "placed",
        ("A", 2): "",
        ("Ü", 2): "",
    }
    assert [tie["places"] for tie in allocation.ties] == [1]
    assert are_ranks_fixed(stage.cycle)


def test_there_is_one_proposal_and_none_for_nobody(stage, lead):
    with pytest.raises(Refused, match="niemand nominiert"):
        start(stage.cycle, lead)
    nominate(stage.cycle, stage.own)
    start(stage.cycle, lead)
    with pytest.raises(Refused, match="schon einen Vorschlag"):
        start(stage.cycle, lead)


def test_a_change_needs_a_reason_and_going_back_does_not(stage, lead, two_each):
    start(stage.cycle, lead, places=2)
    changed = line(two_each["A", 2])
    with pytest.raises(Refused, match="begründen"):
        domain.decide_line(changed, outcome=Outcome.DECLINED, by=lead)
    domain.decide_line(changed, outcome=Outcome.DECLINED, reason="Verzicht", by=lead)
    assert (line(two_each["A", 2]).outcome, line(two_each["A", 2]).by_hand) == ("declined", True)
    domain.decide_line(line(two_each["A", 2]), outcome=Outcome.WAITING, by=lead)
    assert not line(two_each["A", 2]).by_hand


def test_the_second_editor_is_told(stage, lead, cast, two_each):
    start(stage.cycle, lead, places=2)
    mine, yours = line(two_each["A", 2]), line(two_each["A", 2])
    domain.decide_line(mine, outcome=Outcome.DECLINED, reason="Verzicht", by=lead)
    with pytest.raises(EditConflict):
        domain.decide_line(yours, outcome=Outcome.PLACED, reason="Tausch", by=cast.user("member"))


def test_a_tie_is_settled_with_as_many_as_it_has_places(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=3)
    tied = [line(two_each["A", 2]), line(two_each["Ü", 2])]
    versions = {row.pk: row.version for row in tied}

    def settle(placed, reason="Los"):
        return domain.settle_tie(
            allocation, tie=1, placed=placed, reason=reason, versions=versions, by=lead
        )

    with pytest.raises(Refused, match="genau eine"):
        settle([row.pk for row in tied])
    with pytest.raises(Refused, match="wie der Gleichstand"):
        settle([tied[0].pk], reason=" ")
    settle([tied[0].pk])
    assert outcomes(two_each)["A", 2] == "placed"
    assert outcomes(two_each)["Ü", 2] == "waiting"
    with pytest.raises(Refused, match="jemand anderes"):
        settle([tied[1].pk])


def test_equal_ranks_of_one_kommune_get_what_the_rule_leaves_them(stage, lead):
    """All ranks equal: three places for two Kommunen with two each."""
    rows = [nominate(stage.cycle, house) for house in (stage.own, stage.other) for _ in range(2)]
    allocation = start(stage.cycle, lead, places=2)
    assert [tie["places"] for tie in allocation.ties] == [1, 1]
    allocation = (
        domain.change_frame(
            Allocation.objects.get(), places=1, rule="rounds", note="Weniger Mentor/innen", by=lead
        )
        and Allocation.objects.get()
    )
    assert [tie["places"] for tie in allocation.ties] == [1]
    assert {line(one).tie for one in rows} == {1}


def test_the_waiting_list_is_reordered_with_a_reason(stage, lead):
    rows = [nominate(stage.cycle, stage.own, rank) for rank in (1, 2, 3, 4)]
    start(stage.cycle, lead, places=1)
    with pytest.raises(Refused, match="begründen"):
        domain.decide_line(line(rows[3]), outcome="waiting", number=1, by=lead)
    domain.decide_line(line(rows[3]), outcome="waiting", number=1, reason="Absprache", by=lead)
    numbers = stands(AllocationLine.objects.all())
    assert [numbers[line(one).pk].number for one in rows[1:]] == [2, 3, 1]


def test_the_first_place_by_hand_stays_before_an_open_tie(stage, lead, two_each):
    start(stage.cycle, lead, places=3)
    chosen, other = two_each["A", 2], two_each["Ü", 2]
    domain.decide_line(line(chosen), outcome="waiting", number=1, reason="Wunsch", by=lead)
    domain.decide_line(line(other), outcome="waiting", reason="Kein Einvernehmen", by=lead)
    numbers = stands(AllocationLine.objects.all())
    assert [numbers[line(one).pk].number for one in (chosen, other)] == [1, 2]


def test_a_new_proposal_keeps_what_was_decided_by_hand(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=2)
    domain.decide_line(line(two_each["A", 2]), outcome="declined", reason="Verzicht", by=lead)
    applications.withdraw(two_each["Ü", 1], reason="Umzug", by=lead)
    late = nominate(stage.cycle, stage.other, 3)
    found = board(Allocation.objects.get(), lead)
    assert found.outdated_proposal
    assert [row.application for row in found.withdrawn] == [two_each["Ü", 1]]
    assert found.newcomers == [late]
    changes = domain.propose_anew(allocation, by=lead)
    assert changes.removed == (two_each["Ü", 1].pk,)
    assert changes.added == (late.pk,)
    assert changes.kept == (two_each["A", 2].pk,)
    assert line(two_each["A", 2]).reason == "Verzicht"
    assert line(two_each["Ü", 2]).outcome == "placed"
    assert not board(Allocation.objects.get(), lead).outdated_proposal


def test_a_hand_made_place_on_the_waiting_list_stays_too(stage, lead):
    rows = [nominate(stage.cycle, stage.own, rank) for rank in (1, 2, 3)]
    allocation = start(stage.cycle, lead, places=1)
    domain.decide_line(line(rows[2]), outcome="waiting", number=1, reason="Absprache", by=lead)
    nominate(stage.cycle, stage.own, 4)
    domain.propose_anew(allocation, by=lead)
    assert stands(AllocationLine.objects.all())[line(rows[2]).pk].number == 1


def test_places_change_with_a_note_and_the_cycle_follows(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=2)
    with pytest.raises(Refused, match="warum"):
        domain.change_frame(allocation, places=4, rule="rounds", note="", by=lead)
    domain.change_frame(
        Allocation.objects.get(), places=4, rule="rounds", note="Zwei Zusagen mehr", by=lead
    )
    stage.cycle.refresh_from_db()
    assert stage.cycle.places == 4
    assert set(outcomes(two_each).values()) == {"placed"}


# --- Voices -------------------------------------------------------------------------------
def test_a_voice_a_kommune_and_an_objection_with_its_text(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=4)
    part = stage.cycle.participations.get(municipality=stage.own)
    with pytest.raises(Refused, match="worin der Einwand"):
        domain.record_voices(allocation, [VoiceEntry(part, Stance.OBJECT, " ", 0)], by=lead)
    domain.record_voices(allocation, [VoiceEntry(part, Stance.AGREE, "", 0)], by=lead)
    with pytest.raises(Refused, match="inzwischen jemand anderes"):
        domain.record_voices(allocation, [VoiceEntry(part, Stance.ABSTAIN, "", 0)], by=lead)
    assert Voice.objects.count() == 1


def test_a_later_change_makes_voices_old(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=4)
    agree(allocation, lead)
    assert not board(Allocation.objects.get(), lead).outdated_voices
    domain.decide_line(line(two_each["A", 2]), outcome="declined", reason="Verzicht", by=lead)
    assert len(board(Allocation.objects.get(), lead).outdated_voices) == 2
    with pytest.raises(Refused, match="noch geltende"):
        domain.close(allocation, by=lead)
    agree(allocation, lead)
    assert domain.close(allocation, by=lead).closed_at


def test_who_does_not_take_part_has_no_voice(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=4)
    part = make.make_participation(stage.cycle, make.make_municipality(), state="invited")
    with pytest.raises(Refused, match="nimmt an diesem Durchgang nicht teil"):
        domain.record_voices(allocation, [VoiceEntry(part, Stance.AGREE, "", 0)], by=lead)


# --- The close ----------------------------------------------------------------------------
def test_the_close_sets_the_states_and_tells_nobody(stage, lead, two_each, mailoutbox):
    allocation = start(stage.cycle, lead, places=2)
    domain.decide_line(line(two_each["A", 2]), outcome="declined", reason="Verzicht", by=lead)
    agree(allocation, lead)
    domain.close(allocation, by=lead)
    states = {key: Application.objects.get(pk=one.pk).state for key, one in two_each.items()}
    assert states == {
        ("A", 1): "placed",
        ("A", 2): "declined",
        ("Ü", 1): "placed",
        ("Ü", 2): "waiting",
    }
    assert not Application.objects.exclude(informed_on=None).exists()
    assert Participant.objects.filter(role="applicant").present().count() == 4
    assert not Participant.objects.filter(
        role="mentee", person__in=[one.person for one in two_each.values()]
    ).exists()
    assert not mailoutbox
    with pytest.raises(Refused, match="schon beschlossen"):
        domain.close(allocation, by=lead)


def test_no_close_with_a_tie_too_many_places_or_somebody_new(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=3)
    agree(allocation, lead)
    with pytest.raises(Refused, match="nicht über jede"):
        domain.close(allocation, by=lead)
    for one in (two_each["A", 2], two_each["Ü", 2]):
        domain.decide_line(line(one), outcome="placed", reason="Beide", by=lead)
    agree(allocation, lead)
    with pytest.raises(Refused, match="mehr Plätze"):
        domain.close(allocation, by=lead)
    domain.decide_line(line(two_each["A", 2]), outcome="waiting", reason="Los", by=lead)
    agree(allocation, lead)
    late = nominate(stage.cycle, stage.own, 5)
    with pytest.raises(Refused, match="neu machen"):
        domain.close(allocation, by=lead)
    applications.withdraw(late, reason="Versehen", by=lead)
    assert domain.close(allocation, by=lead)


def test_over_an_objection_and_without_a_voice_only_with_words(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=4)
    part = stage.cycle.participations.get(municipality=stage.own)
    domain.record_voices(
        allocation, [VoiceEntry(part, Stance.OBJECT, "Zu wenige Plätze", 0)], by=lead
    )
    with pytest.raises(Refused, match="Übelheim"):
        domain.close(allocation, resolution="Beraten", by=lead)
    with pytest.raises(Refused, match="Einwand von Ahausen"):
        domain.close(allocation, missing_note="Krank", by=lead)
    found = domain.close(allocation, missing_note="Krank", resolution="Beraten", by=lead)
    assert (found.missing_note, found.resolution) == ("Krank", "Beraten")


def test_withdrawn_in_the_meeting_is_not_placed(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=4)
    agree(allocation, lead)
    applications.withdraw(two_each["A", 1], reason="Neue Stelle", by=lead)
    with pytest.raises(Refused, match="nicht mehr nominiert"):
        domain.decide_line(line(two_each["A", 1]), outcome="waiting", reason="x", by=lead)
    domain.close(allocation, by=lead)
    assert Application.objects.get(pk=two_each["A", 1].pk).state == STATE.WITHDRAWN
    assert AllocationLine.objects.count() == 3


def test_nothing_changes_after_the_close(stage, lead, two_each):
    allocation = closed(stage.cycle, lead, places=4)
    for act in (
        lambda: domain.propose_anew(allocation, by=lead),
        lambda: domain.decide_line(line(two_each["A", 1]), outcome="waiting", reason="x", by=lead),
    ):
        with pytest.raises(Refused, match="schon beschlossen"):
            act()


def test_a_kommune_that_leaves_has_no_voice_and_no_lines(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=4)
    for key in (("A", 1), ("A", 2)):
        applications.withdraw(two_each[key], reason="Ahausen scheidet aus", by=lead)
    stage.cycle.participations.filter(municipality=stage.own).update(state="declined")
    domain.propose_anew(allocation, by=lead)
    found = board(Allocation.objects.get(), lead)
    assert [name for name, _ in found.houses] == ["Übelheim"]
    assert [row.name for row in found.voices] == ["Übelheim"]


def test_a_kommune_whose_voice_stands_in_the_minutes_is_not_taken_out(stage, lead, two_each):
    allocation = start(stage.cycle, lead, places=4)
    part = make.make_participation(stage.cycle, make.make_municipality("Neuort"))
    domain.record_voices(allocation, [VoiceEntry(part, Stance.AGREE, "", 0)], by=lead)
    part.state = "declined"
    part.save()
    with pytest.raises(Refused, match="schon mitgewirkt"):
        remove_participation(part, by=lead)
