"""Single milestones: adding, changing, dropping, ticking off, and the pages for it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mentoring.ui.errors import Refused
from programmes.cycles.models import CouncilSeat
from programmes.documents.models import Document
from programmes.roadmap import domain
from programmes.roadmap.models import Milestone, MilestoneState, Move, Task
from programmes.roadmap.registries import milestone_blockers
from tests import factories as make
from tests.programmes.roadmap.makers import START_ON, make_milestone, make_start
from tests.programmes.roadmap.pages import fresh, hidden, page, refused, typed

pytestmark = pytest.mark.usefixtures("in_january")
TODAY = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)


# --- The doors ----------------------------------------------------------------------------
def test_a_milestone_is_added_at_its_distance(stage, start, user):
    made = domain.add_milestone(
        Milestone(
            cycle=stage.cycle,
            title="Pressegespräch",
            starts_on=START_ON - WEEK,
            ends_on=START_ON - WEEK,
            anchor=start,
        ),
        by=user,
    )
    assert fresh(made).anchor_days == -7


def test_nothing_is_added_before_there_is_a_fahrplan(stage, user):
    lone = Milestone(cycle=stage.cycle, title="Vorab", starts_on=START_ON, ends_on=START_ON)
    with pytest.raises(Refused, match="zuerst den Fahrplan"):
        domain.add_milestone(lone, by=user)


def test_nothing_hangs_in_a_circle(stage, start, user):
    one = make_milestone(stage.cycle, START_ON, anchor=start, title="Eins")
    two = make_milestone(stage.cycle, START_ON, anchor=one, title="Zwei")
    for anchor in (one, two):
        own = fresh(one)
        own.anchor = anchor
        with pytest.raises(Refused, match="Im Kreis"):
            domain.save_milestone(own, by=user)
    start.anchor = two
    with pytest.raises(Refused, match="hängt an nichts"):
        domain.save_milestone(start, by=user)


def test_nothing_of_another_cycle_belongs_to_a_milestone(stage, start, user):
    foreign = make.make_cycle(stage.programme, number=77)
    one = make_milestone(stage.cycle, START_ON)
    one.anchor = make_start(foreign)
    with pytest.raises(Refused, match="desselben Durchgangs"):
        domain.save_milestone(one, by=user)
    one.anchor, one.municipality = None, make.make_municipality("Fernstadt")
    with pytest.raises(Refused, match="nimmt an diesem Durchgang nicht teil"):
        domain.save_milestone(one, by=user)
    one.municipality = stage.own
    holder = make.make_seat(make.make_participation(foreign, stage.own))
    with pytest.raises(Refused, match="wer im Beirat dieses Durchgangs sitzt"):
        domain.save_milestone(one, seats=holder.seats.all(), by=user)
    paper = Document.objects.create(cycle=foreign, title="Fremd", url="https://x.example/")
    with pytest.raises(Refused, match="zu einem anderen Durchgang"):
        domain.save_milestone(fresh(one), documents=[paper], by=user)
    assert not one.seats.exists()


def test_only_what_calendars_show_raises_the_sequence(stage, start, user):
    one = make_milestone(stage.cycle, START_ON)
    one.notes = "Blumen"
    domain.save_milestone(one, by=user)
    assert fresh(one).sequence == 0
    one.venue = "Rathaus"
    domain.save_milestone(one, by=user)
    assert fresh(one).sequence == 1


def test_a_date_others_hang_on_changes_only_by_a_move(stage, start, user):
    one = make_milestone(stage.cycle, START_ON, anchor=start)
    make_milestone(stage.cycle, START_ON + WEEK, anchor=one)
    for milestone in (one, start):
        own = fresh(milestone)
        own.starts_on = own.ends_on = START_ON + WEEK
        with pytest.raises(Refused, match="über „Verschieben“"):
            domain.save_milestone(own, by=user)


def test_the_startworkshop_stays(start, user):
    with pytest.raises(Refused, match="kann nicht entfallen"):
        domain.drop(start, reason="keine Lust", by=user)


def test_dropping_hands_on_what_hung_there(stage, start, user):
    one = make_milestone(stage.cycle, START_ON - WEEK, anchor=start)
    two = make_milestone(stage.cycle, START_ON + WEEK, anchor=one)
    with pytest.raises(Refused, match="Grund"):
        domain.drop(one, reason="  ", by=user)
    domain.drop(one, reason="fällt zusammen", by=user)
    assert (fresh(one).state, fresh(one).drop_reason) == ("dropped", "fällt zusammen")
    assert (fresh(two).anchor, fresh(two).anchor_days) == (start, 7)
    with pytest.raises(Refused, match="jetzt entfällt"):
        domain.drop(one, reason="noch einmal", by=user)
    domain.reopen(one, by=user)
    assert (fresh(one).state, fresh(one).drop_reason) == ("planned", "")


def test_done_and_open_again(stage, start, user):
    domain.mark_done(start, by=user)
    assert (fresh(start).state, fresh(start).done_on) == ("done", TODAY.date())
    with pytest.raises(Refused, match="jetzt erledigt"):
        domain.mark_done(start, by=user)
    domain.reopen(start, by=user)
    with pytest.raises(Refused, match="jetzt geplant"):
        domain.reopen(start, by=user)


# --- The page of a milestone --------------------------------------------------------------
def test_the_page_shows_what_the_reader_may_see(stage, start, client_of, cast):
    start.notes, start.description = "Blumen für die Moderatorin", "Die Tandems lernen sich kennen"
    start.save()
    start.seats.set(cast.member.seats.all())
    open_paper = Document.objects.create(
        cycle=stage.cycle, title="Ablauf", url="https://x.example/a", for_logistics=True
    )
    inner = Document.objects.create(cycle=stage.cycle, title="Intern", url="https://x.example/b")
    start.documents.set([open_paper, inner])
    make_milestone(stage.cycle, START_ON + WEEK, anchor=start, title="Nachlese")
    Task.objects.create(
        cycle=stage.cycle, milestone=start, title="Schilder drucken", responsible="logistics"
    )
    Task.objects.create(cycle=stage.cycle, milestone=start, title="Rede schreiben")
    url = page("milestone", stage.cycle.pk, start.pk)
    lead = client_of("lead").get(url).content.decode()
    logistics = client_of("logistics").get(url).content.decode()
    for words in ("Die Tandems lernen", str(cast.member), "Ablauf", "Nachlese", "Schilder"):
        assert words in lead, words
        assert words in logistics, words
    for words in ("Blumen", "Intern", "Rede schreiben", "Verschieben"):
        assert words in lead, words
        assert words not in logistics, words


def test_the_page_warns_of_its_date(stage, client_of):
    feast = make_milestone(stage.cycle, date(2026, 6, 4))
    url = page("milestone", stage.cycle.pk, feast.pk)
    assert "Feiertag in NRW: Fronleichnam" in client_of("hr").get(url).content.decode()


def test_the_distance_is_said_in_words(stage, start, client_of):
    lead = client_of("lead")
    for days, words in (
        (-14, "2 Wochen vor „Startworkshop“"),
        (7, "1 Woche nach „Startworkshop“"),
        (1, "1 Tag nach „Startworkshop“"),
        (-3, "3 Tage vor „Startworkshop“"),
        (0, "am selben Tag wie „Startworkshop“"),
    ):
        one = make_milestone(stage.cycle, START_ON + timedelta(days=days), anchor=start)
        assert words in lead.get(page("milestone", stage.cycle.pk, one.pk)).content.decode()


# --- The forms ----------------------------------------------------------------------------
def test_a_member_adds_a_milestone(stage, start, client_of, cast):
    member, url = client_of("member"), page("milestone_add", stage.cycle.pk)
    seat = CouncilSeat.objects.get(person=cast.member)
    data = {
        "title": "Pressegespräch",
        "track": "public",
        "kind": "event",
        "anchor": start.pk,
        "anchor_days": "-10",
        "municipality": stage.own.pk,
        "seats": [seat.pk],
        **hidden(member, url),
    }
    assert member.post(url, data).status_code == 302
    made = Milestone.objects.get(title="Pressegespräch")
    assert made.starts_on == made.ends_on == START_ON - timedelta(days=10)
    assert (list(made.seats.all()), made.municipality) == ([seat], stage.own)
    # Posted twice, as by a double click.
    assert member.post(url, data).status_code == 302
    assert Milestone.objects.filter(title="Pressegespräch").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_on": "", "anchor": ""}, "Bitte geben Sie ein Datum an."),
        ({"starts_on": "9999-12-31"}, "Bitte prüfen Sie die Jahreszahl"),
        ({"starts_on": "0001-01-01"}, "Bitte prüfen Sie die Jahreszahl"),
        ({"starts_on": "31.02.2026"}, "gültiges Datum"),
        ({"starts_on": "2026-05-05", "ends_on": "2026-05-04"}, "Das Ende liegt vor dem Beginn"),
        ({"starts_on": "", "anchor_days": "99999999999999"}, "kleiner oder gleich"),
        ({"starts_on": "2026-05-05", "anchor_days": "3"}, "Das passt nicht zum Datum oben"),
        ({"anchor": "99999999999999999999"}, "Auswahl"),
        ({"seats": ["0", "x"]}, "kein gültiger Wert"),
        ({"title": "a\x00b"}, "unsichtbares Zeichen"),
        ({"track": "alle"}, "Auswahl"),
        ({"municipality": "-1"}, "Auswahl"),
    ],
)
def test_odd_input_is_named_at_its_field(stage, start, client_of, changes, words):
    data = {
        "title": "Gespräch",
        "track": "public",
        "kind": "event",
        "starts_on": "2026-05-05",
        "anchor": start.pk,
    }
    answer = client_of("lead").post(page("milestone_add", stage.cycle.pk), {**data, **changes})
    assert refused(answer, words)
    assert "Gespräch" in answer.content.decode() or "title" in changes
    assert Milestone.objects.count() == 1


def test_a_date_nobody_hangs_on_is_simply_saved(stage, start, client_of):
    one = make_milestone(stage.cycle, START_ON - WEEK, anchor=start)
    lead, url = client_of("lead"), page("milestone_change", stage.cycle.pk, one.pk)
    data = typed(one, starts_on="2026-09-01", **hidden(lead, url))
    assert lead.post(url, data).headers["Location"] == page("milestone", stage.cycle.pk, one.pk)
    found = fresh(one)
    # A milestone of one day stays one, though the second field still held the old day.
    assert found.starts_on == found.ends_on == date(2026, 9, 1)
    assert (found.anchor_days, found.sequence) == (-31, 1)
    assert not Move.objects.exists()


def test_the_distance_may_be_typed_instead(stage, start, client_of):
    one = make_milestone(stage.cycle, START_ON - WEEK, START_ON - WEEK + 2 * WEEK, anchor=start)
    lead, url = client_of("lead"), page("milestone_change", stage.cycle.pk, one.pk)
    lead.post(url, typed(one, anchor_days="-14", **hidden(lead, url)))
    assert fresh(one).starts_on == START_ON - 2 * WEEK
    assert fresh(one).days == 2 * WEEK


def test_a_date_others_hang_on_leads_to_the_preview(stage, start, client_of):
    make_milestone(stage.cycle, START_ON + WEEK, anchor=start, title="Nachlese")
    lead, url = client_of("lead"), page("milestone_change", stage.cycle.pk, start.pk)
    data = typed(start, title="Auftakt", starts_on="2026-10-09", **hidden(lead, url))
    answer = lead.post(url, data, follow=True)
    assert answer.redirect_chain[-1][0].startswith(page("milestone_move", stage.cycle.pk, start.pk))
    text = answer.content.decode()
    assert "Ihre übrigen Änderungen sind gespeichert" in text
    assert "Nachlese" in text
    assert "16.10.2026" in text
    assert (fresh(start).title, fresh(start).starts_on) == ("Auftakt", START_ON)


def test_two_who_change_one_milestone(stage, start, client_of):
    one = make_milestone(stage.cycle, START_ON, anchor=start)
    lead, url = client_of("lead"), page("milestone_change", stage.cycle.pk, one.pk)
    mine = typed(one, title="Meiner", **hidden(lead, url))
    assert lead.post(url, typed(one, title="Ihrer", **hidden(lead, url))).status_code == 302
    assert refused(lead.post(url, mine), "jemand anderes diesen Datensatz geändert")
    assert fresh(one).title == "Ihrer"


def test_a_dropped_one_is_not_edited(stage, start, client_of):
    gone = make_milestone(stage.cycle, START_ON, state="dropped", drop_reason="doppelt")
    lead, url = client_of("lead"), page("milestone_change", stage.cycle.pk, gone.pk)
    assert refused(lead.post(url, typed(gone, **hidden(lead, url))), "zuerst wieder in den")


# --- Acts ---------------------------------------------------------------------------------
def test_dropping_says_what_hangs_there(stage, start, client_of, monkeypatch):
    one = make_milestone(stage.cycle, START_ON, anchor=start)
    make_milestone(stage.cycle, START_ON, anchor=one, title="Nachlese")
    Task.objects.create(cycle=stage.cycle, milestone=one, title="Räume")
    hangs = {"test": (1, lambda milestone: ["Eine Rundmail hängt daran."])}
    monkeypatch.setattr(milestone_blockers, "_entries", hangs)
    lead, url = client_of("lead"), page("milestone_drop", stage.cycle.pk, one.pk)
    text = lead.get(url).content.decode()
    for words in ("„Nachlese“", "Eine offene Aufgabe", "Eine Rundmail hängt daran."):
        assert words in text
    assert refused(lead.post(url, {"reason": ""}), "Begründung")
    assert lead.post(url, {"reason": "kein Raum"}).status_code == 302
    assert fresh(one).state == MilestoneState.DROPPED
    assert "kein Raum" in lead.get(page("milestone", stage.cycle.pk, one.pk)).content.decode()


def test_ticking_off_and_opening_again(stage, start, client_of):
    member = client_of("member")
    done, reopen = (
        page(f"milestone_{name}", stage.cycle.pk, start.pk) for name in ("done", "reopen")
    )
    assert member.post(done, hidden(member, done)).status_code == 302
    assert fresh(start).state == MilestoneState.DONE
    assert refused(member.post(done), "jemand anderes schneller")
    assert member.post(reopen, hidden(member, reopen)).status_code == 302
    assert fresh(start).state == MilestoneState.PLANNED
