"""The events of the groups of a Vernetzungstreffen, and who is invited to them."""

import pytest
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.domain import mark_left
from programmes.events.domain import answer, cancel_event, invite
from programmes.events.models import Attendee, Event
from programmes.groups import domain
from programmes.groups.models import Group
from tests.programmes.groups.makers import (
    DAY,
    formed,
    make_houses,
    make_meeting,
    make_mentees,
    page,
    plan,
)


def text_of(answer):
    return answer.content.decode()


def invited(event):
    return set(Attendee.objects.filter(event=event).values_list("person", flat=True))


def test_each_group_gets_its_event_and_its_mentees_are_invited_once(meeting, mentees, lead):
    formed(meeting, lead)
    events = plan(meeting, lead)
    assert plan(meeting, lead) == []
    west = Group.objects.get(name="Gruppe West").event
    assert west in events
    assert west.title == f"{meeting.title}, Gruppe West"
    assert west.kind == "networking"
    assert west.milestone == meeting
    assert timezone.localtime(west.starts_at).isoformat()[:16] == f"{DAY}T10:00"
    assert invited(west) == {mentee.person_id for mentee in mentees[:4]}
    assert set(Attendee.objects.values_list("role", flat=True)) == {"Mentee"}


def test_a_long_title_is_cut_not_the_name_of_the_group(stage, cast, lead):
    meeting = make_meeting(stage.cycle, title="V" * 160)
    make_mentees(stage.cycle, make_houses())
    Group.objects.all().delete()
    formed(meeting, lead)
    for event in plan(meeting, lead):
        assert len(event.title) == 160
        assert event.title.endswith(event.networking_group.name)


def test_a_meeting_that_is_past_gets_no_events(stage, cast, lead):
    meeting = make_meeting(stage.cycle, on=timezone.localdate().replace(year=2020))
    make_mentees(stage.cycle, make_houses())
    formed(meeting, lead)
    with pytest.raises(Refused, match="Vergangenheit"):
        plan(meeting, lead)
    assert not Event.objects.exists()


def test_the_page_asks_before_making_events(client_of, meeting, mentees, lead):
    formed(meeting, lead)
    browser, address = client_of("member"), page("events", meeting)
    asked = text_of(browser.get(address))
    assert "Soll für 2 Gruppen je eine Veranstaltung angelegt werden?" in asked
    assert "Gruppe West: 4 Mentees" in asked
    wrong = browser.post(address, {"begins": "12:00", "ends": "10:00"})
    assert "Das Ende liegt nicht nach dem Beginn." in text_of(wrong)
    browser.post(address, {"begins": "10:00", "ends": "12:00"})
    assert Event.objects.count() == 2


def test_invitations_follow_a_change_of_groups_when_asked(client_of, meeting, mentees, lead, cast):
    formed(meeting, lead)
    plan(meeting, lead)
    west, east = Group.objects.get(name="Gruppe West"), Group.objects.get(name="Gruppe Ost")
    invite(west.event, [cast.member], by=lead)
    moved = mentees[0]
    attendee = Attendee.objects.get(event=west.event, person=moved.person)
    answer(attendee, answer="yes")
    opened = domain.state_of(meeting)
    wanted = domain.State({}, {moved.pk: east.pk})
    domain.save_groups(meeting, opened=opened, wanted=wanted, by=lead)
    assert moved.person_id in invited(west.event)
    browser = client_of("member")
    assert "passen nicht mehr" in text_of(browser.get(page("groups", meeting)))
    asked = text_of(browser.get(page("settle", meeting)))
    assert f"Gruppe Ost: {moved.person} wird eingeladen." in asked
    assert "Die Antwort (zugesagt) geht verloren." in asked
    browser.post(page("settle", meeting))
    assert moved.person_id in invited(east.event)
    assert moved.person_id not in invited(west.event)
    # Who was invited by hand is nobody's mentee and stays.
    assert cast.member.pk in invited(west.event)
    assert "entsprechen schon" in text_of(browser.get(page("settle", meeting)))


def test_who_left_is_taken_back_too(meeting, mentees, lead):
    formed(meeting, lead)
    plan(meeting, lead)
    mark_left(mentees[0], on=timezone.localdate(), by=lead)
    domain.settle_invitations(meeting, by=lead)
    assert not Attendee.objects.filter(person=mentees[0].person).exists()


def test_a_group_with_an_event_stays_until_that_is_called_off(meeting, mentees, lead):
    formed(meeting, lead)
    plan(meeting, lead)
    group = Group.objects.get(name="Gruppe West")
    with pytest.raises(Refused, match="schon eine Veranstaltung"):
        domain.delete_group(group, by=lead)
    with pytest.raises(Refused, match="schon eine Veranstaltung"):
        domain.discard_groups(meeting, by=lead)
    cancel_event(group.event, "Streik", by=lead)
    group.refresh_from_db()
    # Another event may be made in its place.
    assert len(plan(meeting, lead)) == 1
