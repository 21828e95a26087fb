"""The applicant fills in the own sheet by the link; the Personalstelle reads and releases it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentoring.log.models import LogEntry
from programmes.cycles.models import CycleState
from tandems.applications import domain, own_domain
from tandems.applications.models import Application, ApplicationState
from tandems.links.models import PersonalLink
from tandems.profiles.models import Consent, ConsentKind, Exclusion
from tests.programmes.cycles.test_at_once import at_once, refusals
from tests.tandems.links import makers
from tests.tandems.links.makers import (
    ANSWERS,
    SECRET,
    STATEMENT,
    hidden_of,
    page,
    proven,
    send,
    url,
)

SHEET, HAND_IN = "applications:own_sheet", "applications:own_hand_in"


@pytest.fixture
def draft(stage, cast):
    return makers.make_draft(stage, motivation="")


@pytest.fixture
def code(draft, cast):
    return send(draft, cast)


def save(browser, code, **typed):
    """Post the sheet as a browser does."""
    data = {**ANSWERS, **hidden_of(browser, url(SHEET, code)), **typed}
    return browser.post(url(SHEET, code), data, follow=True)


def of_hr(name, draft):
    return reverse(f"applications:{name}", args=[draft.cycle_id, draft.pk])


def test_from_the_button_to_the_released_sheet(draft, client_of):
    hr = client_of("hr")
    assert "Persönlichen Link senden" in page(hr.get(of_hr("detail", draft)))
    asked = page(hr.get(of_hr("send_link", draft)))
    assert "kaethe.oeztuerk@ahausen.example" in asked
    until = (timezone.localdate() + timedelta(days=10)).isoformat()
    hr.post(of_hr("send_link", draft), {"until": until})
    code = makers.code_in_mail()
    shown = page(hr.get(of_hr("detail", draft)))
    assert "verschickt, noch nicht geöffnet" in shown
    assert "hat einen offenen persönlichen Link" in shown

    browser = proven(code)
    assert "geöffnet" in page(hr.get(of_hr("detail", draft)))
    sheet = page(browser.get(url(SHEET, code)))
    for hidden in (STATEMENT, "Stellungnahme", "Zustimmung der Führungskraft", "superior"):
        assert hidden not in sheet
    assert "Abgegeben ist Ihr Profilbogen noch nicht" in page(save(browser, code))
    answer = save(browser, code, submit_now="1", consent_forward="on", time_commitment="on")
    assert "jetzt abgeben" in page(answer)
    done = page(browser.post(url(HAND_IN, code), follow=True))
    assert "abgegeben. Vielen Dank" in done
    assert SECRET not in done

    draft.refresh_from_db()
    assert draft.handed_in_at is not None
    assert draft.state == ApplicationState.DRAFT
    assert (draft.motivation, draft.statement) == (SECRET, STATEMENT)
    consent = Consent.objects.get()
    assert (consent.kind, consent.recorded_by) == (ConsentKind.FORWARD, None)
    shown = page(hr.get(of_hr("detail", draft)))
    assert "ausgefüllt am" in shown
    assert SECRET in shown
    hr.post(of_hr("submit", draft), follow=True)
    draft.refresh_from_db()
    assert draft.state == ApplicationState.SUBMITTED


def test_what_only_the_kommune_answers_cannot_be_smuggled_in(draft, code, cast):
    browser = proven(code)
    superior = cast.member.pk
    save(
        browser,
        code,
        statement="Geschmuggelt",
        superior=str(superior),
        email="angreifer@boese.example",
        superior_agreed="Ich selbst",
    )
    draft.refresh_from_db()
    assert draft.motivation == SECRET
    assert draft.statement == STATEMENT
    assert draft.superior is None
    assert draft.person.email == "kaethe.oeztuerk@ahausen.example"
    assert draft.answers.get("superior_agreed") != "Ich selbst"


def test_who_is_out_of_the_question_is_typed_and_never_shown_again(draft, code, client_of):
    browser = proven(code)
    save(browser, code, excluded_name_1="Friedhelm Ausgeschlossmann")
    assert Exclusion.objects.get().name == "Friedhelm Ausgeschlossmann"
    assert "Ausgeschlossmann" not in page(browser.get(url(SHEET, code)))
    for name in ("detail", "edit"):
        assert "Ausgeschlossmann" not in page(client_of("hr").get(of_hr(name, draft)))


def test_an_incomplete_sheet_is_saved_but_not_handed_in(draft, code):
    browser = proven(code)
    answer = save(browser, code, position="", submit_now="1", goals="Nicht verlieren")
    assert "position" in answer.context["form"].errors
    assert "Nicht verlieren" in page(answer)
    save(browser, code, position="", goals="Nicht verlieren")
    draft.refresh_from_db()
    assert draft.goals == "Nicht verlieren"
    answer = browser.post(url(HAND_IN, code))
    assert "Es fehlt noch: Aktuelle Funktion" in page(answer)
    draft.refresh_from_db()
    assert draft.handed_in_at is None


def test_after_handing_in_nothing_is_shown_and_nothing_saved(draft, code):
    browser = proven(code)
    save(browser, code)
    hidden = hidden_of(browser, url(SHEET, code))
    browser.post(url(HAND_IN, code))
    for name in (SHEET, HAND_IN, "applications:own_photo", "applications:own_picture"):
        answer = browser.get(url(name, code))
        assert SECRET not in page(answer)
        assert "abgegeben" in page(answer)
    late = page(browser.post(url(SHEET, code), {**ANSWERS, **hidden, "goals": "Zu spät"}))
    assert "Zu spät" in late
    draft.refresh_from_db()
    assert draft.goals != "Zu spät"
    other = Client().get(url("front", code))
    assert other.status_code == 404
    assert "Öztürk" not in page(other)


def test_the_sheet_is_opened_again_by_sending_the_link_again(draft, code, cast):
    browser = proven(code)
    save(browser, code)
    browser.post(url(HAND_IN, code))
    draft.refresh_from_db()
    again = send(draft, cast)
    draft.refresh_from_db()
    assert draft.handed_in_at is None
    # The proof was for the other link.
    assert browser.get(url(SHEET, again)).status_code == 302
    assert SECRET in page(proven(again).get(url(SHEET, again)))


def test_both_write(draft, code, cast):
    browser = proven(code)
    hidden = hidden_of(browser, url(SHEET, code))
    stored = Application.objects.select_related("person", "cycle").get(pk=draft.pk)
    domain.save_draft(stored, values={"goals": "Von der Personalstelle"}, by=cast.user("hr"))
    answer = browser.post(url(SHEET, code), {**ANSWERS, **hidden, "goals": "Von mir"})
    assert "Von der Personalstelle" in page(answer)
    assert "Von mir" in page(answer)
    draft.refresh_from_db()
    assert draft.goals == "Von der Personalstelle"


def test_the_personalstelle_is_warned_that_both_may_write(draft, code, client_of):
    hr = client_of("hr")
    assert "gerade selbst bearbeiten" in page(hr.get(of_hr("edit", draft)))
    hr.post(of_hr("end_link", draft))
    assert "gerade selbst bearbeiten" not in page(hr.get(of_hr("edit", draft)))
    assert Client().get(url("front", code)).status_code == 404


def test_a_link_does_not_come_back_to_life(draft, code, cast):
    """Submitted and taken back: who had the link asks for a new one."""
    browser = proven(code)
    save(browser, code)
    draft.refresh_from_db()
    domain.submit(draft, by=cast.user("hr"))
    draft.refresh_from_db()
    domain.return_to_draft(draft, by=cast.user("hr"))
    assert Client().get(url("front", code)).status_code == 404


def test_autosave_by_the_link(draft, code):
    browser = proven(code)
    address = url("applications:own_autosave", code)
    hidden = hidden_of(browser, url(SHEET, code))
    said = browser.post(address, {**ANSWERS, **hidden, "goals": "Nebenbei"}).json()
    assert said["saved"]
    draft.refresh_from_db()
    assert draft.goals == "Nebenbei"
    assert browser.get(address).status_code == 405
    stranger = Client()
    assert stranger.post(address, {**ANSWERS, "goals": "Fremd"}).status_code == 302
    assert not stranger.session.get("links.kept")
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert browser.post(address, {**ANSWERS, "goals": "Zu spät"}).status_code == 302
        assert "/zwischenspeichern/" not in browser.post(url("front", code))["Location"]
    draft.refresh_from_db()
    assert draft.goals == "Nebenbei"


def test_who_may_send_and_end(draft, code, client_of):
    for name in ("lead", "member", "other_hr", "logistics", "operator", "stranger"):
        for page_name in ("send_link", "end_link"):
            assert client_of(name).post(of_hr(page_name, draft)).status_code == 404
    assert PersonalLink.objects.open().count() == 1


def test_no_address_no_link(draft, client_of):
    draft.person.email = ""
    draft.person.save()
    until = timezone.localdate().isoformat()
    answer = client_of("hr").post(of_hr("send_link", draft), {"until": until})
    assert "keine E-Mail-Adresse" in page(answer)
    assert not PersonalLink.objects.exists()


@pytest.mark.parametrize("days", [-1, 91])
def test_the_day_of_the_link_is_near(draft, client_of, days):
    until = (timezone.localdate() + timedelta(days=days)).isoformat()
    answer = client_of("hr").post(of_hr("send_link", draft), {"until": until})
    assert "until" in answer.context["form"].errors
    assert not PersonalLink.objects.exists()


def test_after_the_phase_no_link_is_sent(draft, stage, client_of):
    stage.cycle.state = CycleState.MATCHING
    stage.cycle.save()
    hr = client_of("hr")
    assert "Persönlichen Link senden" not in page(hr.get(of_hr("detail", draft)))
    until = timezone.localdate().isoformat()
    assert "Bewerbungsphase" in page(hr.post(of_hr("send_link", draft), {"until": until}))


def test_what_the_applicant_writes_has_no_value_in_the_log(draft, code):
    browser = proven(code)
    save(browser, code)
    for entry in LogEntry.objects.filter(object_repr=str(draft)):
        assert SECRET not in str(entry.changes)


def test_a_deleted_draft_takes_its_links_along(draft, code, cast):
    domain.delete_draft(Application.objects.get(pk=draft.pk), by=cast.user("hr"))
    assert not PersonalLink.objects.exists()
    assert Client().get(url("front", code)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_handing_in_while_the_personalstelle_submits(draft, code, cast):
    browser = proven(code)
    save(browser, code)
    link = makers.last_link()
    found = at_once(
        lambda: own_domain.hand_in(link, Application.objects.get(pk=draft.pk)),
        lambda: domain.submit(Application.objects.get(pk=draft.pk), by=cast.user("hr")),
    )
    draft.refresh_from_db()
    assert draft.state == ApplicationState.SUBMITTED
    assert len(refusals(found)) in (0, 1)
    assert (draft.handed_in_at is None) == (len(refusals(found)) == 1)
    assert not PersonalLink.objects.filter(closed_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_links_at_once_leave_one_open(draft, cast):
    def invite():
        return own_domain.invite(Application.objects.get(pk=draft.pk), by=cast.user("hr"))

    found = at_once(invite, invite)
    assert not refusals(found)
    assert PersonalLink.objects.filter(closed_at=None).count() == 1
    assert PersonalLink.objects.count() == 2
