"""Between release and sending: who came and went, who may still answer for it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from mentoring.ui.errors import Refused
from programmes.cycles.domain import mark_left
from programmes.cycles.models import Participant
from programmes.outbox.models import Delivery
from programmes.people.models import Person
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice
from programmes.rundmails.domain.sending import freeze_waiting, review_coming
from programmes.rundmails.models import ConfirmReason, Recipient, Rundmail
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails import makers

NOW = "2027-01-10 12:00:00+00:00"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def later(stage: Stage, cast: Cast, clock: Any) -> Rundmail:
    """A mail to two mentees, released ten days before it goes out."""
    makers.make_mentees(stage.cycle, stage.own, 1)
    send_at = timezone.now() + timedelta(days=10)
    mail = makers.make_draft(stage.cycle, cast.member.user, send_at=send_at)
    return makers.release(mail, cast.member.user)


def leave(person: Person, by: Any) -> None:
    mark_left(Participant.objects.get(person=person), on=timezone.localdate(), by=by)


def states() -> dict[str, str]:
    return {row.name: row.state for row in Recipient.objects.all()}


def begin(clock: Any, mail: Rundmail) -> Rundmail:
    """The hour of sending has come."""
    mail.refresh_from_db()
    clock.move_to(mail.send_at)
    domain.start_due()
    freeze_waiting()
    mail.refresh_from_db()
    return mail


def test_nobody_is_asked_while_nothing_has_changed(later: Rundmail, clock: Any) -> None:
    clock.shift(timedelta(days=9))
    assert review_coming() == 0
    assert not Delivery.objects.exists()


def test_two_days_before_those_who_released_are_shown_who_came_and_went(
    later: Rundmail, stage: Stage, cast: Cast, clock: Any
) -> None:
    leave(cast.mentee, cast.lead.user)
    clock.shift(timedelta(days=7))
    assert review_coming() == 0
    clock.shift(timedelta(days=1))
    new = make.make_participant(stage.cycle, stage.own).person
    assert review_coming() == 1
    assert review_coming() == 0
    notice = Delivery.objects.get()
    assert notice.to_email == cast.member.user.email
    assert notice.purpose == "rundmail.review"
    changes = domain.changes_since_release(later, makers.fresh(cast.member.user))
    assert changes.added == [new]
    assert [row.person for row in changes.gone] == [cast.mentee]


def test_confirmed_it_goes_to_the_new_list(
    later: Rundmail, stage: Stage, cast: Cast, clock: Any
) -> None:
    leave(cast.mentee, cast.lead.user)
    clock.shift(timedelta(days=8))
    new = make.make_participant(stage.cycle, stage.own).person
    review_coming()
    confirmed = makers.confirm(later, makers.fresh(cast.lead.user))
    assert confirmed.released_by == cast.lead.user
    begin(clock, later)
    assert states() == {
        "Mentee Nummer0000": "fixed",
        cast.mentee.full_name: "withdrawn",
        new.full_name: "fixed",
    }
    sent = set(Delivery.objects.filter(purpose="rundmail").values_list("to_name", flat=True))
    assert sent == {"Mentee Nummer0000", new.full_name}


def test_unconfirmed_it_goes_to_the_fixed_list_less_who_withdrew_and_the_added_wait(
    later: Rundmail, stage: Stage, cast: Cast, clock: Any
) -> None:
    leave(cast.mentee, cast.lead.user)
    new = make.make_participant(stage.cycle, stage.own).person
    begin(clock, later)
    assert states() == {
        "Mentee Nummer0000": "fixed",
        cast.mentee.full_name: "withdrawn",
        new.full_name: "added",
    }
    assert [row.to_name for row in Delivery.objects.all()] == ["Mentee Nummer0000"]
    # Later, by hand:
    assert domain.send_added(later, by=makers.fresh(cast.lead.user)) == 1
    freeze_waiting()
    assert {row.to_name for row in Delivery.objects.all()} == {"Mentee Nummer0000", new.full_name}
    with pytest.raises(Refused, match="wartet niemand"):
        domain.send_added(later, by=makers.fresh(cast.lead.user))


def test_only_the_changes_that_were_shown_are_confirmed(
    later: Rundmail, stage: Stage, cast: Cast, clock: Any
) -> None:
    leave(cast.mentee, cast.lead.user)
    seen = domain.changes_since_release(later, cast.member.user).seen
    make.make_participant(stage.cycle, stage.own)
    with pytest.raises(Refused, match="nichts bestätigt"):
        domain.confirm(later, seen=seen, by=makers.fresh(cast.member.user))
    assert set(states().values()) == {"fixed"}


def test_a_new_address_is_no_coming_or_going(later: Rundmail, cast: Cast) -> None:
    cast.mentee.email = ""
    cast.mentee.save()
    assert not domain.changes_since_release(later, makers.fresh(cast.member.user))


def test_who_takes_over_a_shared_mailbox_gets_the_mail(
    later: Rundmail, stage: Stage, cast: Cast, clock: Any
) -> None:
    leave(cast.mentee, cast.lead.user)
    heir = make.make_person("Erbe", municipality=stage.own, email=cast.mentee.email)
    make.make_participant(stage.cycle, stage.own, person=heir)
    makers.confirm(later, makers.fresh(cast.member.user))
    begin(clock, later)
    assert cast.mentee.email in set(Delivery.objects.values_list("to_email", flat=True))


def test_who_left_and_came_back_is_on_the_list_once(
    later: Rundmail, cast: Cast, clock: Any
) -> None:
    leave(cast.mentee, cast.lead.user)
    makers.confirm(later, makers.fresh(cast.member.user))
    Participant.objects.filter(person=cast.mentee).update(left_on=None)
    makers.confirm(later, makers.fresh(cast.member.user))
    assert states() == {"Mentee Nummer0000": "fixed", cast.mentee.full_name: "fixed"}


def test_a_release_lapses_with_the_right_to_it(
    later: Rundmail, stage: Stage, cast: Cast, clock: Any
) -> None:
    cast.member.seats.update(until=timezone.localdate())
    begin(clock, later)
    assert (later.state, later.confirm_reason) == ("released", ConfirmReason.RIGHTS)
    # Those who may decide now are told, once.
    assert domain.start_due() == 0
    assert [row.to_email for row in Delivery.objects.all()] == [cast.lead.user.email]
    with pytest.raises(Refused, match="dürfen"):
        makers.confirm(later, makers.fresh(cast.member.user))
    makers.confirm(later, makers.fresh(cast.lead.user))
    assert begin(clock, later).state == "sending"


def test_a_confidential_one_is_confirmed_by_a_lead_who_has_not_approved_it(
    stage: Stage, cast: Cast, clock: Any
) -> None:
    stage.cycle.four_eyes = True
    stage.cycle.save()
    make.make_application(stage.cycle, stage.own, "placed")
    second = make.make_seat(stage.cycle.participations.get(municipality=stage.own), lead=True)
    mail = makers.make_draft(
        stage.cycle,
        cast.lead.user,
        choices=[Choice("applications", "placed")],
        send_at=timezone.now() + timedelta(days=10),
    )
    domain.approve(mail, version=mail.version, by=second.user)
    makers.release(mail, cast.lead.user)
    with pytest.raises(Refused, match="zweite Person"):
        makers.confirm(mail, makers.fresh(second.user))
    with pytest.raises(Refused, match="vertraulich"):
        makers.confirm(mail, makers.fresh(cast.member.user))
    assert makers.confirm(mail, makers.fresh(cast.lead.user)).state == "released"


def test_the_notice_of_a_confidential_mail_tells_nothing(
    stage: Stage, cast: Cast, clock: Any
) -> None:
    make.make_application(stage.cycle, stage.own, "placed")
    mail = makers.make_draft(
        stage.cycle,
        cast.lead.user,
        choices=[Choice("applications", "placed")],
        subject="Glückwunsch zum Platz",
        send_at=timezone.now() + timedelta(days=10),
    )
    makers.release(mail, cast.lead.user)
    other = make.make_application(stage.cycle, stage.own, "placed").person
    clock.shift(timedelta(days=9))
    assert review_coming() == 1
    notice = Delivery.objects.get()
    assert notice.confidential
    raw = bytes(notice.content.raw).decode()
    assert "Platz" not in raw
    assert other.last_name not in raw
    assert mail.get_absolute_url() in raw


def test_a_value_that_went_missing_holds_the_mail_before_anything_is_out(
    later: Rundmail, cast: Cast, clock: Any
) -> None:
    Person.objects.filter(pk=cast.mentee.pk).update(first_name="")
    begin(clock, later)
    assert (later.state, later.confirm_reason) == ("released", ConfirmReason.CONTENT)
    assert not Delivery.objects.filter(purpose="rundmail").exists()
    with pytest.raises(Refused, match="vorname"):
        makers.confirm(later, makers.fresh(cast.member.user))
    Person.objects.filter(pk=cast.mentee.pk).update(first_name="Anna")
    makers.confirm(later, makers.fresh(cast.member.user))
    begin(clock, later)
    assert Delivery.objects.filter(purpose="rundmail").count() == 2
