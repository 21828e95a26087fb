"""Who opens a personal link reads nothing before a code from the mailbox was typed."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from mentoring.log.models import LogEntry
from mentoring.logs import CarefulFormatter
from programmes.cycles.models import CycleState
from programmes.outbox.models import Delivery
from programmes.people import proofs
from tandems.applications.models import ApplicationState
from tandems.links import domain
from tandems.links.models import PersonalLink
from tests.tandems.links import makers
from tests.tandems.links.makers import SECRET, STATEMENT, page, proven, send, url

SHEET = "applications:own_sheet"
PAGES = (
    SHEET,
    "applications:own_hand_in",
    "applications:own_photo",
    "applications:own_picture",
    "applications:remove_own_photo",
)


@pytest.fixture
def draft(stage, cast):
    return makers.make_draft(stage)


@pytest.fixture
def code(draft, cast):
    return send(draft, cast)


def test_the_mail_names_nothing_confidential(code, draft, cast):
    to, subject, text = makers.last_mail()
    assert to == "kaethe.oeztuerk@ahausen.example"
    assert "Käthe Öztürk" in text
    assert f"{settings.BASE_URL}/bogen/{code}/" in text
    for word in (SECRET, STATEMENT, "Bewerb", "Entwurf", "Sachgebietsleitung"):
        assert word not in subject + text
    delivery = Delivery.objects.get()
    assert delivery.confidential
    assert delivery.ephemeral_until == makers.last_link().expires_at


def test_the_way_to_the_sheet(code):
    browser = Client()
    front = browser.get(url("front", code))
    assert "k…@ahausen.example" in page(front)
    answer = browser.post(url("front", code))
    assert answer["Location"] == url("code", code)
    to, subject, text = makers.last_mail()
    assert to == "kaethe.oeztuerk@ahausen.example"
    digits = makers.digits_in_mail()
    assert digits not in subject
    assert code not in text
    assert "k…@ahausen.example" in page(browser.get(url("code", code)))
    wrong = browser.post(url("code", code), {"digits": "00000x"})
    assert "nicht richtig" in page(wrong)
    answer = browser.post(url("code", code), {"digits": f"{digits[:3]} {digits[3:]}"})
    assert answer["Location"] == url(SHEET, code)
    sheet = page(browser.get(url(SHEET, code)))
    assert SECRET in sheet
    assert STATEMENT not in sheet
    # The link itself leads straight there now.
    assert browser.get(url("front", code))["Location"] == url(SHEET, code)


@pytest.mark.parametrize("name", PAGES)
def test_without_proof_there_is_nothing_of_the_sheet(code, name):
    for answer in (Client().get(url(name, code)), Client().post(url(name, code), {"a": "b"})):
        assert answer["Location"] == url("front", code)
    for name_before in ("front", "code"):
        shown = page(Client().get(url(name_before, code), follow=True))
        for word in (SECRET, "Öztürk", "kaethe", "Ahausen", "Bewerb"):
            assert word not in shown


def test_what_a_scanner_opens_does_nothing(code):
    before = Delivery.objects.count()
    for name in ("front", "code", "leave", *PAGES):
        Client().get(url(name, code), follow=True)
        Client().head(url(name, code))
    assert Delivery.objects.count() == before
    assert makers.last_link().opened_at is None


def test_the_proof_of_one_link_opens_no_other(code, stage, cast):
    from tests import factories as make

    other = make.make_application(stage.cycle, stage.own, motivation="Fremde Beweggründe")
    foreign = send(other, cast)
    browser = proven(code)
    assert browser.get(url(SHEET, code)).status_code == 200
    answer = browser.get(url(SHEET, foreign))
    assert answer["Location"] == url("front", foreign)
    # Nor do the digits that were sent for one.
    browser = Client()
    browser.post(url("front", code))
    digits = makers.digits_in_mail()
    assert browser.post(url("code", foreign), {"digits": digits})["Location"] == url(
        "front", foreign
    )
    assert browser.get(url(SHEET, foreign)).status_code == 302


def test_the_digits_belong_to_one_browser_and_a_quarter_of_an_hour(code):
    browser = Client()
    browser.post(url("front", code))
    digits = makers.digits_in_mail()
    Client().post(url("code", code), {"digits": digits})
    assert makers.last_link().opened_at is None
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = browser.post(url("code", code), {"digits": digits}, follow=True)
    assert "fordern Sie einen neuen an" in page(answer)
    assert makers.last_link().opened_at is None


def test_guessing_and_flooding_end(code):
    browser = Client()
    browser.post(url("front", code))
    digits = makers.digits_in_mail()
    for _ in range(proofs.MAX_TRIES):
        browser.post(url("code", code), {"digits": "x"})
    assert "zu viele Codes" in page(browser.post(url("code", code), {"digits": digits}))
    # Nor does another browser help.
    other = Client()
    before = Delivery.objects.count()
    for _ in range(proofs.MAX_MAILS_PER_HOUR + 3):
        other.post(url("front", code))
    assert Delivery.objects.count() - before == proofs.MAX_MAILS_PER_HOUR - 1
    assert "mehrere Codes verschickt" in page(other.post(url("front", code)))


def test_the_code_goes_to_the_address_the_link_was_sent_to(code, draft):
    """A changed address ends the link: the old mailbox may be somebody else's by now."""
    browser = proven(code)
    person = draft.person
    person.refresh_from_db()
    person.email = "neu@ahausen.example"
    person.save()
    before = Delivery.objects.count()
    assert Client().post(url("front", code)).status_code == 404
    assert Delivery.objects.count() == before
    assert SECRET not in page(browser.get(url(SHEET, code)))


def test_wrong_ended_and_unknown_links_look_alike(code, draft, cast):
    unknown = Client().get(url("front", "x" * 43))
    assert unknown.status_code == 404
    send(draft, cast)  # ends the first
    answers = [Client().get(url("front", code)), Client().post(url("front", code))]
    answers += [Client().get(url(name, code)) for name in ("code", *PAGES)]
    link = makers.last_link()
    newest = makers.code_in_mail()
    domain.close_link(link, by=cast.user("hr"))
    answers.append(Client().get(url("front", newest)))
    for answer in answers:
        assert answer.status_code == 404
        assert page(answer) == page(unknown)


def test_a_link_ends_with_its_day(draft, cast):
    code = send(draft, cast, until=timezone.localdate() + timedelta(days=2))
    with time_machine.travel(timezone.now() + timedelta(days=2, hours=-1)):
        assert Client().get(url("front", code)).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert Client().get(url("front", code)).status_code == 404


def test_a_link_ends_with_the_phase(code, stage):
    browser = proven(code)
    stage.cycle.state = CycleState.MATCHING
    stage.cycle.save()
    assert Client().get(url("front", code)).status_code == 404
    shown = page(browser.get(url(SHEET, code)))
    assert SECRET not in shown
    assert "nicht mehr ändern" in shown


def test_a_link_ends_when_the_personalstelle_submits(code, draft):
    draft.refresh_from_db()
    draft.state = ApplicationState.SUBMITTED
    draft.submitted_at = timezone.now()
    draft.save()
    assert Client().get(url("front", code)).status_code == 404


def test_the_proof_ends_after_a_while_and_on_leaving(code):
    browser = proven(code)
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=50)):
        assert browser.get(url(SHEET, code)).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert browser.get(url(SHEET, code)).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=5, minutes=5)):
        assert browser.get(url(SHEET, code)).status_code == 302
    browser = proven(code)
    assert browser.get(url("leave", code)).status_code == 302
    assert browser.get(url(SHEET, code)).status_code == 200
    browser.post(url("leave", code))
    assert browser.get(url(SHEET, code))["Location"] == url("front", code)


def test_the_proof_ends_with_the_working_day_even_in_use(code):
    browser = proven(code)
    start = timezone.now()
    for hours in (1, 2.5, 4, 5.5, 7):
        with time_machine.travel(start + timedelta(hours=hours)):
            assert browser.get(url(SHEET, code)).status_code == 200
    with time_machine.travel(start + timedelta(hours=8, minutes=1)):
        assert browser.get(url(SHEET, code)).status_code == 302


def test_what_was_typed_when_the_proof_ran_out_is_kept(code, draft):
    browser = proven(code)
    hidden = makers.hidden_of(browser, url(SHEET, code))
    typed = {**makers.ANSWERS, **hidden, "goals": "Nicht verlieren, bitte"}
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=10)):
        answer = browser.post(url(SHEET, code), typed, follow=True)
        assert "Eingaben sind aber aufbewahrt" in page(answer)
        assert "Nicht verlieren" not in page(answer)
        browser.post(url("front", code))
        answer = browser.post(url("code", code), {"digits": makers.digits_in_mail()}, follow=True)
        assert "Nicht verlieren, bitte" in page(answer)
        draft.refresh_from_db()
        assert draft.goals == ""
        browser.post(url(SHEET, code), typed)
        draft.refresh_from_db()
        assert draft.goals == "Nicht verlieren, bitte"
        assert "Ihre Eingaben sind noch da" not in page(browser.get(url(SHEET, code)))


def test_what_was_typed_when_the_phase_ended_is_shown_and_found_again(code, draft, stage, cast):
    browser = proven(code)
    hidden = makers.hidden_of(browser, url(SHEET, code))
    stage.cycle.state = CycleState.MATCHING
    stage.cycle.save()
    typed = {**makers.ANSWERS, **hidden, "goals": "Gerade noch getippt"}
    shown = page(browser.post(url(SHEET, code), typed))
    assert "Die Bewerbungsphase ist beendet" in shown
    assert "Gerade noch getippt" in shown
    assert "Führung, Konflikte" in shown
    draft.refresh_from_db()
    assert draft.goals == ""
    stage.cycle.state = CycleState.APPLICATION
    stage.cycle.save()
    again = send(draft, cast)
    proven(again, browser)
    assert "Gerade noch getippt" in page(browser.get(url(SHEET, again)))


def test_who_only_has_an_ended_link_keeps_and_sees_nothing(code, draft, cast):
    domain.close_link(makers.last_link(), by=cast.user("hr"))
    browser = Client()
    answer = browser.post(url(SHEET, code), {"goals": "Fremder Text"})
    assert answer.status_code == 404
    assert "Fremder Text" not in page(answer)
    assert not browser.session.keys()


def test_the_pages_stay_out_of_caches_and_other_sites(code):
    browser = proven(code)
    for answer in (
        Client().get(url("front", code)),
        Client().get(url("front", "x" * 43)),
        Client().get(url(SHEET, code)),
        browser.get(url(SHEET, code)),
        browser.get(url("applications:own_hand_in", code)),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_the_code_reaches_no_log(code, draft, caplog):
    line = settings.LOGGING["formatters"]["line"]["format"]
    Client(enforce_csrf_checks=True).post(url(SHEET, code))
    Client().get(url("front", code) + "gibt-es-nicht/")
    browser = proven(code)
    hidden = makers.hidden_of(browser, url(SHEET, code))
    browser.post(url(SHEET, code), {**makers.ANSWERS, **hidden})
    django = [record for record in caplog.records if record.name.startswith("django.")]
    assert django
    assert not any(code in CarefulFormatter(line).format(record) for record in django)
    others = [record for record in caplog.records if not record.name.startswith("django.")]
    assert not any(code in record.getMessage() for record in others)
    link = makers.last_link()
    entries = LogEntry.objects.all()
    assert entries.filter(object_repr=str(link)).exists()
    for entry in entries:
        said = f"{entry.changes} {entry.object_repr} {entry.additional_data}"
        for secret in (code, link.code_hash, SECRET):
            assert secret not in said
        assert entry.object_repr != str(link) or link.email not in said
    # Nor is it kept where forms are: in one-time ids and in sessions.
    assert PersonalLink.objects.get().code_hash != code
    assert not any(code in str(value) for value in browser.session.values())
