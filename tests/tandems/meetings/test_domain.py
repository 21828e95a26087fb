"""What the two enter about their year, and what the Beirat decides about it."""

from datetime import date, timedelta

import pytest
import time_machine

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.cycles.models import CycleState, Participant, ParticipantRole
from programmes.outbox.models import Delivery, MessageContent
from tandems.meetings import domain
from tandems.meetings.models import HelpCall, MeetingForm, TandemMeeting
from tandems.mentors.models import MentorState
from tandems.pairs.domain import frame_of
from tandems.pairs.models import EndReason, Tandem, TandemState
from tandems.profiles.models import Exclusion
from tests import factories as make
from tests.tandems.meetings.makers import make_meeting, make_pair, running_tandem
from tests.tandems.pairs.makers import make_mentee, make_mentor

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
"""The tandems of ``makers`` were revealed on 6 March 2026."""


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-06-01 10:00+02:00", tick=False) as clock:
        yield clock


def enter(tandem, by, *, days=0, form=MeetingForm.PRESENCE, minutes=90):
    on = TODAY + timedelta(days=days)
    return domain.enter_meeting(tandem, met_on=on, form=form, minutes=minutes, by=by)


# --- Meetings ------------------------------------------------------------------------------
def test_the_first_meeting_makes_a_tandem_active_and_either_may_change_or_delete_it(stage, cast):
    tandem = running_tandem(stage, cast)
    meeting = enter(tandem, cast.user("mentee"))
    tandem.refresh_from_db()
    assert tandem.state == TandemState.ACTIVE
    assert meeting.entered_by == cast.mentee
    changed = domain.change_meeting(
        meeting, met_on=TODAY, form=MeetingForm.ONLINE, minutes=45, by=cast.user("mentor")
    )
    assert (changed.form, changed.minutes) == ("online", 45)
    domain.delete_meeting(changed, by=cast.user("mentor"))
    domain.delete_meeting(changed, by=cast.user("mentee"))  # gone already: no fault
    assert not TandemMeeting.objects.exists()


def test_the_second_to_change_a_meeting_is_told(stage, cast):
    meeting = enter(running_tandem(stage, cast), cast.user("mentee"))
    values = {"met_on": TODAY, "form": MeetingForm.PHONE, "minutes": 30}
    domain.change_meeting(
        TandemMeeting.objects.get(pk=meeting.pk), **values, by=cast.user("mentor")
    )
    with pytest.raises(EditConflict):
        domain.change_meeting(meeting, **{**values, "minutes": 60}, by=cast.user("mentee"))


def test_sent_twice_a_meeting_is_one_and_a_second_one_that_day_is_two(stage, cast, clock):
    tandem = running_tandem(stage, cast)
    first = enter(tandem, cast.user("mentee"))
    assert enter(tandem, cast.user("mentee")) == first
    assert enter(tandem, cast.user("mentee"), minutes=30) != first
    assert domain.same_day(tandem, TODAY)
    assert not domain.same_day(tandem, TODAY + timedelta(days=1))
    clock.shift(61)
    assert enter(tandem, cast.user("mentee")) != first


@pytest.mark.parametrize(
    ("days", "minutes", "form"),
    [
        (-90, 60, "online"),  # before the reveal
        (370, 60, "online"),  # a wrong year
        (0, 4, "online"),
        (0, 721, "online"),
        (0, 60, "letter"),
    ],
)
def test_a_meeting_lies_in_the_year_and_is_one(stage, cast, days, minutes, form):
    tandem = running_tandem(stage, cast)
    with pytest.raises(Refused):
        enter(tandem, cast.user("mentee"), days=days, minutes=minutes, form=form)


def test_the_workshop_counts_even_if_the_button_was_pressed_a_day_late(stage, cast):
    tandem = running_tandem(stage, cast)
    stage.cycle.start_workshop_on = date(2026, 3, 5)
    stage.cycle.save()
    tandem.cycle.refresh_from_db()
    assert domain.first_day(tandem) == date(2026, 3, 5)
    again = make_pair(tandem.application, tandem.mentor, TandemState.COMPLETED, after=tandem)
    assert domain.first_day(again) == date(2026, 3, 6)


@pytest.mark.parametrize("who", ["lead", "member", "hr", "other_hr", "logistics", "stranger"])
def test_nobody_but_the_two_enters_anything(stage, cast, who):
    tandem = running_tandem(stage, cast)
    by = cast.user(who)
    for act in (
        lambda: enter(tandem, by),
        lambda: domain.note_agreement(tandem, TODAY, by=by),
        lambda: domain.call_for_help(tandem, "Bitte melden", by=by),
    ):
        with pytest.raises(Refused):
            act()
    assert not TandemMeeting.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("state", [TandemState.SEALED, TandemState.AGREED])
def test_before_the_reveal_nothing_is_entered_and_the_sentence_gives_nothing_away(
    stage, cast, state
):
    tandem = running_tandem(stage, cast, state)
    with pytest.raises(Refused) as refused:
        enter(tandem, cast.user("mentee"))
    tandem.delete()
    with pytest.raises(Refused) as gone:
        enter(tandem, cast.user("mentee"))
    assert str(refused.value) == str(gone.value)


def test_after_the_end_nothing_is_entered(stage, cast):
    tandem = running_tandem(stage, cast, TandemState.COMPLETED)
    with pytest.raises(Refused, match="abgeschlossen"):
        enter(tandem, cast.user("mentee"))
    stage.cycle.state = CycleState.CLOSED
    stage.cycle.save()
    with pytest.raises(Refused, match="nichts mehr ändern"):
        enter(tandem, cast.user("mentee"))


def test_the_agreement_makes_a_tandem_active_too(stage, cast):
    tandem = running_tandem(stage, cast)
    stored = domain.note_agreement(tandem, date(2026, 3, 20), by=cast.user("mentor"))
    assert (stored.agreement_on, stored.state) == (date(2026, 3, 20), TandemState.ACTIVE)
    for day in (TODAY + timedelta(days=1), date(2026, 3, 1)):
        with pytest.raises(Refused):
            domain.note_agreement(stored, day, by=cast.user("mentor"))
    with pytest.raises(EditConflict):
        domain.note_agreement(tandem, TODAY, by=cast.user("mentee"))


# --- Whom they turn to ---------------------------------------------------------------------
def test_the_contact_is_who_accompanies_else_of_the_own_house_else_a_lead(stage, cast):
    tandem = running_tandem(stage, cast)
    # The member's seat is of the mentee's Kommune, the lead's of the mentor's.
    assert domain.contact_of(tandem, cast.mentee) == cast.member
    assert domain.contact_of(tandem, cast.mentor) == cast.lead
    tandem = domain.accompany(tandem, cast.lead, by=cast.user("lead"))
    assert domain.contact_of(tandem, cast.mentee) == cast.lead
    seat = cast.member.seats.get()
    seat.until = TODAY
    seat.save()
    tandem = domain.accompany(tandem, None, by=cast.user("lead"))
    assert domain.contact_of(tandem, cast.mentee) == cast.lead


def test_who_accompanies_without_a_sign_in_is_asked_by_mail_and_the_leads_see_it(stage, cast):
    tandem = running_tandem(stage, cast)
    part = stage.cycle.participations.get(municipality=stage.other)
    quiet = make.make_person("Käthe", "Ohnezugang", municipality=stage.other)
    make.make_seat(part, person=quiet)
    assert domain.contact_of(tandem, cast.mentor) == cast.lead  # among equals: the sign-in
    tandem = domain.accompany(tandem, quiet, by=cast.user("lead"))
    call = domain.call_for_help(tandem, "Bitte melden", by=cast.user("mentor"))
    assert Delivery.objects.get().to_email == quiet.email
    assert list(HelpCall.objects.visible_to(cast.user("lead"))) == [call]
    assert not HelpCall.objects.visible_to(cast.user("member")).exists()


def test_whom_one_of_the_two_ruled_out_is_not_their_contact(stage, cast):
    tandem = running_tandem(stage, cast)
    Exclusion.objects.create(cycle=stage.cycle, subject=cast.mentor, person=cast.member)
    assert domain.can_accompany(tandem) == [cast.lead]
    assert domain.contact_of(tandem, cast.mentee) == cast.lead
    Exclusion.objects.create(cycle=stage.cycle, subject=cast.mentee, municipality=stage.other)
    assert domain.can_accompany(tandem) == [cast.lead]


def test_a_superior_is_neither_contact_nor_companion(stage, cast):
    tandem = running_tandem(stage, cast)
    tandem.application.superior = cast.member
    tandem.application.save()
    assert domain.contact_of(tandem, cast.mentee) == cast.lead
    assert domain.can_accompany(tandem) == [cast.lead]
    with pytest.raises(Refused, match="kann dieses Tandem nicht begleiten"):
        domain.accompany(tandem, cast.member, by=cast.user("lead"))
    with pytest.raises(Refused, match="wirken Sie nicht mit"):
        domain.accompany_oneself(tandem, by=cast.user("member"))


def test_a_member_takes_a_free_tandem_and_no_other(stage, cast):
    tandem = running_tandem(stage, cast)
    tandem = domain.accompany_oneself(tandem, by=cast.user("member"))
    assert tandem.accompanied_by == cast.member
    with pytest.raises(Refused, match="schon begleitet"):
        domain.accompany_oneself(tandem, by=cast.user("lead"))
    with pytest.raises(Refused, match="Andere"):
        domain.accompany(tandem, cast.lead, by=cast.user("member"))
    tandem = domain.accompany(tandem, cast.lead, by=cast.user("lead"))
    with pytest.raises(Refused, match="beendet die Beiratsleitung"):
        domain.accompany(tandem, None, by=cast.user("member"))


def test_words_for_help_go_to_the_contact_by_mail_alone_and_once(stage, cast, clock):
    tandem = running_tandem(stage, cast)
    call = domain.call_for_help(tandem, " Wir kommen nicht voran. ", by=cast.user("mentee"))
    assert domain.call_for_help(tandem, "Noch einmal", by=cast.user("mentee")) == call
    delivery = Delivery.objects.get()
    assert (delivery.to_email, delivery.confidential) == (cast.member.email, True)
    for secret in (cast.mentee.last_name, cast.mentor.last_name, "voran"):
        assert secret not in delivery.subject
    raw = bytes(MessageContent.objects.get().raw).decode()
    assert cast.mentee.email in raw
    assert "voran" in raw
    # The text is wiped once it is sent; of the call there are no words to keep.
    assert delivery.ephemeral_until is not None
    assert {field.name for field in HelpCall._meta.fields} == {
        *("id", "version", "tandem", "asked_by", "contact", "asked_at", "settled_on")
    }
    clock.shift(60)
    assert domain.call_for_help(tandem, "Ein Nachtrag", by=cast.user("mentee")) != call
    assert Delivery.objects.count() == 2


def test_a_call_is_seen_by_the_contact_and_after_their_seat_by_the_leads(stage, cast):
    tandem = running_tandem(stage, cast)
    call = domain.call_for_help(tandem, "Bitte melden", by=cast.user("mentee"))
    with pytest.raises(Refused):
        domain.settle_help(call, by=cast.user("lead"))
    seat = cast.member.seats.get()
    seat.until = TODAY
    seat.save()
    # A seat in another cycle helps these two no more.
    other = make.make_participation(make.make_cycle(stage.programme, number=13), stage.own)
    make.make_seat(other, person=cast.member)
    settled = domain.settle_help(call, by=fresh(cast.user("lead")))
    assert settled.settled_on == TODAY


def fresh(user):
    """The same user with a new request: roles are read once for each."""
    return type(user).objects.get(pk=user.pk)


def test_without_anybody_to_turn_to_the_words_stay_in_the_form(stage, cast):
    tandem = running_tandem(stage, cast)
    for person in (cast.lead, cast.member):
        seat = person.seats.get()
        seat.until = TODAY
        seat.save()
    with pytest.raises(Refused, match="Personalstelle"):
        domain.call_for_help(tandem, "Bitte melden", by=cast.user("mentee"))
    with pytest.raises(Refused, match="worum es geht"):
        domain.call_for_help(tandem, "  ", by=cast.user("mentee"))


# --- The end -------------------------------------------------------------------------------
def test_an_early_end_frees_both_and_says_no_more_than_a_class(stage, cast):
    tandem = running_tandem(stage, cast)
    make_meeting(tandem, date(2026, 5, 1))
    make_meeting(tandem, date(2026, 7, 1))
    call = domain.call_for_help(tandem, "Bitte melden", by=cast.user("mentee"))
    before = frame_of(stage.cycle).edition
    ended = domain.end_early(
        tandem, on=date(2026, 5, 20), reason=EndReason.TIME, by=cast.user("lead")
    )
    assert (ended.state, ended.ended_on) == (TandemState.ENDED_EARLY, date(2026, 5, 20))
    assert list(tandem.meetings.values_list("met_on", flat=True)) == [date(2026, 5, 1)]
    call.refresh_from_db()
    assert call.settled_on == TODAY
    assert frame_of(stage.cycle).edition > before  # who looks at the wall sees them there
    assert Participant.objects.filter(cycle=stage.cycle).present().count() == 2
    # The database lets the mentee have another now.
    make_pair(tandem.application, make_mentor(stage.cycle, stage.other), TandemState.PROPOSED)


def test_who_leaves_with_it_leaves_the_lists(stage, cast):
    tandem = running_tandem(stage, cast)
    domain.end_early(
        tandem,
        on=date(2026, 5, 20),
        reason=EndReason.MENTOR_LEFT,
        leavers=["mentor"],
        by=cast.user("lead"),
    )
    tandem.mentor.refresh_from_db()
    assert tandem.mentor.state == MentorState.PAUSED
    left = Participant.objects.filter(left_on__isnull=False)
    assert list(left.values_list("role", flat=True)) == [ParticipantRole.MENTOR]


def test_a_mentee_who_leaves_is_sought_a_match_for_no_more(stage, cast):
    tandem = running_tandem(stage, cast)
    leaves = {"reason": EndReason.MENTEE_LEFT, "leavers": ["mentee"]}
    domain.end_early(tandem, on=TODAY, **leaves, by=cast.user("lead"))
    tandem.application.refresh_from_db()
    assert tandem.application.state == "withdrawn"
    left = Participant.objects.filter(left_on__isnull=False)
    assert list(left.values_list("role", flat=True)) == [ParticipantRole.MENTEE]


@pytest.mark.parametrize("on", [date(2026, 6, 2), date(2026, 3, 5), date(2026, 4, 30)])
def test_the_day_of_the_end_fits_the_year(stage, cast, on):
    tandem = running_tandem(stage, cast)
    make_meeting(tandem, date(2026, 5, 1))
    with pytest.raises(Refused):
        domain.end_early(tandem, on=on, reason=EndReason.FIT, by=cast.user("lead"))


def test_all_are_completed_at_once_or_none(stage, cast):
    first = running_tandem(stage, cast, TandemState.ACTIVE)
    second = make_pair(make_mentee(stage.cycle, stage.own), make_mentor(stage.cycle, stage.other))
    make_meeting(second, date(2026, 5, 30))
    rows = [first, second]
    with pytest.raises(Refused, match=second.mentee_person.last_name):
        domain.complete_all(rows, on=date(2026, 5, 20), by=cast.user("lead"))
    assert set(states()) == {TandemState.ACTIVE, TandemState.REVEALED}
    assert domain.complete_all(rows, on=TODAY, by=cast.user("lead")) == 2
    assert set(states()) == {TandemState.COMPLETED}
    assert domain.complete_all(rows, on=TODAY, by=cast.user("lead")) == 0


def states():
    return Tandem.objects.values_list("state", flat=True)


def test_a_tandem_hidden_from_a_lead_is_not_ended_by_them(stage, cast):
    tandem = running_tandem(stage, cast)
    tandem.application.superior = cast.lead
    tandem.application.save()
    with pytest.raises(Refused, match="wirken Sie nicht mit"):
        domain.end_early(tandem, on=TODAY, reason=EndReason.FIT, by=cast.user("lead"))
