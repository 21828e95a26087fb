"""The timeline: what is drawn where, and what the page says of it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programmes.cycles.models import Cycle
from programmes.roadmap.lettering import text_width, wrap
from programmes.roadmap.models import Milestone, MilestoneKind, MilestoneState, Track
from programmes.roadmap.timeline import Chart, Mark, draw, fitting, standing, when
from tests.programmes.roadmap.makers import make_milestone, make_roadmap

TODAY = date(2026, 5, 4)
NOON = datetime(2026, 5, 4, 12, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def page_of(cycle: Cycle) -> str:
    return reverse("roadmap:timeline", args=[cycle.pk])


def event(day: date, title: str = "Sitzung", **fields: Any) -> Milestone:
    fields = {"track": Track.COUNCIL, "kind": MilestoneKind.EVENT, "ends_on": day, **fields}
    return Milestone(title=title, starts_on=day, **fields)


def period(first: date, last: date, title: str = "Phase", **fields: Any) -> Milestone:
    return event(first, title, ends_on=last, kind=MilestoneKind.PERIOD, **fields)


def marks(chart: Chart) -> list[Mark]:
    return [mark for lane in chart.lanes for mark in lane.marks]


# --- Geometry ---------------------------------------------------------------------------
def crowded() -> list[Milestone]:
    """Two hundred milestones within a year, with long titles, on all tracks."""
    title = "Vorstellungstermin aller nominierten Bewerber/innen der Donaudampfschifffahrt"
    found = []
    for number in range(200):
        first = TODAY + timedelta(days=number * 37 % 365)
        track = Track.values[number % 6]
        if number % 3:
            found.append(event(first, title[: 10 + number % 60], track=track))
        else:
            last = first + timedelta(days=number % 150)
            found.append(period(first, last, title, track=track))
    return found


def test_no_two_labels_overlap():
    boxes = [mark.box for mark in marks(draw(crowded(), today=TODAY))]
    for one, other in combinations(boxes, 2):
        apart = (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
        assert apart, (one, other)


@pytest.mark.parametrize("width", [1200, 1900, 4200])
def test_nothing_reaches_beyond_the_chart(width):
    chart = draw(crowded(), today=TODAY, width=width)
    for mark in marks(chart):
        assert chart.left - 30 <= mark.box.x
        assert mark.box.x + mark.box.width <= chart.width + 2
        assert chart.head <= mark.box.y
        assert mark.box.y + mark.box.height <= chart.height
        for line in mark.lines:
            assert mark.box.x <= line.x
            assert line.x + line.width <= mark.box.x + mark.box.width


def test_tracks_are_lanes_in_their_order():
    chart = draw(
        [
            event(TODAY, track=Track.TANDEMS),
            event(TODAY, track=Track.PUBLIC),
            event(TODAY, track=Track.COUNCIL),
        ],
        today=TODAY,
    )
    assert [lane.label for lane in chart.lanes] == ["Öffentlich", "Beirat", "Tandems"]
    assert chart.lanes[0].y + chart.lanes[0].height == chart.lanes[1].y


def test_a_period_is_as_long_as_its_days():
    chart = draw([period(date(2026, 1, 1), date(2026, 12, 31))], today=TODAY)
    (mark,) = marks(chart)
    assert mark.x == chart.left
    assert mark.x + mark.width == chart.width - 16
    half = draw(
        [period(date(2026, 1, 1), date(2026, 12, 31)), event(date(2026, 7, 2))], today=TODAY
    )
    assert marks(half)[1].x == pytest.approx((chart.left + chart.width - 16) / 2, abs=2)


def test_months_and_years_stand_on_the_axis():
    chart = draw([period(date(2025, 11, 3), date(2027, 2, 1))], today=TODAY)
    assert [tick.label for tick in chart.ticks if tick.is_year] == ["2026", "2027", "2025"]
    months = [tick.label for tick in chart.ticks if not tick.is_year]
    assert months[:4] == ["Nov", "Dez", "Jan", "Feb"]
    assert len(months) == 16


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date.min, date.max),
        (date(2026, 1, 1), date(9999, 12, 31)),
        (date(1926, 1, 1), date(2026, 12, 31)),
        (date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_a_mistyped_year_still_gives_a_chart(first, last):
    chart = draw([event(first), event(last), period(first, last)], today=TODAY)
    xs = [tick.x for tick in chart.ticks if not tick.is_year] or [t.x for t in chart.ticks]
    assert 0 < len(xs) <= 40
    assert len(marks(chart)) == 3


def test_today_has_a_line_as_long_as_the_axis_reaches_it():
    assert draw([event(date(2026, 5, 30))], today=TODAY).today_x is not None
    assert draw([event(date(2026, 6, 1))], today=TODAY).today_x is None
    late = draw([period(date(2025, 1, 1), date(2026, 5, 31))], today=date(2026, 5, 30))
    assert late.today_x is not None
    assert late.today_label_x < late.today_x


def test_what_is_overdue_is_said_from_the_day_after():
    def look(**fields: Any) -> str:
        return standing(event(TODAY, **fields), TODAY).look

    assert look() == "planned"
    assert standing(event(TODAY), TODAY + timedelta(days=1)).look == "overdue"
    assert look(ends_on=TODAY - timedelta(days=1)) == "overdue"
    assert look(state=MilestoneState.DONE, ends_on=date(2020, 1, 1)) == "done"
    assert look(state=MilestoneState.DROPPED, ends_on=date(2020, 1, 1)) == "dropped"
    assert str(standing(event(TODAY, fixed=True), TODAY)) == "geplant, fest"


def test_days_are_written_as_short_as_they_are_clear():
    assert when(event(date(2026, 9, 25))) == "25.09.2026"
    assert when(period(date(2026, 3, 1), date(2026, 5, 15))) == "01.03. – 15.05.2026"
    assert when(period(date(2026, 9, 1), date(2027, 5, 15))) == "01.09.2026 – 15.05.2027"
    assert when(event(date(2026, 9, 25)), weekdays=True) == "Fr, 25.09.2026"


def test_on_paper_a_full_chart_grows_wider_until_it_fits():
    few, many = [event(TODAY)], crowded()
    assert fitting(few, today=TODAY, ratio=0.6).width == 1200
    assert fitting(many, today=TODAY, ratio=0.6).width > 2000


def test_a_title_is_wrapped_and_cut():
    lines = wrap("Sitzung des Beirats über die Verteilung der Plätze", width=150, size=14, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(text_width(line, 14) <= 150 for line in lines)
    long = wrap("Donaudampfschifffahrtsgesellschaftskapitän", width=150, size=14, most=4)
    assert "".join(long) == "Donaudampfschifffahrtsgesellschaftskapitän"
    assert all(text_width(line, 14) <= 150 for line in long)


def test_a_word_cut_in_two_is_still_one_word_to_be_heard():
    title = "Die  Donaudampfschifffahrtsgesellschaftskapitänsversammlung tagt"
    (mark,) = marks(draw([event(TODAY, title)], today=TODAY))
    heard = "".join(("" if line.within_word else " ") + line.text for line in mark.lines)
    assert heard.strip() == f"04.05.2026 {' '.join(title.split())}"
    assert any(line.within_word for line in mark.lines)


# --- The page ---------------------------------------------------------------------------
def test_each_milestone_is_a_link_with_a_name_and_a_row(client_of, stage):
    found = make_roadmap(stage.cycle)
    html = client_of("logistics").get(page_of(stage.cycle)).content.decode()
    drawing = html[html.index('role="group" aria-label="Zeitstrahl"') : html.index("app-legend")]
    table = html[html.index("<tbody") :]
    for milestone in found.values():
        assert f'href="{milestone.get_absolute_url()}" aria-label="' in drawing
        assert f"{when(milestone)}" in drawing
        assert milestone.title in table
        assert when(milestone, weekdays=True) in table
    assert "heute, 04.05." in drawing


def test_the_page_needs_no_style_and_no_script_of_its_own(client_of, stage):
    make_roadmap(stage.cycle)
    html = client_of("lead").get(page_of(stage.cycle)).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", main)


def test_states_are_told_by_words_and_signs(client_of, stage):
    make_milestone(stage.cycle, date(2026, 4, 1), title="Versäumt")
    make_milestone(stage.cycle, date(2026, 4, 1), title="Getan", state="done", fixed=True)
    html = client_of("lead").get(page_of(stage.cycle)).content.decode()
    assert "01.04.2026 · überfällig Versäumt" in html
    assert "01.04.2026 · erledigt · fest Getan" in html
    assert html.count('class="sign"') == 4  # one each, and the two of the legend


def test_a_holiday_is_named_in_the_drawing_and_in_the_table(client_of, stage):
    good_friday = date(2026, 4, 3)
    make_milestone(stage.cycle, good_friday, title="Frühlingstreffen")
    make_milestone(stage.cycle, good_friday, title="Getan", state="done")
    html = client_of("lead").get(page_of(stage.cycle)).content.decode()
    drawing, table = html.split("<tbody")
    hint = "Feiertag in NRW: Karfreitag"
    assert f'aria-label="03.04.2026 · überfällig {hint} Frühlingstreffen"' in drawing
    assert re.search(rf'<text class="hint"[^>]*>{hint}</text>', drawing)
    assert re.search(r'<text class="title"[^>]*>Frühlingstreffen</text>', drawing)
    assert table.count(hint) == 1  # what is done is not to be moved any more


def test_dropped_milestones_show_when_asked_for(client_of, stage):
    make_milestone(stage.cycle, title="Bleibt")
    make_milestone(stage.cycle, title="Geht", state="dropped", drop_reason="zu teuer")
    browser = client_of("member")
    html = browser.get(page_of(stage.cycle)).content.decode()
    assert "Geht" not in html
    assert "Ein Meilenstein entfällt" in html
    html = browser.get(page_of(stage.cycle) + "?entfallene=1").content.decode()
    assert "<s>Geht</s>" in html
    assert "mark--dropped" in html


def test_where_all_are_dropped_the_page_says_so(client_of, stage):
    make_milestone(stage.cycle, title="Geht", state="dropped", drop_reason="zu teuer")
    html = client_of("lead").get(page_of(stage.cycle)).content.decode()
    assert "Ein Meilenstein entfällt" in html
    assert "Auch entfallene zeigen" in html


def test_without_a_fahrplan_a_lead_is_led_to_planning(client_of, stage):
    plan = reverse("roadmap:plan", args=[stage.cycle.pk])
    html = client_of("lead").get(page_of(stage.cycle)).content.decode()
    assert f'href="{plan}"' in html
    html = client_of("hr").get(page_of(stage.cycle)).content.decode()
    assert plan not in html
    assert "Die Treiber/innen stellen ihn auf" in html


def test_titles_are_text_and_never_markup(client_of, stage):
    make_milestone(stage.cycle, title='<svg onload="x"> & "Süß"')
    html = client_of("lead").get(page_of(stage.cycle)).content.decode()
    assert '<svg onload="x">' not in html
    assert "&lt;svg" in html


def test_notes_of_the_council_are_on_no_overview(client_of, stage):
    make_milestone(stage.cycle, title="Sitzung", notes="Streit um den Raum")
    assert "Streit" not in client_of("lead").get(page_of(stage.cycle)).content.decode()


def test_two_hundred_milestones_cost_no_more_queries_than_one(client_of, stage):
    make_milestone(stage.cycle)
    browser = client_of("lead")
    browser.get(page_of(stage.cycle))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            browser.get(page_of(stage.cycle))
        counts.append(len(seen))
        for number in range(199):
            make_milestone(stage.cycle, date(2026, 1, 1) + timedelta(days=number))
    assert counts[0] == counts[1]
