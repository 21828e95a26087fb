"""From the template and one date to the two years of a Durchgang."""

from datetime import UTC, date, datetime

import pytest

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import Cycle, CycleState
from programmes.roadmap import calendar, domain
from programmes.roadmap.models import Milestone, Task, TemplateMilestone
from tests import factories as make
from tests.programmes.roadmap.makers import START_ON, make_roadmap


@pytest.fixture
def user(db):
    return make.make_user()


@pytest.fixture
def cycle(db):
    return make.make_cycle(state=CycleState.PLANNING)


def test_the_real_history_of_2010_to_2012(cycle, user):
    plan = make_roadmap(cycle, date(2011, 9, 30), user)
    assert plan["abstimmung"].starts_on == date(2010, 11, 12)
    assert (plan["info"].starts_on.year, plan["info"].starts_on.month) == (2011, 1)
    assert plan["start"].starts_on == plan["start"].ends_on == date(2011, 9, 30)
    assert plan["abschluss"].starts_on == date(2012, 9, 21)
    assert plan["tandemarbeit"].ends_on == date(2012, 9, 21)
    assert len(plan) == 14


def test_every_milestone_hangs_on_the_startworkshop(cycle, user):
    plan = make_roadmap(cycle, START_ON, user)
    start = plan.pop("start")
    assert (start.anchor, start.anchor_days) == (None, None)
    for milestone in plan.values():
        assert milestone.anchor == start
        assert milestone.anchor_days == (milestone.starts_on - start.starts_on).days


def test_tasks_are_counted_from_their_milestone(cycle, user):
    plan = make_roadmap(cycle, date(2011, 9, 30), user)
    assert Task.objects.count() == 18
    labels = Task.objects.get(key="namensschilder")
    assert (labels.milestone, labels.days_from_milestone) == (plan["start"], -7)
    assert (labels.due_on, labels.responsible) == (date(2011, 9, 23), "logistics")
    venue = Task.objects.get(key="kulturort")
    assert venue.due_on == date(2012, 3, 23)


def test_the_cycle_knows_its_startworkshop(cycle, user):
    make_roadmap(cycle, START_ON, user)
    assert Cycle.objects.get(pk=cycle.pk).start_workshop_on == START_ON
    assert cycle.start_workshop_on == START_ON
    cycle.title = "Anders"
    cycle.save()  # the version of what the caller holds is the stored one


def test_a_reveal_chosen_before_goes_along(cycle, user, time_machine):
    time_machine.move_to(datetime(2026, 1, 15, tzinfo=UTC))
    cycle.start_workshop_on = date(2026, 10, 1)
    # Ten o'clock by summer time; after the clock change it is ten o'clock still.
    cycle.reveal_at = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
    cycle.save()
    make_roadmap(cycle, date(2026, 11, 5), user)
    assert Cycle.objects.get(pk=cycle.pk).reveal_at == datetime(2026, 11, 5, 9, 0, tzinfo=UTC)


def test_a_cycle_is_planned_once(cycle, user):
    make_roadmap(cycle, START_ON, user)
    with pytest.raises(Refused, match="schon einen Fahrplan"):
        make_roadmap(cycle, START_ON, user)
    assert Milestone.objects.count() == 14


def test_an_ended_cycle_is_not_planned(user):
    cycle = make.make_cycle(state=CycleState.CLOSED)
    with pytest.raises(Refused, match="nichts mehr ändern"):
        make_roadmap(cycle, START_ON, user)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1990, 3, 1), date(2100, 6, 1), date.max])
def test_dates_beyond_any_cycle_are_refused(cycle, user, day):
    with pytest.raises(Refused, match="außerhalb der Jahre"):
        domain.plan_roadmap(cycle, start_on=day, by=user)
    with pytest.raises(Refused, match="außerhalb der Jahre"):
        domain.preview_plan(cycle.programme, day)
    assert not Milestone.objects.exists()
    assert Cycle.objects.get(pk=cycle.pk).start_workshop_on is None


def test_the_log_says_who_planned(cycle, user):
    plan = make_roadmap(cycle, START_ON, user)
    entry = LogEntry.objects.get_for_object(plan["start"]).get()
    assert (entry.actor, entry.cycle_id) == (user, cycle.pk)


def test_the_preview_is_what_is_planned_later(cycle, user):
    preview = domain.preview_plan(cycle.programme, START_ON)
    plan = domain.plan_roadmap(cycle, start_on=START_ON, by=user)
    assert [(row.entry.key, row.starts_on, row.ends_on) for row in preview] == [
        (row.key, row.starts_on, row.ends_on) for row in plan
    ]
    assert sum(row.tasks for row in preview) == 18


def test_the_preview_names_holidays_weekends_and_clashes(cycle):
    domain.shipped_template(cycle.programme)
    TemplateMilestone.objects.filter(key="info").update(start_week=0, end_week=0)
    rows = {row.entry.key: row for row in domain.preview_plan(cycle.programme, date(2026, 10, 3))}
    assert rows["start"].warnings[0] == "Feiertag in NRW: Tag der Deutschen Einheit"
    assert rows["start"].warnings[1] == "am selben Tag: Informationsveranstaltung"
    assert rows["vernetzung1"].warnings == ("Wochenende: Samstag",)


@pytest.mark.parametrize(
    ("day", "warning"),
    [
        (date(2026, 6, 4), "Feiertag in NRW: Fronleichnam"),
        (date(2026, 11, 1), "Feiertag in NRW: Allerheiligen"),
        (date(2026, 6, 5), "Brückentag nach Fronleichnam"),
        (date(2026, 12, 24), ""),
        (date(2025, 5, 2), "Brückentag nach Erster Mai"),
        (date(2028, 10, 2), "Brückentag vor Tag der Deutschen Einheit"),
        (date(2026, 5, 10), "Wochenende: Sonntag"),
        (date(2026, 5, 15), "Brückentag nach Christi Himmelfahrt"),
        (date(2026, 8, 15), "Wochenende: Samstag"),  # Mariä Himmelfahrt is none in NRW
        (date(2026, 9, 30), ""),
        (date.max, ""),
    ],
)
def test_what_speaks_against_a_day(day, warning):
    assert calendar.warnings_for(day) == ((warning,) if warning else ())
