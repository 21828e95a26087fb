"""Moving a milestone: what goes along, what stays, in one piece, and back again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle, CycleState
from programmes.roadmap import domain
from programmes.roadmap.models import Milestone, MilestoneState, Move, Task, TaskState
from programmes.roadmap.registries import Consequence, Follower, milestone_followers
from tests import factories as make
from tests.programmes.roadmap.makers import START_ON, make_milestone, make_roadmap, make_start

TODAY = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def in_january(time_machine):
    time_machine.move_to(TODAY)


@pytest.fixture
def user(db):
    return make.make_user()


@pytest.fixture
def cycle(db):
    return make.make_cycle(state=CycleState.APPLICATION)


@pytest.fixture
def start(cycle):
    return make_start(cycle)


def fresh(milestone):
    return Milestone.objects.get(pk=milestone.pk)


def moved(preview):
    return {shift.milestone.title for shift in preview.shifts}


class Mails:
    """A follower as a later room registers it."""

    def __init__(self):
        self.sent_on = "alt"
        self.refuse = ""

    def preview(self, cycle, shifts, user):
        return [
            Consequence("Rundmail", shift.milestone.title, self.sent_on, str(shift.days))
            for shift in shifts
        ]

    def apply(self, cycle, shifts, by):
        # The dates as stored are still the old ones, so that a follower can compare.
        assert all(fresh(s.milestone).starts_on == s.milestone.starts_on for s in shifts)
        before, self.sent_on = self.sent_on, "neu"
        return {"before": before, "days": [shift.days for shift in shifts]}

    def undo(self, cycle, payload, by):
        if self.refuse:
            raise Refused(self.refuse)
        self.sent_on = payload["before"]


@pytest.fixture
def mails(monkeypatch):
    found = Mails()
    follower = Follower(found.preview, found.apply, found.undo)
    monkeypatch.setattr(milestone_followers, "_entries", {"mails": (1, follower)})
    return found


@pytest.fixture
def nobody_follows(monkeypatch):
    monkeypatch.setattr(milestone_followers, "_entries", {})


# --- What goes along ----------------------------------------------------------------------
def test_the_whole_fahrplan_follows_its_startworkshop(cycle, user):
    plan = make_roadmap(cycle, START_ON, user)
    done = domain.move(plan["start"], starts_on=START_ON + 2 * WEEK, by=user)
    for key, milestone in plan.items():
        # In January two of them lie behind or are under way.
        if milestone.ends_on < TODAY.date():
            assert fresh(milestone).starts_on == milestone.starts_on, key
        elif milestone.starts_on >= TODAY.date():
            assert fresh(milestone).starts_on == milestone.starts_on + 2 * WEEK, key
            assert fresh(milestone).days == milestone.days, key
    assert Cycle.objects.get(pk=cycle.pk).start_workshop_on == START_ON + 2 * WEEK
    labels = Task.objects.get(key="namensschilder")
    assert labels.due_on == START_ON + WEEK
    assert (done.from_on, done.to_on, done.moved_by) == (START_ON, START_ON + 2 * WEEK, user)


def test_what_hangs_on_what_hangs_goes_along(start, cycle, user):
    one = make_milestone(cycle, START_ON - 4 * WEEK, anchor=start)
    two = make_milestone(cycle, START_ON - 3 * WEEK, START_ON, anchor=one)
    alone = make_milestone(cycle, START_ON)
    domain.move(start, starts_on=START_ON + WEEK, by=user)
    assert fresh(one).starts_on == START_ON - 3 * WEEK
    assert (fresh(two).starts_on, fresh(two).ends_on) == (START_ON - 2 * WEEK, START_ON + WEEK)
    assert fresh(alone).starts_on == START_ON
    assert fresh(two).sequence == 1
    assert fresh(two).version == two.version + 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"fixed": True}, "Datum steht fest"),
        ({"state": MilestoneState.DONE}, "erledigt"),
        ({"state": MilestoneState.DROPPED, "drop_reason": "kein Geld"}, "entfällt"),
        ({"starts_on": date(2026, 1, 14)}, "liegt schon zurück"),
    ],
)
def test_what_stays_and_why(start, cycle, user, fields, reason):
    stays = make_milestone(cycle, **{"starts_on": START_ON - WEEK, "anchor": start, **fields})
    below = make_milestone(cycle, START_ON - WEEK, anchor=stays)
    preview = domain.preview_move(start, starts_on=START_ON + WEEK, user=user)
    assert [(row.milestone, row.reason) for row in preview.staying] == [(stays, reason)]
    domain.move(start, starts_on=START_ON + WEEK, by=user)
    assert fresh(stays).starts_on == stays.starts_on
    assert fresh(below).starts_on == START_ON - WEEK


def test_today_still_moves_and_a_period_under_way_moves_its_end(start, cycle, user):
    today = make_milestone(cycle, TODAY.date(), anchor=start)
    period = make_milestone(cycle, date(2026, 1, 5), date(2026, 2, 6), anchor=start)
    domain.move(start, starts_on=START_ON + WEEK, by=user)
    assert fresh(today).starts_on == date(2026, 1, 22)
    assert (fresh(period).starts_on, fresh(period).ends_on) == (
        date(2026, 1, 5),
        date(2026, 2, 13),
    )
    domain.move(start, starts_on=START_ON - 10 * WEEK, by=user)
    assert fresh(period).ends_on == date(2026, 1, 5)


def test_only_open_tasks_with_a_distance_move(start, cycle, user):
    def task(**fields):
        fields.setdefault("days_from_milestone", -7)
        fields.setdefault("due_on", START_ON - WEEK)
        return Task.objects.create(cycle=cycle, milestone=start, title="Schilder", **fields)

    counted, by_hand = task(), task(days_from_milestone=None)
    done = task(state=TaskState.DONE, done_at=TODAY)
    preview = domain.preview_move(start, starts_on=START_ON + WEEK, user=user)
    assert [(row.task, row.due_on) for row in preview.tasks] == [(counted, START_ON)]
    domain.move(start, starts_on=START_ON + WEEK, by=user)
    due = {row.pk: row.due_on for row in Task.objects.all()}
    assert due == {counted.pk: START_ON, by_hand.pk: START_ON - WEEK, done.pk: START_ON - WEEK}


def test_a_move_of_the_end_alone_moves_nobody_else(cycle, start, user):
    period = make_milestone(cycle, START_ON, START_ON + WEEK, anchor=start)
    make_milestone(cycle, START_ON, anchor=period)
    domain.move(period, starts_on=START_ON, ends_on=START_ON + 3 * WEEK, by=user)
    assert fresh(period).ends_on == START_ON + 3 * WEEK
    assert Move.objects.get().changes[0]["pk"] == period.pk
    assert len(Move.objects.get().changes) == 1


def test_who_is_moved_by_hand_hangs_at_the_new_distance(cycle, start, user):
    one = make_milestone(cycle, START_ON + WEEK, anchor=start)
    domain.move(one, starts_on=START_ON + 3 * WEEK, by=user)
    assert fresh(one).anchor_days == 21
    domain.move(start, starts_on=START_ON + WEEK, by=user)
    assert fresh(one).starts_on == START_ON + 4 * WEEK


def test_the_automatic_reveal_follows(cycle, start, user):
    Cycle.objects.filter(pk=cycle.pk).update(reveal_at=datetime(2026, 10, 2, 7, 0, tzinfo=UTC))
    preview = domain.preview_move(start, starts_on=START_ON + 5 * WEEK, user=user)
    assert preview.reveal_at == datetime(2026, 11, 6, 8, 0, tzinfo=UTC)
    done = domain.move(start, starts_on=START_ON + 5 * WEEK, by=user)
    assert Cycle.objects.get(pk=cycle.pk).reveal_at == datetime(2026, 11, 6, 8, 0, tzinfo=UTC)
    domain.undo(done, by=user)
    found = Cycle.objects.get(pk=cycle.pk)
    assert found.reveal_at == datetime(2026, 10, 2, 7, 0, tzinfo=UTC)
    assert found.start_workshop_on == START_ON


# --- The preview --------------------------------------------------------------------------
def test_the_preview_writes_nothing(cycle, user, mails):
    plan = make_roadmap(cycle, START_ON, user)
    before = list(Milestone.objects.values()), list(Task.objects.values())
    preview = domain.preview_move(plan["start"], starts_on=START_ON + WEEK, user=user)
    assert (list(Milestone.objects.values()), list(Task.objects.values())) == before
    assert mails.sent_on == "alt"
    assert len(preview.shifts) == len(preview.consequences) > 10
    assert not Move.objects.exists()


def test_the_preview_warns(cycle, start, user):
    clash = make_milestone(cycle, date(2026, 10, 3), title="Sommerfest")
    preview = domain.preview_move(start, starts_on=date(2026, 10, 3), user=user)
    assert preview.rows[0].warnings == (
        "Feiertag in NRW: Tag der Deutschen Einheit",
        "am selben Tag: Sommerfest",
    )
    late = domain.preview_move(clash, starts_on=date(2026, 1, 8), user=user)
    assert late.rows[0].warnings == ("liegt in der Vergangenheit",)
    assert late.alone
    assert not preview.alone  # the cycle itself knows the date


def test_the_preview_names_an_order_turned_round(cycle, start, user):
    applications = make_milestone(
        cycle, date(2026, 4, 1), date(2026, 5, 29), anchor=start, title="Bewerbungsphase"
    )
    places = make_milestone(cycle, date(2026, 6, 8), anchor=start, title="Platzvergabe")
    preview = domain.preview_move(applications, starts_on=date(2026, 5, 4), user=user)
    assert "liegt nicht mehr vor „Platzvergabe“" in preview.rows[0].warnings
    back = domain.preview_move(places, starts_on=date(2026, 5, 12), user=user)
    assert "liegt nicht mehr nach „Bewerbungsphase“" in back.rows[0].warnings
    after = domain.preview_move(places, starts_on=START_ON + WEEK, user=user)
    assert "liegt nicht mehr vor „Startworkshop“" in after.rows[0].warnings


def test_the_preview_says_when_it_will_remind(cycle, start, user):
    preview = domain.preview_move(start, starts_on=date(2026, 2, 2), user=user)
    assert preview.rows[0].reminders == (date(2026, 1, 19), date(2026, 1, 30))


@pytest.mark.parametrize("day", [date.min, date.max, date(2101, 1, 1), date(1989, 12, 31)])
def test_a_slip_of_the_year_is_refused(cycle, start, user, day):
    make_milestone(cycle, START_ON + 60 * WEEK, anchor=start)
    for ends_on in (None, day):
        with pytest.raises(Refused, match="außerhalb der Jahre"):
            domain.move(start, starts_on=day, ends_on=ends_on, by=user)
    with pytest.raises(Refused, match="außerhalb der Jahre"):
        domain.move(start, starts_on=date(2100, 6, 1), by=user)
    assert fresh(start).starts_on == START_ON


def test_what_cannot_be_moved(cycle, start, user):
    done = make_milestone(cycle, START_ON, state=MilestoneState.DONE)
    with pytest.raises(Refused, match="lässt sich nicht verschieben"):
        domain.move(done, starts_on=START_ON + WEEK, by=user)
    with pytest.raises(Refused, match="Ende liegt vor dem Beginn"):
        domain.move(start, starts_on=START_ON, ends_on=START_ON - WEEK, by=user)
    with pytest.raises(Refused, match="steht schon auf diesem Datum"):
        domain.move(start, starts_on=START_ON, by=user)


# --- Two at once --------------------------------------------------------------------------
def test_other_consequences_than_those_shown_are_refused(cycle, start, user, mails):
    seen = domain.preview_move(start, starts_on=START_ON + WEEK, user=user).fingerprint
    mails.sent_on = "inzwischen anders"
    with pytest.raises(Refused, match="neue Vorschau"):
        domain.move(start, starts_on=START_ON + WEEK, by=user, seen=seen)
    assert fresh(start).starts_on == START_ON
    seen = domain.preview_move(start, starts_on=START_ON + WEEK, user=user).fingerprint
    domain.move(start, starts_on=START_ON + WEEK, by=user, seen=seen)
    assert fresh(start).starts_on == START_ON + WEEK


def test_the_second_of_two_who_move_is_told(cycle, start, user):
    mine = domain.preview_move(start, starts_on=START_ON + WEEK, user=user)
    domain.move(start, starts_on=START_ON + 2 * WEEK, by=user)
    with pytest.raises(Refused, match="neue Vorschau"):
        domain.move(start, starts_on=mine.starts_on, by=user, seen=mine.fingerprint)


# --- Taking it back -----------------------------------------------------------------------
def test_a_move_can_be_taken_back(cycle, user, mails):
    plan = make_roadmap(cycle, START_ON, user)
    before = {row.pk: (row.starts_on, row.ends_on) for row in Milestone.objects.all()}
    due = dict(Task.objects.values_list("pk", "due_on"))
    done = domain.move(plan["start"], starts_on=START_ON + 3 * WEEK, by=user)
    assert done.followed["mails"]["before"] == "alt"
    domain.undo(done, by=user)
    assert {row.pk: (row.starts_on, row.ends_on) for row in Milestone.objects.all()} == before
    assert dict(Task.objects.values_list("pk", "due_on")) == due
    assert Cycle.objects.get(pk=cycle.pk).start_workshop_on == START_ON
    assert mails.sent_on == "alt"
    # The calendars must notice both ways.
    assert fresh(plan["start"]).sequence == 2
    stored = Move.objects.get()
    assert stored.undone_at is not None
    assert stored.undone_by == user


def test_only_the_latest_is_taken_back_one_after_the_other(cycle, start, user):
    first = domain.move(start, starts_on=START_ON + WEEK, by=user)
    second = domain.move(start, starts_on=START_ON + 2 * WEEK, by=user)
    with pytest.raises(Refused, match="Nur die letzte"):
        domain.undo(first, by=user)
    domain.undo(second, by=user)
    with pytest.raises(Refused, match="Nur die letzte"):
        domain.undo(second, by=user)
    domain.undo(first, by=user)
    assert fresh(start).starts_on == START_ON


def test_what_was_changed_since_is_named(cycle, start, user):
    one = make_milestone(cycle, START_ON + WEEK, anchor=start, title="Vernetzungstreffen")
    task = Task.objects.create(
        cycle=cycle, milestone=start, title="Räume", days_from_milestone=0, due_on=START_ON
    )
    done = domain.move(start, starts_on=START_ON + WEEK, by=user)
    Milestone.objects.filter(pk=one.pk).update(starts_on=START_ON)
    Task.objects.filter(pk=task.pk).update(due_on=START_ON)
    with pytest.raises(Refused, match="„Vernetzungstreffen“, „Räume“"):
        domain.undo(done, by=user)
    assert fresh(start).starts_on == START_ON + WEEK


def test_a_follower_may_refuse_and_then_nothing_is_taken_back(cycle, start, user, mails):
    done = domain.move(start, starts_on=START_ON + WEEK, by=user)
    mails.refuse = "Die Rundmail ist schon verschickt."
    with pytest.raises(Refused, match="schon verschickt"):
        domain.undo(done, by=user)
    assert fresh(start).starts_on == START_ON + WEEK
    assert Move.objects.get().undone_at is None


def test_what_is_gone_does_not_stop_the_way_back(cycle, start, user):
    gone = make_milestone(cycle, START_ON + WEEK, anchor=start)
    done = domain.move(start, starts_on=START_ON + WEEK, by=user)
    gone.delete()
    domain.undo(done, by=user)
    assert fresh(start).starts_on == START_ON


# --- The log, and size --------------------------------------------------------------------
def test_the_log_tells_from_when_to_when(cycle, start, user):
    domain.move(start, starts_on=START_ON + WEEK, by=user)
    entry = LogEntry.objects.get_for_object(start).latest("pk")
    assert entry.actor == user
    assert entry.changes["starts_on"] == ["2026-10-02", "2026-10-09"]
    assert entry.cycle_id == cycle.pk


def test_many_milestones_need_no_more_queries(
    cycle, start, user, nobody_follows, django_assert_max_num_queries
):
    for number in range(120):
        make_milestone(cycle, START_ON + timedelta(days=number), anchor=start)
    with django_assert_max_num_queries(6):
        domain.preview_move(start, starts_on=START_ON + WEEK, user=user)
    with django_assert_max_num_queries(24):
        domain.move(start, starts_on=START_ON + WEEK, by=user)
