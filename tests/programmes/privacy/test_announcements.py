"""The leads hear a week before, once, of numbers and never of names."""

from datetime import date, timedelta

import pytest

from programmes.cycles.models import CouncilSeat
from programmes.outbox.models import Delivery, MessageContent
from programmes.privacy import announce as announcing
from programmes.privacy.announce import announce
from programmes.privacy.models import Announcement
from tandems.applications.models import ApplicationState
from tandems.profiles.models import Exclusion
from tests import factories as make
from tests.programmes.privacy.makers import at, moved, own_period

TOLD = date(2026, 4, 1)
DUE = TOLD + timedelta(days=90)
MATCHING = date(2026, 3, 2)


@pytest.fixture
def declined(stage):
    person = make.make_person("Nora", "Nirgends", municipality=stage.own)
    return make.make_application(
        stage.cycle, stage.own, ApplicationState.DECLINED, informed_on=TOLD, person=person
    )


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(purpose="privacy.announcement"))


def said() -> str:
    raw = b"".join(bytes(content.raw) for content in MessageContent.objects.all())
    return raw.decode() + " ".join(mail.subject for mail in mails())


def run(days_before: int) -> int:
    with at(DUE - timedelta(days=days_before)):
        return announce()


def test_a_week_before_and_not_earlier(declined, cast):
    assert run(8) == 0
    assert run(7) == 1
    assert [mail.to_email for mail in mails()] == [cast.lead.email]


def test_once_however_often_it_runs(declined, cast):
    assert [run(7), run(7), run(6), run(1)] == [1, 0, 0, 0]
    assert Announcement.objects.filter(key="declined", due_on=DUE).count() == 1


def test_a_new_day_is_announced_anew(stage, declined, cast):
    run(7)
    own_period(stage.cycle, "declined", 100)
    with at(DUE + timedelta(days=4)):
        assert announce() == 1


def test_killed_before_the_end_it_is_still_to_do(declined, cast, monkeypatch):
    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(announcing.Announcement.objects, "bulk_create", killed)
    with pytest.raises(KeyboardInterrupt):
        run(7)
    monkeypatch.undo()
    assert not mails()
    assert run(7) == 1


def test_numbers_and_no_names(declined, cast):
    run(7)
    text = said()
    assert "Bewerbungen ohne Platz: 1" in text
    assert "Nirgends" not in text
    assert "Nora" not in text


def test_whom_a_conflict_concerns_is_not_told_even_a_number(stage, declined, cast):
    Exclusion.objects.create(cycle=stage.cycle, subject=declined.person, person=cast.lead)
    assert run(7) == 0


def test_what_a_kommune_did_not_nominate_is_announced_without_a_number(stage, cast):
    for _ in range(3):
        make.make_application(stage.cycle, stage.own, ApplicationState.NOT_NOMINATED)
    moved(stage.cycle, "matching", matching_on=MATCHING)
    with at(MATCHING + timedelta(days=83)):
        assert announce() == 1
    with_some = said()
    assert "Entwürfe und nicht nominierte Bewerbungen, am" in with_some.replace("=\r\n", "") or (
        "Entw=C3=BCrfe" in with_some
    )
    assert "3" not in with_some.split("nominierte Bewerbungen")[1].split("am")[0]


def test_it_is_announced_whether_or_not_there_is_any(stage, cast):
    moved(stage.cycle, "matching", matching_on=MATCHING)
    with at(MATCHING + timedelta(days=83)):
        assert announce() == 1


def test_where_nobody_leads_the_permanent_members_are_told(stage, declined, cast):
    CouncilSeat.objects.filter(lead=True).update(lead=False)
    run(7)
    assert [mail.to_email for mail in mails()] == [cast.permanent.email]


def test_after_the_end_too(stage, cast):
    make.make_application(stage.cycle, stage.own, ApplicationState.PLACED)
    moved(stage.cycle, "closed", ended_on=date(2027, 10, 1))
    with at(date(2027, 10, 1) + timedelta(days=83)):
        assert announce() == 1
    assert [mail.to_email for mail in mails()] == [cast.permanent.email]


def test_the_start_page_says_it(declined, client_of):
    with at(DUE - timedelta(days=3), hour=10):
        page = client_of("lead").get("/").content.decode()
        assert "Wird gelöscht: Bewerbungen ohne Platz" in page
        assert "Wird gelöscht" not in client_of("member").get("/").content.decode()
        assert "Wird gelöscht" not in client_of("logistics").get("/").content.decode()
