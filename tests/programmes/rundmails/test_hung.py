"""Mails that hang on a milestone move with it; released ones are confirmed first."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from mentoring.ui.errors import Refused
from programmes.roadmap import domain as roadmap
from programmes.roadmap.models import Milestone
from programmes.roadmap.registries import Shift
from programmes.rundmails import domain
from programmes.rundmails.domain import Choice
from programmes.rundmails.domain.sending import freeze_waiting, review_coming
from programmes.rundmails.follower import FOLLOWER, hanging
from programmes.rundmails.models import ConfirmReason, Rundmail
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails import makers

DAY = date(2027, 4, 5)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel("2027-01-10 12:00:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def milestone(stage: Stage) -> Milestone:
    return makers.make_milestone(stage.cycle, DAY, key="start")


def shifts(milestone: Milestone, days: int) -> Sequence[Shift]:
    by = timedelta(days=days)
    return [Shift(milestone, milestone.starts_on + by, milestone.ends_on + by)]


def move(milestone: Milestone, days: int, by: Any) -> Any:
    """As the Fahrplan's door does it."""
    changes = FOLLOWER.apply(milestone.cycle, shifts(milestone, days), by)
    Milestone.objects.filter(pk=milestone.pk).update(
        starts_on=milestone.starts_on + timedelta(days=days),
        ends_on=milestone.ends_on + timedelta(days=days),
    )
    return changes


def stored(mail: Rundmail) -> Rundmail:
    return Rundmail.objects.get(pk=mail.pk)


def test_a_draft_moves_along(stage: Stage, cast: Cast, milestone: Milestone) -> None:
    mail = makers.make_hung(stage.cycle, cast.lead.user, milestone)
    move(milestone, 7, cast.lead.user)
    assert stored(mail).send_at == makers.at("2027-03-29 09:00")
    assert not stored(mail).confirm_reason


def test_a_released_one_moves_and_is_not_sent_before_it_is_confirmed(
    stage: Stage, cast: Cast, milestone: Milestone, clock: Any
) -> None:
    mail = makers.release(
        makers.make_hung(stage.cycle, cast.member.user, milestone), cast.member.user
    )
    move(milestone, 7, cast.lead.user)
    assert stored(mail).send_at == makers.at("2027-03-29 09:00")
    assert stored(mail).confirm_reason == ConfirmReason.MOVED
    clock.move_to(makers.at("2027-03-29 09:00"))
    assert domain.start_due() == 0
    makers.confirm(mail, makers.fresh(cast.member.user))
    assert domain.start_due() == 1


def test_moved_into_the_past_it_waits_and_is_asked_about(
    stage: Stage, cast: Cast, milestone: Milestone
) -> None:
    mail = makers.release(
        makers.make_hung(stage.cycle, cast.member.user, milestone), cast.member.user
    )
    (row,) = FOLLOWER.preview(stage.cycle, shifts(milestone, -80), cast.lead.user)
    assert any("Vergangenheit" in warning for warning in row.warnings)
    move(milestone, -80, cast.lead.user)
    assert domain.start_due() == 0
    assert review_coming() == 1
    assert stored(mail).state == "released"


def test_the_preview_says_what_goes_along_and_changes_nothing(
    stage: Stage, cast: Cast, milestone: Milestone
) -> None:
    mail = makers.make_hung(stage.cycle, cast.lead.user, milestone, subject="Einladung")
    (row,) = FOLLOWER.preview(stage.cycle, shifts(milestone, 1), cast.lead.user)
    assert (row.what, row.title) == ("Rundmail", "Einladung")
    assert (row.before, row.after) == ("22.03.2027, 09:00 Uhr", "23.03.2027, 09:00 Uhr")
    assert row.url == mail.get_absolute_url()
    assert stored(mail).version == mail.version


def test_a_confidential_one_is_not_told_to_who_may_not_open_it(
    stage: Stage, cast: Cast, milestone: Milestone
) -> None:
    make.make_application(stage.cycle, stage.own, "placed")
    makers.make_hung(
        stage.cycle,
        cast.lead.user,
        milestone,
        subject="Glückwunsch zum Platz",
        choices=[Choice("applications", "placed")],
    )
    (row,) = FOLLOWER.preview(stage.cycle, shifts(milestone, 1), cast.logistics.user)
    assert (row.title, row.url) == ("vertrauliche Rundmail", "")


def test_taking_a_move_back_restores_exactly_what_was(
    stage: Stage, cast: Cast, milestone: Milestone
) -> None:
    user = cast.lead.user
    draft = makers.make_hung(stage.cycle, user, milestone)
    released = makers.release(makers.make_hung(stage.cycle, user, milestone), user)
    changes = move(milestone, 20, user)
    FOLLOWER.undo(stage.cycle, changes, user)
    for mail in (draft, released):
        assert stored(mail).send_at == makers.at("2027-03-22 09:00")
        assert stored(mail).confirm_reason == ""


def test_what_was_changed_since_keeps_a_move_from_being_taken_back(
    stage: Stage, cast: Cast, milestone: Milestone
) -> None:
    user = cast.lead.user
    mail = makers.release(makers.make_hung(stage.cycle, user, milestone), user)
    changes = move(milestone, 20, user)
    makers.confirm(mail, user)
    with pytest.raises(Refused, match="geändert oder bestätigt"):
        FOLLOWER.undo(stage.cycle, changes, user)


def test_a_mail_being_sent_is_left_alone(
    stage: Stage, cast: Cast, milestone: Milestone, clock: Any
) -> None:
    user = cast.lead.user
    mail = makers.release(makers.make_hung(stage.cycle, user, milestone), user)
    changes = move(milestone, 1, user)
    makers.confirm(mail, user)
    clock.move_to(makers.at("2027-03-23 09:00"))
    domain.start_due()
    before = stored(mail)
    assert before.state == "sending"
    assert FOLLOWER.preview(stage.cycle, shifts(milestone, 30), user) == []
    assert move(milestone, 30, user) == []
    assert stored(mail).send_at == before.send_at
    assert freeze_waiting() == 1
    # Taking back the first move does not call back what is out.
    FOLLOWER.undo(stage.cycle, changes, user)
    assert stored(mail).state == "sending"


def test_a_longer_milestone_moves_no_mail(stage: Stage, cast: Cast, milestone: Milestone) -> None:
    makers.make_hung(stage.cycle, cast.lead.user, milestone)
    longer = [Shift(milestone, milestone.starts_on, milestone.ends_on + timedelta(days=3))]
    assert FOLLOWER.apply(stage.cycle, longer, cast.lead.user) == []


def test_a_milestone_names_the_mails_that_hang_on_it(
    stage: Stage, cast: Cast, milestone: Milestone
) -> None:
    assert hanging(milestone) == []
    makers.make_hung(stage.cycle, cast.lead.user, milestone)
    assert "hängt 1 Rundmail" in hanging(milestone)[0]


@pytest.mark.parametrize("number", [1, 30])
def test_many_mails_move_in_few_queries(
    stage: Stage,
    cast: Cast,
    milestone: Milestone,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(number):
        makers.make_hung(stage.cycle, cast.lead.user, milestone)
    # One log entry a mail, and what is the same for all.
    with django_assert_max_num_queries(10 + number):
        assert len(FOLLOWER.apply(stage.cycle, shifts(milestone, 7), cast.lead.user)) == number


def test_the_fahrplan_takes_its_mails_along_and_back(
    stage: Stage, cast: Cast, milestone: Milestone
) -> None:
    user = cast.lead.user
    mail = makers.release(makers.make_hung(stage.cycle, user, milestone), user)
    done = roadmap.move(milestone, starts_on=DAY + timedelta(days=7), by=user)
    assert stored(mail).send_at == makers.at("2027-03-29 09:00")
    assert stored(mail).confirm_reason == ConfirmReason.MOVED
    roadmap.undo(done, by=user)
    assert stored(mail).send_at == makers.at("2027-03-22 09:00")
    assert stored(mail).confirm_reason == ""
