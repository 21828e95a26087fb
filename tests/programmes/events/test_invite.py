"""Inviting: by role, Kommune and Regionalgruppe, one by one, and the mails about it."""

import email
from datetime import date, timedelta
from email import policy

import pytest
import time_machine
from django.utils import timezone

from mentoring.jobs.models import Job
from mentoring.ui.errors import Refused
from programmes.cycles.models import Participant, ParticipantRole
from programmes.events import domain, mails
from programmes.events.guests import chosen_guests
from programmes.events.links import rsvp_token, rsvp_url
from programmes.events.models import Answer, Attendee
from programmes.outbox.models import Delivery, MessageContent
from tests import factories as make
from tests.programmes.events.makers import at, make_attendee, make_event, send_invitations
from tests.programmes.events.test_event_pages import page


def names(guests):
    return {str(row.person) for row in guests}


def message(delivery):
    raw = bytes(MessageContent.objects.get(delivery=delivery).raw)
    return email.message_from_bytes(raw, policy=policy.default)


# --- Whom to invite -----------------------------------------------------------------------
def test_groups_are_narrowed_down_to_kommunen_and_regionalgruppen(stage, cast):
    lead = cast.user("lead")
    stage.other.regional_group = "Nord"
    stage.other.save()
    both = chosen_guests(stage.cycle, lead, ["mentee", "mentor"])
    assert set(both) == {cast.mentee.pk, cast.mentor.pk}
    assert both[cast.mentee.pk].role == "Mentee"
    assert both[cast.mentee.pk].municipality == stage.own.pk
    only = chosen_guests(stage.cycle, lead, ["mentee", "mentor"], municipalities=[stage.own.pk])
    assert set(only) == {cast.mentee.pk}
    north = chosen_guests(stage.cycle, lead, ["mentee", "mentor"], regional_groups=["Nord"])
    assert set(north) == {cast.mentor.pk}
    assert chosen_guests(stage.cycle, lead, []) == {}
    council = chosen_guests(stage.cycle, lead, ["council", "hr"])
    assert {cast.lead.pk, cast.member.pk, cast.hr.pk, cast.other_hr.pk} == set(council)


def test_nobody_is_invited_whom_the_user_does_not_see(stage, cast):
    assert chosen_guests(stage.cycle, cast.user("stranger"), ["council", "mentee", "hr"]) == {}
    own = chosen_guests(stage.cycle, cast.user("hr"), ["mentee", "mentor"])
    assert set(own) == {cast.mentee.pk}
    gone = make.make_participant(
        stage.cycle, stage.own, left_on=date(2026, 1, 1), joined_on=date(2026, 1, 1)
    )
    assert gone.person.pk not in chosen_guests(stage.cycle, cast.user("lead"), ["mentee"])


def test_preview_names_everybody_and_only_who_stays_ticked_is_invited(stage, cast, client_of):
    event = make_event(stage.cycle)
    browser = client_of("lead")
    empty = browser.get(page("invite", event))
    assert "Wen das betrifft" not in empty.content.decode()
    nobody = browser.get(page("invite", event) + "?municipalities=")
    assert "Wählen Sie mindestens eine Gruppe" in nobody.content.decode()
    address = page("invite", event) + "?roles=mentee&roles=mentor"
    shown = browser.get(address).content.decode()
    assert cast.mentee.last_name in shown
    assert cast.mentor.last_name in shown
    assert not Attendee.objects.exists()
    browser.post(address, {"person": [cast.mentee.pk, cast.stranger.pk, "9" * 30, "x"]})
    row = Attendee.objects.get()
    assert (row.person, row.role, row.municipality) == (cast.mentee, "Mentee", stage.own)
    assert not Delivery.objects.exists()
    again = browser.get(address)
    assert "1 Person ist schon eingeladen" in " ".join(again.content.decode().split())
    browser.post(address, {"person": [cast.mentee.pk, cast.mentor.pk]})
    assert Attendee.objects.count() == 2


def test_odd_choices_are_answered(stage, client_of):
    event = make_event(stage.cycle)
    browser = client_of("lead")
    for query in (
        "roles=x",
        "roles=mentee&municipalities=99999999999999999999",
        "roles=mentee&regional_groups=x",
    ):
        assert browser.get(f"{page('invite', event)}?{query}").status_code == 200
        assert browser.post(f"{page('invite', event)}?{query}", {"person": "0"}).status_code == 302
    assert not Attendee.objects.exists()


def test_role_and_kommune_stay_as_they_were_when_invited(stage, cast):
    event = make_event(stage.cycle)
    domain.invite(event, [cast.mentee, cast.stranger], by=cast.user("lead"))
    Participant.objects.filter(person=cast.mentee).update(municipality=stage.other)
    row = Attendee.objects.get(person=cast.mentee)
    assert (row.role, row.municipality) == ("Mentee", stage.own)
    assert Attendee.objects.get(person=cast.stranger).role == "Gast"


def test_inviting_again_changes_nothing(stage, cast):
    event = make_event(stage.cycle)
    assert len(domain.invite(event, [cast.mentee, cast.mentee], by=cast.user("lead"))) == 1
    Attendee.objects.update(answer="yes", answered_at=timezone.now())
    assert domain.invite(event, [cast.mentee], by=cast.user("lead")) == []
    assert Attendee.objects.get().answer == "yes"


def test_an_operator_is_no_guest(stage, cast):
    person = make.make_person(user=cast.operator)
    with pytest.raises(Refused, match="betreibt"):
        domain.invite(make_event(stage.cycle), [person], by=cast.user("lead"))


def test_nobody_is_invited_to_what_is_over(stage, cast):
    event = make_event(stage.cycle, timezone.now() - timedelta(days=2))
    with pytest.raises(Refused, match="vorbei"):
        domain.invite(event, [cast.mentee], by=cast.user("lead"))


def test_one_person_is_found_and_invited(stage, cast, client_of):
    event = make_event(stage.cycle)
    browser, address = client_of("lead"), page("invite_person", event)
    shown = browser.get(address, {"q": cast.mentee.last_name.upper()}).content.decode()
    assert cast.mentee.first_name in shown
    stranger = browser.get(address, {"q": cast.stranger.last_name}).content.decode()
    assert cast.stranger.email not in stranger
    assert "Niemand gefunden" in stranger
    assert browser.post(address, {"person": cast.mentee.pk}).status_code == 302
    assert browser.post(address, {"person": cast.stranger.pk}).status_code == 404
    for number in ("9" * 30, "9" * 5000):
        assert browser.post(address, {"person": number}).status_code == 404
        groups = f"{page('invite', event)}?roles=mentee"
        assert browser.post(groups, {"person": number}).status_code == 302
    assert browser.post(address, {}).status_code == 404
    assert names(Attendee.objects.all()) == {str(cast.mentee)}
    assert "schon eingeladen" in browser.get(address, {"q": cast.mentee.last_name}).content.decode()


def test_an_invitation_is_taken_back_after_asking(stage, cast, client_of):
    event = make_event(stage.cycle)
    row = make_attendee(event, cast.mentee, mailed_at=timezone.now())
    link = rsvp_url(row)
    browser, address = client_of("member"), page("attendee_take_back", event, row.pk)
    assert "schon per E-Mail" in browser.get(address).content.decode()
    assert Attendee.objects.exists()
    browser.post(address)
    assert not Attendee.objects.exists()
    assert browser.get(link).status_code == 404
    came = make_attendee(event, cast.mentor, attended=True)
    answer = browser.post(page("attendee_take_back", event, came.pk))
    assert "Wer da war, bleibt auf der Liste" in answer.content.decode()


# --- Mails --------------------------------------------------------------------------------
def notice_form(browser, event, kind):
    answer = browser.get(page("notice", event, kind))
    return answer, {"_form_id": answer.context["once_id"]}


def test_each_gets_the_invitation_once_whoever_sends(stage, cast, client_of):
    event = make_event(stage.cycle, at("2027-02-03 09:00"), address="Markt 1\n48143 Münster")
    event.agenda.create(topic="Begrüßung", speaker="Ada")
    first = make_attendee(event, cast.mentee)
    make_attendee(event, make.make_person("Ohne", "Adresse", email=""))
    browser = client_of("lead")
    page_shown, data = notice_form(browser, event, "einladung")
    text = page_shown.content.decode()
    assert "Diese eine Person bekommt" in text
    assert "Ohne Adresse" in text
    assert "An 1 Person senden" in text
    assert not Delivery.objects.exists()
    data |= {"attendees": [first.pk]}
    assert browser.post(page("notice", event, "einladung"), data).status_code == 302
    assert browser.post(page("notice", event, "einladung"), data).status_code == 302
    assert send_invitations(event, [first], by=cast.user("member")) == 0
    delivery = Delivery.objects.get()
    assert (delivery.to_email, delivery.purpose) == (cast.mentee.email, "events.invitation")
    assert delivery.person == cast.mentee
    sent = message(delivery)
    body = sent.get_body().get_content()
    assert rsvp_url(first) in body
    assert "Mittwoch, 03.02.2027, 09:00 bis 13:00 Uhr" in body
    assert "Markt 1, 48143 Münster" in body
    assert "- Begrüßung (Ada)" in body
    assert sent["Reply-To"] == cast.lead.email
    (attachment,) = sent.iter_attachments()
    assert attachment.get_content_type() == "text/calendar"
    assert f"UID:{event.uid}" in attachment.get_content()
    first.refresh_from_db()
    assert first.mailed_at is not None


def test_who_was_invited_after_the_preview_gets_no_mail(stage, cast, client_of):
    event = make_event(stage.cycle)
    shown = make_attendee(event, cast.mentee)
    browser = client_of("lead")
    _, data = notice_form(browser, event, "einladung")
    make_attendee(event, cast.mentor)
    browser.post(page("notice", event, "einladung"), {**data, "attendees": [shown.pk]})
    assert [d.person for d in Delivery.objects.all()] == [cast.mentee]


def test_no_one_chosen_means_nobody(stage, cast, client_of):
    event = make_event(stage.cycle)
    make_attendee(event, cast.mentee)
    browser = client_of("lead")
    _, data = notice_form(browser, event, "einladung")
    answer = browser.post(page("notice", event, "einladung"), data)
    assert "Wählen Sie mindestens eine Person" in answer.content.decode()
    foreign = make_attendee(make_event(make.make_cycle()))
    browser.post(page("notice", event, "einladung"), {**data, "attendees": [foreign.pk]})
    assert not Delivery.objects.exists()


def test_an_unknown_kind_of_mail_is_not_found(stage, client_of):
    event = make_event(stage.cycle)
    assert client_of("lead").get(page("notice", event, "werbung")).status_code == 404


def test_a_changed_date_is_told_to_who_may_come(stage, cast, client_of):
    event = make_event(stage.cycle)
    told = {"mailed_at": timezone.now(), "told_sequence": 0}
    yes = make_attendee(event, cast.mentee, answer="yes", **told)
    make_attendee(event, cast.mentor, answer="no", **told)
    make_attendee(event, cast.member)  # not written to yet
    assert "Terminänderung" not in client_of("lead").get(page("event", event)).content.decode()
    event.venue = "Burg"
    domain.save_event(event, by=cast.user("lead"))
    assert "Terminänderung" in client_of("lead").get(page("event", event)).content.decode()
    change = mails.NOTICES["aenderung"]
    everybody = list(event.attendees.values_list("pk", flat=True))
    assert mails.send(change, event, everybody, by=cast.user("lead")) == 1
    assert mails.send(change, event, everybody, by=cast.user("lead")) == 0
    delivery = Delivery.objects.get()
    assert delivery.person == yes.person
    (attachment,) = message(delivery).iter_attachments()
    assert "SEQUENCE:1" in attachment.get_content()


def test_the_silent_are_reminded_and_not_every_day(stage, cast):
    event = make_event(stage.cycle)
    reminder = mails.NOTICES["erinnerung"]
    with time_machine.travel(timezone.now() - timedelta(days=10), tick=False):
        silent = make_attendee(event, cast.mentee, mailed_at=timezone.now(), told_sequence=0)
        make_attendee(event, cast.mentor, answer="yes", mailed_at=timezone.now())
        keys = list(event.attendees.values_list("pk", flat=True))
        assert mails.send(reminder, event, keys, by=cast.user("lead")) == 1
        assert mails.send(reminder, event, keys, by=cast.user("lead")) == 0
    assert mails.send(reminder, event, keys, by=cast.user("lead")) == 1
    silent.refresh_from_db()
    assert silent.reminded_at is not None
    assert {d.person for d in Delivery.objects.all()} == {cast.mentee}


def test_nothing_is_sent_for_what_is_called_off_or_over(stage, cast):
    gone = make_event(stage.cycle)
    row = make_attendee(gone, cast.mentee)
    domain.cancel_event(gone, "Schnee", by=cast.user("lead"))
    with pytest.raises(Refused, match="abgesagt"):
        send_invitations(gone, [row], by=cast.user("lead"))
    over = make_event(stage.cycle, timezone.now() - timedelta(days=2))
    with pytest.raises(Refused, match="vorbei"):
        send_invitations(over, [make_attendee(over)], by=cast.user("lead"))


def test_many_mails_are_a_job_that_bears_a_second_run(stage, cast, client_of, monkeypatch):
    from mentoring.jobs.domain import claim_next, run_claimed

    monkeypatch.setattr(mails, "DIRECT", 2)
    event = make_event(stage.cycle)
    rows = [
        make_attendee(event, make.make_participant(stage.cycle, stage.own).person) for _ in range(5)
    ]
    browser = client_of("lead")
    _, data = notice_form(browser, event, "einladung")
    answer = browser.post(
        page("notice", event, "einladung"), {**data, "attendees": [row.pk for row in rows]}
    )
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert not Delivery.objects.exists()
    send_invitations(event, rows[:1], by=cast.user("member"))
    run_claimed(*claim_next())
    job.refresh_from_db()
    assert job.state == "done", job.message
    assert Delivery.objects.count() == 5
    assert Delivery.objects.values("person").distinct().count() == 5


def test_who_lost_the_right_meanwhile_sends_nothing(stage, cast, client_of, monkeypatch):
    from mentoring.jobs.domain import claim_next, run_claimed

    monkeypatch.setattr(mails, "DIRECT", 0)
    event = make_event(stage.cycle)
    row = make_attendee(event, cast.mentee)
    browser = client_of("member")
    _, data = notice_form(browser, event, "einladung")
    browser.post(page("notice", event, "einladung"), {**data, "attendees": [row.pk]})
    monkeypatch.setattr(mails, "DIRECT", 2)
    cast.member.seats.update(until=timezone.localdate())
    run_claimed(*claim_next())
    assert not Delivery.objects.exists()


# --- Whom a conflict of interest hides ----------------------------------------------------
def test_a_hidden_applicant_is_in_no_list_count_preview_or_mail(stage, cast, client_of):
    applicant = make.make_participant(
        stage.cycle, stage.own, ParticipantRole.APPLICANT, person=make.make_person("Hildegard")
    )
    application = make.make_application(
        stage.cycle, stage.own, "nominated", person=applicant.person, superior=cast.member
    )
    assert application.superior == cast.member
    event = make_event(stage.cycle)
    row = make_attendee(event, applicant.person, role="Bewerber/in", answer=Answer.YES)
    member, lead = client_of("member"), client_of("lead")
    for address in (
        page("attendees", event),
        page("attendees", event) + "?export=csv",
        page("attendance", event),
        page("invite", event) + "?roles=applicant",
        page("notice", event, "einladung"),
    ):
        assert "Hildegard" not in member.get(address).content.decode("utf-8-sig"), address
    assert "Hildegard" in lead.get(page("attendees", event)).content.decode()
    listed = member.get(page("events", stage.cycle)).context["page_obj"].object_list[0]
    assert (listed.invited, listed.yes) == (0, 0)
    assert send_invitations(event, [row], by=cast.user("member")) == 0
    assert member.get(page("attendee_answer", event, row.pk)).status_code == 404


def test_the_example_of_a_mail_shows_nobodys_link(stage, cast, client_of):
    """With it the sender could answer, and read what the person alone is shown."""
    event = make_event(stage.cycle)
    row = make_attendee(event, cast.mentee)
    example = client_of("logistics").get(page("notice", event, "einladung")).content.decode()
    assert "/antwort/…/" in example
    assert rsvp_token(row) not in example
    send_invitations(event, [row], by=cast.user("logistics"))
    sent = message(Delivery.objects.get()).get_body(("plain",))
    assert rsvp_token(row) in sent.get_content()
