"""The Fahrplan in the browser: planning, moving, the table, the start page."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from mentoring.ui.errors import Refused
from programmes.cycles.models import CouncilSeat
from programmes.roadmap.models import Milestone, Move
from programmes.roadmap.registries import milestone_followers
from tests.programmes.roadmap.makers import START_ON, make_milestone, make_roadmap
from tests.programmes.roadmap.pages import fresh, hidden, page, refused, typed

pytestmark = pytest.mark.usefixtures("in_january")
TODAY = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


# --- Planning and moving in the browser ---------------------------------------------------
def test_a_lead_plans_the_cycle(stage, client_of):
    lead, url = client_of("lead"), page("plan", stage.cycle.pk)
    assert "Das ergibt sich daraus" not in lead.get(url).content.decode()
    preview = lead.get(f"{url}?datum=2026-10-03").content.decode()
    assert "Feiertag in NRW: Tag der Deutschen Einheit" in preview
    assert not Milestone.objects.exists()
    data = hidden(lead, f"{url}?datum=2026-10-02")
    assert data["start_on"] == "2026-10-02"
    assert lead.post(url, data).status_code == 302
    assert Milestone.objects.count() == 14
    # Posted twice it is planned once, and the page says so from now on.
    assert lead.post(url, data).status_code == 302
    assert "schon einen Fahrplan" in lead.get(url).content.decode()
    fresh_form = {"start_on": "2026-10-02"}
    assert refused(lead.post(url, fresh_form), "schon einen Fahrplan")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1990-02-01", "2100-12-01", "x", ""])
def test_planning_from_an_impossible_date(stage, client_of, day):
    lead, url = client_of("lead"), page("plan", stage.cycle.pk)
    assert lead.get(url, {"datum": day}).status_code == 200
    assert lead.post(url, {"start_on": day}).status_code == 200
    assert not Milestone.objects.exists()


@pytest.mark.parametrize("day", ["2023-10-06", "2028-01-10"])
def test_a_startworkshop_far_from_its_cycle_is_a_slip(stage, client_of, day):
    """The cycle is that of 2025 to 2027."""
    lead, url = client_of("lead"), page("plan", stage.cycle.pk)
    answer = lead.get(url, {"datum": day})
    assert "weit außerhalb des Durchgangs" in answer.context["dates_form"].errors["datum"][0]
    assert "Das ergibt sich daraus" not in answer.content.decode()
    assert refused(lead.post(url, {"start_on": day}), "weit außerhalb des Durchgangs")
    assert not Milestone.objects.exists()


def test_a_startworkshop_in_the_past_is_planned_with_a_warning(stage, client_of):
    lead, url = client_of("lead"), page("plan", stage.cycle.pk)
    warning = "Der Startworkshop liegt in der Vergangenheit"
    assert warning in lead.get(f"{url}?datum=2024-10-04").content.decode()
    assert warning not in lead.get(f"{url}?datum=2026-10-02").content.decode()
    assert lead.post(url, hidden(lead, f"{url}?datum=2024-10-04")).status_code == 302
    assert Milestone.objects.count() == 14


def test_the_startworkshop_is_not_moved_far_from_its_cycle(stage, start, client_of):
    lead, words = client_of("lead"), "weit außerhalb des Durchgangs"
    answer = lead.get(move_url(stage, start), {"ab": "2020-01-01"})
    assert words in answer.context["dates_form"].errors["ab"][0]
    url = page("milestone_change", stage.cycle.pk, start.pk)
    wrong = typed(start, starts_on="2020-01-01", ends_on="", **hidden(lead, url))
    assert words in lead.post(url, wrong).context["form"].errors["starts_on"][0]
    # Any other milestone may lie where it must.
    other = make_milestone(stage.cycle, START_ON)
    assert words not in lead.get(move_url(stage, other), {"ab": "2020-01-02"}).content.decode()


def move_url(stage, milestone):
    return page("milestone_move", stage.cycle.pk, milestone.pk)


def test_the_startworkshop_is_moved_in_the_browser(stage, start, client_of, user):
    make_milestone(stage.cycle, START_ON + WEEK, anchor=start, title="Nachlese")
    member, url = client_of("member"), move_url(stage, start)
    data = hidden(member, f"{url}?ab=2026-10-09")
    assert fresh(start).starts_on == START_ON
    answer = member.post(url, data, follow=True)
    assert "ist verschoben auf Freitag, 09.10.2026" in answer.content.decode()
    stage.cycle.refresh_from_db()
    assert stage.cycle.start_workshop_on == date(2026, 10, 9)
    moves = member.get(page("moves", stage.cycle.pk)).content.decode()
    assert "1 Meilenstein" in moves
    assert "zurücknehmen" in moves
    undo = page("move_undo", stage.cycle.pk, Move.objects.get().pk)
    assert "zurück auf den 02.10.2026" in member.get(undo).content.decode()
    assert member.post(undo, hidden(member, undo)).status_code == 302
    assert fresh(start).starts_on == START_ON
    assert refused(member.post(undo), "Nur die letzte")


def test_two_browsers_move_at_once(stage, start, client_of):
    first, second, url = client_of("lead"), client_of("member"), move_url(stage, start)
    data = hidden(second, f"{url}?ab=2026-10-16")
    assert first.post(url, hidden(first, f"{url}?ab=2026-10-09")).status_code == 302
    answer = second.post(url, data)
    assert refused(answer, "Seit Sie diese Vorschau aufgerufen haben")
    assert "09.10.2026" in answer.content.decode()
    again = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.content.decode())
    )
    assert again["seen"] != data["seen"]
    assert second.post(url, again).status_code == 302
    assert fresh(start).starts_on == date(2026, 10, 16)


@pytest.mark.parametrize(
    "dates",
    [
        {"ab": "9999-12-31"},
        {"ab": "0001-01-01"},
        {"ab": "x"},
        {"ab": "2026-10-09", "bis": "2026-10-01"},
        {"ab": "2100-12-31"},
        {"ab": "2026-10-02"},
        {"bis": "2026-10-09"},
    ],
)
def test_moving_to_an_impossible_date(stage, start, client_of, dates):
    make_milestone(stage.cycle, START_ON + WEEK, anchor=start)
    url = move_url(stage, start)
    answer = client_of("lead").get(url, dates)
    assert answer.status_code == 200
    assert "Das ändert sich" not in answer.content.decode()
    posted = {"starts_on": dates.get("ab", ""), "ends_on": dates.get("bis", ""), "seen": "x"}
    assert client_of("lead").post(url, posted).status_code == 200
    assert fresh(start).starts_on == START_ON


def test_a_forged_or_missing_preview_moves_nothing(stage, start, client_of):
    lead, url = client_of("lead"), move_url(stage, start)
    data = hidden(lead, f"{url}?ab=2026-10-09")
    assert refused(lead.post(url, {**data, "seen": "geraten"}), "Seit Sie diese Vorschau")
    assert refused(lead.post(url, {**data, "seen": ""}), "Es wurde nichts verschoben")
    other = make_milestone(stage.cycle, START_ON)
    data = hidden(lead, f"{move_url(stage, other)}?ab=2026-10-09")
    assert refused(lead.post(url, data), "Seit Sie diese Vorschau")
    assert fresh(start).starts_on == START_ON


# --- The cycle's own form -----------------------------------------------------------------
def test_the_cycle_no_longer_changes_its_startworkshop(stage, client_of, user):
    lead, url = client_of("lead"), reverse("cycles:cycle_change", args=[stage.cycle.pk])
    assert 'name="start_workshop_on"' in lead.get(url).content.decode()
    before = hidden(lead, url)
    plan = make_roadmap(stage.cycle, START_ON, user)
    text = lead.get(url).content.decode()
    assert 'name="start_workshop_on"' not in text
    assert move_url(stage, plan["start"]) in text
    # Who had the page open before changes the rest, not the date.
    data = {"title": "Neu", "start_year": 2025, "end_year": 2027, "places": 24, "four_eyes": "on"}
    late = {**data, "start_workshop_on": "2027-01-01", **before}
    assert refused(lead.post(url, late), "jemand anderes diesen Datensatz geändert")
    assert lead.post(url, {**late, **hidden(lead, url)}).status_code == 302
    stage.cycle.refresh_from_db()
    assert (stage.cycle.title, stage.cycle.four_eyes) == ("Neu", True)
    assert stage.cycle.start_workshop_on == START_ON


def test_the_door_refuses_it_too(stage, user):
    from programmes.cycles.domain import save_cycle

    make_roadmap(stage.cycle, START_ON, user)
    stage.cycle.start_workshop_on = START_ON + WEEK
    with pytest.raises(Refused, match="Verschieben Sie ihn dort"):
        save_cycle(stage.cycle, by=user)


# --- Table, start page, navigation --------------------------------------------------------
def test_the_table_is_filtered(stage, start, client_of, cast):
    make_milestone(
        stage.cycle, date(2026, 3, 2), title="Wäsche", track="houses", municipality=stage.own
    )
    held = make_milestone(stage.cycle, date(2026, 6, 4), title="Chor", state="done")
    held.seats.set(cast.member.seats.all())
    lead, url = client_of("lead"), page("table", stage.cycle.pk)
    seat = CouncilSeat.objects.get(person=cast.member)
    for query, expected in (
        ({}, {"Startworkshop", "Wäsche", "Chor"}),
        ({"search": "WAESCHE"}, {"Wäsche"}),
        ({"track": "houses"}, {"Wäsche"}),
        ({"state": "done"}, {"Chor"}),
        ({"seat": seat.pk}, {"Chor"}),
        ({"municipality": stage.own.pk}, {"Wäsche", "Chor"}),
        ({"since": "2026-06-04", "until": "2026-06-30"}, {"Chor"}),
        ({"since": "9999-12-31"}, {"Startworkshop", "Wäsche", "Chor"}),
        ({"seat": "9" * 30}, {"Startworkshop", "Wäsche", "Chor"}),
    ):
        text = lead.get(url, query).content.decode()
        cells = re.findall(r'<th scope="row"[^>]*>.*?>([^<]*)</a></th>', text)
        assert set(cells) == expected, query
    export = lead.get(url, {"export": "csv"}).content.decode("utf-8-sig")
    assert "Wäsche" in export
    assert "Montag" in export


def test_the_table_needs_as_many_queries_for_twenty(
    stage, start, client_of, cast, django_assert_num_queries
):
    lead, url = client_of("lead"), page("table", stage.cycle.pk)
    lead.get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        lead.get(url)
    for number in range(19):
        row = make_milestone(
            stage.cycle, START_ON + number * WEEK, anchor=start, municipality=stage.own
        )
        row.seats.set(cast.member.seats.all())
    with django_assert_num_queries(len(captured)):
        lead.get(url)


def test_an_empty_table_says_what_to_do(stage, client_of):
    url = page("table", stage.cycle.pk)
    assert "Fahrplan anlegen" in client_of("lead").get(url).content.decode()
    assert page("plan", stage.cycle.pk) not in client_of("hr").get(url).content.decode()


def test_the_start_page_says_what_comes_and_what_is_late(stage, start, client_of):
    for number in range(1, 8):
        make_milestone(stage.cycle, TODAY.date() + number * WEEK, title=f"Kommt {number}")
    late = make_milestone(stage.cycle, date(2026, 1, 14), title="Liegen geblieben")
    lead, logistics = (client_of(name).get("/").content.decode() for name in ("lead", "logistics"))
    for text in (lead, logistics):
        assert "Kommt 5" in text
        assert "Kommt 6" not in text
        assert f'href="{page("timeline", stage.cycle.pk)}">Alle Termine' in text
    assert "„Liegen geblieben“ ist überfällig" in lead
    assert "überfällig" not in logistics
    make_milestone(stage.cycle, date(2026, 1, 13))
    lead = client_of("lead").get("/").content.decode()
    assert "2 Meilensteine sind überfällig" in lead
    address = re.search(r'href="(/durchgaenge/\d+/fahrplan/tabelle/\?[^"]*)"', lead)[1]
    found = client_of("lead").get(address.replace("&amp;", "&")).content.decode()
    assert late.title in found
    assert "Kommt 1" not in found


def test_followers_make_a_date_lead_to_the_preview(stage, start, client_of, monkeypatch):
    from programmes.roadmap.registries import Consequence, Follower

    one = make_milestone(stage.cycle, START_ON - WEEK)
    follower = Follower(
        lambda cycle, shifts, user: [Consequence("Rundmail", "Einladung", "alt", "neu")],
        lambda cycle, shifts, by: None,
        lambda cycle, payload, by: None,
    )
    monkeypatch.setattr(milestone_followers, "_entries", {"mails": (1, follower)})
    lead, url = client_of("lead"), page("milestone_change", stage.cycle.pk, one.pk)
    data = typed(one, starts_on="2026-09-01", **hidden(lead, url))
    assert "Einladung" in lead.post(url, data, follow=True).content.decode()
    assert fresh(one).starts_on == START_ON - WEEK
