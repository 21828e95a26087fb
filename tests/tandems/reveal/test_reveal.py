"""The reveal by a lead: what the dry run says is what happens, once, to nobody else."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState
from tandems.applications.domain import withdraw
from tandems.applications.outcomes import decide_again, mark_informed
from tandems.mentors import domain as mentors
from tandems.pairs import domain as pairs
from tandems.pairs.models import Tandem, TandemState
from tandems.reveal import domain
from tandems.reveal.plan import ALL, MENTORS, plan, seen_single
from tandems.reveal.start import before_running, unfinished
from tests import factories as make
from tests.tandems.pairs.makers import make_mentee, make_mentor, make_tandem
from tests.tandems.reveal.makers import MORNING, fresh, is_known, on_the_day, sealed, workshop


@pytest.fixture(autouse=True)
def the_day():
    with time_machine.travel(MORNING + timedelta(hours=2), tick=False) as traveller:
        yield traveller


@pytest.fixture
def cycle(stage):
    return on_the_day(stage)


@pytest.fixture
def lead(cast):
    return cast.user("lead")


def press(cycle, by, seen=None, **kwargs):
    seen = seen or plan(cycle, by).seen(ALL)
    return domain.reveal(cycle, seen=seen, by=by, **kwargs)


def test_the_dry_run_equals_what_happens(cycle, stage, lead):
    """Held back: who is not sealed, not told of the place, gone, or has become a colleague."""
    fine = [sealed(stage) for _ in range(3)]
    gone, untold, moved = sealed(stage), sealed(stage), sealed(stage)
    mentors.end(gone.mentor, by=lead)
    untold.application.informed_on = None
    untold.application.save()
    moved.mentee_person.municipality = stage.other
    moved.mentee_person.save()
    quit_ = sealed(stage)
    withdraw(quit_.application, reason="Neue Stelle", by=lead)
    open_one = make_tandem(
        make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), TandemState.AGREED
    )
    before = plan(cycle, lead)
    why = {held.tandem.pk: " ".join(held.why) for held in before.held}
    assert "ausgeschieden" in why[gone.pk]
    assert "noch nicht mitgeteilt" in why[untold.pk]
    assert "arbeitet inzwischen auch" in why[moved.pk]
    assert "zurückgezogen" in why[quit_.pk]
    assert "Noch nicht versiegelt" in why[open_one.pk]
    done = press(cycle, lead, before.seen(ALL))
    assert done.number == 3
    known = set(Tandem.objects.exclude(revealed_at=None).values_list("pk", flat=True))
    assert known == {one.tandem.pk for one in before.ready} == {one.pk for one in fine}
    assert {held.tandem.pk for held in done.held} == set(why)
    assert all(fresh(one).revealed_at == timezone.now() for one in fine)


def test_exactly_those_two_and_their_houses_see_it(cycle, stage, cast, lead):
    own = make.make_person(municipality=stage.own, sign_in=True)
    other = make.make_person(municipality=stage.other, sign_in=True)
    mentee = make_mentee(cycle, stage.own, person=own)
    mentor = make_mentor(cycle, stage.other, person=other)
    tandem = make_tandem(mentee, mentor, TandemState.SEALED)
    elsewhere = make.make_hr(make.make_municipality("Neuort"))
    see = [own.user, other.user, cast.user("hr"), cast.user("other_hr"), lead]
    blind = [cast.user(name) for name in ("logistics", "permanent", "stranger", "mentee")]
    blind += [elsewhere.user]
    secret = [user for user in see if user != lead]
    for user in (*secret, *blind):
        assert not Tandem.objects.visible_to(user).exists()
    press(cycle, lead)
    assert is_known(tandem)
    for user in see:
        assert Tandem.objects.visible_to(type(user).objects.get(pk=user.pk)).exists()
    for user in blind:
        assert not Tandem.objects.visible_to(type(user).objects.get(pk=user.pk)).exists()


def test_if_the_list_has_changed_nothing_is_revealed(cycle, stage, lead):
    tandem, other = sealed(stage), sealed(stage)
    seen = plan(cycle, lead).seen(ALL)
    mentors.end(other.mentor, by=lead)
    with pytest.raises(Refused, match="hat sich etwas geändert"):
        press(cycle, lead, seen)
    assert not is_known(tandem)
    assert press(cycle, lead).number == 1


def test_a_changed_kommune_is_a_changed_list(cycle, stage, lead):
    """The same two tandems, but another Personalstelle would read it."""
    tandem = sealed(stage)
    third = make.make_municipality("Neuort")
    make.make_participation(cycle, third)
    seen = plan(cycle, lead).seen(ALL)
    mentors.change_house(tandem.mentor, municipality=third, by=lead)
    with pytest.raises(Refused, match="hat sich etwas geändert"):
        press(cycle, lead, seen)


@pytest.mark.parametrize("forged", ["", "x", "1:2:3"])
def test_a_digest_nobody_was_shown_reveals_nothing(cycle, stage, lead, forged):
    tandem = sealed(stage)
    with pytest.raises(Refused):
        domain.reveal(cycle, seen=forged, by=lead)
    with pytest.raises(Refused):
        domain.reveal(cycle, seen=plan(cycle, lead).seen(MENTORS), by=lead)
    assert not is_known(tandem)


def test_pressed_twice_it_happens_once(cycle, stage, lead, the_day):
    tandem = sealed(stage)
    seen = plan(cycle, lead).seen(ALL)
    press(cycle, lead, seen)
    first = fresh(tandem).revealed_at
    the_day.shift(timedelta(minutes=1))
    with pytest.raises(Refused, match="nichts \\(mehr\\) bekannt zu geben"):
        press(cycle, lead, seen)
    assert fresh(tandem).revealed_at == first


def test_the_last_look_is_in_the_writing_itself(cycle, stage):
    """Whatever was planned: only what still is sealed and secret becomes known."""
    agreed = make_tandem(
        make_mentee(cycle, stage.own), make_mentor(cycle, stage.other), TandemState.AGREED
    )
    known = make_tandem(
        make_mentee(cycle, stage.own),
        make_mentor(cycle, stage.other),
        TandemState.ACTIVE,
        revealed_at=MORNING,
    )
    still = sealed(stage)
    keys = [agreed.pk, known.pk, still.pk]
    assert domain._make_known(keys, timezone.now()) == 1
    assert is_known(still)
    assert (fresh(agreed).state, fresh(known).state) == (TandemState.AGREED, TandemState.ACTIVE)
    assert fresh(known).revealed_at == MORNING


def test_the_log_says_that_and_who_but_not_whom(cycle, stage, lead):
    tandem = sealed(stage)
    LogEntry.objects.all().delete()
    press(cycle, lead)
    entry = LogEntry.objects.get(object_id=tandem.pk, action=LogEntry.Action.UPDATE)
    assert entry.actor == lead
    assert "revealed_at" in entry.changes
    assert {value for pair in entry.changes.values() for value in pair} == {"•••"}


def test_only_a_lead_who_matches_reveals(cycle, stage, cast, lead):
    tandem = sealed(stage)
    with pytest.raises(Refused, match="Leitung"):
        press(cycle, cast.user("member"))
    make_mentor(cycle, stage.other, person=cast.lead)
    concerned = type(lead).objects.get(pk=lead.pk)
    with pytest.raises(Refused, match="wirken Sie nicht mit"):
        press(cycle, concerned)
    assert not is_known(tandem)


def test_what_is_hidden_from_the_lead_is_revealed_unnamed(cycle, stage, cast, lead):
    subordinate = make_mentee(cycle, stage.own, superior=cast.lead)
    hidden = make_tandem(subordinate, make_mentor(cycle, stage.other), TandemState.SEALED)
    shown = sealed(stage)
    before = plan(cycle, lead)
    assert [one.tandem.pk for one in before.ready] == [shown.pk]
    assert press(cycle, lead).number == 2
    assert is_known(hidden)
    assert not Tandem.objects.visible_to(lead).filter(pk=hidden.pk).exists()


# --- The day --------------------------------------------------------------------------------


def test_before_the_day_a_reason_is_due_and_kept(cycle, stage, lead):
    tandem = sealed(stage)
    cycle.start_workshop_on = MORNING.date() + timedelta(days=3)
    cycle.save()
    with pytest.raises(Refused, match=r"erst am 09\.03\.2026"):
        press(cycle, lead)
    assert not is_known(tandem)
    press(cycle, lead, off_day_reason="Der Workshop ist auf heute vorgezogen.")
    assert is_known(tandem)
    assert pairs.frame_of(cycle).early_reason == "Der Workshop ist auf heute vorgezogen."


def test_called_off_that_morning_it_needs_a_reason_too(cycle, stage, lead):
    tandem = sealed(stage)
    workshop(cycle, state="cancelled", cancel_reason="Schnee")
    with pytest.raises(Refused, match="abgesagt"):
        press(cycle, lead)
    assert not is_known(tandem)


def test_after_the_day_it_is_only_a_warning(cycle, stage, lead):
    tandem = sealed(stage)
    cycle.start_workshop_on = MORNING.date() - timedelta(days=3)
    cycle.save()
    press(cycle, lead)
    assert is_known(tandem)


def test_in_the_running_phase_a_latecomer_is_revealed_too(cycle, stage, lead):
    cycle.state, cycle.running_on = CycleState.RUNNING, date(2026, 3, 1)
    cycle.save()
    tandem = sealed(stage)
    press(cycle, lead)
    assert is_known(tandem)


# --- Mentors first --------------------------------------------------------------------------


def test_mentors_first(cycle, stage, lead, cast):
    frame = pairs.frame_of(cycle)
    frame.mentors_first = True
    domain.choose_order(frame, by=lead)
    person = make.make_person(municipality=stage.other, sign_in=True)
    own = make.make_person(municipality=stage.own, sign_in=True)
    tandem = make_tandem(
        make_mentee(cycle, stage.own, person=own),
        make_mentor(cycle, stage.other, person=person),
        TandemState.SEALED,
    )
    with pytest.raises(Refused, match="zuerst"):
        press(cycle, lead)
    done = domain.tell_mentors(cycle, seen=plan(cycle, lead).seen(MENTORS), by=lead)
    assert done.number == 1
    assert fresh(tandem).state == TandemState.SEALED
    assert Tandem.objects.visible_to(person.user).exists()
    for blind in (own.user, cast.user("hr"), cast.user("other_hr"), cast.user("logistics")):
        assert not Tandem.objects.visible_to(blind).exists()
    told_at = fresh(tandem).mentor_told_at
    with pytest.raises(Refused):
        domain.tell_mentors(cycle, seen=plan(cycle, lead).seen(MENTORS), by=lead)
    press(cycle, lead)
    assert is_known(tandem)
    assert fresh(tandem).mentor_told_at == told_at


def test_without_that_choice_mentors_are_not_told_before(cycle, stage, lead):
    sealed(stage)
    with pytest.raises(Refused, match="zur selben Zeit"):
        domain.tell_mentors(cycle, seen=plan(cycle, lead).seen(MENTORS), by=lead)


def test_a_later_sealed_one_waits_for_its_mentor_again(cycle, stage, lead):
    frame = pairs.frame_of(cycle)
    frame.mentors_first = True
    frame.save(update_fields=["mentors_first"])
    sealed(stage)
    domain.tell_mentors(cycle, seen=plan(cycle, lead).seen(MENTORS), by=lead)
    late = sealed(stage)
    with pytest.raises(Refused, match="zuerst"):
        press(cycle, lead)
    assert domain.tell_mentors(cycle, seen=plan(cycle, lead).seen(MENTORS), by=lead).number == 1
    assert press(cycle, lead).number == 2
    assert is_known(late)


# --- A match anew ---------------------------------------------------------------------------


def anew(cycle, stage):
    mentee = make_mentee(cycle, stage.own)
    ended = make_tandem(mentee, make_mentor(cycle, stage.other), TandemState.ENDED_EARLY)
    return make_tandem(mentee, make_mentor(cycle, stage.other), TandemState.SEALED, after=ended)


def test_a_match_anew_is_revealed_by_itself(cycle, stage, lead, the_day):
    tandem, rest = anew(cycle, stage), sealed(stage)
    assert press(cycle, lead).number == 1
    assert (is_known(tandem), is_known(rest)) == (False, True)
    seen = seen_single(fresh(tandem))
    the_day.shift(timedelta(days=30))
    domain.reveal_single(tandem, seen=seen, by=lead)
    assert fresh(tandem).revealed_at == timezone.now()
    assert fresh(rest).revealed_at < timezone.now()
    with pytest.raises(Refused, match="schon bekannt"):
        domain.reveal_single(tandem, seen=seen, by=lead)


def test_nor_is_the_first_match_revealed_alone(cycle, stage, lead):
    tandem = sealed(stage)
    with pytest.raises(Refused, match="mit den anderen"):
        domain.reveal_single(tandem, seen=seen_single(tandem), by=lead)
    assert not is_known(tandem)


def test_a_match_anew_that_broke_is_held_back(cycle, stage, lead):
    tandem = anew(cycle, stage)
    seen = seen_single(tandem)
    mentors.end(tandem.mentor, by=lead)
    with pytest.raises(Refused, match="ausgeschieden"):
        domain.reveal_single(tandem, seen=seen, by=lead)
    assert not is_known(tandem)


# --- On the way of the cycle ----------------------------------------------------------------


def test_a_place_given_back_and_given_again_has_to_be_told_first(cycle, stage, lead):
    tandem = sealed(stage)
    application = tandem.application
    decide_again(application, expected="placed", outcome="waiting", by=lead)
    decide_again(application, expected="waiting", outcome="placed", by=lead)
    assert "noch nicht mitgeteilt" in " ".join(plan(cycle, lead).held[0].why)
    mark_informed(application, on=timezone.localdate(), by=lead)
    assert press(cycle, lead).number == 1


def test_the_path_of_the_cycle_warns(cycle, stage, lead):
    assert before_running(cycle, "start_running") == []
    tandem = sealed(stage)
    make_mentee(cycle, stage.own)
    lines = " ".join(before_running(cycle, "start_running"))
    assert "nicht alle Tandems bekannt" in lines
    assert "nicht alle Mentees ein Tandem" in lines
    assert before_running(cycle, "start_matching") == []
    assert "nicht alle Tandems bekannt" in unfinished(cycle)[0]
    press(cycle, lead)
    assert unfinished(cycle) == []
    assert is_known(tandem)
