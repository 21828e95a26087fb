"""Releasing: once, by who may, to exactly those seen; and taking it back."""

import threading
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from mentoring.records import EditConflict
from mentoring.ui.errors import Refused
from programmes.outbox.models import Delivery
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice
from programmes.rundmails.domain.timing import hung_send_at
from programmes.rundmails.models import Recipient, Rundmail, RundmailState
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails import makers

PLACED = Choice("applications", "placed")


@pytest.fixture
def confidential(stage: Stage, cast: Cast) -> Rundmail:
    make.make_application(stage.cycle, stage.own, "placed")
    return makers.make_draft(stage.cycle, cast.member.user, choices=[PLACED])


def test_release_fixes_the_recipients_and_sends_nothing_itself(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(stage.cycle, cast.member.user)
    released = makers.release(mail, cast.member.user)
    assert released.state == RundmailState.RELEASED
    assert released.released_by == cast.member.user
    assert released.send_at == released.released_at
    row = Recipient.objects.get()
    assert (row.person, row.name, row.email) == (
        cast.mentee,
        cast.mentee.full_name,
        cast.mentee.email,
    )
    # What the person is called or reached by later changes nothing of what was released.
    cast.mentee.email = "anders@stadt.example"
    cast.mentee.save()
    row.refresh_from_db()
    assert row.email != "anders@stadt.example"
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("name", ["lead", "member", "logistics"])
def test_organisational_mails_are_released_by_beirat_or_logistikpartner(
    stage: Stage, cast: Cast, name: str
) -> None:
    user = cast.user(name)
    assert user is not None
    assert makers.release(makers.make_draft(stage.cycle, user), user).state == "released"


def test_confidential_ones_by_a_lead(stage: Stage, cast: Cast, confidential: Rundmail) -> None:
    with pytest.raises(Refused, match="Treiber"):
        makers.release(confidential, cast.member.user)
    assert not Recipient.objects.exists()
    with pytest.raises(Refused):
        makers.release(confidential, cast.logistics.user)
    assert makers.release(confidential, cast.lead.user).state == "released"


def test_nothing_but_the_list_that_was_shown_is_released(stage: Stage, cast: Cast) -> None:
    user = cast.lead.user
    mail = makers.make_draft(stage.cycle, user)
    seen = domain.resolve_audience(mail, user).seen
    makers.make_mentees(stage.cycle, stage.own, 1)
    with pytest.raises(Refused, match="Vorschau"):
        domain.release(mail, seen=seen, by=user)
    seen = domain.resolve_audience(mail, user).seen
    mail.body = "Etwas anderes"
    domain.save_draft(mail, by=cast.member.user)
    with pytest.raises(Refused, match="Vorschau"):
        domain.release(mail, seen=seen, by=user)
    assert not Recipient.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"choices": ()}, "bekäme niemand"),
        ({"subject": " "}, "Betreff fehlt"),
        ({"body": "\n"}, "Text fehlt"),
        ({"body": "{quark}"}, "{quark} gibt es nicht"),
        ({"reply_to": "kein Postfach"}, "Antworten ist nicht gültig"),
        ({"attach_calendar": True}, "fehlt die Veranstaltung"),
        ({"send_at": makers.at("2026-01-01 12:00")}, "ist vorbei"),
    ],
)
def test_what_is_not_in_order_is_not_released(
    stage: Stage, cast: Cast, fields: dict[str, Any], said: str
) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user, **fields)
    with pytest.raises(Refused, match=said):
        makers.release(mail, cast.lead.user)
    mail.refresh_from_db()
    assert mail.state == RundmailState.DRAFT


def test_a_missing_attachment_is_named(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    row = domain.add_attachment(mail, makers.upload(), by=cast.lead.user)
    assert domain.check(mail, cast.lead.user) == []
    row.file.content.storage.delete(row.file.content.name)
    with pytest.raises(Refused, match=r"Ablauf\.pdf"):
        makers.release(mail, cast.lead.user)


def test_after_release_nothing_can_be_edited(stage: Stage, cast: Cast) -> None:
    user = cast.lead.user
    mail = makers.make_draft(stage.cycle, user)
    attachment = domain.add_attachment(mail, makers.upload(), by=user)
    mail = makers.release(mail, user)
    for door in (
        lambda: domain.save_draft(mail, by=user),
        lambda: domain.save_draft(mail, choices=[], by=user),
        lambda: domain.add_attachment(mail, makers.upload(), by=user),
        lambda: domain.remove_attachment(attachment, by=user),
        lambda: domain.delete_draft(mail, by=user),
        lambda: makers.release(mail, user),
        lambda: domain.approve(mail, version=mail.version, by=user),
    ):
        with pytest.raises(Refused, match="freigegeben"):
            door()


def test_a_release_is_taken_back_before_the_sending_begins(stage: Stage, cast: Cast) -> None:
    mail = makers.release(makers.make_draft(stage.cycle, cast.lead.user), cast.lead.user)
    mail = domain.withdraw_release(mail, by=cast.member.user)
    assert mail.state == RundmailState.DRAFT
    assert mail.send_at is None
    assert not Recipient.objects.exists()
    mail = makers.release(mail, cast.member.user)
    domain.start_due()
    with pytest.raises(Refused, match="schon versandt"):
        domain.withdraw_release(mail, by=cast.member.user)


def test_a_chosen_time_is_kept_when_it_is_taken_back(stage: Stage, cast: Cast) -> None:
    send_at = timezone.now() + timedelta(days=3)
    mail = makers.make_draft(stage.cycle, cast.lead.user, send_at=send_at)
    mail = makers.release(mail, cast.lead.user)
    assert domain.withdraw_release(mail, by=cast.lead.user).send_at == send_at


def test_nothing_is_released_in_a_cycle_that_has_ended(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    seen = domain.resolve_audience(mail, cast.lead.user).seen
    stage.cycle.state = "closed"
    stage.cycle.save()
    with pytest.raises(Refused):
        domain.release(mail, seen=seen, by=cast.lead.user)


# --- four eyes ----------------------------------------------------------------------------
@pytest.fixture
def four_eyes(stage: Stage, confidential: Rundmail) -> Rundmail:
    stage.cycle.four_eyes = True
    stage.cycle.save()
    return Rundmail.objects.get(pk=confidential.pk)


def test_where_the_cycle_wants_four_eyes_a_second_person_approves(
    four_eyes: Rundmail, cast: Cast
) -> None:
    with pytest.raises(Refused, match="vier Augen"):
        makers.release(four_eyes, cast.lead.user)
    assert domain.needs_second_person(four_eyes)
    domain.approve(four_eyes, version=four_eyes.version, by=cast.member.user)
    four_eyes.refresh_from_db()
    assert not domain.needs_second_person(four_eyes)
    assert makers.release(four_eyes, cast.lead.user).state == "released"


def test_who_approved_does_not_release(four_eyes: Rundmail, cast: Cast) -> None:
    domain.approve(four_eyes, version=four_eyes.version, by=cast.lead.user)
    with pytest.raises(Refused, match="zweite Person"):
        makers.release(four_eyes, cast.lead.user)


def test_an_approval_is_for_exactly_one_version(four_eyes: Rundmail, cast: Cast) -> None:
    read = four_eyes.version
    domain.approve(four_eyes, version=read, by=cast.member.user)
    four_eyes.refresh_from_db()
    domain.add_attachment(four_eyes, makers.upload(), by=cast.lead.user)
    with pytest.raises(Refused, match="vier Augen"):
        makers.release(four_eyes, cast.lead.user)
    with pytest.raises(Refused, match="inzwischen geändert"):
        domain.approve(four_eyes, version=read, by=cast.member.user)


def test_an_approval_ends_with_the_seat(four_eyes: Rundmail, cast: Cast) -> None:
    domain.approve(four_eyes, version=four_eyes.version, by=cast.member.user)
    cast.member.seats.update(until=timezone.localdate())
    with pytest.raises(Refused, match="vier Augen"):
        makers.release(four_eyes, cast.lead.user)


def test_organisational_mails_need_no_approval(stage: Stage, cast: Cast) -> None:
    stage.cycle.four_eyes = True
    stage.cycle.save()
    mail = makers.make_draft(stage.cycle, cast.member.user)
    with pytest.raises(Refused, match="braucht keine Zustimmung"):
        domain.approve(mail, version=mail.version, by=cast.lead.user)
    assert makers.release(mail, cast.member.user).state == "released"


# --- when ---------------------------------------------------------------------------------
@time_machine.travel("2027-01-10 12:00:00+00:00", tick=False)
def test_a_mail_hung_on_a_milestone_goes_out_by_the_clock_on_the_wall(
    stage: Stage, cast: Cast
) -> None:
    milestone = makers.make_milestone(stage.cycle, date(2027, 4, 5))
    mail = makers.make_hung(stage.cycle, cast.lead.user, milestone)
    assert makers.release(mail, cast.lead.user).send_at == makers.at("2027-03-22 09:00")
    later = makers.make_hung(stage.cycle, cast.lead.user, milestone, days=-1)
    assert makers.release(later, cast.lead.user).send_at == makers.at("2027-04-04 09:00")


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        # Nobody's clock shows half past two in the night to 28 March.
        (date(2027, 3, 28), time(2, 30), "2027-03-28T01:30:00+00:00"),
        (date(2027, 3, 28), time(9), "2027-03-28T07:00:00+00:00"),
        (date(2027, 3, 27), time(9), "2027-03-27T08:00:00+00:00"),
        # In the night to 31 October it does so twice; the first time counts.
        (date(2027, 10, 31), time(2, 30), "2027-10-31T00:30:00+00:00"),
        (date(2027, 10, 31), time(9), "2027-10-31T08:00:00+00:00"),
    ],
)
def test_nights_in_which_the_clock_changes(day: date, at: time, utc: str) -> None:
    assert hung_send_at(day, 0, at).isoformat() == utc


# --- drafts -------------------------------------------------------------------------------
def test_the_second_of_two_who_edit_is_told(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    other = Rundmail.objects.get(pk=mail.pk)
    domain.save_draft(mail, choices=[], by=cast.lead.user)
    with pytest.raises(EditConflict):
        domain.save_draft(other, by=cast.member.user)


def test_what_belongs_to_another_cycle_is_refused(stage: Stage, cast: Cast) -> None:
    event = makers.make_event(make.make_cycle(stage.programme, number=12))
    with pytest.raises(Refused, match="zu diesem Durchgang"):
        makers.make_draft(stage.cycle, cast.lead.user, event=event)


def test_a_deleted_draft_leaves_no_file(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    row = domain.add_attachment(mail, makers.upload(), by=cast.lead.user)
    domain.delete_draft(mail, by=cast.lead.user)
    assert not Rundmail.objects.exists()
    assert not type(row.file).objects.filter(pk=row.file.pk).exists()


def test_attachments_have_a_limit_together(
    stage: Stage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("programmes.rundmails.domain.drafts.MAX_ATTACHMENT_BYTES", len(makers.PDF))
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    domain.add_attachment(mail, makers.upload(), by=cast.lead.user)
    with pytest.raises(Exception, match="Alle Anhänge zusammen"):
        domain.add_attachment(mail, makers.upload("Zweiter.pdf"), by=cast.lead.user)
    assert mail.attachments.count() == 1


# --- two at once --------------------------------------------------------------------------
def at_once(*doors: Any) -> list[BaseException | None]:
    """Run the doors in threads of their own, all begun at the same moment."""
    barrier = threading.Barrier(len(doors))
    outcomes: list[BaseException | None] = [None] * len(doors)

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            doors[number]()
        except Exception as error:  # noqa: BLE001 - handed to the test, which looks at each
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(doors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_who_release_at_once_one_succeeds(stage: Stage, cast: Cast) -> None:
    mail = makers.make_draft(stage.cycle, cast.lead.user)
    outcomes = at_once(
        lambda: makers.release(mail, makers.fresh(cast.lead.user)),
        lambda: makers.release(mail, makers.fresh(cast.member.user)),
    )
    assert [type(outcome) for outcome in outcomes].count(type(None)) == 1, outcomes
    (refused,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refused, Refused), (refused, connection.vendor)
    assert "inzwischen freigegeben" in str(refused)
    assert Recipient.objects.count() == 1
