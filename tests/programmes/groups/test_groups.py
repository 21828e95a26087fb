"""Groups for a Vernetzungstreffen: proposed, taken over, changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.domain import mark_left
from programmes.cycles.models import ParticipantRole
from programmes.groups import domain
from programmes.groups.board import DISTANCE, board
from programmes.groups.models import Group, GroupMember
from tests import factories as make
from tests.programmes.groups.makers import (
    formed,
    make_event,
    make_houses,
    make_meeting,
    make_mentees,
    page,
    plan,
)


def text_of(answer):
    return answer.content.decode()


def posted(browser, address, **changes):
    """The form to change the groups, posted as shown with ``changes``."""
    form = browser.get(address).context["form"]
    data = {"opened": form.token, **{name: form[name].value() for name in form.fields}}
    data["opened"] = form.token
    return {**data, **changes}


def place(mentee):
    return f"platz-{mentee.pk}"


# --- Proposal ---------------------------------------------------------------------------
def test_without_mentees_the_page_says_what_has_to_happen(client_of, meeting):
    for name in ("groups", "proposal"):
        text = text_of(client_of("member").get(page(name, meeting)))
        assert "Noch keine Mentees" in text
        assert "Plätze mitgeteilt" in text


def test_a_proposal_stores_nothing_until_it_is_taken_over(client_of, meeting, mentees):
    browser, address = client_of("member"), page("proposal", meeting)
    shown = browser.get(address, {"nach": DISTANCE, "gruppen": "2"})
    assert not Group.objects.exists()
    assert [len(row.members) for row in shown.context["rows"]] == [4, 4]
    browser.post(address, {"proposal": shown.context["token"]})
    groups = {
        group.name: {
            member.participant.municipality.regional_group for member in group.members.all()
        }
        for group in Group.objects.all()
    }
    assert groups == {"Gruppe West": {"West"}, "Gruppe Ost": {"Ost"}}


def test_a_proposal_is_taken_over_as_it_was_shown(client_of, cast, meeting, mentees, lead):
    browser, address = client_of("member"), page("proposal", meeting)
    token = browser.get(address).context["token"]
    mark_left(mentees[0], on=timezone.localdate(), by=lead)
    late = make.make_participant(meeting.cycle, mentees[1].municipality)
    browser.post(address, {"proposal": token})
    found = board(meeting, lead)
    assert mentees[0] not in found.members
    assert found.without == [late]
    assert "Noch ohne Gruppe" in text_of(browser.get(page("groups", meeting)))


def test_a_proposal_of_another_meeting_or_a_changed_one_is_refused(client_of, meeting, mentees):
    browser, address = client_of("member"), page("proposal", meeting)
    other = make_meeting(meeting.cycle)
    foreign = browser.get(page("proposal", other)).context["token"]
    for token in (foreign, "x" * 30, "", "\x00"):
        assert "beschädigt" in text_of(browser.post(address, {"proposal": token}))
    assert not Group.objects.exists()


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "9" * 40, ""])
def test_an_impossible_number_of_groups_is_named(client_of, meeting, mentees, number):
    answer = client_of("member").get(page("proposal", meeting), {"gruppen": number})
    assert answer.status_code == 200
    assert answer.context["chosen"].errors
    assert answer.context["rows"] == []


def test_kommunen_without_coordinates_are_named(client_of, meeting, mentees):
    house = make.make_municipality("Nirgendwo")
    make.make_participant(meeting.cycle, house)
    answer = client_of("member").get(page("proposal", meeting))
    assert answer.context["unknown"] == [house]
    assert answer.context["unregioned"] == [house]
    assert "Ohne Koordinaten" in text_of(answer)


def test_groups_are_not_formed_twice(meeting, mentees, lead):
    formed(meeting, lead)
    with pytest.raises(Refused, match="schon Gruppen"):
        formed(meeting, lead)


# --- Change -----------------------------------------------------------------------------
def test_mentees_are_moved_and_groups_renamed_in_one_form(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    west, east = Group.objects.get(name="Gruppe West"), Group.objects.get(name="Gruppe Ost")
    browser, address = client_of("member"), page("change", meeting)
    changes = {
        place(mentees[0]): str(east.pk),
        place(mentees[1]): "0",
        f"name-{west.pk}": "Gruppe Ost",
        f"name-{east.pk}": "Gruppe West",
    }
    browser.post(address, posted(browser, address, **changes))
    state = domain.state_of(meeting)
    assert state.names == {west.pk: "Gruppe Ost", east.pk: "Gruppe West"}
    assert state.places[mentees[0].pk] == east.pk
    assert mentees[1].pk not in state.places
    assert board(meeting, lead).without == [mentees[1]]


def test_two_who_change_different_things_both_get_their_way(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    west, east = Group.objects.get(name="Gruppe West"), Group.objects.get(name="Gruppe Ost")
    one, other, address = client_of("member"), client_of("lead"), page("change", meeting)
    first = posted(one, address, **{place(mentees[0]): str(east.pk)})
    second = posted(other, address, **{place(mentees[7]): str(west.pk)})
    assert one.post(address, first).status_code == 302
    assert other.post(address, second).status_code == 302
    places = domain.state_of(meeting).places
    assert places[mentees[0].pk] == east.pk
    assert places[mentees[7].pk] == west.pk


def test_who_changes_the_same_is_shown_both_and_decides(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    west, east = Group.objects.get(name="Gruppe West"), Group.objects.get(name="Gruppe Ost")
    one, other, address = client_of("member"), client_of("lead"), page("change", meeting)
    name = f"name-{west.pk}"
    first = posted(one, address, **{place(mentees[0]): str(east.pk), name: "Gruppe Grenze"})
    second = posted(other, address, **{place(mentees[0]): "0", name: "Gruppe Rand"})
    one.post(address, first)
    shown = other.post(address, second)
    text = text_of(shown)
    assert "hat jemand anderes dasselbe geändert" in text
    assert text.count("inzwischen gespeichert") == 2
    assert "Gruppe Grenze" in text
    assert domain.state_of(meeting).places[mentees[0].pk] == east.pk
    form = shown.context["form"]
    again = {n: form[n].value() for n in form.fields} | {"opened": form.token}
    assert other.post(address, again).status_code == 302
    assert mentees[0].pk not in domain.state_of(meeting).places
    assert Group.objects.get(pk=west.pk).name == "Gruppe Rand"


def test_a_form_that_fails_keeps_what_was_chosen(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    west, east = Group.objects.get(name="Gruppe West"), Group.objects.get(name="Gruppe Ost")
    browser, address = client_of("member"), page("change", meeting)
    changes = {place(mentees[0]): str(east.pk), f"name-{west.pk}": "Gruppe Ost"}
    shown = browser.post(address, posted(browser, address, **changes))
    assert "hießen dann zwei Gruppen" in text_of(shown)
    assert shown.context["form"][place(mentees[0])].value() == str(east.pk)
    assert domain.state_of(meeting).places[mentees[0].pk] == west.pk


@pytest.mark.parametrize("bad", ["x", "999999999999999999999999", "\x00", "-1"])
def test_odd_choices_are_no_fault(client_of, meeting, mentees, lead, bad):
    formed(meeting, lead)
    browser, address = client_of("member"), page("change", meeting)
    answer = browser.post(address, posted(browser, address, **{place(mentees[0]): bad}))
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_a_group_of_another_meeting_cannot_be_chosen(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    other = Group.objects.create(milestone=make_meeting(meeting.cycle), name="Fremde")
    browser, address = client_of("member"), page("change", meeting)
    answer = browser.post(address, posted(browser, address, **{place(mentees[0]): str(other.pk)}))
    assert answer.context["form"].errors
    assert not other.members.exists()


def test_whom_the_user_may_not_see_stays_where_they_are(meeting, mentees, lead, cast, monkeypatch):
    formed(meeting, lead)
    before = domain.state_of(meeting)
    hidden = mentees[0]
    monkeypatch.setattr(domain, "mentees_of", lambda *_: mentees[1:])
    wanted = domain.State({}, {hidden.pk: None})
    domain.save_groups(meeting, opened=before, wanted=wanted, by=lead)
    assert domain.state_of(meeting).places == before.places


def test_many_mentees_are_changed_group_by_group(client_of, meeting, mentees, lead, monkeypatch):
    monkeypatch.setattr("programmes.groups.views.groups.MANY", 3)
    formed(meeting, lead)
    west, east = Group.objects.get(name="Gruppe West"), Group.objects.get(name="Gruppe Ost")
    browser, address = client_of("member"), page("change", meeting) + f"?gruppe={west.pk}"
    shown = browser.get(address)
    assert [section["row"].name for section in shown.context["sections"]] == ["Gruppe West"]
    browser.post(address, posted(browser, address, **{place(mentees[0]): str(east.pk)}))
    places = domain.state_of(meeting).places
    assert places[mentees[0].pk] == east.pk
    assert len(places) == 8


def test_who_left_drops_out(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    mark_left(mentees[0], on=timezone.localdate(), by=lead)
    text = text_of(client_of("member").get(page("groups", meeting)))
    assert mentees[0].person.first_name in text  # the other one of that name stays
    assert mentees[0] not in board(meeting, lead).members
    assert len(board(meeting, lead).members) == 7


def test_another_group_is_added_and_deleted(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    browser = client_of("member")
    browser.post(page("new", meeting), {"name": "Gruppe Mitte"})
    assert "gibt es schon" in text_of(browser.post(page("new", meeting), {"name": "Gruppe Mitte"}))
    group = Group.objects.get(name="Gruppe Mitte")
    assert "Noch niemand" in text_of(browser.get(page("groups", meeting)))
    browser.post(page("delete", meeting, group.pk))
    assert not Group.objects.filter(name="Gruppe Mitte").exists()


def test_groups_are_discarded_to_begin_anew(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    client_of("member").post(page("discard", meeting))
    assert not Group.objects.exists()
    assert not GroupMember.objects.exists()


# --- Pages ------------------------------------------------------------------------------
def test_the_page_tells_kommunen_and_kilometres_and_no_pair(
    client_of, stage, meeting, mentees, lead
):
    mentor = make.make_participant(
        stage.cycle, stage.own, ParticipantRole.MENTOR, person=make.make_person(last_name="Geheim")
    )
    formed(meeting, lead)
    browser = client_of("member")
    text = text_of(browser.get(page("groups", meeting)))
    assert "km voneinander entfernt, höchstens 42 km" in text
    assert "Borken" in text
    assert mentor.person.last_name not in text
    pdf = browser.get(page("pdf", meeting))
    assert pdf.content.startswith(b"%PDF")


def test_a_milestone_shows_its_groups_only_if_mentees_meet_there(client_of, stage, meeting):
    plain = make_meeting(stage.cycle, key="", title="Abschluss")
    browser = client_of("member")
    assert "Vernetzungsgruppen" in text_of(browser.get(meeting.get_absolute_url()))
    assert "Vernetzungsgruppen" not in text_of(browser.get(plain.get_absolute_url()))
    assert browser.get(page("groups", plain)).status_code == 404
    make_event(stage.cycle, kind="networking", milestone=plain)
    assert browser.get(page("groups", plain)).status_code == 200
    assert "Vernetzungsgruppen" not in text_of(client_of("hr").get(meeting.get_absolute_url()))


@pytest.mark.parametrize("name", ["groups", "change", "proposal", "settle"])
def test_pages_ask_the_database_as_often_for_many_as_for_few(client_of, meeting, lead, name):
    houses = make_houses()
    make_mentees(meeting.cycle, houses, each=1)
    formed(meeting, lead)
    plan(meeting, lead)
    browser, address = client_of("member"), page(name, meeting)
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for mentee in make_mentees(meeting.cycle, houses, each=5):
        GroupMember.objects.create(
            milestone=meeting, group=Group.objects.first(), participant=mentee
        )
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(few)
