"""The list of Rundmails and the page of one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programmes.outbox.models import STOPPED, Delivery
from tests import factories as make
from tests.conftest import Cast, Stage
from tests.programmes.rundmails.makers import make_event, make_milestone
from tests.programmes.rundmails.page_makers import SECRET, make_mail, make_recipient

pytestmark = pytest.mark.django_db


def list_url(stage: Stage, query: str = "") -> str:
    return reverse("rundmails:rundmails", args=[stage.cycle.pk]) + query


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_list_says_to_whom_and_how_far(stage: Stage, cast: Cast, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees", state="sent", created_by=cast.lead.user)
    for outcome in ("sent", "failed", "unclear"):
        make_recipient(mail, make.make_person(), outcome)
    page = text_of(client_of("member").get(list_url(stage)))
    assert "alle Mentees" in page
    assert "1 von 3 versandt, 1 fehlgeschlagen, 1 unklar" in page
    assert cast.lead.full_name in page
    assert "02.03.2026" in page


def test_a_released_mail_that_waits_says_so(stage: Stage, client_of: Any) -> None:
    make_mail(stage.cycle, state="released", confirm_reason="moved", subject="Verschobenes")
    make_mail(stage.cycle, state="released", subject="Alles klar")
    page = text_of(client_of("lead").get(list_url(stage, "?state=confirm")))
    assert "bestätigen" in page
    assert "Verschobenes" in page
    assert "Alles klar" not in page


def test_a_subject_is_shown_with_what_is_the_same_for_everybody(
    stage: Stage, client_of: Any
) -> None:
    make_milestone(stage.cycle, date(2027, 9, 30), key="start")
    mail = make_mail(
        stage.cycle,
        event=make_event(stage.cycle, title="Auftakt & Fest"),
        subject="{vorname}: {veranstaltung} von {programm} am {termin:startworkshop}, {unbekannt}",
    )
    programme = stage.cycle.programme.name
    shown = (
        f"{{vorname}}: Auftakt &amp; Fest von {programme} am Donnerstag, 30. September 2027, "
        "{unbekannt}"
    )
    lead = client_of("lead")
    assert shown in text_of(lead.get(list_url(stage)))
    assert f">{shown}</h1>" in text_of(lead.get(mail.get_absolute_url()))


def test_an_empty_list_says_how_to_begin(stage: Stage, client_of: Any) -> None:
    page = text_of(client_of("logistics").get(list_url(stage)))
    assert "Noch keine Rundmail" in page
    assert reverse("rundmails:create", args=[stage.cycle.pk]) in page


def test_the_list_asks_as_often_for_twenty_mails_as_for_one(
    stage: Stage, cast: Cast, client_of: Any
) -> None:
    def queries() -> int:
        browser = client_of("lead")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            text_of(browser.get(list_url(stage)))
        return len(asked)

    event = make_event(stage.cycle)

    def mail() -> None:
        day = make_milestone(stage.cycle, date(2027, 9, 30))
        sent = make_mail(
            stage.cycle,
            "mentees",
            ("council", ""),
            state="sent",
            created_by=cast.lead.user,
            event=event,
            subject=f"{{programm}}: {{veranstaltung}} am {{termin:{day.pk}}}",
        )
        make_recipient(sent, make.make_person(), "sent")

    mail()
    queries()
    one = queries()
    for _ in range(19):
        mail()
    assert queries() == one


@pytest.mark.parametrize("query", ["", "?q=Platzvergabe", "?state=draft", "?export=csv"])
def test_the_logistikpartner_finds_no_trace_of_a_confidential_mail(
    stage: Stage, client_of: Any, query: str
) -> None:
    make_mail(stage.cycle, "mentees", subject=SECRET, confidential=True)
    make_mail(stage.cycle, "mentees", subject="Raumplan")
    response = client_of("logistics").get(list_url(stage, query))
    page = b"".join(response).decode("utf-8-sig")
    assert SECRET not in page
    assert "ertraulich" not in page
    if query == "":
        assert "von <strong>1</strong>" in page
    council = b"".join(client_of("member").get(list_url(stage, query))).decode("utf-8-sig")
    assert SECRET in council


def test_the_filter_for_confidential_mails_is_the_beirats(stage: Stage, client_of: Any) -> None:
    make_mail(stage.cycle, subject=SECRET, confidential=True)
    make_mail(stage.cycle, subject="Raumplan")
    council = text_of(client_of("member").get(list_url(stage, "?confidential=yes")))
    assert SECRET in council
    assert "Raumplan" not in council
    logistics = text_of(client_of("logistics").get(list_url(stage, "?confidential=yes")))
    assert "Raumplan" in logistics
    assert SECRET not in logistics


def test_dates_filter_by_when_it_goes_out(stage: Stage, client_of: Any) -> None:
    make_mail(stage.cycle, state="sent", subject="Im März")
    inside = text_of(client_of("lead").get(list_url(stage, "?since=2026-03-02&until=2026-03-02")))
    assert "Im März" in inside
    for query in ("?since=2026-03-03", "?until=2026-03-01", "?until=0001-01-01"):
        assert "Im März" not in text_of(client_of("lead").get(list_url(stage, query)))


# --- The page of one -------------------------------------------------------------------
def test_a_draft_shows_its_text_and_what_is_missing(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, subject="", body="Hallo {vornamme}")
    page = text_of(client_of("member").get(mail.get_absolute_url()))
    assert "Der Betreff fehlt." in page
    assert "Den Platzhalter {vornamme} gibt es nicht." in page
    assert "Der Empfängerkreis ist leer" in page
    assert reverse("rundmails:edit", args=[stage.cycle.pk, mail.pk]) + "#feld-body" in page
    assert "Freigeben" not in page


def test_a_complete_draft_offers_its_release_to_who_may(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees")
    release = reverse("rundmails:release", args=[stage.cycle.pk, mail.pk])
    for name in ("lead", "member", "logistics"):
        assert release in text_of(client_of(name).get(mail.get_absolute_url()))
    secret = make_mail(stage.cycle, "mentees", confidential=True)
    release = reverse("rundmails:release", args=[stage.cycle.pk, secret.pk])
    assert release in text_of(client_of("lead").get(secret.get_absolute_url()))
    assert release not in text_of(client_of("member").get(secret.get_absolute_url()))


def test_markup_in_a_mail_stays_text(stage: Stage, client_of: Any) -> None:
    mail = make_mail(
        stage.cycle, "mentees", subject="<script>a</script>", body="<script>b</script> **fett**"
    )
    page = text_of(client_of("lead").get(mail.get_absolute_url()))
    assert "<script>a" not in page
    assert "<script>b" not in page
    assert "<strong>fett</strong>" in page


def test_a_mail_being_sent_shows_its_progress_and_asks_again(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees", state="sending")
    failed = make_recipient(mail, make.make_person(last_name="Fehlschlag"), "failed")
    unclear = make_recipient(mail, make.make_person(last_name="Unklar"), "unclear")
    make_recipient(mail, make.make_person(), "sent")
    make_recipient(mail, make.make_person(last_name="Später"), state="added")
    page = text_of(client_of("lead").get(mail.get_absolute_url()))
    assert "1 von 3 versandt." in page
    assert 'hx-trigger="every 3s"' in page
    assert "550 Postfach unbekannt" in page
    address = [stage.cycle.pk, mail.pk]
    assert reverse("rundmails:retry", args=[*address, failed.pk]) in page
    assert reverse("rundmails:decide", args=[*address, unclear.pk]) in page
    assert reverse("rundmails:retry_all", args=address) in page
    assert reverse("rundmails:send_added", args=address) in page
    assert reverse("rundmails:stop", args=address) in page


def test_a_mail_whose_time_has_come_is_followed_from_the_start(
    stage: Stage, client_of: Any
) -> None:
    mail = make_mail(stage.cycle, "mentees", state="released")
    make_recipient(mail, make.make_person())
    browser, address = client_of("lead"), mail.get_absolute_url()
    page = text_of(browser.get(address))
    assert "0 von 1 versandt." in page
    asks = f'hx-get="{address}?stand=released"'
    assert asks in page
    by_htmx = {"headers": {"HX-Request": "true"}}
    assert asks in text_of(browser.get(f"{address}?stand=released", **by_htmx))
    mail.state, mail.started_at = "sending", mail.released_at
    mail.save()
    answer = browser.get(f"{address}?stand=released", **by_htmx)
    assert answer["HX-Refresh"] == "true", "heading, way and buttons are others now"


def test_a_released_mail_that_waits_is_not_followed(stage: Stage, client_of: Any) -> None:
    later = timezone.now() + timedelta(days=1)
    for waits in ({"send_at": later}, {"confirm_reason": "moved"}):
        mail = make_mail(stage.cycle, "mentees", state="released", **waits)
        assert "hx-get" not in text_of(client_of("lead").get(mail.get_absolute_url()))


def test_a_stopped_mail_says_how_many_were_out(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees", state="stopped")
    make_recipient(mail, make.make_person(), "sent")
    make_recipient(mail, make.make_person())
    make_recipient(mail, make.make_person(), "failed")
    held_back = make_recipient(mail, make.make_person(last_name="Bewahrt"), "failed")
    Delivery.objects.filter(pk=held_back.delivery_id).update(error=STOPPED)
    browser = client_of("lead")
    page = text_of(browser.get(mail.get_absolute_url()))
    assert "Angehalten: 1 von 4 waren schon hinaus. 1 fehlgeschlagen. 2 nicht mehr" in page
    assert "every 3s" not in page
    assert STOPPED not in page, "nothing went wrong with it"
    assert "Erneut senden" not in page
    assert "1 von 4 versandt, 1 fehlgeschlagen" in text_of(browser.get(list_url(stage)))
    url = reverse("rundmails:recipients", args=[stage.cycle.pk, mail.pk])
    rows = text_of(browser.get(url))
    assert rows.count("nicht mehr versandt") == 2
    assert "erneut senden" not in rows


# --- Recipients -------------------------------------------------------------------------
def test_recipients_are_filtered_and_decided_about(stage: Stage, client_of: Any) -> None:
    mail = make_mail(stage.cycle, "mentees", state="sent")
    make_recipient(mail, make.make_person(last_name="Angekommen"), "sent")
    make_recipient(mail, make.make_person(last_name="Fehlschlag"), "failed")
    make_recipient(mail, make.make_person(last_name="Gegangen"), state="withdrawn")
    url = reverse("rundmails:recipients", args=[stage.cycle.pk, mail.pk])
    browser = client_of("lead")
    failed = text_of(browser.get(url + "?state=failed"))
    assert "Fehlschlag" in failed
    assert "Angekommen" not in failed
    assert "erneut senden" in failed
    gone = text_of(browser.get(url + "?state=withdrawn"))
    assert "Gegangen" in gone
    assert "Fehlschlag" not in gone
    export = b"".join(browser.get(url + "?export=csv")).decode("utf-8-sig")
    assert "550 Postfach unbekannt" in export
    assert "erneut senden" not in export
