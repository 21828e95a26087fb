"""After the close: the Kommune tells, and what happens only then; later decisions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.domain.path import STEPS, missing_for
from programmes.cycles.models import CycleState, Participant
from tandems.applications import domain as applications
from tandems.applications.models import Application
from tandems.applications.outcomes import decide, mark_informed, shown_outcome
from tandems.applications.rundmails import BY_STATE
from tandems.places import domain
from tandems.places.board import board
from tandems.places.models import Allocation, LaterDecision, Outcome, OutcomeText
from tandems.places.texts import DEFAULTS, Texts, fill, unknown_placeholders
from tests.tandems.places.makers import agree, line, nominate, start


@pytest.fixture
def lead(cast):
    return cast.user("lead")


@pytest.fixture
def hr(cast):
    return cast.user("hr")


@pytest.fixture
def decided(stage, lead):
    """One placed, two waiting in order, one declined; all of the own Kommune."""
    rows = [nominate(stage.cycle, stage.own, rank) for rank in (1, 2, 3, 4)]
    allocation = start(stage.cycle, lead, places=1)
    domain.decide_line(line(rows[3]), outcome="declined", reason="Verzicht", by=lead)
    agree(allocation, lead)
    domain.close(allocation, by=lead)
    return [Application.objects.get(pk=row.pk) for row in rows]


def today():
    return timezone.localdate()


def roles(application):
    found = Participant.objects.filter(person=application.person_id).present()
    return sorted(found.values_list("role", flat=True))


def again(application):
    return Application.objects.get(pk=application.pk)


def test_telling_makes_the_mentee_and_ends_the_applicant(decided, hr):
    placed, waiting, _, declined = decided
    for one in (placed, waiting, declined):
        assert roles(one) == ["applicant"]
        assert shown_outcome(one) is None
        domain.tell(one, on=today(), by=hr)
    assert roles(placed) == ["mentee"]
    assert roles(waiting) == ["applicant"]
    assert roles(declined) == []
    assert shown_outcome(again(placed)) == "placed"


def test_the_day_is_neither_to_come_nor_before_the_close(decided, hr):
    with pytest.raises(Refused, match="Zukunft"):
        domain.tell(decided[0], on=today() + timedelta(days=1), by=hr)
    with pytest.raises(Refused, match="Beschlossen wurde erst"):
        domain.tell(decided[0], on=today() - timedelta(days=1), by=hr)
    domain.tell(decided[0], on=today(), by=hr)
    assert domain.tell(decided[0], on=today(), by=hr).informed_on == today()


def test_no_telling_before_the_close(stage, lead, hr):
    one = nominate(stage.cycle, stage.own)
    start(stage.cycle, lead)
    with pytest.raises(Refused, match="noch nicht beschlossen"):
        domain.tell(one, on=today(), by=hr)
    with pytest.raises(Refused):
        mark_informed(one, on=today(), by=hr)


def test_decided_twice_is_decided_once(decided, lead):
    assert decide(decided[0], outcome="placed", by=lead).version == again(decided[0]).version
    with pytest.raises(Refused):
        decide(decided[0], outcome="waiting", by=lead)


def test_a_place_given_back_waits_for_a_decision(stage, decided, lead, hr):
    placed, first, second, _ = decided
    for one in decided:
        domain.tell(one, on=today(), by=hr)
    allocation = Allocation.objects.get()
    with pytest.raises(Refused, match="kein Platz frei"):
        domain.decide_later(allocation, first, expected="waiting", outcome="placed", by=lead)
    applications.withdraw(again(placed), reason="Elternzeit", by=hr)
    found = board(allocation, lead)
    assert (found.free, len(found.given_back)) == (1, 1)
    assert again(first).state == "waiting"
    with pytest.raises(Refused, match="begründen"):
        domain.decide_later(allocation, second, expected="waiting", outcome="placed", by=lead)
    domain.decide_later(allocation, first, expected="waiting", outcome="placed", by=lead)
    moved = again(first)
    assert (moved.state, moved.informed_on) == ("placed", None)
    assert shown_outcome(moved) == "waiting"
    assert roles(moved) == ["applicant"]
    domain.tell(moved, on=today(), by=hr)
    assert shown_outcome(again(first)) == "placed"
    assert roles(moved) == ["mentee"]
    assert "Nächste" in LaterDecision.objects.get().reason


def test_a_placed_one_may_be_declined_later_and_leaves(decided, lead, hr):
    domain.tell(decided[0], on=today(), by=hr)
    allocation = Allocation.objects.get()
    act = {"expected": "placed", "outcome": "declined", "by": lead}
    with pytest.raises(Refused, match="begründen"):
        domain.decide_later(allocation, decided[0], **act)
    domain.decide_later(allocation, decided[0], reason="Gibt den Platz zurück", **act)
    assert roles(decided[0]) == []
    assert shown_outcome(again(decided[0])) == "placed"
    with pytest.raises(Refused, match="schneller"):
        domain.decide_later(allocation, decided[0], reason="noch einmal", **act)


def test_no_mail_is_quicker_than_the_kommune(stage, decided, lead, hr):
    def reached(state):
        return set(BY_STATE.members(stage.cycle, state, lead).values_list("pk", flat=True))

    states = ("nominated", "placed", "waiting", "declined")
    assert all(not reached(state) for state in states)
    domain.tell(decided[1], on=today(), by=hr)
    assert reached("waiting") == {decided[1].person_id}
    applications.withdraw(again(decided[0]), reason="Umzug", by=hr)
    domain.decide_later(
        Allocation.objects.get(), decided[1], expected="waiting", outcome="placed", by=lead
    )
    assert all(not reached(state) for state in states)


def test_a_cycle_does_not_close_with_untold_outcomes(stage, decided, hr):
    stage.cycle.state = CycleState.RUNNING
    stage.cycle.save()

    def gaps():
        found = missing_for(stage.cycle, STEPS["close"])
        return [gap for gap in found if "Ergebnisse" in gap]

    assert gaps() == ["Ahausen hat noch nicht alle Ergebnisse der Platzvergabe mitgeteilt."]
    for one in decided:
        domain.tell(one, on=today(), by=hr)
    assert gaps() == []


# --- Texts --------------------------------------------------------------------------------
def test_a_kommune_s_own_words_come_before_the_beirat_s_and_ours(stage, cast, lead, hr):
    one = nominate(stage.cycle, stage.own)
    assert Texts(stage.cycle, hr).of("placed", stage.own.pk) == DEFAULTS["placed"]
    common = OutcomeText(cycle=stage.cycle, outcome="placed", text="Alle: {vorname}")
    domain.save_text(common, by=lead)
    own = OutcomeText(
        cycle=stage.cycle, municipality=stage.own, outcome="placed", text="Wir: {vorname} {x}"
    )
    domain.save_text(own, by=hr)
    texts = Texts(stage.cycle, hr)
    assert fill(texts.of("placed", stage.own.pk), one, stage.cycle) == "Wir: Erika {x}"
    other = Texts(stage.cycle, cast.user("other_hr"))
    assert other.of("placed", stage.other.pk) == "Alle: {vorname}"
    assert other.of("placed", stage.own.pk) == "Alle: {vorname}"  # not what Ahausen wrote


def test_the_second_first_version_is_refused(stage, lead):
    for attempt in range(2):
        text = OutcomeText(cycle=stage.cycle, outcome="waiting", text=f"Fassung {attempt}")
        if attempt:
            with pytest.raises(Refused, match="jemand anderes"):
                domain.save_text(text, by=lead)
        else:
            domain.save_text(text, by=lead)


@pytest.mark.parametrize("outcome", Outcome.values)
def test_the_shipped_words_are_complete(stage, outcome):
    text = DEFAULTS[outcome]
    assert unknown_placeholders(text) == []
    one = nominate(stage.cycle, stage.own)
    filled = fill(text, one, stage.cycle)
    assert "{" not in filled
    assert one.person.last_name in filled
