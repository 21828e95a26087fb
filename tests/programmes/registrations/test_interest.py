"""The public registration: its doors, its links, how long it is kept."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.log.models import LogEntry
from mentoring.ui.errors import Refused
from programmes.cycles.models import Participation
from programmes.events.domain import answer, places_left
from programmes.events.models import Answer, Attendee
from programmes.outbox.models import Delivery
from programmes.people.retention import delete_due, erase, known_about
from programmes.registrations import domain as doors
from programmes.registrations import links
from programmes.registrations.models import Interest, InterestState
from programmes.registrations.retention import delete_past, delete_pending
from tests import factories as make
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.programmes.events.makers import make_attendee
from tests.programmes.registrations.makers import make_interest, make_public_event

ADDRESS = "rita@neustadt.example"


def typed(email=ADDRESS, **fields):
    values = {"first_name": "Rita", "last_name": "Reich", "municipality": "Neustadt", **fields}
    return doors.Typed(email=email, **values)


def mails():
    """Subject and text of all mails, the oldest first."""
    return [
        (mail.subject, bytes(mail.content.raw).decode())
        for mail in Delivery.objects.order_by("pk").select_related("content")
    ]


@pytest.fixture
def event(stage):
    return make_public_event(stage.cycle, online_url="https://video.example/geheim")


def test_registering_waits_for_the_confirmation_and_keeps_the_online_link_back(event):
    doors.register(event, typed(" Rita@Neustadt.example "))
    interest = Interest.objects.get()
    assert (interest.email, interest.state) == (ADDRESS, InterestState.PENDING)
    (subject, text), *others = mails()
    assert subject.startswith("Bitte best")
    assert "/anmeldung/bestaetigen/" in text
    assert "video.example" not in text
    assert "text/calendar" not in text
    assert not others


def test_confirming_sends_link_and_calendar_file_once(event):
    interest = make_interest(event, state="pending")
    doors.confirm(interest)
    doors.confirm(interest)
    [(subject, text)] = mails()
    assert subject.startswith("Ihre Anmeldung")
    assert "video.example" in text
    assert "text/calendar" in text
    assert "/anmeldung/abmelden/" in text
    interest.refresh_from_db()
    assert interest.state == InterestState.CONFIRMED


def test_who_is_registered_already_is_told_so_by_mail_and_nothing_changes(event):
    make_interest(event)
    doors.register(event, typed(first_name="Robert", last_name="Fremd"))
    assert Interest.objects.get().first_name == "Rita"
    [(subject, text)] = mails()
    assert subject.startswith("Sie sind schon angemeldet")
    assert "Robert" not in text


def test_a_link_does_not_confirm_what_somebody_else_typed_later(event):
    doors.register(event, typed())
    first = links.confirm_token(Interest.objects.get())
    doors.register(event, typed())
    assert links.to_confirm(first) is not None
    doors.register(event, typed(municipality="Bösdorf"))
    assert links.to_confirm(first) is None


def test_who_withdrew_may_register_again_and_must_confirm_again(event):
    interest = make_interest(event)
    doors.withdraw(interest)
    doors.withdraw(interest)
    interest.refresh_from_db()
    assert interest.state == InterestState.WITHDRAWN
    with pytest.raises(Refused, match="abgemeldet"):
        doors.confirm(interest)
    doors.register(event, typed())
    interest.refresh_from_db()
    assert (interest.state, interest.confirmed_at) == (InterestState.PENDING, None)


@pytest.mark.parametrize(
    "closed",
    [
        {"public_registration": False},
        {"starts_at": timezone.now() - timedelta(hours=1)},
        {"state": "cancelled", "cancel_reason": "krank"},
    ],
)
def test_a_closed_page_takes_no_registration(stage, closed):
    event = make_public_event(stage.cycle, **closed)
    with pytest.raises(Refused, match="nicht mehr anmelden"):
        doors.register(event, typed())
    assert not mails()


def test_the_page_closes_with_its_cycle(event):
    type(event.cycle).objects.update(state="closed")
    with pytest.raises(Refused):
        doors.register(event, typed())
    assert not doors.open_events().exists()


def test_places_are_shared_with_those_invited(stage, cast):
    event = make_public_event(stage.cycle, capacity=2)
    make_attendee(event, cast.member, answer=Answer.YES)
    invited = make_attendee(event, cast.mentee)
    early = make_interest(event, "frueh@stadt.example", "pending")
    late = make_interest(event, "spaet@stadt.example", "pending")
    assert places_left(event) == 1
    doors.confirm(early)
    with pytest.raises(Refused, match="alle Plätze"):
        doors.confirm(late)
    with pytest.raises(Refused, match="alle Plätze"):
        doors.register(event, typed())
    with pytest.raises(Refused, match="alle Plätze"):
        answer(invited, answer="yes")
    doors.withdraw(early)
    doors.confirm(late)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once():
    event = make_public_event(make.make_cycle(), capacity=1)
    waiting = [make_interest(event, f"p{n}@stadt.example", "pending") for n in range(2)]
    found = at_once(*[lambda row=row: doors.confirm(row) for row in waiting])
    assert len(refusals(found)) == 1
    assert Interest.objects.confirmed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_to_somebody_invited_or_to_an_outsider():
    event = make_public_event(make.make_cycle(), capacity=1)
    invited, outsider = make_attendee(event), make_interest(event, state="pending")
    found = at_once(lambda: answer(invited, answer="yes"), lambda: doors.confirm(outsider))
    assert len(refusals(found)) == 1
    agreed = Attendee.objects.filter(answer=Answer.YES).count()
    assert agreed + Interest.objects.confirmed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_address_registers_once_however_fast():
    event = make_public_event(make.make_cycle())
    at_once(*[lambda: doors.register(event, typed())] * 3)
    assert Interest.objects.count() == 1


def test_links_end_after_seven_days_and_with_a_new_nonce(event, time_machine):
    time_machine.move_to("2026-03-02 09:00+01:00", tick=False)
    event.starts_at = timezone.now() + timedelta(days=60)
    event.ends_at = event.starts_at + timedelta(hours=1)
    event.save()
    interest = make_interest(event, state="pending")
    confirm, leave = links.confirm_token(interest), links.withdraw_token(interest)
    assert links.to_confirm(confirm) == interest
    assert links.to_confirm(leave) is None
    assert links.to_withdraw(confirm) is None
    assert links.to_confirm(confirm[:-1]) is None
    time_machine.move_to("2026-03-09 09:00:01+01:00", tick=False)
    assert links.to_confirm(confirm) is None
    assert links.to_withdraw(leave) == interest
    interest.nonce = uuid.uuid4()
    interest.save()
    assert links.to_withdraw(leave) is None


def test_headers_cannot_be_smuggled_in(event):
    event.title = "Info\r\nBcc: alle@stadt.example"
    event.save()
    doors.register(event, typed(first_name="Rita\r\nBcc: alle@stadt.example"))
    ((_, text),) = mails()
    head = text.split("\r\n\r\n")[0]
    assert not any(line.lower().startswith("bcc") for line in head.splitlines())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Neustadt", "Neustadt"),
        ("neustadt ", "Neustadt"),
        ("Stadt Neustadt", "Neustadt"),
        ("Kreis Coesfeld", "Kr. Coesfeld"),
        ("Coesfeld", "Coesfeld"),
        ("Gemeinde Übelheim", "Übelheim"),
        ("ÜBELHEIM", "Übelheim"),
        ("Irgendwo", None),
        ("Stadt", None),
        ("", None),
        ("Stadtwerke Neustadt", None),
    ],
)
def test_which_kommune_is_meant(stage, written, meant):
    make.make_municipality("Neustadt")
    make.make_municipality("Coesfeld")
    make.make_municipality("Kr. Coesfeld", name="Kreis Coesfeld", kind="district")
    found = doors.matching(written)
    assert (found.short_name if found else None) == meant


def test_an_interested_kommune_is_invited_once(stage, cast, event):
    house, by = make.make_municipality("Neustadt"), cast.user("lead")
    interest = make_interest(event)
    participation, new = doors.invite_house(interest, municipality=house, by=by)
    assert new
    assert participation.state == "invited"
    again, new = doors.invite_house(interest, municipality=house, by=by)
    assert (again, new) == (participation, False)
    interest.refresh_from_db()
    assert interest.participation == participation
    assert Participation.objects.filter(municipality=house).count() == 1
    waiting = make_interest(event, "noch@offen.example", "pending")
    with pytest.raises(Refused, match="nicht bestätigt"):
        doors.invite_house(waiting, municipality=house, by=by)


def test_those_registered_are_told_of_a_change_once(event, cast):
    make_interest(event)
    make_interest(event, "noch@offen.example", "pending")
    by = cast.user("logistics")
    assert doors.tell_change(event, by=by) == 0
    event.sequence = 1
    event.save()
    assert doors.tell_change(event, by=by) == 1
    assert doors.tell_change(event, by=by) == 0
    event.state, event.cancel_reason, event.sequence = "cancelled", "Sturm", 2
    event.save()
    assert doors.tell_change(event, by=by) == 1
    (changed, _), (called_off, text) = mails()
    assert "nderung" in changed
    assert called_off.startswith("Abgesagt")
    assert "Sturm" in text
    assert "STATUS:CANCELLED" in text or "text/calendar" in text


def test_registrations_are_deleted_in_time_with_what_the_outbox_kept(event, time_machine):
    now = timezone.now()
    doors.register(event, typed())
    doors.register(event, typed("bleibt@neustadt.example"))
    doors.confirm(Interest.objects.get(email="bleibt@neustadt.example"))
    time_machine.move_to(now + timedelta(days=6, hours=23))
    assert delete_pending() == 0
    time_machine.move_to(now + timedelta(days=7, minutes=1))
    assert delete_pending() == 1
    assert not Delivery.objects.filter(to_email=ADDRESS).exists()
    assert Interest.objects.get().email == "bleibt@neustadt.example"
    time_machine.move_to(event.ends_at + timedelta(days=29))
    assert delete_past() == 0
    time_machine.move_to(event.ends_at + timedelta(days=30, minutes=1))
    assert delete_due() >= 1
    assert not Interest.objects.exists()
    assert not Delivery.objects.exists()


def test_a_person_learns_of_their_registrations_and_is_erased_from_them(event, cast):
    person = make.make_person(email="Rita@Neustadt.example")
    make_interest(event)
    make_interest(event, "andere@neustadt.example")
    heading = "Anmeldungen zu Veranstaltungen"
    rows = dict(known_about(person))[heading]
    assert "Rita Reich" in rows[0][1]
    erase(person, by=cast.operator)
    assert [row.email for row in Interest.objects.all()] == ["andere@neustadt.example"]


def test_an_address_two_people_share_is_nobodys(event, cast):
    person = make.make_person(email=ADDRESS)
    make.make_person(email=ADDRESS)
    make_interest(event)
    assert "Anmeldungen zu Veranstaltungen" not in dict(known_about(person))
    erase(person, by=cast.operator)
    assert Interest.objects.exists()


def test_the_log_knows_no_names(event):
    doors.register(event, typed())
    doors.confirm(Interest.objects.get())
    entries = LogEntry.objects.filter(content_type__model="interest")
    assert entries.count() == 2
    for entry in entries:
        text = f"{entry.object_repr} {entry.changes}"
        for secret in ("Rita", "Reich", "Neustadt", ADDRESS, Interest.objects.get().nonce.hex):
            assert secret not in text
