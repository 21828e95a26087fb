"""Who may open which page of a programme and a Durchgang, and what stands on it."""

import pytest
from django.urls import reverse

from programmes.cycles.models import CouncilSeat, Cycle, Participation, PermanentMember
from tests import factories as make

INSIDE = ("lead", "member")
OUTSIDE = ("stranger", "mentee", "mentor", "operator")


def page(name, *args):
    return reverse(f"cycles:{name}", args=args)


def status(client_of, name, url):
    return client_of(name).get(url).status_code


@pytest.fixture
def foreign(db):
    """A cycle of a programme nobody of the cast works in, with one seat."""
    participation = make.make_participation(make.make_cycle(), make.make_municipality())
    make.make_seat(participation, lead=True)
    return participation.cycle


def test_who_opens_the_page_of_an_open_cycle(stage, client_of):
    url = page("cycle", stage.cycle.pk)
    for name in (*INSIDE, "permanent", "hr", "other_hr", "logistics"):
        assert status(client_of, name, url) == 200, name
    for name in (*OUTSIDE, "former"):
        assert status(client_of, name, url) in (403, 404), name
    assert status(client_of, "anonymous", url) == 302


@pytest.mark.parametrize("name", ["participations", "council", "participants"])
def test_who_opens_the_lists_of_a_cycle(stage, client_of, name):
    url = page(name, stage.cycle.pk)
    for somebody in (*INSIDE, "hr", "other_hr", "logistics"):
        assert status(client_of, somebody, url) == 200, somebody
    # The Beirat is confirmed, so a ständiges Mitglied stands in for nobody.
    assert status(client_of, "permanent", url) == 403
    for somebody in (*OUTSIDE, "former"):
        assert status(client_of, somebody, url) == 404, somebody


@pytest.mark.parametrize("name", ["path", "cycle_change", "cycle_cancel", "participation_add"])
def test_only_leads_change_a_cycle(stage, client_of, name):
    url = page(name, stage.cycle.pk)
    assert status(client_of, "lead", url) == 200
    for somebody in ("member", "permanent", "hr", "logistics"):
        assert status(client_of, somebody, url) == 403, somebody
        assert client_of(somebody).post(url).status_code == 403, somebody


def test_before_the_beirat_is_confirmed_permanent_members_lead(stage, cast, client_of):
    planned = make.make_cycle(stage.programme, number=12, state="planning")
    for name in ("path", "participations", "council", "participants", "cycle_change"):
        assert status(client_of, "permanent", page(name, planned.pk)) == 200, name
        assert status(client_of, "lead", page(name, planned.pk)) == 404, name


def test_a_closed_cycle_shows_its_figures_and_nothing_else(stage, cast, client_of):
    closed = Cycle.objects.get(number=10)
    participation = Participation.objects.get(cycle=closed)
    participation.mentees, participation.mentors = 3, 4
    participation.save()
    make.make_participant(closed, stage.own, person=make.make_person(last_name="Geheimnis"))
    for name in ("former", "lead", "hr", "logistics", "permanent"):
        answer = client_of(name).get(page("cycle", closed.pk))
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert "Ahausen" in text
        assert "Geheimnis" not in text
        assert cast.former.last_name not in text
        for part in ("participants", "council", "participations", "path", "cycle_change"):
            assert status(client_of, name, page(part, closed.pk)) == 403, (name, part)
    for name in OUTSIDE:
        assert status(client_of, name, page("cycle", closed.pk)) in (403, 404), name


def test_a_former_member_of_an_open_cycle_sees_nothing_of_it(stage, cast, client_of):
    seat = CouncilSeat.objects.get(person=cast.member)
    seat.until = make.SOME_TIME.date()
    seat.save()
    for name in ("cycle", "council", "participants"):
        assert status(client_of, "member", page(name, stage.cycle.pk)) == 404, name


def test_ids_of_other_cycles_are_not_found(stage, cast, client_of, foreign):
    other = foreign.participations.get()
    seat = CouncilSeat.objects.get(participation=other)
    lead = client_of("lead")
    for url in (
        page("cycle", foreign.pk),
        page("participants", foreign.pk),
        page("participation_change", stage.cycle.pk, other.pk),
        page("participation_remove", stage.cycle.pk, other.pk),
        page("seat_add", stage.cycle.pk, other.pk),
        page("seat_change", stage.cycle.pk, seat.pk),
        page("seat_end", stage.cycle.pk, seat.pk),
        page("step", stage.cycle.pk, "gibt-es-nicht"),
        page("cycle", 10**30),
        page("seat_end", stage.cycle.pk, 10**30),
    ):
        assert lead.get(url).status_code == 404, url
        assert lead.post(url).status_code in (404, 405), url


def test_ids_of_other_programmes_are_not_found(stage, cast, client_of, foreign):
    make.make_permanent_member(foreign.programme)
    post = PermanentMember.objects.get(programme=foreign.programme)
    permanent = client_of("permanent")
    for url in (
        page("programme", foreign.programme.pk),
        page("programme_change", foreign.programme.pk),
        page("programme_history", foreign.programme.pk),
        page("cycle_start", foreign.programme.pk),
        page("permanent_member_end", stage.programme.pk, post.pk),
        page("permanent_member_end", foreign.programme.pk, post.pk),
    ):
        assert permanent.get(url).status_code == 404, url


def test_who_works_on_a_programme(stage, cast, client_of):
    pk = stage.programme.pk
    for name in ("lead", "hr", "logistics", "former", "permanent", "operator"):
        assert status(client_of, name, page("programme", pk)) == 200, name
    for name in ("permanent", "operator"):
        assert status(client_of, name, page("programme_change", pk)) == 200
        assert status(client_of, name, page("permanent_member_add", pk)) == 200
    for name in ("lead", "hr", "former"):
        assert status(client_of, name, page("programme_change", pk)) == 403
        assert status(client_of, name, page("cycle_start", pk)) == 403
    assert status(client_of, "operator", page("cycle_start", pk)) == 403
    assert status(client_of, "lead", page("programme_add")) == 403
    assert status(client_of, "operator", page("programme_add")) == 200


def test_wishes_and_notes_stay_inside_the_beirat(stage, cast, client_of):
    Participation.objects.filter(municipality=stage.other, cycle=stage.cycle).update(
        note="zahlt schleppend", places_wished=7
    )
    url = page("participations", stage.cycle.pk)
    for name, seen in (("member", True), ("hr", False), ("logistics", False)):
        for export in ("", "?export=csv"):
            text = client_of(name).get(url + export).content.decode()
            assert ("zahlt schleppend" in text) is seen, (name, export)


def test_an_operator_with_a_seat_is_no_member_all_the_same(stage, cast, client_of):
    cast.member.user.is_superuser = True
    cast.member.user.save()
    assert status(client_of, "member", page("participants", stage.cycle.pk)) == 404


def test_history_lists_figures(stage, cast, client_of):
    closed = Cycle.objects.get(number=10)
    closed.published_tandems = 23
    closed.save()
    for name in ("former", "hr", "lead"):
        answer = client_of(name).get(page("programme_history", stage.programme.pk))
        assert "23" in answer.content.decode(), name
    assert status(client_of, "operator", page("programme_history", stage.programme.pk)) == 403


def test_a_cancelled_cycle_is_seen_by_permanent_members_with_its_reason(stage, cast, client_of):
    make.make_cycle(stage.programme, number=12, state="cancelled", cancel_reason="zu wenige")
    cycle = Cycle.objects.get(number=12)
    assert "zu wenige" in client_of("permanent").get(page("cycle", cycle.pk)).content.decode()
    assert status(client_of, "lead", page("cycle", cycle.pk)) == 404


def test_start_items_and_navigation_for_everybody(stage, cast, client_of):
    expected = {
        "operator": ("Programme", None),
        "former": ("Frühere Durchgänge", "Teilnehmer/innen"),
        "mentee": ("Sie sind Mentee", "Teilnehmer/innen"),
        "mentor": ("Sie sind Mentor/in", "Beirat</span>"),
        "logistics": ("Teilnehmerliste", "Protokoll"),
        "lead": ("Fahrplan anlegen", None),
        "hr": ("Teilnehmer/innen", "Protokoll"),
    }
    for name, (there, missing) in expected.items():
        text = client_of(name).get("/").content.decode()
        assert there in text, name
        assert missing is None or missing not in text, name


def test_start_items_of_a_new_installation(db):
    operator = make.make_user(is_superuser=True, is_staff=True)
    from django.test import Client

    client = Client()
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    assert "Programm anlegen" in client.get("/").content.decode()
    make.make_programme()
    assert "Erstes ständiges Mitglied benennen" in client.get("/").content.decode()


def test_start_items_of_a_planned_cycle(stage, cast, client_of):
    planned = make.make_cycle(
        stage.programme, number=12, state="planning", start_year=2027, end_year=2029
    )
    for _ in range(2):
        make.make_participation(planned, make.make_municipality(), state="invited")
    text = client_of("permanent").get("/").content.decode()
    assert "Beirat noch nicht bestätigt" in text
    assert "2 eingeladene Kommunen ohne Antwort" in text


def test_hr_reads_that_their_kommune_is_invited(stage, cast, client_of):
    planned = make.make_cycle(stage.programme, number=12, state="planning")
    make.make_participation(planned, stage.own, state="invited")
    assert "Ihre Kommune ist eingeladen" in client_of("hr").get("/").content.decode()
    assert "Ihre Kommune ist eingeladen" not in client_of("other_hr").get("/").content.decode()


def test_the_switcher_marks_the_cycle_of_the_page(stage, cast, client_of):
    newer = make.make_cycle(
        stage.programme, number=12, state="planning", start_year=2027, end_year=2029
    )
    text = client_of("permanent").get(page("cycle", stage.cycle.pk)).content.decode()
    current = text.split('aria-current="true">')[1]
    assert current.startswith("Nr. 11 (2025")
    assert page("path", newer.pk) not in text


def test_the_admin_knows_programmes_but_no_cycles(cast, client_of):
    operator = client_of("operator")
    assert operator.get("/verwaltung/programmes/programme/").status_code == 200
    for model in ("cycle", "participation", "councilseat", "participant"):
        assert operator.get(f"/verwaltung/programmes/{model}/").status_code == 404
